"""Addresses of webhooks that come in, and of what differs."""

from django.urls import path

from oms.intake.hooks import views

urlpatterns = [
    path("hooks/<uuid:uid>/", views.hook, name="hook"),
    path("webhooks/sources/", views.source_list, name="source_list"),
    path("webhooks/sources/new/", views.source_new, name="source_new"),
    path("webhooks/sources/<int:source_id>/", views.source_detail, name="source_detail"),
    path("webhooks/sources/<int:source_id>/secret/", views.source_secret, name="source_secret"),
    path("webhooks/received/", views.inbound_list, name="inbound_list"),
    path("webhooks/received/<int:delivery_id>/", views.inbound_detail, name="inbound_detail"),
    path("webhooks/received/<int:delivery_id>/retry/", views.inbound_retry, name="inbound_retry"),
    path("intake/differences/", views.difference_list, name="difference_list"),
    path(
        "intake/differences/<int:difference_id>/decide/",
        views.difference_decide,
        name="difference_decide",
    ),
]
