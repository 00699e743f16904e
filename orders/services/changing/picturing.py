"""How an order stands, as a picture: taken before and after a change, the two say what it does."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, in_words
from orders.models import Order
from orders.selectors.reading import allocations_by_line
from orders.services.changing.working import Told

Places = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class LinePicture:
    """A line as it stands: units wanted and waiting, where they are set aside, and its worth."""

    name: str
    sku: str
    wanted: int
    waiting: int
    held: Places
    unit_price: Decimal
    worth: Decimal

    @property
    def held_units(self) -> int:
        return sum(units for _, units in self.held)


@dataclass(frozen=True, slots=True)
class Picture:
    """An order as it stands; lines by their position."""

    lines: Mapping[int, LinePicture]
    shipping: Decimal
    discount: Decimal
    tax: Decimal
    worth: Decimal
    balance: Decimal


NOTHING = LinePicture("", "", 0, 0, (), ZERO, ZERO)


def take_picture(order: Order) -> Picture:
    """The order as it is stored: two queries."""
    lines = list(order.lines.select_related("demand"))
    held = allocations_by_line(lines)
    return Picture(
        lines={
            line.position: LinePicture(
                name=line.name,
                sku=line.sku,
                wanted=line.quantity - line.cancelled,
                waiting=line.demand.backordered if line.demand else 0,
                held=tuple(held.get(line.pk, ())),
                unit_price=line.unit_price,
                worth=line.total - line.credited,
            )
            for line in lines
        },
        shipping=order.shipping_total,
        discount=order.discount_total,
        tax=order.tax_total,
        worth=order.owed,
        balance=order.balance,
    )


@dataclass(frozen=True, slots=True)
class LineEffect:
    """What a change does to one line. `released` units go back on sale."""

    before: LinePicture
    after: LinePicture

    @property
    def name(self) -> str:
        return self.after.name or self.before.name

    @property
    def sku(self) -> str:
        return self.after.sku or self.before.sku

    @property
    def set_aside(self) -> list[tuple[str, int]]:
        """Units set aside that were not, by location."""
        earlier = dict(self.before.held)
        more = [(place, units - earlier.get(place, 0)) for place, units in self.after.held]
        return [(place, units) for place, units in more if units > 0]

    @property
    def waiting(self) -> int:
        return max(0, self.after.waiting - self.before.waiting)

    @property
    def released(self) -> int:
        return max(0, self.before.held_units - self.after.held_units)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set of changes does: by line, in money, to papers and to work that was begun.

    `told` says what each action does, None for one that changes nothing. `figures` are the words
    that a preview showed, by name; confirming compares them. `why_approval`
    is empty where one person may do it; `waits` where the order may not leave until money comes.
    """

    currency: str
    before: Picture
    after: Picture
    effects: tuple[str, ...] = ()
    told: tuple[Told | None, ...] = ()
    why_approval: str = ""
    waits: bool = False

    @property
    def lines(self) -> list[LineEffect]:
        """The lines that are different afterwards."""
        positions = sorted({*self.before.lines, *self.after.lines})
        pairs = [
            LineEffect(
                self.before.lines.get(position, NOTHING), self.after.lines.get(position, NOTHING)
            )
            for position in positions
        ]
        return [pair for pair in pairs if pair.before != pair.after]

    @property
    def change(self) -> Decimal:
        return self.after.worth - self.before.worth

    @property
    def to_pay(self) -> Decimal:
        """What the customer owes afterwards."""
        return max(ZERO, self.after.balance)

    @property
    def to_refund(self) -> Decimal:
        """What has to be given back afterwards."""
        return max(ZERO, -self.after.balance)

    @property
    def figures(self) -> dict[str, str]:
        told = {
            "Order worth": self._say(self.after.worth),
            "To pay": self._say(self.to_pay),
            "To give back": self._say(self.to_refund),
            "Tax": self._say(self.after.tax),
            "Shipping": self._say(self.after.shipping),
        }
        for line in self.lines:
            held = ", ".join(f"{units} in {place}" for place, units in line.after.held)
            told[f"{line.sku or line.name} ({line.after.wanted})"] = (
                f"{self._say(line.after.worth)}; set aside: {held or 'none'};"
                f" waiting: {line.after.waiting}"
            )
        return told

    @property
    def fingerprint(self) -> str:
        """The figures in short: two outcomes that differ have different ones."""
        return fingerprint(self.figures)

    def _say(self, amount: Decimal) -> str:
        return in_words(amount, self.currency)


def fingerprint(figures: Mapping[str, str]) -> str:
    """Sixteen hex digits of a SHA-256 over figures, whatever their order."""
    return hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()[:16]


def differences(seen: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """What a preview showed and what is found now, one sentence a figure."""
    return [
        f"{name}: {seen.get(name, 'nothing')} → {found.get(name, 'nothing')}"
        for name in dict.fromkeys([*found, *seen])
        if seen.get(name) != found.get(name)
    ]
