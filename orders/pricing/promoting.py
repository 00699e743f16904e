"""What promotions take off a basket: which apply, in which order, and why the others do not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.money import ZERO, quantise, split
from orders.pricing.totals import Adjusted
from orders.states import AdjustmentKind, PromotionKind


@dataclass(frozen=True, slots=True)
class Rule:
    """A promotion as the arithmetic sees it. Empty conditions hold for everything; `code` is the
    coupon by which it was asked for.
    """

    id: int
    name: str
    kind: PromotionKind
    currency: str = ""
    percent: Decimal = ZERO
    amount: Decimal = ZERO
    buy_quantity: int = 0
    get_quantity: int = 0
    channels: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    skus: frozenset[str] = frozenset()
    categories: frozenset[int] = frozenset()
    valid_from: date | None = None
    valid_until: date | None = None
    minimum: Decimal = ZERO
    cap: Decimal | None = None
    is_stackable: bool = True
    priority: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line before promotions. `is_fixed`: its price was given by hand and stays."""

    sku: str
    quantity: int
    amount: Decimal
    category_id: int | None = None
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Basket:
    """What promotions look at."""

    lines: Sequence[BasketLine]
    currency: str
    shipping: Decimal
    channel_id: int
    group_id: int | None
    today: date


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a promotion, for people."""

    label: str
    words: str
    is_applied: bool
    amount: Decimal = ZERO


@dataclass(slots=True)
class Promoted:
    """What comes off each line and off shipping, and what became of each promotion."""

    lines: list[list[Adjusted]]
    shipping: list[Adjusted] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def promote(basket: Basket, rules: Iterable[Rule]) -> Promoted:
    """Apply promotions by priority, then by age; each to what earlier ones left. One that does not
    stack applies only where none did, and ends it.
    """
    done = Promoted([[] for _ in basket.lines])
    applied = ""
    closed = False
    for rule in sorted(rules, key=lambda one: (-one.priority, one.id)):
        why = _refusal(rule, basket)
        if not why and applied and (closed or not rule.is_stackable):
            why = f"does not add up with {applied}"
        off = ZERO if why else _apply(rule, basket, done)
        if off:
            applied, closed = applied or rule.name, closed or not rule.is_stackable
        label = f"{rule.name} ({rule.code})" if rule.code else rule.name
        done.told.append(
            Told(label, why or ("" if off else "takes nothing off this order"), bool(off), off)
        )
    return done


def _refusal(rule: Rule, basket: Basket) -> str:
    """Why a promotion does not hold for a basket; empty when it does."""
    subtotal = sum((line.amount for line in basket.lines), ZERO)
    checks: tuple[tuple[bool, Callable[[], str]], ...] = (
        (
            bool(rule.valid_from and basket.today < rule.valid_from),
            lambda: f"begins on {rule.valid_from:%-d %B %Y}",
        ),
        (
            bool(rule.valid_until and basket.today > rule.valid_until),
            lambda: f"ended on {rule.valid_until:%-d %B %Y}",
        ),
        (
            bool(rule.channels) and basket.channel_id not in rule.channels,
            lambda: "not for this channel",
        ),
        (
            bool(rule.groups) and basket.group_id not in rule.groups,
            lambda: "not for this customer’s group",
        ),
        (
            bool(rule.currency) and rule.currency != basket.currency,
            lambda: f"only for orders in {rule.currency}",
        ),
        (
            subtotal < rule.minimum,
            lambda: f"needs products for {rule.minimum.normalize():f} {rule.currency}",
        ),
        (not _matching(rule, basket), lambda: "none of its products is in the order"),
    )
    return next((words() for is_refused, words in checks if is_refused), "")


def _matching(rule: Rule, basket: Basket) -> list[int]:
    """The lines a promotion is for."""
    return [
        index
        for index, line in enumerate(basket.lines)
        if line.quantity > 0
        and not line.is_fixed
        and (
            not (rule.skus or rule.categories)
            or line.sku.upper() in rule.skus
            or line.category_id in rule.categories
        )
    ]


def _apply(rule: Rule, basket: Basket, done: Promoted) -> Decimal:
    """Take a promotion off; how much that was."""
    if rule.kind == PromotionKind.FREE_SHIPPING:
        left = basket.shipping - sum((one.amount for one in done.shipping), ZERO)
        off = _capped(rule, left, basket.currency)
        if off:
            done.shipping.append(_adjusted(rule, off))
        return off
    indices = _matching(rule, basket)
    left_of = [
        basket.lines[index].amount - sum((one.amount for one in done.lines[index]), ZERO)
        for index in indices
    ]
    weights = left_of
    if rule.kind == PromotionKind.BUY_X_GET_Y:
        weights = _given_units(rule, [basket.lines[index] for index in indices], left_of, basket)
        off = sum(weights, ZERO)
    elif rule.kind == PromotionKind.PERCENT:
        off = quantise(sum(left_of, ZERO) * rule.percent / 100, basket.currency)
    else:
        off = min(quantise(rule.amount, basket.currency), sum(left_of, ZERO))
    off = _capped(rule, off, basket.currency)
    for index, share in zip(indices, split(off, weights, basket.currency), strict=True):
        if share:
            done.lines[index].append(_adjusted(rule, share))
    return off


def _given_units(
    rule: Rule, lines: Sequence[BasketLine], left: Sequence[Decimal], basket: Basket
) -> list[Decimal]:
    """What the units given come to, by line: of every `buy + get` units, the cheapest of all."""
    together = rule.buy_quantity + rule.get_quantity
    given = sum(line.quantity for line in lines) // together * rule.get_quantity
    off = [ZERO] * len(lines)
    cheapest = sorted(range(len(lines)), key=lambda i: (left[i] / lines[i].quantity, i))
    for index in cheapest:
        units = min(given, lines[index].quantity)
        given -= units
        share = left[index] * units / lines[index].quantity * rule.percent / 100
        off[index] = quantise(share, basket.currency)
    return off


def _capped(rule: Rule, amount: Decimal, currency: str) -> Decimal:
    return amount if rule.cap is None else min(amount, quantise(rule.cap, currency))


def _adjusted(rule: Rule, amount: Decimal) -> Adjusted:
    return Adjusted(AdjustmentKind.PROMOTION, rule.name, amount, rule.id, rule.code)
