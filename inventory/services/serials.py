"""Serial numbers through their life: received, shipped, come back, gone; each unit traced."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import actors
from core.bulk import insert_all, update_all
from inventory.errors import BadSerial
from inventory.locks import ensure_levels, lock_levels, lock_serials
from inventory.models import Location, Serial, SerialEvent, StockLevel, Variant
from inventory.services.doubting import settle_doubt
from inventory.services.moving import StockChange, move_stock
from inventory.states import Condition, MovementReason, SerialState, Tracking

MOST_LETTERS = 80


@transaction.atomic
def receive_serials(
    *,
    variant: Variant,
    location: Location,
    codes: Sequence[str],
    condition: Condition = Condition.SELLABLE,
    lot_id: int | None = None,
    reference: str = "",
    now: datetime,
) -> list[Serial]:
    """Say which numbers units have that lie at a location; their stock is booked already.

    A number whose unit is gone, or was shipped and came back by another way, is taken up again.
    Raises BadSerial for one that is empty, given twice or in stock elsewhere, and for more numbers
    than there are units.
    """
    codes = clean_codes(variant, codes)
    ensure_levels([(variant.pk, location.pk)])
    level = lock_levels([variant.pk])[variant.pk, location.pk]
    known = {one.code: one for one in Serial.objects.filter(variant=variant, code__in=codes)}
    here = [one.code for one in known.values() if one.state == SerialState.IN_STOCK]
    if here:
        raise BadSerial(
            f"{_some(here)} of {variant.sku} lies in stock already; read the number on the unit"
            " again.",
            field="serials",
        )
    there = Serial.objects.filter(level_id=level.id, condition=condition).count()
    units: int = getattr(level, condition)
    if there + len(codes) > units:
        raise BadSerial(
            f"{units} units of {variant.sku} are {condition.label.lower()} at {location.name} and"
            f" {there} have numbers; receive the goods first, or leave {there + len(codes) - units}"
            " numbers out.",
            field="serials",
        )
    rows = [
        known.get(code) or Serial(variant=variant, code=code, lot_id=lot_id, level_id=level.id)
        for code in codes
    ]
    new = [row for row in rows if row.pk is None]
    for row in rows:
        row.state, row.level_id, row.condition = SerialState.IN_STOCK, level.id, condition
    insert_all(new)
    update_all([row for row in rows if row not in new], ["state", "level", "condition"])
    _tell(rows, location_id=location.pk, reference=reference, now=now)
    settle_doubt([variant.pk])
    return rows


@transaction.atomic
def ship_serials(*, serial_ids: Sequence[int], reference: str, now: datetime) -> None:
    """Units with these numbers left with a shipment; their stock went down in this transaction. One
    that was to be found is found by that. Raises BadSerial for one that is not in stock.
    """
    rows = lock_serials(serial_ids)
    for row in rows:
        if row.state != SerialState.TO_FIND:
            _refuse_unless(row, SerialState.IN_STOCK)
    _leave(rows, SerialState.SHIPPED, reference=reference, now=now)


@transaction.atomic
def return_serials(
    *,
    serial_ids: Sequence[int],
    location: Location,
    condition: Condition = Condition.QUALITY_CONTROL,
    reference: str,
    now: datetime,
) -> None:
    """Units that were shipped lie at a location again; their stock is booked in this transaction.
    Raises BadSerial for one that never left.
    """
    rows = lock_serials(serial_ids)
    if not rows:
        return
    ensure_levels((row.variant_id, location.pk) for row in rows)
    levels = lock_levels(row.variant_id for row in rows)
    for row in rows:
        _refuse_unless(row, SerialState.SHIPPED)
        row.state, row.condition = SerialState.IN_STOCK, condition
        row.level_id = levels[row.variant_id, location.pk].id
    update_all(rows, ["state", "level", "condition"])
    _tell(rows, location_id=location.pk, reference=reference, now=now)


@transaction.atomic
def judge_serials(*, serial_ids: Sequence[int], condition: Condition) -> None:
    """Units were inspected: they are in another condition now, as their stock is."""
    rows = lock_serials(serial_ids)
    for row in rows:
        _refuse_unless(row, SerialState.IN_STOCK)
        row.condition = condition
    update_all(rows, ["condition"])


@transaction.atomic
def forget_serials(*, serial_ids: Sequence[int], reference: str, now: datetime) -> None:
    """Units with these numbers are gone; whoever calls booked their stock out."""
    _leave(lock_serials(serial_ids), SerialState.GONE, reference=reference, now=now)


@transaction.atomic
def scrap_serials(
    *, serial_ids: Sequence[int], reason: MovementReason, note: str = "", now: datetime
) -> None:
    """Scrap or lose units by their numbers: stock and numbers go together; of a number that was to be
    found the stock is gone already. Raises BadSerial, and NotEnoughStock where they are set aside for
    orders.
    """
    found = Serial.objects.filter(pk__in=list(serial_ids), level__isnull=False)
    places = {row.pk: row for row in found.select_related("level")}
    levels = lock_levels(row.variant_id for row in places.values())
    by_id = {level.id: level for level in levels.values()}
    rows = lock_serials(serial_ids)
    lost = [row for row in rows if row.state == SerialState.TO_FIND]
    here = [row for row in rows if row not in lost]
    for row in here:
        _refuse_unless(row, SerialState.IN_STOCK)
    move_stock(
        [
            StockChange(
                variant_id=row.variant_id,
                location_id=by_id[row.level_id or 0].location_id,
                quantity=-1,
                reason=reason,
                reference=f"serial {row.code}"[:60],
                condition=Condition(row.condition),
                note=note,
            )
            for row in here
        ],
        numbers_follow=True,
        now=now,
    )
    _leave(rows, SerialState.GONE, reference=reason.label, now=now)
    settle_doubt({row.variant_id for row in lost})


def clean_codes(variant: Variant, codes: Sequence[str]) -> list[str]:
    """The numbers without stray spaces. Raises BadSerial for none, a long one, or one given twice."""
    if variant.tracking != Tracking.SERIAL:
        raise BadSerial(f"{variant.sku} has no serial numbers; leave them out.", field="serials")
    cleaned = [" ".join(code.split()) for code in codes]
    cleaned = [code for code in cleaned if code]
    if not cleaned:
        raise BadSerial("Give at least one serial number.", field="serials")
    if long := [code for code in cleaned if len(code) > MOST_LETTERS or "\0" in code]:
        raise BadSerial(
            f"“{long[0][:40]}…” is no serial number; they have at most {MOST_LETTERS} letters.",
            field="serials",
        )
    if twice := sorted({code for code in cleaned if cleaned.count(code) > 1}):
        raise BadSerial(f"{_some(twice)} is given twice; each unit has its own.", field="serials")
    return cleaned


def _refuse_unless(row: Serial, state: SerialState) -> None:
    if row.state != state:
        raise BadSerial(
            f"Serial number {row.code} of {row.variant.sku} is {row.get_state_display().lower()},"
            f" not {state.label.lower()}; read the number on the unit again.",
            field="serials",
        )


def _leave(rows: list[Serial], state: SerialState, *, reference: str, now: datetime) -> None:
    places = dict(
        StockLevel.objects.filter(pk__in={row.level_id for row in rows}).values_list(
            "pk", "location_id"
        )
    )
    left = {row.pk: places.get(row.level_id or 0) for row in rows}
    for row in rows:
        row.state, row.level_id = state, None
    update_all(rows, ["state", "level"])
    for location_id in set(left.values()):
        group = [row for row in rows if left[row.pk] == location_id]
        _tell(group, location_id=location_id, reference=reference, now=now)


def _tell(rows: list[Serial], *, location_id: int | None, reference: str, now: datetime) -> None:
    """Write the step each unit made to its life."""
    who = actors.current().actor
    insert_all(
        SerialEvent(
            serial=row,
            state=row.state,
            location_id=location_id,
            reference=reference[:60],
            actor_kind=who.kind,
            actor_key=who.key,
            actor_label=who.label[:150],
            happened_at=now,
        )
        for row in rows
    )


def _some(codes: Sequence[str]) -> str:
    return ", ".join(codes[:5]) + (f" and {len(codes) - 5} more" if len(codes) > 5 else "")
