"""The lists of sources, of what they sent, and of what channels tell otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from core import clock
from core.listing import BulkAction, Column, Empty, Listing, Preset
from core.rights import EDIT_WEBHOOKS
from oms.intake import deciding
from oms.intake.differing import label_of
from oms.intake.hooks import working
from oms.intake.hooks.filters import DifferenceFilter, InboundFilter, SourceFilter
from oms.models import (
    DifferenceStatus,
    InboundDelivery,
    InboundStatus,
    OrderDifference,
    WebhookSource,
)
from orders.rights import EDIT_ORDERS
from orders.selectors import orders_seen_by


class SourceList(Listing):
    name, title, noun = "oms.sources", "Webhooks in", ("source", "sources")
    url_name, right = "source_list", EDIT_WEBHOOKS
    columns = (
        Column("name", "Source", sort="name", value="name", is_fixed=True),
        Column("kind", "Kind", value=lambda row: row.get_kind_display()),
        Column("channel", "Channel", value="channel.name"),
        Column("active", "Takes orders", value=lambda row: "yes" if row.is_active else "no"),
        Column("received", "Last received", sort="received_at", value="received_at", kind="moment"),
        Column("parked", "Not understood", value="parked", kind="number"),
        Column("refused", "Unsigned", value="refused", kind="number"),
    )
    filterset = SourceFilter
    promoted = ("kind",)
    search_label = "Search sources"
    default_sort = "name"
    row_template = "oms/hooks/source_rows.html"
    template = "oms/hooks/source_list.html"
    empty = Empty(
        "No shop tells of its orders yet",
        "Add one to get the address and the secret to enter in it.",
        "source_new",
        "Add source",
        icon="link",
        right=EDIT_WEBHOOKS,
    )

    def queryset(self) -> QuerySet[WebhookSource]:
        parked = Q(deliveries__status=InboundStatus.PARKED)
        rows = WebhookSource.objects.select_related("channel")
        return rows.annotate(parked=Count("deliveries", filter=parked))

    def match(self, word: str) -> Q:
        return Q(name__icontains=word)

    def row_class(self, row: Any) -> str:
        return "row--danger" if row.parked else ""


class RetryDeliveries(BulkAction):
    code, label, title, icon = "retry", "Try again", "Take deliveries in again", "refresh"
    right = EDIT_WEBHOOKS

    def refusal(self, row: InboundDelivery) -> str | None:
        return None if row.status == InboundStatus.PARKED else "It was not set aside."

    def apply(self, rows: Sequence[InboundDelivery], **values: Any) -> Mapping[int, str] | None:
        working.retry(delivery_ids=[row.pk for row in rows], now=clock.now())
        return None


class InboundList(Listing):
    name, title, noun = "oms.inbound", "Webhooks received", ("delivery", "deliveries")
    url_name, right = "inbound_list", EDIT_WEBHOOKS
    columns = (
        Column("topic", "Told", value="topic", is_fixed=True),
        Column("source", "Source", value="source.name"),
        Column("status", "Status", value=lambda row: row.get_status_display()),
        Column("received", "Received", sort="received_at", value="received_at", kind="moment"),
        Column("order", "Order", value="order.number"),
        Column("outcome", "What became of it", value=lambda row: row.outcome or row.last_error),
        Column("external", "Order in the shop", value="external_id", is_default=False),
    )
    filterset = InboundFilter
    promoted = ("source", "status")
    search_label = "Search deliveries: order in the shop, order number"
    default_sort = "-received"
    row_template = "oms/hooks/inbound_rows.html"
    presets = (
        Preset("parked", "Not understood", "status=parked", is_counted=True),
        Preset("waiting", "Waiting", "status=waiting"),
    )
    bulk_actions = (RetryDeliveries(),)
    empty = Empty("Nothing was received yet", "Deliveries of shops appear here.", icon="link")

    def queryset(self) -> QuerySet[InboundDelivery]:
        return InboundDelivery.objects.select_related("source", "order").defer("body")

    def match(self, word: str) -> Q:
        return (
            Q(external_id__iexact=word) | Q(order__number__iexact=word) | Q(topic__icontains=word)
        )

    def row_class(self, row: InboundDelivery) -> str:
        return "row--danger" if row.status == InboundStatus.PARKED else ""


class KeepDifferences(BulkAction):
    code, label, title, icon = "keep", "Keep ours", "Keep as it is here", "check"
    right = EDIT_ORDERS

    def refusal(self, row: OrderDifference) -> str | None:
        if row.status == DifferenceStatus.OPEN:
            return None
        return f"It was decided already: {row.get_status_display().lower()}."

    def apply(self, rows: Sequence[OrderDifference], **values: Any) -> Mapping[int, str] | None:
        deciding.keep_differences(difference_ids=[row.pk for row in rows], now=clock.now())
        return None


class DifferenceList(Listing):
    name, title, noun = "oms.differences", "Told otherwise", ("difference", "differences")
    url_name, right = "difference_list", EDIT_ORDERS
    columns = (
        Column("order", "Order", value="order.number", is_fixed=True),
        Column("field", "Field", value=lambda row: label_of(row.field)),
        Column("here", "Here", value="here"),
        Column("there", "There", value="there"),
        Column("channel", "Channel", value="order.channel.name"),
        Column("told", "Told", sort="told_at", value="told_at", kind="moment"),
        Column("status", "Status", value=lambda row: row.get_status_display()),
        Column("by", "Decided by", value="decided_by", is_default=False),
        Column("act", "Decide", value=None),
    )
    filterset = DifferenceFilter
    promoted = ("status", "field")
    search_label = "Search differences: order number"
    default_sort = "-told"
    row_template = "oms/hooks/difference_rows.html"
    presets = (Preset("open", "Open", "status=open", is_counted=True),)
    bulk_actions = (KeepDifferences(),)
    empty = Empty(
        "Nothing is told otherwise",
        "When a shop changes an order that has begun to ship, or was edited here, you decide.",
        icon="split",
    )

    def queryset(self) -> QuerySet[OrderDifference]:
        rows = OrderDifference.objects.select_related("order__channel").defer("document")
        return rows.filter(order__in=orders_seen_by(self.user))

    def match(self, word: str) -> Q:
        return Q(order__number__icontains=word)

    def decorate(self, rows: Sequence[Any]) -> None:
        for row in rows:
            row.label = label_of(row.field)

    def row_class(self, row: OrderDifference) -> str:
        return "" if row.status == DifferenceStatus.OPEN else "row--muted"
