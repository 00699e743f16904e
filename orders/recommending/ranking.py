"""The ranking: each of the goods by the strongest pair it makes with one in the basket.

A pair's strength is the share of the orders with the one that had the other, too, as if the one had
been in `DOUBT` orders more: three of three says less than thirty of forty. The lift (how much more
often than by chance) filters and does not rank, since the rarest pairs have the highest. Adding up the
shares over the basket was measured and is worse than the strongest alone: see docs/recommendations.md.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

DOUBT = 20


@dataclass(frozen=True, slots=True)
class Pair:
    """`together` orders had both; `with_anchor` had the one in the basket, `with_other` the other."""

    anchor: int
    other: int
    together: int
    with_anchor: int
    with_other: int

    @property
    def strength(self) -> float:
        return self.together / (self.with_anchor + DOUBT)

    def lift(self, orders: int) -> float:
        """How much more often both were bought than if they had nothing to do with each other."""
        return self.together * orders / (self.with_anchor * self.with_other)


@dataclass(frozen=True, slots=True)
class Seller:
    """Goods of a category of the basket, and how many orders had them."""

    id: int
    orders: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be said of goods today: units free to sell, and what is earned on one, in percent of its
    price (None: nobody knows what it costs). `product` are the goods it is a variant of.
    """

    id: int
    product: int
    free: int
    margin: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a suggestion has to reach; `most` are shown."""

    together: int = 5
    lift: float = 1.2
    margin: Decimal = Decimal(0)
    most: int = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Goods to suggest: `count` of the `of` orders with `anchor` had them, too. Best sellers have no
    anchor: `count` orders had them.
    """

    id: int
    anchor: int | None
    count: int
    of: int


def recommend(
    basket: Collection[int],
    pairs: Iterable[Pair],
    sellers: Iterable[Seller],
    candidates: Mapping[int, Candidate],
    *,
    orders: int,
    products: Collection[int] = (),
    limits: Limits,
) -> list[Suggestion]:
    """The best first: strongest pairs, then best sellers. Never what is in the basket, is not free or
    earns too little; of a product one variant; best sellers not of `products`, which the basket holds.
    Ties go to what was bought together more often, then to the smaller number.
    """
    held = set(basket)
    found: list[Suggestion] = []
    taken: set[int] = set()
    for pair in _strongest(held, pairs, orders=orders, limits=limits):
        if len(found) == limits.most:
            return found
        if _fits(candidates.get(pair.other), taken, limits):
            taken.add(candidates[pair.other].product)
            found.append(Suggestion(pair.other, pair.anchor, pair.together, pair.with_anchor))
    taken.update(products)
    for seller in sorted(sellers, key=lambda one: (-one.orders, one.id)):
        if len(found) == limits.most:
            break
        if seller.id in held or seller.orders < limits.together:
            continue
        if _fits(candidates.get(seller.id), taken, limits):
            taken.add(candidates[seller.id].product)
            found.append(Suggestion(seller.id, None, seller.orders, orders))
    return found


def _strongest(held: set[int], pairs: Iterable[Pair], *, orders: int, limits: Limits) -> list[Pair]:
    """The best pair of each of the goods that are not in the basket, the strongest first."""
    best: dict[int, Pair] = {}
    for pair in pairs:
        if pair.anchor not in held or pair.other in held or pair.together < limits.together:
            continue
        known = best.get(pair.other)
        if known is not None and _rank(known) <= _rank(pair):
            continue
        if pair.lift(orders) >= limits.lift:
            best[pair.other] = pair
    return sorted(best.values(), key=_rank)


def _rank(pair: Pair) -> tuple[float, int, int, int]:
    return (-pair.strength, -pair.together, pair.other, pair.anchor)


def _fits(candidate: Candidate | None, taken: set[int], limits: Limits) -> bool:
    if candidate is None or candidate.free < 1 or candidate.product in taken:
        return False
    return candidate.margin is None or candidate.margin >= limits.margin
