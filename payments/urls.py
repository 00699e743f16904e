"""Addresses of payments, refunds and invoices."""

from django.urls import path

from core.views.settings import settings_urls
from payments.views import invoices, payments, refunds
from payments.views.limits import LIMITS

app_name = "payments"
urlpatterns = [
    path("", payments.payment_list, name="payment_list"),
    path("<int:payment_id>/", payments.payment_detail, name="payment_detail"),
    path("<int:payment_id>/confirm/", payments.payment_confirm, name="payment_confirm"),
    path("<int:payment_id>/cancel/", payments.payment_cancel, name="payment_cancel"),
    path("<int:payment_id>/capture/", payments.payment_capture, name="payment_capture"),
    path("orders/<int:order_id>/record/", payments.payment_record, name="payment_record"),
    path("orders/<int:order_id>/refund/", refunds.refund_create, name="refund_create"),
    path("orders/<int:order_id>/refund/preview/", refunds.refund_preview, name="refund_preview"),
    path("orders/<int:order_id>/invoice/", invoices.invoice_issue, name="invoice_issue"),
    path(
        "orders/<int:order_id>/credit-note/", invoices.credit_note_issue, name="credit_note_issue"
    ),
    path("invoices/", invoices.invoice_list, name="invoice_list"),
    path("invoices/<int:invoice_id>/", invoices.invoice_detail, name="invoice_detail"),
    *settings_urls(LIMITS, "goodwill-limits"),
]
