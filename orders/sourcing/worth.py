"""What a unit of stock is worth where it lies: shadow prices of a transport programme.

Taking the last unit near a region that will ask for it makes a later parcel dearer. A linear programme
spreads the stock there is over the demand that is expected; the dual of each stock row is what one more
unit there would save. Added to a node's cost, it lets today's cheapest plan leave that unit alone.
Source: Acimovic and Graves, Making better fulfillment decisions on the fly (2015).
"""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

Key = tuple[int, int]


def shadow_prices(
    stock: Mapping[Key, int],
    demand: Mapping[Key, float],
    unit_costs: Mapping[Key, int],
    *,
    missing: int,
) -> dict[Key, int]:
    """The worth of a unit by (node, variant), in minor units, 0 where stock is plenty.

    `stock` by (node, variant), expected `demand` by (region, variant), `unit_costs` of sending a unit by
    (node, region); `missing` is what an unserved unit costs. Nodes that have no cost for a region do not
    serve it.
    """
    lanes = [
        (node, region, variant)
        for region, variant in sorted(demand)
        for node in sorted({node for node, _ in stock})
        if stock.get((node, variant), 0) > 0 and (node, region) in unit_costs
    ]
    if not lanes:
        return {}
    places = {key: row for row, key in enumerate(sorted(stock))}
    wants = {key: row for row, key in enumerate(sorted(demand))}
    costs = [unit_costs[node, region] for node, region, _ in lanes] + [missing] * len(wants)
    count = len(costs)
    columns = np.arange(len(lanes))
    taken = coo_matrix(
        (np.ones(len(lanes)), ([places[node, variant] for node, _, variant in lanes], columns)),
        shape=(len(places), count),
    )
    served_rows = [wants[region, variant] for _, region, variant in lanes] + list(range(len(wants)))
    served = coo_matrix(
        (np.ones(count), (served_rows, np.arange(count))), shape=(len(wants), count)
    )
    answer = linprog(
        costs,
        A_ub=taken.tocsr(),
        b_ub=[stock[key] for key in sorted(stock)],
        A_eq=served.tocsr(),
        b_eq=[demand[key] for key in sorted(demand)],
        method="highs",
    )
    if not answer.success:
        return {}
    worth = -answer.ineqlin.marginals
    return {key: round(worth[row]) for key, row in places.items() if worth[row] >= 1}
