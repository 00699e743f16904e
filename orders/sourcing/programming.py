"""Sourcing as an integer programme, for orders whose parcels' cost depends on what is in them.

What is on time and what is sent is settled first (weight does not touch it); the programme then finds
the cheapest way to send just that: units per node and line, a weight band per parcel, whole parcels
beyond it.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from orders.sourcing.problem import Band, Criterion, Plan
from orders.sourcing.weighing import Weigher

WIDEST = 2**31
ONE_FREE_BAND = (Band(WIDEST, 0),)


class _Columns:
    """Which column of the programme is what: units first, then each node's bands and full parcels."""

    def __init__(self, weigher: Weigher) -> None:
        self.units = [
            (row, column)
            for row, units in enumerate(weigher.free)
            for column, free in enumerate(units)
            if free
        ]
        self.bands: list[tuple[int, Band]] = []
        self.full: list[int] = []
        for row, node in enumerate(weigher.nodes):
            self.bands += [(row, band) for band in node.bands or ONE_FREE_BAND]
            self.full.append(row)
        self.first_band = len(self.units)
        self.first_full = self.first_band + len(self.bands)
        self.count = self.first_full + len(self.full)


def cheapest(weigher: Weigher, least: dict[Criterion, int], *, seconds: float) -> Plan | None:
    """The cheapest plan that is as good as `least` by the criteria before cost; None when the time ran
    out first or there is none.
    """
    columns = _Columns(weigher)
    costs = np.array(
        [weigher.costs[row][column] for row, column in columns.units]
        + [weigher.nodes[row].parcel + band.cost for row, band in columns.bands]
        + [_last_band(weigher, row).cost for row in columns.full],
        dtype=float,
    )
    upper = np.array(
        [weigher.free[row][column] for row, column in columns.units]
        + [1] * len(columns.bands)
        + [weigher.heaviest_g // _last_band(weigher, row).up_to_g for row in columns.full],
        dtype=float,
    )
    answer = milp(
        costs,
        integrality=np.ones(columns.count),
        bounds=Bounds(np.zeros(columns.count), upper),
        constraints=_constraints(weigher, columns, least),
        options={"time_limit": max(0.01, seconds), "mip_rel_gap": 0.0},
    )
    if not answer.success:
        return None
    sent: list[list[tuple[int, int]]] = [[] for _ in weigher.bundles]
    for place, (row, column) in enumerate(columns.units):
        if units := round(answer.x[place]):
            sent[column].append((row, units))
    return weigher.spelt(sent)


def _last_band(weigher: Weigher, row: int) -> Band:
    return (weigher.nodes[row].bands or ONE_FREE_BAND)[-1]


def _constraints(
    weigher: Weigher, columns: _Columns, least: dict[Criterion, int]
) -> list[LinearConstraint]:
    nodes, lines = len(weigher.nodes), len(weigher.bundles)
    rows = lines + 3 * nodes + 1 + len(least)
    grid = lil_matrix((rows, columns.count))
    low, high = np.full(rows, -np.inf), np.full(rows, np.inf)
    weight, one_band, full = lines, lines + nodes, lines + 2 * nodes
    parcels, first_limit = lines + 3 * nodes, lines + 3 * nodes + 1
    for place, (row, column) in enumerate(columns.units):
        grid[column, place] = 1
        # weightless goods still need a parcel: what leaves weighs a gram at the least, all told
        grid[weight + row, place] = max(weigher.grams[column], 1e-3)
        goods = weigher.units[column]
        for limit, criterion in enumerate(least):
            is_counted = criterion == Criterion.FILL or not weigher.nodes[row].is_late
            grid[first_limit + limit, place] = goods if is_counted else 0
    for place, (row, band) in enumerate(columns.bands, start=columns.first_band):
        grid[weight + row, place] = -band.up_to_g
        grid[one_band + row, place] = 1
        grid[full + row, place] = -WIDEST
        grid[parcels, place] = 1
    for place, row in enumerate(columns.full, start=columns.first_full):
        grid[weight + row, place] = -_last_band(weigher, row).up_to_g
        grid[full + row, place] = 1
    high[:lines] = weigher.wanted
    high[weight:one_band] = 0
    high[one_band:full] = 1
    high[full:parcels] = 0
    high[parcels] = weigher.problem.most_parcels
    for limit, criterion in enumerate(least):
        low[first_limit + limit] = weigher.goods - least[criterion]
    return [LinearConstraint(grid.tocsr(), low, high)]
