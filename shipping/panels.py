"""What shipping shows in the navigation, on orders' pages, on home and in the search."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from core import attention, menu, search, subjects
from core.attention import AttentionKind
from core.listing import plug_match, plug_token, text_token
from core.menu import MenuEntry, MenuGroup
from core.models import User
from core.panels import plug
from core.search import Hit, Searcher
from core.subjects import SubjectKind, page
from core.timeline import dress
from orders.models import Fulfilment, Order
from orders.rights import SEE_ORDERS
from orders.selectors.blocking import Blocker
from orders.sockets import (
    BLOCKERS,
    CANCEL_EFFECTS,
    CARRIERS,
    HOLD_EFFECTS,
    ORDER_PAGE,
    ORDER_PAPERS,
    PAPER_KINDS,
    PRINTABLES,
    TRACKING_PAGE,
)
from orders.states import FulfilmentState
from shipping.documents import PACKING_SLIP, PICK_LIST
from shipping.gateways.registry import all_carriers
from shipping.models import Label, Parcel, Shipment
from shipping.rights import PICK_AND_PACK, RECORD_TRACKING, SEE_SHIPMENTS
from shipping.selectors.order_page import (
    fulfilments_of,
    order_panel,
    packed_units,
    waiting_step,
)
from shipping.selectors.public import public_parcels
from shipping.selectors.shipments import (
    shipments_of_order,
    shipments_seen_by,
    shipments_tracked_by,
)
from shipping.selectors.work import visible_work, waiting_work
from shipping.services.foreseeing import WILL_BE_LATE
from shipping.services.labelling import LABEL_FAILED
from shipping.services.tracking import TROUBLED
from shipping.services.watching import LATE, SHORT_PICK, STALLED
from shipping.states import ShipmentState

SHORTEST_TRACKING = 8

menu.add(
    MenuEntry(
        "Pick and pack",
        "shipping:work_list",
        "scan",
        MenuGroup.WORK,
        SEE_SHIPMENTS,
        20,
        badge=waiting_work,
        shortcut="g p",
    )
)
menu.add(
    MenuEntry(
        "Shipments",
        "shipping:shipment_list",
        "truck",
        MenuGroup.WORK,
        SEE_SHIPMENTS,
        30,
        shortcut="g s",
    )
)

for code, label, hint, right, icon in (
    (
        SHORT_PICK,
        "Short picks",
        "Find the units elsewhere, wait for stock, or cancel them.",
        PICK_AND_PACK,
        "alert",
    ),
    (
        LATE,
        "Late in pick and pack",
        "Pick, pack and send these first. Late orders that wait for money, stock or a decision are"
        " not among them: they stand under what they wait for.",
        PICK_AND_PACK,
        "clock",
    ),
    (
        LABEL_FAILED,
        "No label",
        "Read why the carrier refused, mend it and buy again.",
        PICK_AND_PACK,
        "tag",
    ),
    (
        WILL_BE_LATE,
        "Will be late",
        "Do what the reason says while there is time; else promise another day and tell the customer.",
        SEE_ORDERS,
        "clock",
    ),
    (STALLED, "Tracking stalled", "Ask the carrier where it is.", RECORD_TRACKING, "question"),
    (
        TROUBLED,
        "Trouble on the way",
        "Talk to the carrier and the customer.",
        RECORD_TRACKING,
        "truck",
    ),
):
    attention.register(AttentionKind(code, label, hint, right, icon))

for fact, icon, role in (
    ("shipping.PickPutBack", "undo", "neutral"),
    ("shipping.LabelBought", "tag", "info"),
    ("shipping.LabelFailed", "alert", "danger"),
    ("shipping.LabelVoided", "blocked", "warning"),
    ("shipping.ShipmentUnpacked", "undo", "warning"),
    ("shipping.ShipmentDispatched", "truck", "success"),
    ("shipping.ParcelTracked", "pin", "info"),
    ("shipping.ParcelDelivered", "check", "success"),
    ("shipping.FulfilmentLate", "clock", "warning"),
):
    dress(fact, icon, role)


def _order_page(request: HttpRequest, order: Order) -> dict[str, Any] | None:
    return order_panel(request.user, order)  # type: ignore[arg-type]


def _tracking_page(request: HttpRequest, order: Order) -> dict[str, Any] | None:  # noqa: ARG001
    return {
        "order": order,
        "parcels": public_parcels(order),
        "units_to_come": order.units_open,
    }


plug(
    ORDER_PAGE,
    template="shipping/panels/order_fulfilments.html",
    context=_order_page,
    position=20,
    right=SEE_SHIPMENTS,
)
plug(
    TRACKING_PAGE,
    template="shipping/panels/public_parcels.html",
    context=_tracking_page,
    position=10,
)


@ORDER_PAPERS.plug
def slips_and_labels(order: Order) -> list[tuple[str, list[int]]]:
    """Its pick lists, slips, receipts and labels. Seven queries, shared with the order's page."""
    shipments = shipments_of_order(order)
    return [
        ("fulfilment", [one.pk for one in fulfilments_of(order)]),
        ("shipment", [one.pk for one in shipments]),
        ("parcel", [parcel.pk for one in shipments for parcel in one.parcels.all()]),
    ]


