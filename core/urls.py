"""Addresses of the ground's own pages."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("lists/", include("core.listing.urls")),
]
