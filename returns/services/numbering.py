"""Units with numbers of their own on their way back: known by number, judged with their line."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models.functions import Upper

from inventory.locks import lock_levels
from inventory.models import Serial
from inventory.services import doubt_numbers, forget_serials, judge_serials
from inventory.states import Condition, SerialState, Tracking
from returns.errors import CannotReturn
from returns.models import ReturnLine, ReturnRequest


def is_numbered(line: ReturnLine) -> bool:
    """Whether each unit of the line has a number. Reads order line and variant: select them along."""
    variant = line.order_line.variant
    return variant is not None and variant.tracking == Tracking.SERIAL


def numbers_of(lines: Sequence[ReturnLine], serials: Mapping[int, Sequence[str]]) -> list[int]:
    """The ids of the units that came, by what was scanned for each line. Raises CannotReturn for a
    number that was not shipped, and where there are not as many numbers as units.
    """
    found: list[int] = []
    for line in lines:
        if not is_numbered(line):
            continue
        codes = {" ".join(code.split()).upper(): code for code in serials.get(line.pk, ())}
        codes.pop("", None)
        shipped = Serial.objects.annotate(upper=Upper("code")).filter(
            variant=line.order_line.variant, state=SerialState.SHIPPED, upper__in=codes
        )
        known = {one.code.upper(): one.pk for one in shipped}
        if unknown := [code for key, code in codes.items() if key not in known]:
            raise CannotReturn(
                f"{line.order_line.sku}: serial number {unknown[0]} was not shipped; read it on the"
                " unit again.",
                field=f"serials-{line.pk}",
            )
        if len(known) != line.received:
            raise CannotReturn(
                f"{line.order_line.sku}: {line.received} units came, but {len(known)} serial numbers"
                " are given; give each unit's.",
                field=f"serials-{line.pk}",
            )
        found += known.values()
    return found


def judge_numbers(request: ReturnRequest, lines: Sequence[ReturnLine], *, now: datetime) -> None:
    """Units go on sale again, or are gone, as all units of their line. Where a line's units fared
    differently, their numbers are to be found again: somebody scans which is which.
    """
    for line in lines:
        if not is_numbered(line):
            continue
        here = Serial.objects.filter(
            variant=line.order_line.variant,
            condition=Condition.QUALITY_CONTROL,
            level__location=request.location,
            events__reference=request.number,
        )
        ids = list(here.values_list("pk", flat=True).distinct())
        if line.restocked == line.received:
            judge_serials(serial_ids=ids, condition=Condition.SELLABLE)
        elif line.scrapped == line.received:
            forget_serials(serial_ids=ids, reference=request.number, now=now)
    numbered = {line.order_line.variant_id for line in lines if is_numbered(line)}
    levels = lock_levels([variant_id for variant_id in numbered if variant_id])
    looked_at = [one for one in levels.values() if one.location_id == request.location_id]
    doubt_numbers(looked_at, reference=request.number, now=now)
