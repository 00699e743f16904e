"""Addresses of returns."""

from django.urls import path

from returns import views

app_name = "returns"
urlpatterns = [
    path("", views.return_list, name="return_list"),
    path("new/<int:order_id>/", views.return_create, name="return_create"),
    path("<int:return_id>/", views.return_detail, name="return_detail"),
    path("<int:return_id>/approve/", views.return_approve, name="return_approve"),
    path("<int:return_id>/reject/", views.return_reject, name="return_reject"),
    path("<int:return_id>/cancel/", views.return_cancel, name="return_cancel"),
    path("<int:return_id>/receive/", views.return_receive, name="return_receive"),
    path("<int:return_id>/inspect/", views.return_inspect, name="return_inspect"),
    path("<int:return_id>/refund/", views.return_refund, name="return_refund"),
    path("<int:return_id>/close/", views.return_close, name="return_close"),
]
