"""How well orders of stock hit a fill rate, in simulation: 300 articles that sell now and then, beside
the z·σ rule and an oracle that knows how demand is made.

Every policy sees the same days. It orders up to a level after each day's sales; an order arrives
`LEAD_DAYS` later, before the shop opens. What cannot be served waits, and does not count as served.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inventory.forecasting.classes import Figures
from inventory.forecasting.foretelling import foretell
from inventory.forecasting.lead_time import Outlook, order_up_to, shortage_of
from inventory.forecasting.ordering import z_rule

SKUS = 300
DAYS = 720
HISTORY = 365
LEAD_DAYS = 14
TARGET = 0.95
FAR_SHORT = 0.05
LEARN_EVERY = 30
SEED = 20_261_122

Units = NDArray[np.int64]
Levels = Callable[[Figures], Units]


@dataclass(frozen=True)
class Articles:
    """How demand is made: a day has demand with `chance`; its size is 1 + a negative binomial of
    `mean` − 1 and shape `shape`.
    """

    chance: Figures
    mean: Figures
    shape: Figures

    def sold(self, days: int, random: np.random.Generator) -> Units:
        """Articles × days of demand."""
        many = (len(self.chance), days)
        over = (self.mean - 1)[:, None]
        stop = self.shape[:, None] / (self.shape[:, None] + over)
        sizes = 1 + random.negative_binomial(np.broadcast_to(self.shape[:, None], many), stop)
        return np.asarray(np.where(random.random(many) < self.chance[:, None], sizes, 0))

    def day(self, article: int, most: int) -> Figures:
        """P(demand of one day = k) for k = 0 … most, as it truly is."""
        shape, over = self.shape[article], self.mean[article] - 1
        k = np.arange(most - 1, dtype=float)
        stop = shape / (shape + over)
        steps = np.log((k + shape) / (k + 1)) + np.log(max(1 - stop, 1e-300))
        sizes = np.exp(shape * np.log(stop) + np.concatenate([[0.0], np.cumsum(steps)]))
        chances = np.concatenate([[0.0], sizes[:most]]) * self.chance[article]
        chances[0] = 1 - self.chance[article]
        return np.asarray(chances, dtype=float)


def intermittent_articles(count: int, random: np.random.Generator) -> Articles:
    """Articles that sell every 1.4 to 20 days, one to six units at a time, steadily or in lumps."""
    interval = np.exp(random.uniform(np.log(1.4), np.log(20.0), count))
    return Articles(
        chance=1 / interval,
        mean=random.uniform(1.1, 6.0, count),
        shape=random.uniform(0.7, 6.0, count),
    )


@dataclass(frozen=True)
class Served:
    """What a policy came to, per article: the share served from the shelf, and units lying."""

    fill: Figures
    stock: Figures

    def as_dict(self, oracle: "Served") -> dict[str, float]:
        return {
            "mean_fill_percent": round(100 * float(self.fill.mean()), 2),
            "skus_far_short_percent": round(
                100 * float((self.fill < TARGET - FAR_SHORT).mean()), 2
            ),
            "mean_stock": round(float(self.stock.mean()), 2),
            "stock_to_oracle": round(float(self.stock.mean() / oracle.stock.mean()), 3),
        }


def simulate(sold: Units, levels: Levels) -> Served:
    """Run a policy over the days behind HISTORY; `levels` gives order-up-to levels from history."""
    count, days = sold.shape
    target = levels(sold[:, :HISTORY].astype(float))
    on_hand, coming = target.copy(), np.zeros((count, days + LEAD_DAYS + 2), dtype=np.int64)
    served, wanted, lying = np.zeros(count), np.zeros(count), np.zeros(count)
    for day in range(HISTORY, days):
        if (day - HISTORY) % LEARN_EVERY == 0 and day > HISTORY:
            target = levels(sold[:, :day].astype(float))
        on_hand += coming[:, day]
        served += np.minimum(np.maximum(on_hand, 0), sold[:, day])
        wanted += sold[:, day]
        on_hand -= sold[:, day]
        lying += np.maximum(on_hand, 0)
        position = on_hand + coming[:, day + 1 :].sum(axis=1)
        coming[:, day + LEAD_DAYS + 1] += np.maximum(target - position, 0)
    fill = np.divide(served, wanted, out=np.ones(count), where=wanted > 0)
    return Served(fill, lying / (days - HISTORY))


def oracle_levels(articles: Articles) -> Units:
    """The lowest levels that reach the target under the true law of demand, by convolution."""
    found = []
    for article in range(len(articles.chance)):
        rate = articles.chance[article] * articles.mean[article]
        most = int(200 + 8 * rate * LEAD_DAYS)
        day = np.fft.rfft(articles.day(article, most), 2 * most)
        begin, end = (
            np.maximum(np.fft.irfft(day**days, 2 * most), 0) for days in (LEAD_DAYS, LEAD_DAYS + 1)
        )
        missing = shortage_of(end, rate * (LEAD_DAYS + 1)) - shortage_of(begin, rate * LEAD_DAYS)
        found.append(int((1 - missing / rate >= TARGET).argmax()))
    return np.asarray(found, dtype=np.int64)


def learnt_levels(rule: Callable[..., int]) -> Levels:
    """Levels by the forecast of what was sold so far, as the nightly plan makes them."""

    def levels(history: Figures) -> Units:
        told = foretell(history, horizon=LEAD_DAYS + 1)
        return np.asarray(
            [
                rule(
                    Outlook(
                        rate=float(told.rate[row]),
                        variance=float(told.variance[row]),
                        lead_days=LEAD_DAYS,
                        days_seen=int(told.days_seen[row]),
                    ),
                    target=TARGET,
                )
                for row in range(len(history))
            ],
            dtype=np.int64,
        )

    return levels


def compare(*, skus: int = SKUS, days: int = DAYS, seed: int = SEED) -> dict[str, Any]:
    """The table: each policy's fill, articles far short and stock, on the same demand."""
    random = np.random.default_rng(seed)
    articles = intermittent_articles(skus, random)
    sold = articles.sold(HISTORY + days, random)
    known = oracle_levels(articles)
    oracle = simulate(sold, lambda _history: known)
    return {
        "skus": skus,
        "days": days,
        "lead_days": LEAD_DAYS,
        "target_percent": 100 * TARGET,
        "oracle": oracle.as_dict(oracle),
        "negative_binomial_fill_rate": simulate(sold, learnt_levels(order_up_to)).as_dict(oracle),
        "z_sigma": simulate(sold, learnt_levels(z_rule)).as_dict(oracle),
    }


def run(**_measuring: object) -> dict[str, Any]:
    """As every bench is called; how long and over how many connections is nothing to a simulation."""
    return compare()
