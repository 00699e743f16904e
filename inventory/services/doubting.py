"""Numbers whose units may be gone: where fewer units are left than have numbers, somebody looks which."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q

from core import actors, attention
from core.bulk import insert_all, update_all
from inventory.locks import LockedLevel, lock_serials_at
from inventory.models import Serial, SerialEvent, StockLevel
from inventory.states import Condition, SerialState, Tracking

NUMBERS_TO_FIND = "numbers_to_find"
SHOWN = 10


def doubt_numbers(levels: Iterable[LockedLevel], *, reference: str, now: datetime) -> list[Serial]:
    """Units left these levels (locked, and written already) and nobody said by which number. Where
    more numbers than units remain in a condition, all of them there are to be found again: scanned
    once more they are in stock, and what is never scanned is gone. People's attention is raised with
    the numbers. No query where no level keeps numbers.
    """
    kept = {level.id: level for level in levels if level.tracking == Tracking.SERIAL}
    if not kept:
        return []
    there: dict[tuple[int, str], list[Serial]] = {}
    for row in lock_serials_at(kept):
        there.setdefault((row.level_id or 0, row.condition), []).append(row)
    doubted = []
    for (level_id, condition), rows in there.items():
        units: int = getattr(kept[level_id], condition)
        if len(rows) > units:
            _ask(rows, units, Condition(condition))
            doubted += rows
    _lose_sight(doubted, reference=reference, now=now)
    return doubted


def _ask(rows: list[Serial], units: int, condition: Condition) -> None:
    variant, level = rows[0].variant, rows[0].level
    assert level is not None  # noqa: S101 - they were found by their level
    place = level.location.name
    codes = sorted(row.code for row in rows)
    more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
    attention.raise_item(
        kind=NUMBERS_TO_FIND,
        subject_type="variant",
        subject_id=variant.pk,
        title=f"{variant.sku}: {len(rows)} serial numbers, {units} units at {place}",
        detail=f"{units} units are {condition.label.lower()} there, and nobody said which numbers"
        f" left: {', '.join(codes[:SHOWN])}{more}. Scan those that are there under Register numbers.",
        url=f"/stock/serials/?state={SerialState.TO_FIND}&q={variant.sku}",
    )


def _lose_sight(rows: list[Serial], *, reference: str, now: datetime) -> None:
    who = actors.current().actor
    insert_all(
        SerialEvent(
            serial=row,
            state=SerialState.TO_FIND,
            location_id=row.level.location_id if row.level else None,
            reference=reference[:60],
            actor_kind=who.kind,
            actor_key=who.key,
            actor_label=who.label[:150],
            happened_at=now,
        )
        for row in rows
    )
    for row in rows:
        row.state, row.level_id = SerialState.TO_FIND, None
    update_all(rows, ["state", "level"])


def settle_doubt(variant_ids: Iterable[int]) -> None:
    """Nobody needs to look any more for the numbers of those variants of which none is to be found, or
    of which every unit has its number again.
    """
    wanted = set(variant_ids)
    lost = Serial.objects.filter(variant__in=wanted, state=SerialState.TO_FIND)
    searched = set(lost.values_list("variant_id", flat=True))
    levels = StockLevel.objects.filter(variant__in=searched).annotate(
        numbered=Count("serials", filter=Q(serials__state=SerialState.IN_STOCK))
    )
    bare = {level.variant_id for level in levels if level.on_hand > level.numbered}
    attention.resolve(
        kind=NUMBERS_TO_FIND, subject_type="variant", subject_ids=sorted(wanted - bare)
    )
