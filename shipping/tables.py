"""The lists of shipping: what there is to do, and what was sent; with what can be done to many."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core import documents, jobs
from core.document_batches import merge
from core.listing import (
    BulkAction,
    Column,
    Empty,
    Listing,
    Preset,
    choice_token,
    day_token,
    flag_token,
    text_token,
)
from core.rights import Role
from orders.models import Fulfilment
from orders.states import FulfilmentState
from shipping.documents import LABEL, PACKING_SLIP, PICK_LIST
from shipping.filters import ShipmentFilter, WorkFilter
from shipping.models import Parcel, Shipment
from shipping.rights import PICK_AND_PACK, SEE_SHIPMENTS
from shipping.selectors.lateness import late_work
from shipping.selectors.shipments import shipments_for_list, shipments_seen_by
from shipping.selectors.work import in_bin_order, visible_work, work_queue
from shipping.services import buy_labels, dispatch_shipment
from shipping.states import ShipmentState, TrackingStatus


class PrintAction(BulkAction):
    """Prints one document per row, all of them as one PDF; subclasses say which, in what order."""

    icon = "print"
    right = SEE_SHIPMENTS
    batch = 10_000
    kind: documents.DocumentKind
    file_name = "documents.pdf"

    def subjects(self, ids: Sequence[int]) -> list[int]:
        return list(ids)

    def apply(self, rows: Sequence[Any], **values: Any) -> Mapping[int, str] | None:
        documents.request_many(self.kind, self.subjects([row.pk for row in rows]))
        return None

    def finish(self, handle: jobs.Handle, done: Sequence[int], **values: Any) -> str:
        with transaction.atomic():
            wanted = documents.request_many(self.kind, self.subjects(done))
        for count, document in enumerate(wanted, start=1):
            documents.render_now(document)
            handle.progress(count, len(wanted), "Making documents")
        merged = merge(wanted)
        if not merged.page_count:
            return "None could be made; see the documents for why."
        handle.file(self.file_name, "application/pdf", merged.content)
        documents.record_print([one.pk for one in wanted if one.is_ready])
        return f"{len(wanted) - len(merged.skipped)} documents on {merged.page_count} pages."


class PrintPickLists(PrintAction):
    """One walk through the shelves: the lists come in the order of their first bins."""

    code, label, title = "pick-lists", "Print pick lists", "Print pick lists"
    kind, file_name = PICK_LIST, "pick-lists.pdf"

    def subjects(self, ids: Sequence[int]) -> list[int]:
        return in_bin_order(ids)

    def refusal(self, row: Fulfilment) -> str | None:
        if row.state not in FulfilmentState.open_states():
            return "Nothing of it is left to pick."
        return "Its order is on hold." if row.order.open_holds else None


class PrintPackingSlips(PrintAction):
    code, label, title = "packing-slips", "Print packing slips", "Print packing slips"
    kind, file_name = PACKING_SLIP, "packing-slips.pdf"

    def refusal(self, row: Shipment) -> str | None:
        return "It was unpacked." if row.state == ShipmentState.CANCELLED else None


class PrintLabels(PrintAction):
    code, label, title = "labels", "Print labels", "Print labels"
    kind, file_name = LABEL, "labels.pdf"

    def subjects(self, ids: Sequence[int]) -> list[int]:
        parcels = Parcel.objects.filter(shipment_id__in=ids).exclude(tracking_number="")
        return list(parcels.order_by("shipment_id", "position").values_list("pk", flat=True))

    def refusal(self, row: Shipment) -> str | None:
        has_label = row.state in {ShipmentState.LABELLED, ShipmentState.DISPATCHED}
        return None if has_label else "It has no label yet."


class BuyLabels(BulkAction):
    code, label, title, icon = "buy-labels", "Buy labels", "Buy labels", "tag"
    right = PICK_AND_PACK
    warning = "A label is bought for every parcel that has none."

    def refusal(self, row: Shipment) -> str | None:
        if row.state == ShipmentState.PACKED:
            return None
        return f"It is {row.get_state_display().lower()}."

    def apply(self, rows: Sequence[Shipment], **values: Any) -> Mapping[int, str]:
        said = {}
        for row in rows:
            shipment = buy_labels(shipment_id=row.pk, now=timezone.now())
            said[row.pk] = shipment.get_state_display()
        return said


class Dispatch(BulkAction):
    code, label, title, icon = "dispatch", "Dispatch", "Dispatch shipments", "truck"
    right = PICK_AND_PACK
    warning = "Dispatching cannot be undone: stock goes down and customers are told."

    def refusal(self, row: Shipment) -> str | None:
        if row.order.open_holds:
            return "Its order is on hold."
        if row.state == ShipmentState.LABELLED:
            return None
        return f"It is {row.get_state_display().lower()}."

    def apply(self, rows: Sequence[Shipment], **values: Any) -> None:
        for row in rows:
            dispatch_shipment(shipment_id=row.pk, now=timezone.now())


class WorkList(Listing):
    """What is to be picked and packed at the user's locations, the most urgent first."""

    name, title, noun = "shipping.work", "Pick and pack", ("fulfilment", "fulfilments")
    url_name, right = "shipping:work_list", SEE_SHIPMENTS
    columns = (
        Column("number", "Fulfilment", sort="number", is_fixed=True),
        Column("due", "Ship by", sort=("ship_by", "id"), value="ship_by", kind="moment"),
        Column("state", "Step", sort="state", value=lambda row: row.get_state_display()),
        Column("location", "Location", sort="location__name", value="location.name"),
        Column("units", "Units", value="units_open", kind="number"),
        Column("service", "Service", value="order.shipping_service.name"),
        Column("customer", "For", sort="order__customer_name", value="order.customer_name"),
        Column("country", "Country", sort="order__ship_country", value="order.ship_country"),
        Column("picker", "Picker", value="picker"),
        Column("next", "Next", value=None),
    )
    filterset = WorkFilter
    promoted = ("location", "service")
    tokens = (
        choice_token("step", FulfilmentState.choices, "state"),
        day_token("due", "ship_by"),
        flag_token(
            "is",
            lambda: {"late": late_work(now=timezone.now()), "held": Q(order__open_holds__gt=0)},
            example="is:late",
        ),
    )
    search_label = "Search by fulfilment, order or customer"
    default_sort = "due"
    row_template = "shipping/work_rows.html"
    template = "shipping/work_list.html"
    presets = (
        Preset(
            "to-pick", "To pick", "state=ready&held=no", roles=(Role.WAREHOUSE,), is_counted=True
        ),
        Preset("in-hand", "In hand", "state=picking", is_counted=True),
        Preset("packed", "Packed", "state=packed", is_counted=True),
        Preset("late", "Late", "late=yes", is_counted=True),
        Preset("put-back", "To put back", "leftover=yes"),
    )
    bulk_actions = (PrintPickLists(),)
    empty = Empty(
        "Nothing to pick",
        "Orders appear here as soon as they are paid and their stock is set aside.",
        icon="check-circle",
    )

    def queryset(self) -> QuerySet[Fulfilment]:
        return work_queue(self.user)

    def match(self, word: str) -> Q:
        return (
            Q(number__icontains=word)
            | Q(order__customer_name__icontains=word)
            | Q(order__email__iexact=word)
        )

    def exact(self, text: str) -> str | None:
        found = visible_work(self.user).filter(number__iexact=text.strip()).first()
        return reverse("shipping:pick_page", args=[found.pk]) if found else None

    def row_class(self, row: Fulfilment) -> str:
        if row.order.open_holds:
            return "row--warning"
        is_late = row.ship_by is not None and row.ship_by < timezone.now()
        return "row--danger" if is_late else ""


