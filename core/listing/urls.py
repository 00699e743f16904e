"""Addresses that list pages post to."""

from django.urls import path

from core.listing import pages

urlpatterns = [
    path("<str:name>/export", pages.list_export, name="list_export"),
    path("<str:name>/bulk", pages.list_bulk, name="list_bulk"),
    path("<str:name>/bulk/<slug:code>", pages.list_bulk_run, name="list_bulk_run"),
    path("<str:name>/views", pages.list_views, name="list_views"),
    path("<str:name>/columns", pages.list_columns, name="list_columns"),
]
