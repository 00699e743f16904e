"""How the lists of payments and invoices are narrowed."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.listing import AnyOf, Flag, ListFilter, NumberRange, Period
from core.models import Channel, LegalEntity
from payments.models import Invoice, Payment
from payments.states import InvoiceKind, Method, PaymentStanding


def channel_choices() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Channel.objects.values_list("pk", "name")]


def entity_choices() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in LegalEntity.objects.values_list("pk", "name")]


def is_overdue() -> Q:
    """Expected money whose day has passed."""
    return Q(expected__gt=0, due_on__lt=timezone.localdate())


class PaymentFilter(ListFilter):
    """The filters of the payments page; each name is a parameter of its address."""

    status = AnyOf("status", label="Status", choices=PaymentStanding.choices)
    method = AnyOf("method", label="Method", choices=Method.choices)
    channel = AnyOf("order__channel_id", label="Channel", choices=channel_choices)
    awaited = Flag(label="Money to come", condition=Q(expected__gt=0))
    late = Flag(label="Overdue", method="only_late")
    received = Period("received_at", label="Received")
    due = Period("due_on", label="Due", is_date=True)
    amount = NumberRange("captured", label="Received amount")

    def only_late(self, rows: QuerySet[Payment], name: str, value: str) -> QuerySet[Payment]:
        return rows.filter(is_overdue() if value == "yes" else ~is_overdue())


class InvoiceFilter(ListFilter):
    """The filters of the invoices page."""

    kind = AnyOf("kind", label="Kind", choices=InvoiceKind.choices)
    entity = AnyOf("legal_entity_id", label="Issued by", choices=entity_choices)
    channel = AnyOf("order__channel_id", label="Channel", choices=channel_choices)
    issued = Period("issued_on", label="Issued", is_date=True)
    due = Period("due_on", label="Due", is_date=True)
    total = NumberRange("total", label="Total")

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = ()