class ShipmentList(Listing):
    """What was packed, labelled and sent from the user's locations, newest first."""

    name, title, noun = "shipping.shipments", "Shipments", ("shipment", "shipments")
    url_name, right = "shipping:shipment_list", SEE_SHIPMENTS
    columns = (
        Column("number", "Shipment", sort="number", is_fixed=True),
        Column("order", "Order", sort="order__number", value="order.number"),
        Column("state", "State", sort="state", value=lambda row: row.get_state_display()),
        Column("tracking", "Tracking", value="tracking_number"),
        Column("road", "On the road", value="tracking_status"),
        Column("service", "Service", value="service.name"),
        Column(
            "location", "From", sort="fulfilment__location__name", value="fulfilment.location.name"
        ),
        Column("country", "To", sort="ship_country", value="ship_country"),
        Column("units", "Units", value="units", kind="number", is_default=False),
        Column("cost", "Cost", sort="cost", kind="money", currency="currency", is_default=False),
        Column("created", "Begun", sort=("created_at", "id"), value="created_at", kind="moment"),
        Column(
            "dispatched",
            "Dispatched",
            sort=("dispatched_at", "id"),
            value="dispatched_at",
            kind="moment",
        ),
    )
    filterset = ShipmentFilter
    promoted = ("location", "service")
    tokens = (
        choice_token("state", ShipmentState.choices, "state"),
        choice_token(
            "road",
            TrackingStatus.choices,
            lambda values: Q(
                Exists(Parcel.objects.filter(shipment=OuterRef("pk"), tracking_status__in=values))
            ),
        ),
        text_token("country", "ship_country__iexact"),
        day_token("dispatched", "dispatched_at"),
    )
    search_label = "Search by shipment, order, tracking number or customer"
    default_sort = "-created"
    row_template = "shipping/shipment_rows.html"
    presets = (
        Preset("to-label", "To label", "state=packed", is_counted=True),
        Preset("to-dispatch", "To dispatch", "state=labelled", is_counted=True),
        Preset("on-the-road", "On the road", "tracking=dispatched&tracking=in_transit"),
        Preset("troubled", "Trouble", "tracking=problem&tracking=lost&tracking=returning"),
    )
    bulk_actions = (BuyLabels(), PrintLabels(), PrintPackingSlips(), Dispatch())
    empty = Empty("No shipments yet", "Packing an order begins one.", icon="truck")

    def queryset(self) -> QuerySet[Shipment]:
        assert self.user is not None  # noqa: S101 - every list has its reader
        return shipments_for_list(self.user)

    def match(self, word: str) -> Q:
        parcels = Parcel.objects.filter(shipment=OuterRef("pk"), tracking_number__iexact=word)
        return (
            Q(number__icontains=word)
            | Q(order__number__icontains=word)
            | Q(order__customer_name__icontains=word)
            | Q(Exists(parcels))
        )

    def exact(self, text: str) -> str | None:
        assert self.user is not None  # noqa: S101 - every list has its reader
        found = (
            shipments_seen_by(self.user)
            .filter(Q(number__iexact=text) | Q(parcels__tracking_number__iexact=text))
            .first()
        )
        return reverse("shipping:shipment_detail", args=[found.pk]) if found else None

    def row_class(self, row: Shipment) -> str:
        if row.state == ShipmentState.CANCELLED:
            return "row--muted"
        return (
            "row--danger"
            if getattr(row, "tracking_status", "") in TrackingStatus.troubled()
            else ""
        )
