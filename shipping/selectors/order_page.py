"""What an order's page shows of its fulfilments, and what the order waits for at a location."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, Sum, prefetch_related_objects
from django.urls import reverse

from core.models import User
from orders.models import Fulfilment, FulfilmentLine, Order
from orders.states import FulfilmentState
from shipping.models import Pick, PickLine, Shipment
from shipping.selectors.scope import location_ids_of
from shipping.selectors.shipments import shipments_of_order
from shipping.states import ShipmentState

DISPATCH, LABEL, PACK, PICK = 50, 52, 54, 56


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done next for a fulfilment, and where."""

    rank: int
    sentence: str
    action: str
    url: str
    icon: str


def next_step_of(
    fulfilment: Fulfilment, pick: Pick | None, shipment: Shipment | None
) -> Step | None:
    """The next step of one fulfilment; None when nothing is to be done here."""
    place, name = fulfilment.location.name, fulfilment.number
    if shipment is not None and shipment.state in {ShipmentState.PACKED, ShipmentState.LABELLED}:
        url = reverse("shipping:shipment_detail", args=[shipment.pk])
        if shipment.state == ShipmentState.LABELLED:
            return Step(
                DISPATCH, f"{shipment.number} waits at {place} to leave.", "Dispatch", url, "truck"
            )
        return Step(
            LABEL,
            f"{shipment.number} is packed at {place} and needs its label.",
            "Buy label",
            url,
            "tag",
        )
    if fulfilment.state not in FulfilmentState.open_states():
        return None
    url = reverse("shipping:pick_page", args=[fulfilment.pk])
    if fulfilment.state == FulfilmentState.READY:
        return Step(PICK, f"{name} waits at {place} to be picked.", "Pick", url, "scan")
    if shipment is not None:
        pack = reverse("shipping:pack_page", args=[fulfilment.pk])
        return Step(
            PACK, f"{name} is being packed at {place}.", "Continue packing", pack, "package"
        )
    by = f" by {pick.picker_label}" if pick else ""
    return Step(PICK, f"{name} is being picked at {place}{by}.", "Continue picking", url, "scan")


def waiting_step(order: Order) -> Step | None:
    """What an order waits for first at any of its locations. At most eight queries, and only one for
    an order that is nowhere under way.
    """
    fulfilments = [
        one for one in fulfilments_of(order) if one.state in FulfilmentState.open_states()
    ]
    if not fulfilments:
        return None
    picks, shipments = picks_of(fulfilments), _in_house(shipments_of_order(order))
    steps = [
        step
        for one in sorted(fulfilments, key=lambda one: (one.ship_by, one.pk))
        if (step := next_step_of(one, picks.get(one.pk), shipments.get(one.pk)))
    ]
    return min(steps, key=lambda step: step.rank, default=None)


def fulfilments_of(order: Order) -> list[Fulfilment]:
    """An order's fulfilments with location and lines. Two queries, and none when asked again."""
    rows = Fulfilment.objects.select_related("location").order_by("pk")
    lines = Prefetch("lines", FulfilmentLine.objects.select_related("order_line"))
    prefetch_related_objects([order], Prefetch("fulfilments", rows.prefetch_related(lines)))
    return list(order.fulfilments.all())


def picks_of(fulfilments: list[Fulfilment]) -> dict[int, Pick]:
    """The pick that counts, by fulfilment. One query."""
    picks = Pick.objects.live().filter(fulfilment__in=fulfilments)
    return {pick.fulfilment_id: pick for pick in picks}


def _in_house(shipments: list[Shipment]) -> dict[int, Shipment]:
    """The shipment that has not left yet, by fulfilment."""
    return {one.fulfilment_id: one for one in shipments if one.is_open}


def order_panel(user: User, order: Order) -> dict[str, Any] | None:
    """Fulfilments with their shipments, parcels and next step, as far as the user works there.
    A constant number of queries.
    """
    here = location_ids_of(user)
    fulfilments = [one for one in fulfilments_of(order) if here is None or one.location_id in here]
    if not fulfilments:
        return None
    picks = picks_of(fulfilments)
    shipments = shipments_of_order(order)
    in_house = _in_house(shipments)
    rows = []
    for one in fulfilments:
        lines = [line for line in one.lines.all() if line.quantity > line.short or line.shipped]
        rows.append(
            {
                "fulfilment": one,
                "pick": picks.get(one.pk),
                "shipments": [each for each in shipments if each.fulfilment_id == one.pk],
                "lines": lines,
                "units": sum(line.quantity - line.short for line in lines),
                "shipped": sum(line.shipped for line in lines),
                "step": next_step_of(one, picks.get(one.pk), in_house.get(one.pk)),
            }
        )
    return {"order": order, "rows": rows}


def packed_units(order: Order) -> int:
    """Units of an order that somebody holds in hand or in a parcel that has not left."""
    counted = PickLine.objects.filter(
        pick__fulfilment__order=order,
        pick__state__in=("open", "done"),
        pick__fulfilment__state__in=FulfilmentState.open_states(),
    ).aggregate(units=Sum(F("picked") - F("fulfilment_line__shipped")))
    return int(counted["units"] or 0)
