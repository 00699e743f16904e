"""An order while it is being changed: its lines in hand, and what has to be done with their stock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from core.money import ZERO, in_words, split, unit
from orders.errors import CannotEdit
from orders.models import Order, OrderKit, OrderLine
from orders.pricing import tax_of
from orders.services.cancelling import units_packed
from orders.services.changing.asking import ChangeAsked


@dataclass(frozen=True, slots=True)
class Told:
    """What one action did, in words."""

    what: str
    before: str
    after: str


@dataclass(slots=True)
class Target:
    """What an action is about: a line, or a kit with all its lines. `parts` says for each line how
    many of its units make one.
    """

    kit: OrderKit | None
    parts: list[tuple[OrderLine, int]]

    @property
    def name(self) -> str:
        thing = self.kit or self.parts[0][0]
        return thing.sku or thing.name

    @property
    def unit_price(self) -> Decimal:
        price: Decimal = (self.kit or self.parts[0][0]).unit_price
        return price

    @property
    def lines(self) -> list[OrderLine]:
        return [line for line, _ in self.parts]

    @property
    def wanted(self) -> int:
        """How many the customer is to get in all, those that have left included."""
        return min((line.quantity - line.cancelled) // each for line, each in self.parts)

    @property
    def open(self) -> int:
        """How many have not left: of a kit, those that nothing has left of."""
        return min(line.open // each for line, each in self.parts)

    @property
    def is_untouched(self) -> bool:
        return not any(line.shipped or line.returned for line in self.lines)

    @property
    def key(self) -> str:
        """Its name on forms: line-7, or kit-3."""
        return f"kit-{self.kit.pk}" if self.kit else f"line-{self.parts[0][0].pk}"

    @property
    def label(self) -> str:
        return (self.kit or self.parts[0][0]).name

    @property
    def worth(self) -> Decimal:
        return sum((line.total - line.credited for line in self.lines), ZERO)

    def weights(self) -> list[Decimal]:
        """By what money is shared among the parts: their worth, or units where they have none."""
        nets = [line.amount - line.discount for line in self.lines]
        return nets if any(nets) else [Decimal(each) for _, each in self.parts]


@dataclass(slots=True)
class Work:
    """A locked order with its lines and kits read, changed in memory until it is written.

    `raised` and `taken` are units by line id; `added` lines are not stored yet.
    """

    order: Order
    lines: dict[int, OrderLine]
    kits: dict[int, OrderKit]
    packed: dict[int, int]
    now: datetime
    raised: dict[int, int] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    added: list[OrderLine] = field(default_factory=list)
    added_kits: list[OrderKit] = field(default_factory=list)
    told: list[Told | None] = field(default_factory=list)
    furthest_price: Decimal = ZERO  # how far one given by hand is from the list's, in percent

    def all_lines(self) -> Iterator[OrderLine]:
        yield from self.lines.values()
        yield from self.added

    def targets(self) -> list[Target]:
        """The loose lines and the kits of the order, as they come."""
        found: dict[str, Target] = {}
        for line in self.lines.values():
            if line.kit is None:
                one = Target(None, [(line, 1)])
                found[one.key] = one
            else:
                kit = found.setdefault(f"kit-{line.kit.pk}", Target(line.kit, []))
                kit.parts.append((line, line.quantity // line.kit.quantity))
        return list(found.values())

    def target(self, asked: ChangeAsked) -> Target:
        """What the action is about. Raises CannotEdit for a line of another order or of a kit."""
        if asked.kit_id is not None:
            kit = self.kits.get(asked.kit_id)
            if kit is None:
                raise CannotEdit(_GONE, field="lines")
            parts = [one for one in self.lines.values() if one.kit_id == kit.pk]
            return Target(kit, [(line, line.quantity // kit.quantity) for line in parts])
        line = self.lines.get(asked.line_id or 0)
        if line is None:
            raise CannotEdit(_GONE, field="lines")
        if line.kit_id is not None:
            raise CannotEdit(
                f"{line.sku} is part of the kit {self.kits[line.kit_id].sku}; change the kit as a"
                " whole.",
                field=f"line-{line.pk}",
            )
        return Target(None, [(line, 1)])

    def note_price(self, usual: Decimal | None, given: Decimal) -> None:
        """Remember how far a price given by hand is from the usual one; without one there is no limit."""
        if usual:
            self.furthest_price = max(self.furthest_price, abs(given - usual) / usual * 100)

    def say(self, amount: Decimal) -> str:
        """An amount of the order in a sentence."""
        return in_words(amount, self.order.currency)


_GONE = "This line is not on the order any more; reload the page."


def read_work(order: Order, *, now: datetime) -> Work:
    """Read a locked order's lines and kits: three queries."""
    lines = list(order.lines.select_related("variant", "demand", "kit"))
    kits = {line.kit.pk: line.kit for line in lines if line.kit is not None}
    for line in lines:
        line.order = order
        if line.kit_id is not None:
            line.kit = kits[line.kit_id]
    return Work(order, {line.pk: line for line in lines}, kits, units_packed(order), now)


def reprice(line: OrderLine, *, amount: Decimal, discount: Decimal, currency: str) -> None:
    """Give a line another amount and discount. Tax that was computed is computed anew; tax that a
    source gave moves by the tax on the difference.
    """
    before = line.amount - line.discount
    net = amount - discount

    def tax(of: Decimal) -> Decimal:
        return tax_of(of, line.tax_rate, included=line.tax_included, currency=currency)

    line.tax = tax(net) if line.tax == tax(before) else max(ZERO, line.tax + tax(net - before))
    line.amount, line.discount = amount, discount
    if not net:
        line.tax = ZERO
    if not line.tax_included and ZERO < line.credited - net - line.tax <= unit(currency):
        line.tax = line.credited - net  # the rounding of what was taken back
    line.total = net if line.tax_included else net + line.tax
    if line.total < line.credited:
        raise CannotEdit(
            f"{line.sku or line.name}: {in_words(line.credited, currency)} of this line"
            " was taken back already, so it cannot come to less; give credit instead.",
            field="lines",
        )


def share_out(target: Target, amount: Decimal, currency: str) -> list[tuple[OrderLine, Decimal]]:
    """An amount over the target's lines, to the cent (largest remainder)."""
    parts = split(amount, target.weights(), currency)
    return list(zip(target.lines, parts, strict=True))


def add_up(work: Work) -> None:
    """Set the order's amounts and units, and its kits', from the lines in hand; nothing is saved."""
    order, lines = work.order, list(work.all_lines())
    for kit in [*work.kits.values(), *work.added_kits]:
        own = [line for line in lines if line.kit is kit]
        kit.amount = sum((line.amount for line in own), ZERO)
        kit.discount = sum((line.discount for line in own), ZERO)
        kit.total = sum((line.total for line in own), ZERO)
    order.subtotal = sum((line.amount for line in lines), ZERO)
    order.discount_total = sum((line.discount for line in lines), ZERO)
    order.tax_total = sum((line.tax for line in lines), ZERO) + order.shipping_tax
    order.tax_on_top = ZERO if order.prices_include_tax else order.tax_total
    order.total = order.subtotal - order.discount_total + order.shipping_total + order.tax_on_top
    order.units = sum(line.quantity for line in lines)
    order.units_cancelled = sum(line.cancelled for line in lines)
