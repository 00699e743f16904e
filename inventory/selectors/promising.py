"""Available to promise: how many units may be promised for which day, nobody's earlier promise broken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.models import Channel
from inventory.models import Variant
from inventory.selectors.availability import Availability, availability_of
from inventory.states import VariantKind

Dated = tuple[date, int]


def promise_steps(
    on_hand: int, supplies: Iterable[Dated], promises: Iterable[Dated], *, today: date
) -> list[Dated]:
    """Units that may be promised for each day on which the figure changes, from today on.

    `supplies` are units that come on a day, `promises` units that somebody was promised for one.
    What may be promised for a day is the least that is left over on it or any day after it: so a
    promise never takes units that a later one counts on. Supplies before today are not believed,
    promises before today are due today. Pure.
    """
    change: dict[date, int] = {today: on_hand}
    for day, units in supplies:
        if day >= today:
            change[day] = change.get(day, 0) + units
    for day, units in promises:
        due = max(day, today)
        change[due] = change.get(due, 0) - units
    left, balance = [], 0
    for day in sorted(change):
        balance += change[day]
        left.append((day, balance))
    steps: list[Dated] = []
    least: int | None = None
    for day, units in reversed(left):
        least = units if least is None else min(least, units)
        steps.append((day, max(0, least)))
    steps.reverse()
    return [step for i, step in enumerate(steps) if i == 0 or step[1] != steps[i - 1][1]]


def available_to_promise(
    variant: Variant, channel: Channel | None, today: date
) -> list[tuple[date, int]]:
    """(day, units) from which on that many units of the variant may be promised through a channel.

    On hand and what comes in by purchase orders and transfers, less what waits already. Kits are
    worked out from their parts. Seven statements at most.
    """
    one = availability_of([variant.pk], channel=channel, today=today)[variant.pk]
    return _steps(one, channel, today)


def _steps(one: Availability, channel: Channel | None, today: date) -> list[Dated]:
    if one.kind == VariantKind.SERVICE:
        return [(today, one.to_sell)]
    if one.kind != VariantKind.KIT:
        return steps_of(one)
    parts = availability_of([part.variant_id for part in one.parts], channel=channel, today=today)
    return kit_steps(
        [(part.units, steps_of(parts[part.variant_id])) for part in one.parts], today=today
    )


@dataclass(frozen=True, slots=True)
class Coming:
    """The day on which enough units are there, and where those that make it enough come in."""

    day: date
    location_id: int | None
    is_later: bool  # than today


def coming_for(one: Availability, units: int) -> Coming | None:
    """The first day for which so many units of a variant may be promised; None where no known supply
    makes it enough. Pure.
    """
    day = next((day for day, count in steps_of(one) if count >= units), None)
    if day is None:
        return None
    place = next((come.location_id for come in one.incoming if come.day == day), None)
    return Coming(day, place, day > one.today)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a channel may sell of a variant now and later; all channels together where none is named."""

    channel: Channel | None
    now: Availability
    steps: list[Dated]

    @property
    def later(self) -> list[Dated]:
        """The steps after today."""
        return self.steps[1:]


def outlooks_of(variant: Variant, *, today: date) -> list[Outlook]:
    """The variant's outlook at all locations together, then through each active channel."""
    channels = Channel.objects.filter(is_active=True, locations__isnull=False).distinct()
    found = []
    for channel in [None, *channels.order_by("name")]:
        one = availability_of([variant.pk], channel=channel, today=today)[variant.pk]
        found.append(Outlook(channel, one, _steps(one, channel, today)))
    return found


def steps_of(one: Availability) -> list[Dated]:
    """What may be promised of a variant that is no kit. Where a location is below what is claimed
    and kept back there, what comes in fills that up first.
    """
    missing = {place.location_id: max(0, -place.margin) for place in one.places}
    supplies = []
    for arrival in one.incoming:  # those with a day first, in their order
        if arrival.day is None or arrival.day < one.today:
            continue
        taken = min(arrival.units, missing.get(arrival.location_id, 0))
        if taken:
            missing[arrival.location_id] -= taken
        supplies.append((arrival.day, arrival.units - taken))
    waiting = [(one.today, one.backordered)]
    return promise_steps(one.to_sell, supplies, waiting, today=one.today)


def kit_steps(parts: Sequence[tuple[int, Sequence[Dated]]], *, today: date) -> list[Dated]:
    """Kits that may be promised when each part may, by (units in a kit, its steps). Pure."""
    days = sorted({today, *(day for _, steps in parts for day, _ in steps)})
    found: list[Dated] = []
    for day in days:
        kits = min((_at(steps, day) // units for units, steps in parts), default=0)
        if not found or found[-1][1] != kits:
            found.append((day, kits))
    return found


def _at(steps: Sequence[Dated], day: date) -> int:
    return max((units for since, units in steps if since <= day), default=0)
