"""Addresses of customers and companies."""

from django.urls import path

from customers.views import companies, customers
from customers.views.groups import group_urls

app_name = "customers"
urlpatterns = [
    path("", customers.customer_list, name="customer_list"),
    path("new/", customers.customer_create, name="customer_create"),
    path("<int:customer_id>/", customers.customer_detail, name="customer_detail"),
    path("<int:customer_id>/edit/", customers.customer_edit, name="customer_edit"),
    path("<int:customer_id>/addresses/new/", customers.address_create, name="address_create"),
    path(
        "<int:customer_id>/addresses/<int:address_id>/remove/",
        customers.address_remove,
        name="address_remove",
    ),
    path("companies/", companies.company_list, name="company_list"),
    path("companies/new/", companies.company_create, name="company_create"),
    path("companies/<int:company_id>/", companies.company_detail, name="company_detail"),
    path("companies/<int:company_id>/edit/", companies.company_edit, name="company_edit"),
    path("companies/<int:company_id>/credit/", companies.credit_set, name="credit_set"),
    path("companies/<int:company_id>/block/", companies.company_block, name="company_block"),
    path("companies/<int:company_id>/allow/", companies.company_allow, name="company_allow"),
    path("companies/<int:company_id>/contacts/new/", companies.contact_add, name="contact_add"),
    path(
        "companies/<int:company_id>/contacts/<int:customer_id>/role/",
        companies.contact_role,
        name="contact_role",
    ),
    path(
        "companies/<int:company_id>/contacts/<int:customer_id>/remove/",
        companies.contact_remove,
        name="contact_remove",
    ),
    path(
        "companies/<int:company_id>/addresses/new/",
        companies.company_address_add,
        name="company_address_add",
    ),
    path(
        "companies/<int:company_id>/addresses/<int:address_id>/remove/",
        companies.company_address_remove,
        name="company_address_remove",
    ),
    *group_urls,
]
