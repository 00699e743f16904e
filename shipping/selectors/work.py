"""What a location has to do: the queue, and one piece of work with all that its pages need."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from inventory.models import StockLevel
from orders.models import Fulfilment, FulfilmentLine, Note, NoteKind
from orders.states import FulfilmentState, OrderState
from shipping.models import Pick, PickLine, PickScan, Shipment
from shipping.selectors.scope import location_scope
from shipping.states import PickState, ShipmentState

MOST_LEFT_OVER = 500
DIGITS = re.compile(r"(\d+)")


def bin_key(text: str) -> tuple[int, list[tuple[int, int, str]]]:
    """The way through the shelves: A-2 before A-10, and what has no bin last."""
    parts = [
        (1, int(part), "") if part.isdecimal() else (0, 0, part.upper())
        for part in DIGITS.split(text)
        if part
    ]
    return (0 if text else 1), parts


def units_of(path: str = "quantity") -> Any:
    """A subquery: the units that a fulfilment still has to send."""
    rows = (
        FulfilmentLine.objects.filter(fulfilment=OuterRef("pk"))
        .order_by()
        .values("fulfilment")
        .annotate(units=Sum(F(path) - F("shipped") - F("short")))
        .values("units")
    )
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


def visible_work(user: Any) -> QuerySet[Fulfilment]:
    """Every fulfilment at the user's locations, whatever became of it."""
    return Fulfilment.objects.filter(location_scope(user)).select_related("order", "location")


def left_over() -> list[int]:
    """Fulfilments whose goods are in somebody's hands although nobody sends them any more."""
    in_hand = (
        PickLine.objects.filter(
            pick__state__in=PickState.live_states(), picked__gt=F("fulfilment_line__shipped")
        )
        .exclude(pick__fulfilment__state__in=FulfilmentState.open_states())
        .order_by("pick__fulfilment_id")
        .values_list("pick__fulfilment_id", flat=True)
        .distinct()
    )
    return list(in_hand[:MOST_LEFT_OVER])


def work_queue(user: Any) -> QuerySet[Fulfilment]:
    """What is to be done at the user's locations: open fulfilments, and goods to put back."""
    live = Pick.objects.live().filter(fulfilment=OuterRef("pk"))
    to_put_back = Q(pk__in=left_over())
    return (
        visible_work(user)
        .annotate(
            units_open=units_of(),
            picker=Subquery(live.values("picker_label")[:1]),
            leftovers=Case(When(to_put_back, then=Value(True)), default=Value(False)),
        )
        .filter(Q(state__in=FulfilmentState.open_states()) | to_put_back)
        .select_related("order__shipping_service", "order__channel")
    )


def waiting_work(user: Any) -> QuerySet[Fulfilment]:
    """The fulfilments that wait to be picked at the user's locations."""
    return Fulfilment.objects.filter(
        location_scope(user), state=FulfilmentState.READY, order__state=OrderState.OPEN
    )


def work_or_none(user: Any, fulfilment_id: int) -> Fulfilment | None:
    """One fulfilment, if the user works at its location."""
    return visible_work(user).filter(pk=fulfilment_id).first()


def pick_lines(pick: Pick) -> list[PickLine]:
    """The lines of a pick in the order of their bins; each carries `bin`."""
    here = StockLevel.objects.filter(
        location_id=OuterRef("pick__fulfilment__location_id"),
        variant_id=OuterRef("fulfilment_line__order_line__variant_id"),
    )
    rows = (
        PickLine.objects.filter(pick=pick)
        .select_related("fulfilment_line__order_line__variant__product")
        .annotate(place=Coalesce(Subquery(here.values("bin")[:1]), Value("")))
    )
    for line in rows:
        line.bin = line.place
    return sorted(rows, key=lambda line: (bin_key(line.bin), line.fulfilment_line_id))


def live_pick(fulfilment: Fulfilment) -> Pick | None:
    return Pick.objects.live().filter(fulfilment=fulfilment).select_related("picker").first()


def scan_named(pick: Pick | None, scan_id: int | None) -> PickScan | None:
    """One scan of a pick; None when it is not one of it."""
    return pick.scans.filter(pk=scan_id).first() if pick and scan_id else None


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line of a printed list."""

    bin: str
    sku: str
    name: str
    barcode: str
    units: int


def list_lines(fulfilment_ids: Iterable[int]) -> dict[int, list[SlipLine]]:
    """What each fulfilment still has to take, in the order of the bins. One query."""
    here = StockLevel.objects.filter(
        location_id=OuterRef("fulfilment__location_id"),
        variant_id=OuterRef("order_line__variant_id"),
    )
    ids = list(fulfilment_ids)
    rows = (
        FulfilmentLine.objects.filter(fulfilment_id__in=ids, quantity__gt=F("shipped") + F("short"))
        .select_related("order_line")
        .annotate(bin=Coalesce(Subquery(here.values("bin")[:1]), Value("")))
    )
    lists: dict[int, list[tuple[Any, SlipLine]]] = {pk: [] for pk in ids}
    for row in rows:
        sold = row.order_line
        line = SlipLine(row.bin, sold.sku, sold.name, sold.barcode, row.open)
        lists[row.fulfilment_id].append(((bin_key(row.bin), row.pk), line))
    return {
        pk: [line for _, line in sorted(found, key=lambda pair: pair[0])]
        for pk, found in lists.items()
    }


def in_bin_order(fulfilment_ids: Iterable[int]) -> list[int]:
    """Fulfilments in the order in which one walk through the shelves meets them."""
    lists = list_lines(fulfilment_ids)
    return sorted(lists, key=lambda pk: (bin_key(lists[pk][0].bin if lists[pk] else ""), pk))


def packing_notes(order_id: int) -> list[Note]:
    """What the packer must read and acknowledge, oldest first."""
    return list(
        Note.objects.filter(order_id=order_id, kind=NoteKind.PACKING).order_by("written_at", "id")
    )


def gift_notes(order_id: int) -> list[Note]:
    return list(Note.objects.filter(order_id=order_id, kind=NoteKind.GIFT).order_by("id"))


def open_shipment(fulfilment: Fulfilment) -> Shipment | None:
    """The shipment of a fulfilment that is still in the house, with its parcels and labels."""
    return (
        Shipment.objects.open()
        .filter(fulfilment=fulfilment)
        .select_related("service")
        .prefetch_related(
            "parcels__labels",
            Prefetch("parcels__lines__fulfilment_line__order_line"),
        )
        .first()
    )


def work_counts(user: Any) -> dict[str, int]:
    """How much stands at each step at the user's locations."""
    rows = (
        Fulfilment.objects.filter(location_scope(user), state__in=FulfilmentState.open_states())
        .order_by()
        .values("state")
        .annotate(count=Count("id"))
    )
    counted = {row["state"]: row["count"] for row in rows}
    counted["to_dispatch"] = Shipment.objects.filter(
        location_scope(user, "fulfilment__location"), state=ShipmentState.LABELLED
    ).count()
    return counted
