"""Addresses for one test: a view that nobody marked, beside those of the system."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from oms.urls import handler403, handler404, handler500
from oms.urls import urlpatterns as own

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


urlpatterns = [path("unmarked", forgotten), *own]
