"""A season of orders, drawn, and ways of sourcing them one by one beside knowing them all beforehand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import hypot
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from orders.sourcing import Item, Node, Problem, decide
from orders.sourcing.worth import shadow_prices

ORDERS, LOCATIONS, SKUS, REGIONS = 600, 8, 40, 12
LINES = (1, 1, 2, 2, 3, 4)
PARCEL, PER_UNIT, PER_DISTANCE, MISSING = 300, 40, 900, 4_000
SUPPLY = 1.05  # units there are for each that will be asked for
EVERY = 25  # orders between two reckonings of shadow prices

Stock = dict[tuple[int, int], int]
Order = tuple[int, dict[int, int]]  # region, units by SKU
Takes = dict[tuple[int, int], int]  # units by (location, SKU)
Policy = Callable[["Season", Order, Stock, int], Takes]


@dataclass
class Season:
    """What is drawn from a seed: where everybody is, what is asked for, what lies where at first."""

    orders: list[Order]
    stock: Stock
    fixed: dict[tuple[int, int], int]  # a parcel from a location to a region
    unit: dict[tuple[int, int], int]
    kept_worth: dict[tuple[int, int], int] = field(default_factory=dict)

    def cost(self, order: Order, takes: Takes) -> int:
        region, wanted = order
        senders = {place for (place, _), units in takes.items() if units}
        missing = sum(wanted.values()) - sum(takes.values())
        return (
            sum(self.fixed[place, region] for place in senders)
            + sum(units * self.unit[place, region] for (place, _), units in takes.items())
            + MISSING * missing
        )


def draw(seed: int) -> Season:
    """A season; the same seed draws the same."""
    random = Random(seed)  # noqa: S311  (not a secret: the same season in every run)
    places = [(random.random(), random.random()) for _ in range(LOCATIONS)]
    regions = [(random.random(), random.random()) for _ in range(REGIONS)]
    weights = [random.expovariate(1) for _ in range(REGIONS)]
    popular = [1 / (rank + 1) ** 0.7 for rank in range(SKUS)]
    orders: list[Order] = []
    for _ in range(ORDERS):
        wanted: dict[int, int] = {}
        for sku in random.choices(range(SKUS), popular, k=random.choice(LINES)):
            wanted[sku] = wanted.get(sku, 0) + random.choice((1, 1, 1, 2))
        orders.append((random.choices(range(REGIONS), weights)[0], wanted))
    asked = [sum(wanted.get(sku, 0) for _, wanted in orders) for sku in range(SKUS)]
    stock: Stock = {}
    for sku in range(SKUS):
        shares = [random.random() ** 2 if random.random() < 0.7 else 0.0 for _ in places]
        whole = sum(shares) or 1.0
        for place, share in enumerate(shares):
            stock[place, sku] = round(asked[sku] * SUPPLY * share / whole)
    far = {
        (place, region): hypot(px - rx, py - ry)
        for place, (px, py) in enumerate(places)
        for region, (rx, ry) in enumerate(regions)
    }
    return Season(
        orders=orders,
        stock=stock,
        fixed={lane: PARCEL + round(PER_DISTANCE * distance) for lane, distance in far.items()},
        unit={
            lane: PER_UNIT + round(PER_DISTANCE * distance / 6) for lane, distance in far.items()
        },
    )


def total_cost(season: Season, policy: Policy) -> int:
    """What the season costs when its orders come one by one."""
    stock = dict(season.stock)
    total = 0
    for number, order in enumerate(season.orders):
        takes = policy(season, order, stock, number)
        for key, units in takes.items():
            stock[key] -= units
        total += season.cost(order, takes)
    return total


# --- ways of choosing ----------------------------------------------------------------------------


def _down_the_list(order: Order, stock: Stock, ranked: list[int]) -> Takes:
    """Every location in turn gives what it has."""
    takes: Takes = {}
    for sku, units in order[1].items():
        left = units
        for place in ranked:
            if part := min(left, stock[place, sku]):
                takes[place, sku] = part
                left -= part
    return takes


def priority_list(_season: Season, order: Order, stock: Stock, _number: int) -> Takes:
    return _down_the_list(order, stock, list(range(LOCATIONS)))


def highest_stock_first(_season: Season, order: Order, stock: Stock, _number: int) -> Takes:
    def held(place: int) -> int:
        return sum(stock[place, sku] for sku in order[1])

    return _down_the_list(order, stock, sorted(range(LOCATIONS), key=lambda p: (-held(p), p)))


def nearest_first(season: Season, order: Order, stock: Stock, _number: int) -> Takes:
    region = order[0]
    ranked = sorted(range(LOCATIONS), key=lambda place: (season.fixed[place, region], place))
    return _down_the_list(order, stock, ranked)


def most_lines_first(season: Season, order: Order, stock: Stock, _number: int) -> Takes:
    region, wanted = order
    takes: Takes = {}
    left = dict(wanted)
    while left:

        def filled(place: int) -> int:
            return sum(min(units, stock[place, sku]) for sku, units in left.items())

        best = max(range(LOCATIONS), key=lambda p: (filled(p), -season.fixed[p, region], -p))
        if not filled(best):
            break
        for sku in list(left):
            if part := min(left[sku], stock[best, sku]):
                takes[best, sku] = part
                left[sku] -= part
            if not left[sku]:
                del left[sku]
    return takes


def exact(season: Season, order: Order, stock: Stock, _number: int) -> Takes:
    return _decided(season, order, stock, {})


def exact_with_prices(season: Season, order: Order, stock: Stock, number: int) -> Takes:
    if number % EVERY == 0:
        season.kept_worth = _prices(season, stock, number)
    return _decided(season, order, stock, season.kept_worth)


def _decided(
    season: Season, order: Order, stock: Stock, worth: Mapping[tuple[int, int], int]
) -> Takes:
    region, wanted = order
    nodes = tuple(
        Node(
            place,
            f"Place {place}",
            parcel=season.fixed[place, region],
            per_unit=season.unit[place, region],
        )
        for place in range(LOCATIONS)
    )
    items = tuple(Item(index, sku, units) for index, (sku, units) in enumerate(wanted.items()))
    chosen = decide(Problem(items=items, nodes=nodes, free=stock, worth=worth)).chosen
    skus = [item.variant_id for item in items]
    return {(t.node_id, skus[t.index]): t.units for t in chosen.takes} if chosen else {}


def _prices(season: Season, stock: Stock, number: int) -> dict[tuple[int, int], int]:
    """Shadow prices for what is still to come, foretold from what came: the first hundred orders are
    taken for known, as last season's would be.
    """
    seen = season.orders[: max(number, 100)]
    ahead = (ORDERS - number) / len(seen)
    demand: dict[tuple[int, int], float] = {}
    lines = 0
    for region, wanted in seen:
        lines += sum(wanted.values())
        for sku, units in wanted.items():
            demand[region, sku] = demand.get((region, sku), 0.0) + units * ahead
    share = len(seen) / lines  # of a parcel that falls to one unit
    costs = {lane: season.unit[lane] + round(season.fixed[lane] * share) for lane in season.unit}
    return shadow_prices(stock, demand, costs, missing=MISSING)


# --- knowing all beforehand ----------------------------------------------------------------------


def clairvoyant(season: Season, *, seconds: float = 60.0) -> float:
    """The least that the season can cost when all orders are known: one integer programme, to 0.1 %."""
    units = [
        (number, sku, place)
        for number, (_, wanted) in enumerate(season.orders)
        for sku in wanted
        for place in range(LOCATIONS)
        if season.stock[place, sku]
    ]
    lines = [(number, sku) for number, (_, wanted) in enumerate(season.orders) for sku in wanted]
    parcels = [(number, place) for number in range(ORDERS) for place in range(LOCATIONS)]
    column_of = {parcel: len(units) + at for at, parcel in enumerate(parcels)}
    line_of = {line: at for at, line in enumerate(lines)}
    stock_of = {key: len(lines) + at for at, key in enumerate(season.stock)}
    count = len(units) + len(parcels)
    rows = len(lines) + len(season.stock) + len(units)
    grid, high = lil_matrix((rows, count)), np.zeros(rows)
    costs = np.zeros(count)
    for at, (number, sku, place) in enumerate(units):
        region, wanted = season.orders[number]
        costs[at] = season.unit[place, region] - MISSING
        link = len(lines) + len(season.stock) + at
        grid[line_of[number, sku], at] = 1
        grid[stock_of[place, sku], at] = 1
        grid[link, at] = 1
        grid[link, column_of[number, place]] = -min(wanted[sku], season.stock[place, sku])
    for (number, place), at in column_of.items():
        costs[at] = season.fixed[place, season.orders[number][0]]
    high[: len(lines)] = [season.orders[number][1][sku] for number, sku in lines]
    high[len(lines) : len(lines) + len(season.stock)] = list(season.stock.values())
    upper = [season.orders[number][1][sku] for number, sku, _ in units] + [1] * len(parcels)
    answer = milp(
        costs,
        integrality=np.ones(count),
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(grid.tocsr(), -np.inf, high),
        options={"mip_rel_gap": 0.001, "time_limit": seconds},
    )
    asked = sum(sum(wanted.values()) for _, wanted in season.orders)
    return float(answer.mip_dual_bound) + MISSING * asked
