"""The cheapest plan where weight bands make the lines depend on each other, proved where time allows.

Every set of locations that does best by what counts before cost is combined with every choice of what
its parcels may weigh; what each such way comes to at the least drops most of them, and the others are
split exactly, the most promising first, until none can be better than the best found.
"""

import time
from collections.abc import Mapping, Sequence

import numpy as np

from orders.sourcing.problem import Criterion, Plan
from orders.sourcing.scoring import Scores
from orders.sourcing.senders import Senders, places_of, senders
from orders.sourcing.splitting import Split
from orders.sourcing.steps import BEYOND, are_few
from orders.sourcing.ways import Ways, all_ways
from orders.sourcing.weighing import Grid, Masks, Real, Weigher

HALF = 0.5  # all scores are whole numbers: what is less by half is less by one
SETS_AT_ONCE = 8
WAYS_AT_ONCE = 64
ROUNDS = 18
SPLITS = (300, 100_000)
BY_UNIT = (Criterion.COST, Criterion.BALANCE)


def cheapest(
    weigher: Weigher, masks: Masks, weighed: Mapping[Criterion, Grid], *, until: float
) -> tuple[Plan | None, bool]:
    """The best plan of all that send from one of these sets, and whether that is proved before the
    clock (`time.perf_counter`) says stop. None where no set may send, or freight has too many steps.
    """
    if not are_few(weigher):
        return None, False
    before, rest = _parted(weigher.problem.criteria)
    rows = _reaching(weigher, weighed, before)
    if not len(rows):
        return None, True
    places = places_of(masks[rows])
    scores = Scores(weigher, rest, places.shape[1])
    search = _Search(until)
    sets = search.worth_a_look(weigher, scores, places, in_time=Criterion.PROMISE in before)
    is_proved = search.through(sets) and scores.knows_all
    return search.plan(weigher), is_proved


def _parted(criteria: Sequence[Criterion]) -> tuple[list[Criterion], list[Criterion]]:
    """What a set alone decides, and from what units decide on; parcels count last in any case."""
    cut = min(criteria.index(one) for one in BY_UNIT if one in criteria)
    before, rest = list(criteria[:cut]), list(criteria[cut:])
    if Criterion.PARCELS not in criteria:
        rest.append(Criterion.PARCELS)
    return before, [one for one in rest if one != Criterion.FILL]


def _reaching(
    weigher: Weigher, weighed: Mapping[Criterion, Grid], before: Sequence[Criterion]
) -> Grid:
    """The rows of the sets that do best by these criteria."""
    missing = weighed[Criterion.FILL]
    rows = np.flatnonzero(missing == 0) if weigher.problem.is_complete else np.arange(len(missing))
    for one in before:
        values = weighed[one][rows]
        rows = rows[values == values.min(initial=BEYOND)]
    return rows


class _Search:
    """The best that was found so far, and what may still be better."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.best = np.inf
        self._places: Grid = np.zeros(0, dtype=np.int64)
        self._took: Grid = np.zeros((0, 0), dtype=np.int64)

    @property
    def is_over(self) -> bool:
        return time.perf_counter() > self.until

    def plan(self, weigher: Weigher) -> Plan:
        """The best found."""
        nodes = self._places.tolist()
        sent = [
            [(row, units) for row, units in zip(nodes, column, strict=True) if units]
            for column in self._took.T.tolist()
        ]
        return weigher.spelt(sent)

    def _keep(self, sets: Senders, took: Grid) -> None:
        """The best of these, where it is better."""
        if not len(took):
            return
        scores = sets.score(took)
        row = int(scores.argmin())
        if scores[row] < self.best - HALF:
            self.best = float(scores[row])
            self._places, self._took = sets.places[row], took[row]

    def worth_a_look(
        self, weigher: Weigher, scores: Scores, places: Grid, *, in_time: bool
    ) -> Senders:
        """The sets that may be best, likeliest first; these are filled, so that few others have to be."""
        least = _least(weigher, scores, places)
        turn = np.argsort(least, kind="stable")
        for part in (turn[:SETS_AT_ONCE], turn[SETS_AT_ONCE:]):
            rows = part[least[part] < self.best]
            sets = senders(weigher, scores, places[rows], in_time=in_time)
            self._keep(sets, sets.filled(scores.unit[sets.places]))
        rows = turn[least[turn] < self.best]
        return senders(weigher, scores, places[rows], in_time=in_time)

    def through(self, sets: Senders) -> bool:
        """Looks at every way that may be better; whether that was all of them."""
        todo: list[tuple[Senders, Ways]] = []
        is_whole = True
        for start in range(0, len(sets.places), SETS_AT_ONCE):
            if self.is_over:
                return False
            some = sets.of(slice(start, start + SETS_AT_ONCE))
            ways, are_all = all_ways(some, below=self.best)
            is_whole = is_whole and are_all
            for first in range(0, len(ways), WAYS_AT_ONCE):
                if self.is_over:
                    return False
                left = self._priced(some, ways.of(slice(first, first + WAYS_AT_ONCE)))
                todo += [(some, left.of(slice(row, row + 1))) for row in range(len(left))]
        for some, way in sorted(todo, key=lambda one: float(one[1].low[0])):
            if way.low[0] < self.best - HALF:
                is_whole = self._split(some, way) and is_whole
        return is_whole

    def _priced(self, sets: Senders, ways: Ways) -> Ways:
        """The ways that may be better, with the price of a gram at which each comes to most at the
        least: prices go up where a parcel is too heavy and down where it has room (Polyak's steps).
        """
        ways = ways.of(ways.low < self.best - HALF)
        prices = ways.prices
        for _ in range(ROUNDS):
            if not len(ways):
                break
            here = sets.of(ways.sets)
            paid = here.scores.unit[here.places] + prices[:, :, None] * here.grams
            took = here.filled(paid)
            self._keep(here, took)
            low = ways.fixed + (paid * took).sum(axis=(1, 2)) - (prices * ways.ceilings).sum(axis=1)
            ways = ways.raised(low, prices)
            over: Real = (took @ here.grams - ways.ceilings).astype(float)
            over[(prices <= 0) & (over < 0)] = 0
            step = (self.best - low) / np.maximum((over**2).sum(axis=1), 1)
            prices = np.maximum(0, prices + step[:, None] * over)
            kept = ways.low < self.best - HALF
            ways, prices = ways.of(kept), prices[kept]
        return ways

    def _split(self, sets: Senders, way: Ways) -> bool:
        """Finds the best split of the way, where it is better; whether all were looked at."""
        here = sets.of(way.sets)
        split = Split(here, way, self.best - HALF)
        for limit in SPLITS:
            took, is_whole = split.tried(below=self.best - HALF, limit=limit, until=self.until)
            self._keep(here.of(np.zeros(len(took), dtype=np.int64)), took)
            if is_whole:
                return True
        return False


def _least(weigher: Weigher, scores: Scores, places: Grid) -> Real:
    """What each set comes to at the least: parcels and units where they are cheapest."""
    free = np.array([*weigher.free, [0] * len(weigher.bundles)], dtype=np.int64)[places]
    sent = np.minimum(np.array(weigher.wanted), free.sum(axis=1))
    unit = np.where(free > 0, scores.unit[places], np.inf).min(axis=1)
    lowest = [min((band.cost for band in node.bands), default=0) for node in weigher.nodes]
    parcel = scores.parcel + scores.freight * np.array([*lowest, 0])
    units = np.where(sent > 0, unit, 0) * sent
    return np.asarray(parcel[places].sum(axis=1) + units.sum(axis=1))
