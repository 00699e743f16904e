"""Ways to send: a set of locations, and for each parcel the weight up to which its freight is paid.

Within a way freight is fixed, and what is left is to spread units at the least cost without passing a
weight. The best way's best spread is the best plan.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from orders.sourcing.senders import Senders
from orders.sourcing.steps import BEYOND
from orders.sourcing.weighing import Grid, Masks, Real

MOST_ROWS = 200_000


@dataclass(frozen=True)
class Ways:
    """Ways in rows: the row of the set in its senders, the most that each place's parcel weighs, what
    parcels and freight count. `low` is known of what a way comes to, with `prices` of a gram.
    """

    sets: Grid
    ceilings: Grid
    fixed: Real
    prices: Real
    low: Real

    def __len__(self) -> int:
        return len(self.sets)

    def of(self, rows: Grid | Masks | slice) -> "Ways":
        """Some of the ways."""
        return Ways(*(getattr(self, one.name)[rows] for one in fields(self)))

    def raised(self, low: Real, prices: Real) -> "Ways":
        """With these prices where they tell more."""
        more = low > self.low
        return replace(
            self,
            low=np.where(more, low, self.low),
            prices=np.where(more[:, None], prices, self.prices),
        )


def all_ways(senders: Senders, *, below: float) -> tuple[Ways, bool]:
    """Every way that may come to less than `below`, the likeliest first, and whether it is every one:
    of too many only those that are likely so far are followed.
    """
    steps, counts = senders.scores.steps, senders.scores.freight
    prices = senders.scores.unit[senders.places]
    units: Real = (prices * senders.filled(prices)).sum(axis=(1, 2))
    held, weight = senders.least @ senders.grams, senders.spare @ senders.grams
    total = held.sum(axis=1) + senders.left @ senders.grams
    least, per_gram = _still_to_pay(senders, held)
    sets, is_whole = np.arange(len(senders.places)), True
    ceilings = np.zeros((len(sets), 0), dtype=np.int64)
    fixed: Real = senders.scores.parcel[senders.places].sum(axis=1)
    for slot in range(senders.places.shape[1]):
        if len(sets) * steps.width > MOST_ROWS:
            is_whole = False
            kept = np.argsort(fixed + units[sets])[: MOST_ROWS // steps.width]
            sets, ceilings, fixed = sets[kept], ceilings[kept], fixed[kept]
        row, step = np.divmod(np.arange(len(sets) * steps.width), steps.width)
        sets, ceilings, fixed = sets[row], ceilings[row], fixed[row]
        node = senders.places[sets, slot]
        ceilings = np.column_stack((ceilings, steps.ceilings[node, step]))
        fixed = fixed + counts * steps.costs[node, step]
        over = (total[sets] - ceilings.sum(axis=1)).clip(min=0)
        to_pay = np.maximum(least[sets, slot + 1], over * per_gram[sets, slot + 1])
        may = held[sets, slot] + weight[sets, slot]
        kept = (ceilings[:, slot] >= held[sets, slot]) & (steps.floors[node, step] < may)
        kept &= fixed + to_pay + units[sets] < below
        sets, ceilings, fixed = sets[kept], ceilings[kept], fixed[kept]
    low = fixed + units[sets]
    ways = Ways(sets, ceilings, fixed, np.zeros(ceilings.shape), low)
    return ways.of(np.argsort(low, kind="stable")), is_whole


def _still_to_pay(senders: Senders, held: Grid) -> tuple[Real, Real]:
    """From each slot on: the least freight for what must be sent, and the least for a gram."""
    steps, places = senders.scores.steps, senders.places
    fits = steps.ceilings[places] >= held[:, :, None]
    least = np.where(fits, steps.costs[places], np.inf).min(axis=2)
    from_here = np.cumsum(least[:, ::-1], axis=1)[:, ::-1]
    per_gram = np.minimum.accumulate(steps.per_gram[places][:, ::-1], axis=1)[:, ::-1]
    ends = np.zeros((len(places), 1))
    counts = senders.scores.freight
    return (
        counts * np.hstack((from_here, ends)),
        counts * np.hstack((per_gram, ends + BEYOND)),
    )
