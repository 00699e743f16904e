"""The grid of stock: variants down, locations across, what may be sold there, what comes and how long
it lasts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Min, Sum

from inventory.models import Movement, StockLevel
from inventory.selectors.purchasing import open_purchase_lines
from inventory.selectors.transfers import open_transfer_lines
from inventory.states import MovementReason

COVER_DAYS = 90
LONG_COVER = 999
Pair = tuple[int, int]  # variant, location


@dataclass
class Cell:
    """One variant at one location. `cover` is how many days what is free lasts at the pace of the
    last 90 days, LONG_COVER for that long or longer; None where nothing left.
    """

    on_hand: int = 0
    committed: int = 0
    reserved: int = 0
    available: int = 0
    unavailable: int = 0
    safety: int = 0
    incoming: int = 0
    due_on: date | None = None
    cover: int | None = None

    @property
    def lasts_long(self) -> bool:
        return self.cover == LONG_COVER

    @property
    def is_low(self) -> bool:
        return self.safety > 0 and self.available <= 0


def cells_of(
    variant_ids: Collection[int], location_ids: Collection[int], *, now: datetime
) -> dict[Pair, Cell]:
    """The cells of these variants at these locations; four queries, however many."""
    cells: dict[Pair, Cell] = {}
    levels = StockLevel.objects.filter(variant__in=variant_ids, location__in=location_ids)
    pace = _left_in(variant_ids, location_ids, since=now - timedelta(days=COVER_DAYS))
    for level in levels:
        pair = (level.variant_id, level.location_id)
        free = max(0, level.sellable - level.allocated - level.reserved)
        cells[pair] = Cell(
            on_hand=level.on_hand,
            committed=level.allocated,
            reserved=level.reserved,
            available=level.available,
            unavailable=level.quality_control + level.damaged,
            safety=level.safety,
            cover=min(LONG_COVER, free * COVER_DAYS // pace[pair]) if pace.get(pair) else None,
        )
    for pair, units, due_on in _coming(variant_ids, location_ids):
        cell = cells.setdefault(pair, Cell())
        cell.incoming += units
        days = [day for day in (cell.due_on, due_on) if day]
        cell.due_on = min(days) if days else None
    return cells


def _left_in(
    variant_ids: Collection[int], location_ids: Collection[int], *, since: datetime
) -> dict[Pair, int]:
    """Units that were sent to customers since then."""
    rows = (
        Movement.objects.filter(
            level__variant__in=variant_ids,
            level__location__in=location_ids,
            reason__in=(MovementReason.SHIPMENT, MovementReason.SHIPMENT_UNDONE),
            moved_at__gte=since,
        )
        .order_by()
        .values("level__variant_id", "level__location_id")
        .annotate(units=-Sum("quantity"))
    )
    return {
        (row["level__variant_id"], row["level__location_id"]): row["units"]
        for row in rows
        if row["units"] > 0
    }


def _coming(
    variant_ids: Collection[int], location_ids: Collection[int]
) -> list[tuple[Pair, int, date | None]]:
    """What purchases and transfers bring, with the first day."""
    bought = (
        open_purchase_lines()
        .filter(variant__in=variant_ids, order__location__in=location_ids)
        .order_by()
        .values("variant_id", place=F("order__location_id"))
        .annotate(units=Sum("open_units"), day=Min("due_on"))
    )
    sent = (
        open_transfer_lines()
        .filter(variant__in=variant_ids, transfer__target__in=location_ids)
        .order_by()
        .values("variant_id", place=F("transfer__target_id"))
        .annotate(units=Sum("in_transit"), day=Min("due_on"))
    )
    return [
        ((row["variant_id"], row["place"]), row["units"], row["day"])
        for rows in (bought, sent)
        for row in rows
    ]
