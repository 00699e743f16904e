"""The cheapest split of an order over the parcels of one way: bundle by bundle, all splits that may do.

A split so far is dropped when what it comes to at the least passes what is known already. That least
prices grams (Lagrange); several prices are tried, since splits that fill a parcel want a higher one.
"""

import time
from dataclasses import dataclass

import numpy as np

from orders.sourcing.senders import Senders
from orders.sourcing.ways import Ways
from orders.sourcing.weighing import Grid, Real

OTHER_PRICES = (0.5, 2.0)
MOST_ROWS = 500_000
MOST_SHARES = 20_000


@dataclass(frozen=True)
class _Choice:
    """How the units of a bundle that are not settled may be shared out, in rows: units and grams by
    slot, and by price what each comes to above the least.
    """

    column: int
    units: Grid
    grams: Grid
    above: Real


class Split:
    """A way, the units of its set (`senders`, of one set), and what all must come to less than."""

    def __init__(self, senders: Senders, way: Ways, below: float) -> None:
        self.grams = senders.grams
        self.least = senders.least[0]
        self.total = int(((senders.left[0] + self.least.sum(axis=0)) * self.grams).sum())
        self.ceilings = way.ceilings[0]
        prices = _varied(way.prices[0])
        paid = senders.scores.unit[senders.places[0]] + prices[:, :, None] * self.grams
        self.low: Real = (
            way.fixed[0] - prices @ self.ceilings + (paid * self.least).sum(axis=(1, 2))
        )
        room = below - way.low[0]
        columns = [int(one) for one in np.flatnonzero(senders.left[0])]
        self.has_all = True
        self.choices = []
        for one in columns:
            units, is_all = _shares(
                senders.spare[0, :, one], int(senders.left[0, one]), paid[0, :, one], room
            )
            self.has_all = self.has_all and is_all
            self.choices.append(self._choice(one, units, units @ paid[:, :, one].T))
        self.choices.sort(key=lambda one: -int(one.grams.max()))
        nothing = np.zeros_like(self.ceilings)
        lightest = [one.grams.min(axis=0) for one in self.choices[1:]]
        heaviest = [one.grams.max(axis=0) for one in self.choices[1:]]
        self.lightest = np.cumsum([nothing, *reversed(lightest)], axis=0)[::-1]
        self.heaviest = np.cumsum([nothing, *reversed(heaviest)], axis=0)[::-1]

    def _choice(self, column: int, units: Grid, paid: Real) -> _Choice:
        least = paid.min(axis=0)
        self.low = self.low + least
        return _Choice(column, units, units * self.grams[column], paid - least)

    def tried(self, *, below: float, limit: int, until: float) -> tuple[Grid, bool]:
        """Splits by slot and bundle that may come to less, and whether none was left out: of more than
        `limit` only the most promising are followed.
        """
        weight = (self.least @ self.grams)[None, :]
        low, is_whole = self.low[None, :], True
        steps: list[tuple[Grid, Grid]] = []
        for place, choice in enumerate(self.choices):
            if time.perf_counter() > until:
                return self._spelt([], 0), False
            fits = min(limit, MOST_ROWS // len(choice.units))
            if len(low) > fits:
                is_whole = False
                kept = np.argpartition(low.max(axis=1), fits)[:fits]
                weight, low = weight[kept], low[kept]
                steps[-1] = (steps[-1][0][kept], steps[-1][1][kept])
            weight, low, step = self._followed(place, weight, low, below)
            steps.append(step)
        return self._spelt(steps, len(low)), is_whole and self.has_all

    def _followed(
        self, place: int, weight: Grid, low: Real, below: float
    ) -> tuple[Grid, Real, tuple[Grid, Grid]]:
        """Every split so far with every choice of the next bundle that may still do."""
        choice = self.choices[place]
        most = self.ceilings - self.lightest[place]
        # what the other parcels cannot carry must be in this one
        others = self.ceilings.sum() - self.ceilings
        least = self.total - others - self.heaviest[place]
        may = low[:, None, 0] + choice.above[None, :, 0] < below
        for slot in range(len(self.ceilings)):
            grams = weight[:, None, slot] + choice.grams[None, :, slot]
            may &= (grams <= most[slot]) & (grams >= least[slot])
        row, taken = np.nonzero(may)
        come_to = low[row] + choice.above[taken]
        kept = come_to.max(axis=1) < below
        row, taken = row[kept], taken[kept]
        return weight[row] + choice.grams[taken], come_to[kept], (row, taken)

    def _spelt(self, steps: list[tuple[Grid, Grid]], count: int) -> Grid:
        """Units by slot and bundle of the splits that the steps lead to."""
        took = np.repeat(self.least[None, :, :], count, axis=0)
        at = np.arange(count)
        for choice, (row, taken) in zip(reversed(self.choices), reversed(steps), strict=False):
            took[:, :, choice.column] += choice.units[taken[at]]
            at = row[at]
        return took


def _varied(prices: Real) -> Real:
    """The prices of a gram by slot, and others with one of them lower or higher: (prices, slots)."""
    slots = len(prices)
    factors = [np.ones((1, slots)), *(1 + (one - 1) * np.eye(slots) for one in OTHER_PRICES)]
    return np.vstack(factors) * prices


def _shares(spare: Grid, units: int, prices: Real, room: float) -> tuple[Grid, bool]:
    """The sharings out of the units that come to less than `room` above the cheapest, (ways, slots), and
    whether these are all: of too many the cheapest so far are followed.
    """
    turn = np.flatnonzero(spare)[np.argsort(prices[spare > 0], kind="stable")]
    free, price = spare[turn].tolist(), prices[turn].tolist()
    most, left = room, units
    for count, one in zip(free, price, strict=True):
        most += min(left, count) * one
        left -= min(left, count)
    took = np.zeros((1, len(spare)), dtype=np.int64)
    rest, paid, is_all = np.array([units]), np.zeros(1), True
    for place, slot in enumerate(turn[:-1]):
        fits = MOST_SHARES // (free[place] + 1) + 1
        if len(rest) > fits:
            is_all = False
            kept = np.argpartition(paid + rest * price[place], fits)[:fits]
            took, rest, paid = took[kept], rest[kept], paid[kept]
        least = (rest - sum(free[place + 1 :])).clip(min=0)
        row, more = np.divmod(np.arange(len(rest) * (free[place] + 1)), free[place] + 1)
        after, come_to = rest[row] - more, paid[row] + more * price[place]
        kept = (more >= least[row]) & (after >= 0) & (come_to + after * price[place + 1] <= most)
        took, rest, paid = took[row[kept]], after[kept], come_to[kept]
        took[:, slot] = more[kept]
    took[:, turn[-1]] = rest
    return took, is_all
