"""The stock of a changed order: what is freed goes back, what is wanted more is set aside or waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.bulk import insert_all, update_all
from inventory.locks import Levels, lock_levels
from inventory.services import (
    Take,
    Wish,
    cancel_demands,
    fill_backorders,
    raise_demands,
    widen_demands,
)
from orders.drafts import WhenShort
from orders.models import OrderLine
from orders.services.cancelling import forget_unknown, shrink_work
from orders.services.changing.working import Work
from orders.services.explaining import explain_changes
from orders.services.shortage import Shortage, refuse_short
from orders.services.sourcing import source_more

LINE_COLUMNS = [
    "quantity",
    "cancelled",
    "credited",
    "unit_price",
    "price_source",
    "price_reason",
    "amount",
    "discount",
    "tax",
    "total",
    "demand",
]


@dataclass(frozen=True, slots=True)
class _More:
    """Units that a line wants beyond those it wanted."""

    line: OrderLine
    units: int


def store(work: Work, when_short: WhenShort, *, why: str) -> None:
    """Write the lines and move their stock; `why` explains discounts that changed. Levels are locked
    once, by id, for all that is touched. Raises OutOfStock where the rest may not wait.
    """
    taken = {pk: units for pk, units in work.taken.items() if units}
    more = _wanted(work)
    touched = [work.lines[pk] for pk in taken] + [one.line for one in more]
    lock_levels({line.variant_id for line in touched if line.variant_id})
    freed = _free(work, taken)
    _set_aside(work, more, when_short)
    for kit in work.kits.values():
        kit.save()
    insert_all(work.added_kits)
    insert_all(work.added)
    update_all(work.lines.values(), LINE_COLUMNS)
    explain_changes(list(work.all_lines()), label=why)
    fill_backorders(freed, now=work.now)
    forget_unknown(work.order, [work.lines[pk] for pk in taken])


def _wanted(work: Work) -> list[_More]:
    own = [_More(work.lines[pk], units) for pk, units in work.raised.items()]
    own += [_More(line, line.quantity) for line in work.added]
    return [one for one in own if one.line.is_physical and one.line.variant_id and one.units]


def _free(work: Work, taken: dict[int, int]) -> set[int]:
    """Give back what is no longer wanted; locations that were told to send it are told less."""
    if not taken:
        return set()
    update_all([work.lines[pk] for pk in taken], ["cancelled"])
    shrink_work(work.order, taken, now=work.now)
    lines = [work.lines[pk] for pk in taken]
    return cancel_demands({line.demand_id: taken[line.pk] for line in lines if line.demand_id})


def _set_aside(work: Work, more: Sequence[_More], when_short: WhenShort) -> None:
    """Claim what is free for the units wanted more, and let their demands say so."""
    if not more:
        return
    levels = lock_levels({one.line.variant_id or 0 for one in more})
    wanted = [(one.line, one.units) for one in more]
    takes, days = source_more(work.order, wanted, levels=levels, now=work.now)
    _refuse(work, more, takes, when_short)
    _widen(work, more, takes, levels)
    _begin(work, more, takes, levels, days)


def _refuse(
    work: Work, more: Sequence[_More], takes: Sequence[Take], when_short: WhenShort
) -> None:
    got = [0] * len(more)
    for take in takes:
        got[take.index] += take.quantity
    short = [
        Shortage(
            order=work.order.number,
            position=one.line.position,
            line=one.line,
            got=one.line.open - (one.units - units),
            is_taken=when_short == WhenShort.BACKORDER,
        )
        for one, units in zip(more, got, strict=True)
        if units < one.units
    ]
    if short:
        refuse_short(short, today=work.now.date())


def _moved(takes: Sequence[Take], chosen: Sequence[int]) -> list[Take]:
    """The takes of the chosen places, counted anew."""
    place = {index: new for new, index in enumerate(chosen)}
    return [
        Take(place[take.index], take.location_id, take.quantity, take.parts)
        for take in takes
        if take.index in place
    ]


def _widen(work: Work, more: Sequence[_More], takes: Sequence[Take], levels: Levels) -> None:
    chosen = [index for index, one in enumerate(more) if one.line.demand_id]
    if chosen:
        widen_demands(
            {more[index].line.demand_id or 0: more[index].units for index in chosen},
            _moved(takes, chosen),
            levels=levels,
            now=work.now,
        )


def _begin(
    work: Work, more: Sequence[_More], takes: Sequence[Take], levels: Levels, days: int
) -> None:
    chosen = [index for index, one in enumerate(more) if not one.line.demand_id]
    wishes = [
        Wish(
            more[index].line.variant_id or 0,
            more[index].units,
            work.order.channel_id,
            work.order.number,
            since=work.now,
            shelf_life_days=days,
        )
        for index in chosen
    ]
    demands = raise_demands(wishes, _moved(takes, chosen), levels=levels, now=work.now)
    for index, demand_id in zip(chosen, demands, strict=True):
        more[index].line.demand_id = demand_id
