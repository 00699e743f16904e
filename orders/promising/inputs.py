"""All that a promise is made from, as values that are kept with it and can be decided again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from orders.promising.calendars import WorkDays
from orders.promising.transit import Basis, Measured, Transit


@dataclass(frozen=True, slots=True)
class Sender:
    """A location that sends: until `cut_off` by its own clock on the same working day, else the next,
    and `handling_days` working days later.
    """

    id: int
    name: str
    zone: str
    cut_off: time
    work: WorkDays
    handling_days: int = 0

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Part:
    """What one location sends. Goods that are not there yet can be sent from `available_on`; what has
    left, or is told to leave, does so on `leaves_on`.
    """

    sender: Sender
    available_on: date | None = None
    leaves_on: date | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """A carrier's way from one location: the days it takes, when it collects, when it delivers."""

    measured: Measured
    pickup: WorkDays
    delivery: WorkDays


@dataclass(frozen=True, slots=True)
class Way:
    """A service, with a leg for each part in the order of the parts."""

    service_id: int
    name: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """An order to be promised: the first way is the one that was asked for."""

    ordered_at: datetime
    percentile: int
    country: str
    parts: tuple[Part, ...]
    ways: tuple[Way, ...]

    def until(self, end: date) -> "Inputs":
        """The same without closures that lie beyond `end`, for keeping: it decides alike."""
        start = date.min
        return replace(
            self,
            parts=tuple(
                replace(part, sender=replace(part.sender, work=part.sender.work.within(start, end)))
                for part in self.parts
            ),
            ways=tuple(
                replace(
                    way,
                    legs=tuple(
                        replace(
                            leg,
                            pickup=leg.pickup.within(start, end),
                            delivery=leg.delivery.within(start, end),
                        )
                        for leg in way.legs
                    ),
                )
                for way in self.ways
            ),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "ordered_at": self.ordered_at.isoformat(),
            "percentile": self.percentile,
            "country": self.country,
            "parts": [_part_json(part) for part in self.parts],
            "ways": [_way_json(way) for way in self.ways],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Inputs":
        return cls(
            ordered_at=datetime.fromisoformat(kept["ordered_at"]),
            percentile=kept["percentile"],
            country=kept["country"],
            parts=tuple(_part_from(one) for one in kept["parts"]),
            ways=tuple(_way_from(one) for one in kept["ways"]),
        )


def _part_json(part: Part) -> dict[str, Any]:
    sender = part.sender
    told: dict[str, Any] = {
        "id": sender.id,
        "name": sender.name,
        "zone": sender.zone,
        "cut_off": sender.cut_off.isoformat(),
        "work": sender.work.as_json,
    }
    if sender.handling_days:
        told["handling_days"] = sender.handling_days
    if part.available_on:
        told["available_on"] = part.available_on.isoformat()
    if part.leaves_on:
        told["leaves_on"] = part.leaves_on.isoformat()
    return told


def _part_from(kept: Mapping[str, Any]) -> Part:
    sender = Sender(
        id=kept["id"],
        name=kept["name"],
        zone=kept["zone"],
        cut_off=time.fromisoformat(kept["cut_off"]),
        work=WorkDays.from_json(kept["work"]),
        handling_days=kept.get("handling_days", 0),
    )
    return Part(sender, _day(kept.get("available_on")), _day(kept.get("leaves_on")))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _way_json(way: Way) -> dict[str, Any]:
    return {
        "service_id": way.service_id,
        "name": way.name,
        "legs": [
            {
                "days": leg.measured.transit.days,
                "spare": leg.measured.transit.spare,
                "basis": leg.measured.basis.value,
                "deliveries": leg.measured.deliveries,
                "pickup": leg.pickup.as_json,
                "delivery": leg.delivery.as_json,
            }
            for leg in way.legs
        ],
    }


def _way_from(kept: Mapping[str, Any]) -> Way:
    legs = tuple(
        Leg(
            Measured(Transit(one["days"], one["spare"]), Basis(one["basis"]), one["deliveries"]),
            WorkDays.from_json(one["pickup"]),
            WorkDays.from_json(one["delivery"]),
        )
        for one in kept["legs"]
    )
    return Way(kept["service_id"], kept["name"], legs)
