"""How payments, their events and invoices look."""

from decimal import Decimal

from babel.numbers import format_percent
from django import template

from core.markup import BadgeSet
from core.markup.values import locale
from payments.states import InvoiceKind, MoneyKind, PaymentStanding

register = template.Library()

STANDING = BadgeSet(
    PaymentStanding,
    {
        PaymentStanding.EXPECTED: ("warning", "clock"),
        PaymentStanding.PENDING: ("info", "refresh"),
        PaymentStanding.AUTHORISED: ("info", "lock"),
        PaymentStanding.PARTLY_RECEIVED: ("warning", "split"),
        PaymentStanding.RECEIVED: ("success", "check"),
        PaymentStanding.PARTLY_REFUNDED: ("accent", "refund"),
        PaymentStanding.REFUNDED: ("neutral", "refund"),
        PaymentStanding.FAILED: ("danger", "blocked"),
        PaymentStanding.CANCELLED: ("neutral", "cross"),
    },
)
KIND = BadgeSet(
    InvoiceKind,
    {
        InvoiceKind.INVOICE: ("info", "invoice"),
        InvoiceKind.CREDIT_NOTE: ("accent", "undo"),
    },
)
ICONS = {
    MoneyKind.EXPECTED: "clock",
    MoneyKind.DROPPED: "cross",
    MoneyKind.AUTHORISED: "lock",
    MoneyKind.CAPTURED: "bank",
    MoneyKind.VOIDED: "undo",
    MoneyKind.REFUNDED: "refund",
}
STANDING.add_to(register, "standing_badge")
KIND.add_to(register, "invoice_badge")


@register.simple_tag
def percent(rate: Decimal) -> str:
    """A tax rate as people write it: 19%, 5.5%."""
    shown: str = format_percent(rate, format="#,##0.###%", locale=locale())
    return shown


@register.filter
def event_icon(kind: str) -> str:
    """The icon of a reported step."""
    known = MoneyKind(kind)
    if known.value.endswith("_failed"):
        return "alert"
    return ICONS.get(known, "refresh")
