"""How the lists of what shops sent, and of what differs, are narrowed."""

from django.db.models import Q

from core.listing import AnyOf, Flag, ListFilter, Period
from core.models import Channel
from oms.intake.differing import label_of
from oms.models import DifferenceStatus, InboundStatus, SourceKind, WebhookSource

FIELDS = (
    "shipping_address",
    "tags",
    "note",
    "lines",
    "units sent",
    "total",
    "paid",
    "refunded",
    "hold",
    "cancelled_at",
)


def _sources() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in WebhookSource.objects.values_list("pk", "name")]


def _channels() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Channel.objects.values_list("pk", "name")]


class SourceFilter(ListFilter):
    """The filters of the list of sources."""

    kind = AnyOf("kind", label="Kind", choices=SourceKind.choices)
    active = Flag("is_active", label="Takes orders")


class InboundFilter(ListFilter):
    """The filters of the list of deliveries."""

    source = AnyOf("source", label="Source", choices=_sources)
    status = AnyOf("status", label="Status", choices=InboundStatus.choices)
    received = Period("received_at", label="Received")
    unordered = Flag(label="Without an order", condition=Q(order=None))


class DifferenceFilter(ListFilter):
    """The filters of the difference queue."""

    status = AnyOf("status", label="Status", choices=DifferenceStatus.choices)
    field = AnyOf("field", label="Field", choices=[(one, label_of(one)) for one in FIELDS])
    channel = AnyOf("order__channel", label="Channel", choices=_channels)
    told = Period("told_at", label="Told")
