"""Addresses of customers."""

from django.urls import path

from customers import views

app_name = "customers"
urlpatterns = [
    path("", views.customer_list, name="customer_list"),
    path("new/", views.customer_create, name="customer_create"),
    path("<int:customer_id>/", views.customer_detail, name="customer_detail"),
    path("<int:customer_id>/edit/", views.customer_edit, name="customer_edit"),
    path("<int:customer_id>/addresses/new/", views.address_create, name="address_create"),
    path(
        "<int:customer_id>/addresses/<int:address_id>/remove/",
        views.address_remove,
        name="address_remove",
    ),
]
