"""Stock set right by hand: a count, units found or lost, at one location."""

from datetime import datetime

from django.db import models, transaction

from core import outbox
from core.errors import StaleEdit
from inventory.errors import BadQuantity
from inventory.events import ThresholdChanged
from inventory.locks import LockedLevel, ensure_levels, lock_levels
from inventory.models import Location, Movement, Serial, StockLevel, Variant
from inventory.services.adjusting import adjust_stock
from inventory.services.filling import fill_backorders
from inventory.services.moving import MOST_UNITS
from inventory.services.premises import bin_named
from inventory.states import Condition, MovementReason


class Mode(models.TextChoices):
    """How the number that a person gives is meant."""

    SET = "set", "There are now"
    ADD = "add", "Add"
    REMOVE = "remove", "Take away"


def last_movement(variant_id: int, location_id: int) -> int:
    """The newest movement there, 0 for none: what a form carries so that a stale count is noticed."""
    return (
        Movement.objects.filter(level__variant_id=variant_id, level__location_id=location_id)
        .order_by("-id")
        .values_list("id", flat=True)
        .first()
        or 0
    )


def correct_stock(
    *,
    variant: Variant,
    location: Location,
    mode: Mode,
    units: int,
    reason: MovementReason,
    condition: Condition = Condition.SELLABLE,
    note: str = "",
    lot_id: int | None = None,
    seen: int | None = None,
    now: datetime,
) -> int:
    """Book what a person counted, found or lost (of one lot, where it is named); returns the
    difference that was booked.

    `seen` is the newest movement when the person looked: a count (Mode.SET) that others have
    overtaken since raises StaleEdit with what moved. Raises BadQuantity, also for fewer units than
    have serial numbers here: those that are gone leave by their number.
    """
    with transaction.atomic():
        ensure_levels([(variant.pk, location.pk)])
        level = lock_levels([variant.pk])[variant.pk, location.pk]
        there = _units_there(level, condition, lot_id)
        if mode == Mode.SET and seen is not None:
            _refuse_overtaken(level.id, seen)
        counted = _counted(mode, there, units, condition)
        _refuse_numbered(level, condition, counted)
        return adjust_stock(
            variant=variant,
            location=location,
            counted=counted,
            reason=reason,
            condition=condition,
            note=note,
            lot_id=lot_id,
            now=now,
        )


def _counted(mode: Mode, there: int, units: int, condition: Condition) -> int:
    """How many units that makes. Raises BadQuantity for fewer than none and more than fit."""
    counted = {Mode.SET: units, Mode.ADD: there + units, Mode.REMOVE: there - units}[mode]
    if counted < 0:
        raise BadQuantity(
            f"Only {there} units are {condition.label.lower()} here; {units} cannot be taken away.",
            field="units",
        )
    if counted > MOST_UNITS:
        raise BadQuantity(
            f"{there:,} units are here already; a location holds at most {MOST_UNITS:,}. Give"
            f" {MOST_UNITS - there:,} or fewer.",
            field="units",
        )
    return counted


def _units_there(level: LockedLevel, condition: Condition, lot_id: int | None) -> int:
    """What the books say lies there: of the level, or of one lot on it."""
    if lot_id is None:
        return int(getattr(level, condition))
    lot = level.lots.get(lot_id)
    return int(getattr(lot, condition)) if lot else 0


def _refuse_numbered(level: LockedLevel, condition: Condition, counted: int) -> None:
    """Raise BadQuantity when fewer units are left than have serial numbers there."""
    numbered = Serial.objects.filter(level_id=level.id, condition=condition).count()
    if counted < numbered:
        raise BadQuantity(
            f"{numbered} units have serial numbers here. Take those that are gone out of stock by"
            " their number, under Serial numbers.",
            field="units",
        )


def _refuse_overtaken(level_id: int, seen: int) -> None:
    since = Movement.objects.filter(level_id=level_id, pk__gt=seen).order_by("pk")[:20]
    if since:
        raise StaleEdit(
            "Stock moved here after you opened this form, so your count may be out of date. Check it"
            " against the figures below and send it again.",
            changes=[
                f"{one.actor_label}: {one.quantity:+d} {one.get_condition_display().lower()}"
                f" ({one.get_reason_display()}{f', {one.reference}' if one.reference else ''})"
                for one in since
            ],
        )


def set_threshold(*, level: StockLevel, safety: int, bin_: str, now: datetime) -> None:
    """Set the safety stock and the bin of a variant at a location; who waits is served when more
    becomes free. Raises BadPlace for a bin that the location does not have.
    """
    bin_ = bin_named(level.location_id, bin_)
    with transaction.atomic():
        locked = lock_levels([level.variant_id])
        if (level.safety, level.bin) == (safety, bin_):
            return
        before = (level.safety, level.bin)
        StockLevel.objects.filter(pk=level.pk).update(safety=safety, bin=bin_)
        locked[level.variant_id, level.location_id].safety = safety
        fact = ThresholdChanged(
            variant_id=level.variant_id,
            location_id=level.location_id,
            location=level.location.name,
            safety=safety,
            bin=bin_ or "none",
        )
        outbox.publish(
            fact, changes={"safety stock": (before[0], safety), "bin": (before[1], bin_)}
        )
        fill_backorders([level.variant_id], levels=locked, now=now)
