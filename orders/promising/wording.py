"""Why a part arrives when it does, in sentences that people read."""

from collections.abc import Sequence
from datetime import date, datetime

from orders.promising.outcome import Leaves
from orders.promising.transit import UNMEASURED, Basis

MOST_NAMED = 4


def day_words(day: date) -> str:
    """“Thu 3 Dec”."""
    return f"{day:%a} {day.day} {day:%b}"


def long_day(day: date) -> str:
    """“Thursday 3 December”."""
    return f"{day:%A} {day.day} {day:%B}"


def count_words(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def why(leaves: Leaves, ordered_at: datetime, *, percentile: int) -> list[str]:
    """The steps from the order to the arrival of one part."""
    return [*_sending(leaves, ordered_at), _carrying(leaves, percentile), _arriving(leaves)]


def _sending(leaves: Leaves, ordered_at: datetime) -> list[str]:
    sender, part = leaves.part.sender, leaves.part
    leaving = day_words(leaves.ships_on)
    if part.leaves_on is not None:
        return [f"{sender.name} sends it on {leaving}."]
    at = ordered_at.astimezone(sender.clock)
    is_same_day = leaves.counted_from == at.date()
    told = [
        f"Ordered {day_words(at.date())} {at:%H:%M} in {sender.name},"
        f" {'before' if is_same_day else 'after'} its cut-off at {sender.cut_off:%H:%M}"
        f"{'' if is_same_day else f', so it counts from {day_words(leaves.counted_from)}'}."
    ]
    if part.available_on and part.available_on > leaves.counted_from:
        told.append(f"Its stock comes first: {day_words(part.available_on)}.")
    handled = (
        f" after {count_words(sender.handling_days, 'working day')} of handling"
        if sender.handling_days
        else ""
    )
    return [*told, f"{sender.name} sends it on {leaving}{handled}."]


def _carrying(leaves: Leaves, percentile: int) -> str:
    measured, days = leaves.measured, count_words(leaves.days, "working day")
    waits = (
        f"The carrier collects it on {day_words(leaves.picked_up_on)}. "
        if leaves.picked_up_on != leaves.ships_on
        else ""
    )
    if measured.basis == Basis.TABLE:
        published = count_words(measured.transit.days - UNMEASURED, "working day")
        return f"{waits}The carrier says {published}; one more, as too few deliveries are known."
    where = "this way" if measured.basis == Basis.LANE else "this zone"
    told = (
        f"{waits}{percentile} in 100 of {measured.deliveries:,} deliveries on {where} took up to"
        f" {count_words(measured.transit.days, 'working day')}"
    )
    if leaves.days < measured.transit.days:
        return f"{told}; most of them less, and on this day {days} will do."
    return f"{told}."


def _arriving(leaves: Leaves) -> str:
    arrives = f"It arrives by {day_words(leaves.arrives_on)}"
    return (
        f"{arrives}; no delivery on {_listed(leaves.closed)}." if leaves.closed else f"{arrives}."
    )


def _listed(days: Sequence[date]) -> str:
    named = [day_words(day) for day in days[:MOST_NAMED]]
    more = len(days) - len(named)
    if more:
        return f"{', '.join(named)} and {count_words(more, 'more day')}"
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
