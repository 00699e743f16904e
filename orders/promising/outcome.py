"""What a promise comes to: the day, how each part gets there, and the other ways."""

from dataclasses import dataclass
from datetime import date, datetime

from orders.promising.inputs import Part
from orders.promising.transit import Basis, Measured


@dataclass(frozen=True, slots=True)
class Leaves:
    """One part on its way: by when it is sent, when the carrier has it and when it arrives."""

    part: Part
    counted_from: date
    ship_by: datetime
    picked_up_on: date
    days: int
    arrives_on: date
    measured: Measured
    closed: tuple[date, ...]

    @property
    def ships_on(self) -> date:
        return self.ship_by.astimezone(self.part.sender.clock).date()


@dataclass(frozen=True, slots=True)
class Promise:
    """The day on which all has arrived by one service, and why it is that one, in sentences."""

    service_id: int
    service: str
    promised_on: date
    ship_by: datetime
    parts: tuple[Leaves, ...]
    why: tuple[str, ...]

    @property
    def basis(self) -> Basis:
        """What the part that arrives last rests on."""
        return max(self.parts, key=lambda one: one.arrives_on).measured.basis


@dataclass(frozen=True, slots=True)
class Decision:
    """The promise by the way that was asked for, and by each other way, the earliest first. None
    where there is nothing to send or nobody goes there.
    """

    chosen: Promise | None
    alternatives: tuple[Promise, ...] = ()
