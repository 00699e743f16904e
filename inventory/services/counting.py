"""Stock set right by hand: a count, units found or lost, at one location."""

from datetime import datetime

from django.db import models, transaction

from core import outbox
from core.errors import StaleEdit
from inventory.errors import BadQuantity
from inventory.events import ThresholdChanged
from inventory.locks import ensure_levels, lock_levels
from inventory.models import Location, Movement, StockLevel, Variant
from inventory.services.adjusting import adjust_stock
from inventory.services.filling import fill_backorders
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
    seen: int | None = None,
    now: datetime,
) -> int:
    """Book what a person counted, found or lost; returns the difference that was booked.

    `seen` is the newest movement when the person looked: a count (Mode.SET) that others have
    overtaken since raises StaleEdit with what moved. Raises BadQuantity.
    """
    with transaction.atomic():
        ensure_levels([(variant.pk, location.pk)])
        level = lock_levels([variant.pk])[variant.pk, location.pk]
        there: int = getattr(level, condition)
        if mode == Mode.SET:
            if seen is not None:
                _refuse_overtaken(level.id, seen)
            counted = units
        elif mode == Mode.ADD:
            counted = there + units
        else:
            counted = there - units
        if counted < 0:
            raise BadQuantity(
                f"Only {there} units are {condition.label.lower()} here; {units} cannot be taken"
                " away.",
                field="units",
            )
        return adjust_stock(
            variant=variant,
            location=location,
            counted=counted,
            reason=reason,
            condition=condition,
            note=note,
            now=now,
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
