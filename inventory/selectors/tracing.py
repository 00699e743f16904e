"""Where a lot lies and went, and the life of a unit with a number of its own."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404

from core.models import User
from inventory.models import (
    Allocation,
    Demand,
    Lot,
    LotBalance,
    Movement,
    Serial,
    SerialEvent,
    SnapshotLine,
    StockSnapshot,
    Variant,
)
from inventory.selectors.scope import is_bound_to_locations, visible_levels, visible_locations
from inventory.selectors.stock import references_of
from inventory.states import MovementReason, SerialState, SnapshotDecision, Tracking

SOON_DAYS = 30
EXTRACT = 50
ON_HAND = F("sellable") + F("quality_control") + F("damaged")


def lots_seen_by(user: User) -> QuerySet[Lot]:
    """Every lot, with what of it lies where the user may look: `on_hand` and `set_aside`."""
    here = LotBalance.objects.filter(lot=OuterRef("pk"), level__in=visible_levels(user)).order_by()
    sums = here.values("lot").annotate(units=Sum(ON_HAND), held=Sum("allocated"))
    return Lot.objects.select_related("variant__product").annotate(
        on_hand=Subquery(sums.values("units")), set_aside=Subquery(sums.values("held"))
    )


def lot_seen_by(user: User, lot_id: int) -> Lot:
    """One lot; Http404 when it is not there."""
    lot = lots_seen_by(user).filter(pk=lot_id).first()
    if lot is None:
        raise Http404("No such lot.")
    return lot


def lot_state(lot: Lot, today: date) -> tuple[str, str, str]:
    """How a lot's state looks: words, role and icon of its badge."""
    if lot.recalled_at:
        return "Recalled", "danger", "alert"
    if lot.expires_on is None:
        return "Does not expire", "neutral", "check"
    if lot.expires_on < today:
        return "Expired", "danger", "clock"
    if lot.expires_on <= today + timedelta(days=SOON_DAYS):
        return "Expires soon", "warning", "clock"
    return "Good", "success", "check"


def balances_of(user: User, lot: Lot) -> QuerySet[LotBalance]:
    """Where the lot lies, empty places left out."""
    rows = LotBalance.objects.filter(lot=lot, level__in=visible_levels(user))
    rows = rows.filter(Q(sellable__gt=0) | Q(quality_control__gt=0) | Q(damaged__gt=0))
    return rows.select_related("level__location").order_by("level__location__name")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds units of a lot that have not left yet; `url` leads to what wished them."""

    label: str
    url: str
    place: str
    units: int


def holders_of(user: User, lot: Lot) -> list[Holder]:
    """For whom units of the lot are set aside now, the oldest first."""
    open_units = F("quantity") - F("consumed") - F("released")
    rows = list(
        Allocation.objects.filter(
            lot=lot,
            level__in=visible_levels(user),
            quantity__gt=F("consumed") + F("released"),
        )
        .order_by("demand_id")
        .values("demand_id", "demand__reference", "level__location__name")
        .annotate(units=Sum(open_units))[:EXTRACT]
    )
    links = references_of([Demand(pk=row["demand_id"]) for row in rows])
    return [
        Holder(
            *links.get(row["demand_id"], (row["demand__reference"], "")),
            row["level__location__name"],
            row["units"],
        )
        for row in rows
    ]


def ways_of(user: User, lot: Lot) -> list[dict[str, Any]]:
    """What happened to units of the lot, summed by reason, reference and place, newest first."""
    rows = Movement.objects.filter(lot=lot, level__in=visible_levels(user)).order_by()
    found = rows.values("reason", "reference", "level__location__name")
    ways = found.annotate(units=Sum("quantity"), last=Max("moved_at")).order_by("-last")[:EXTRACT]
    return [{**way, "reason": MovementReason(way["reason"])} for way in ways]


def serials_seen_by(user: User) -> QuerySet[Serial]:
    """Serial numbers; whoever works at some locations sees those that lie there or left from there."""
    rows = Serial.objects.select_related("variant__product", "level__location")
    if not is_bound_to_locations(user):
        return rows
    places = visible_locations(user)
    passed = SerialEvent.objects.filter(serial=OuterRef("pk"), location__in=places)
    return rows.filter(
        Q(level__location__in=places) | (Q(level=None) & Q(pk__in=passed.values("serial")))
    )


def serial_seen_by(user: User, serial_id: int) -> Serial:
    """One serial number; Http404 when it is not there or another location's."""
    serial = serials_seen_by(user).select_related("lot").filter(pk=serial_id).first()
    if serial is None:
        raise Http404("No such serial number, or it lies at another location.")
    return serial


def serials_at(codes: list[str], *, variant_ids: list[int], location_id: int) -> list[Serial]:
    """The units that may be sent from a location and bear one of these numbers; whoever reads a number
    that is to be found has found it.
    """
    found = Serial.objects.filter(variant_id__in=variant_ids).filter(
        Q(level__location_id=location_id, state=SerialState.IN_STOCK) | Q(state=SerialState.TO_FIND)
    )
    wanted = Q()
    for code in codes:
        wanted |= Q(code__iexact=code)
    return list(found.filter(wanted).select_related("variant")) if codes else []


def snapshots_seen_by(user: User) -> QuerySet[StockSnapshot]:
    """What third parties counted, with `rows` and what is `left` to decide."""
    lines = SnapshotLine.objects.filter(snapshot=OuterRef("pk")).order_by().values("snapshot")
    left = lines.filter(decision=SnapshotDecision.OPEN)
    return (
        StockSnapshot.objects.filter(location__in=visible_locations(user))
        .select_related("location")
        .annotate(
            rows=Subquery(lines.annotate(n=Count("pk")).values("n")),
            left=Subquery(left.annotate(n=Count("pk")).values("n")),
        )
    )


def traced_units(user: User, variant: Variant, today: date) -> dict[str, Any] | None:
    """What a variant's page shows of its lots or numbers; None where units are not told apart."""
    if variant.tracking == Tracking.LOT:
        lots = list(lots_seen_by(user).filter(Q(on_hand__gt=0), variant=variant)[:EXTRACT])
        for lot in lots:
            lot.state = lot_state(lot, today)  # type: ignore[attr-defined]
        return {"variant": variant, "lots": lots} if lots else None
    if variant.tracking != Tracking.SERIAL:
        return None
    here = Serial.objects.filter(variant=variant, level__in=visible_levels(user))
    units = visible_levels(user).filter(variant=variant).aggregate(units=Sum(ON_HAND))["units"]
    return {
        "variant": variant,
        "is_by_serial": True,
        "serials": here[:EXTRACT],
        "without": (units or 0) - here.count(),
    }
