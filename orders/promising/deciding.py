"""The decision: from when the order came in to the day on which its last part arrives."""

from datetime import UTC, date, datetime

from orders.promising.calendars import ONE_DAY, moment_of
from orders.promising.inputs import Inputs, Leg, Part, Way
from orders.promising.outcome import Decision, Leaves, Promise
from orders.promising.wording import why


def promise(inputs: Inputs) -> Decision:
    """When an order arrives by the way asked for, and by the others. Deterministic; monotone in the
    moment of the order; never a day on which its carrier does not deliver.
    """
    if not inputs.parts or not inputs.ways:
        return Decision(None)
    chosen, *others = (_by(way, inputs) for way in inputs.ways)
    others.sort(key=lambda one: (one.promised_on, one.service_id))
    return Decision(chosen, tuple(others))


def _by(way: Way, inputs: Inputs) -> Promise:
    parts = tuple(
        _leaves(part, leg, inputs.ordered_at)
        for part, leg in zip(inputs.parts, way.legs, strict=True)
    )
    return Promise(
        service_id=way.service_id,
        service=way.name,
        promised_on=max(one.arrives_on for one in parts),
        ship_by=max(one.ship_by for one in parts),
        parts=parts,
        why=tuple(
            sentence
            for one in parts
            for sentence in why(one, inputs.ordered_at, percentile=inputs.percentile)
        ),
    )


def arrival(part: Part, leg: Leg, ordered_at: datetime) -> date:
    """The day on which one part arrives by one way."""
    return _leaves(part, leg, ordered_at).arrives_on


def ships_on(part: Part, ordered_at: datetime) -> date:
    """The day, by its location's own clock, on which a part is sent."""
    return ship_by(part, ordered_at)[1].astimezone(part.sender.clock).date()


def counted_from(part: Part, ordered_at: datetime) -> date:
    """The day of its location from which a part counts: that of the order up to the cut-off, else the
    next one.
    """
    zone = part.sender.clock
    day = ordered_at.astimezone(zone).date()
    is_in_time = ordered_at <= moment_of(day, part.sender.cut_off, zone)
    return day if is_in_time else day + ONE_DAY


def ship_by(part: Part, ordered_at: datetime) -> tuple[date, datetime]:
    """The day from which a part counts, and by when it is sent."""
    sender = part.sender
    counted = counted_from(part, ordered_at)
    if part.leaves_on is not None:
        day = part.leaves_on
    else:
        day = sender.work.after(max(counted, part.available_on or counted), sender.handling_days)
    return counted, moment_of(day, sender.cut_off, sender.clock).astimezone(UTC)


def _leaves(part: Part, leg: Leg, ordered_at: datetime) -> Leaves:
    counted, until = ship_by(part, ordered_at)
    picked_up = leg.pickup.first(until.astimezone(part.sender.clock).date())
    days = leg.measured.transit.on(leg.delivery.first(picked_up))
    arrives = leg.delivery.after(picked_up, days)
    return Leaves(
        part=part,
        counted_from=counted,
        ship_by=until,
        picked_up_on=picked_up,
        days=days,
        arrives_on=arrives,
        measured=leg.measured,
        closed=tuple(leg.delivery.skipped(picked_up, arrives)),
    )