@BLOCKERS.plug
def next_step(order: Order) -> Blocker | None:
    """What the order waits for at its location, with the page where it is done."""
    step = waiting_step(order)
    if step is None:
        return None
    return Blocker(step.rank, step.sentence, step.action, step.url, PICK_AND_PACK.code, step.icon)


@CANCEL_EFFECTS.plug
def goods_to_take_out(order: Order, units: Any = None) -> str | None:  # noqa: ARG001
    """Cancelling goods that somebody holds in hand means work at the location."""
    count = packed_units(order)
    if not count:
        return None
    return f"{count} units are picked or packed already; the location is told to put them back."


def find_shipments(user: User, query: str, limit: int) -> list[Hit]:
    """Shipments by number or tracking number, and fulfilments by number. Two queries."""
    seen = shipments_seen_by(user)
    named = seen.filter(Q(number=query.upper()) | Q(pk__in=shipments_tracked_by(query)))
    found = named.select_related("order").order_by("-pk")[:limit]
    hits = [
        Hit(
            label=one.number,
            url=reverse("shipping:shipment_detail", args=[one.pk]),
            icon="truck",
            hint=f"{one.order.number} · {one.get_state_display()}",
            is_exact=True,
        )
        for one in found
    ]
    work = visible_work(user).filter(number=query.upper())[: max(0, limit - len(hits))]
    return hits + [
        Hit(
            label=one.number,
            url=reverse("shipping:pick_page", args=[one.pk]),
            icon="scan",
            hint=f"{one.location.name} · {one.get_state_display()}",
            is_exact=True,
        )
        for one in work
    ]


def orders_tracked_by(word: str) -> Q:
    """Orders with a parcel of that tracking number, for the list of orders."""
    orders = Shipment.objects.filter(pk__in=shipments_tracked_by(word)).values_list("order_id")
    return Q(pk__in=[order_id for (order_id,) in orders])


def spoken_of(word: str) -> Q | None:
    """A free word may be a tracking number when it is long and has digits."""
    is_likely = len(word) >= SHORTEST_TRACKING and any(letter.isdigit() for letter in word)
    return orders_tracked_by(word) if is_likely else None


plug_token("orders.orders", text_token("tracking", orders_tracked_by, "tracking:00340…"))
plug_match("orders.orders", spoken_of)
search.plug(Searcher("Shipments", SEE_SHIPMENTS, find_shipments, position=30))
CARRIERS.plug(all_carriers)

for kind in (
    SubjectKind(Shipment, "Shipment", page("shipping:shipment_detail"), SEE_SHIPMENTS),
    SubjectKind(
        Parcel,
        "Parcel",
        lambda row: reverse("shipping:shipment_detail", args=[row.shipment_id]),
        SEE_SHIPMENTS,
        name=lambda row: f"{row.position} of {row.shipment.number}",
        related=("shipment",),
    ),
    SubjectKind(
        Label,
        "Label",
        lambda row: reverse("shipping:shipment_detail", args=[row.parcel.shipment_id]),
        SEE_SHIPMENTS,
        name=lambda row: row.tracking_number or f"of {row.parcel.shipment.number}",
        related=("parcel__shipment",),
    ),
):
    subjects.register(kind)


@PAPER_KINDS.plug
def shipping_papers() -> list[tuple[str, str]]:
    return [(kind.code, kind.label) for kind in (PICK_LIST, PACKING_SLIP)]


@PRINTABLES.plug
def lists_and_slips(
    codes: Sequence[str], order_ids: Sequence[int]
) -> dict[int, list[tuple[str, int]]]:
    """Pick lists of what is still to be sent, and the slips of parcels. Two queries."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    if PICK_LIST.code in codes:
        rows = Fulfilment.objects.open().filter(order__in=order_ids).order_by("pk")
        for order_id, pk in rows.values_list("order_id", "pk"):
            found[order_id].append((PICK_LIST.code, pk))
    if PACKING_SLIP.code in codes:
        sent = Shipment.objects.filter(order__in=order_ids).exclude(state=ShipmentState.CANCELLED)
        for order_id, pk in sent.order_by("pk").values_list("order_id", "pk"):
            found[order_id].append((PACKING_SLIP.code, pk))
    return found


@HOLD_EFFECTS.plug
def work_begun(order: Order) -> str | None:
    """Holding an order in the middle of its work. One query."""
    begun = list(
        order.fulfilments.filter(state__in=[FulfilmentState.PICKING, FulfilmentState.PACKED])
        .select_related("location")
        .order_by("pk")
    )
    if not begun:
        return None
    places = ", ".join(f"{one.get_state_display().lower()} at {one.location.name}" for one in begun)
    return f"Work has begun ({places}): packing and dispatch stop until the hold is released."
