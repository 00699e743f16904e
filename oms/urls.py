"""Every address of the system, one include per app."""

from django.contrib import admin
from django.urls import include, path

from oms.api import v1
from oms.api_page import api_document
from oms.intake.views import keep_ours
from oms.training.views import first_hour, training_sample

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("core.urls")),
    path("api/v1/", v1.urls),
    path("api/", api_document, name="api_document"),
    path("intake/orders/<int:order_id>/keep-ours/", keep_ours, name="keep_ours"),
    path("", include("oms.intake.hooks.urls")),
    path("training/", first_hour, name="first_hour"),
    path("training/sample.csv", training_sample, name="training_sample"),
    path("", include("inventory.urls")),
    path("", include("orders.urls")),
    path("customers/", include("customers.urls")),
    path("payments/", include("payments.urls")),
    path("shipping/", include("shipping.urls")),
    path("returns/", include("returns.urls")),
    path("reports/", include("reports.urls")),
]

handler403 = "core.views.errors.denied"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.broken"
