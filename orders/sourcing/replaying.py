"""Past orders decided again one after the other, on stock that they use up: what a network would do."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from orders.sourcing.asking import Need, Question, problem_of
from orders.sourcing.choosing import Decision, decide
from orders.sourcing.directing import Asked, Rule, direct
from orders.sourcing.distances import Point, km_to
from orders.sourcing.network import Network, Sending
from orders.sourcing.problem import Plan, Problem
from orders.sourcing.scenario import Scenario, Stock

SECONDS = 2.0  # nobody waits for a single answer, and the same replay is to have the same answers
MOST_CHANGES = 50
AS_IT_IS = Scenario()
Worth = Mapping[str, Mapping[tuple[int, int], int]]


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order as it came; `buffer` units are kept back of everything for other channels. `happened`
    are the locations that it was first decided to be sent from, None where no decision is kept.
    """

    id: int
    number: str
    asked: Asked
    sending: Sending
    needs: tuple[Need, ...]
    buffer: int = 0
    happened: frozenset[int] | None = None

    @property
    def units(self) -> int:
        return sum(need.quantity for need in self.needs)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Units that came to a location (or, below nothing, were lost there) at a moment."""

    at: datetime
    variant_id: int
    place_id: int
    units: int


@dataclass(frozen=True, slots=True)
class World:
    """All that decides but the orders: networks by channel, rules in their order, stock at the start,
    what came later in the order of time, worth by currency, and where locations lie.
    """

    networks: Mapping[int, Network]
    rules: tuple[Rule, ...]
    stock: Mapping[tuple[int, int], int]
    receipts: tuple[Receipt, ...] = ()
    worth: Worth = field(default_factory=dict)
    points: Mapping[int, Point] = field(default_factory=dict)
    scenario: Scenario = AS_IT_IS


@dataclass(slots=True)
class Tally:
    """What a replay came to; costs in minor units by currency: parcels, freight, units. `dated` of the
    orders sent were to arrive by a day.
    """

    orders: int = 0
    units: int = 0
    short: int = 0
    short_orders: int = 0
    later: int = 0
    sent: int = 0
    split: int = 0
    late: int = 0
    dated: int = 0
    parcels: int = 0
    priced: int = 0
    km: float = 0.0
    km_parcels: int = 0
    cost: dict[str, list[int]] = field(default_factory=dict)
    by_place: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def as_json(self) -> dict[str, Any]:
        return {
            "orders": self.orders,
            "units": self.units,
            "short": self.short,
            "short_orders": self.short_orders,
            "later": self.later,
            "sent": self.sent,
            "split": self.split,
            "late": self.late,
            "dated": self.dated,
            "parcels": self.parcels,
            "priced": self.priced,
            "km": round(self.km / self.km_parcels, 1) if self.km_parcels else None,
            "km_parcels": self.km_parcels,
            "cost": {currency: list(parts) for currency, parts in sorted(self.cost.items())},
            "by_place": sorted(self.by_place.items()),
        }


Answer = tuple[Problem, Decision]


class Replay:
    """One world, order by order. Pure but for its own stock, room and tally."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tally = Tally()
        load: dict[int, dict[date, int]] = defaultdict(dict)
        self.networks = {
            channel: replace(
                network,
                places=tuple(replace(place, load=load[place.id]) for place in network.places),
            )
            for channel, network in world.networks.items()
        }
        self.senders = {place.id for one in self.networks.values() for place in one.places}
        scenario = world.scenario
        self.stock: Stock = defaultdict(int)
        self.stock.update(scenario.start_stock(world.stock, self.senders))
        self.coming = deque(sorted(world.receipts, key=lambda one: one.at))
        self.waiting: dict[int, int] = defaultdict(int)
        if scenario.receipts_first:
            self._receive(None)

    def step(self, order: PastOrder, known: Answer | None = None) -> Answer:
        """Decide the next order on what is left by then, and use that up. `known` is an answer that
        holds where the very same problem is asked.
        """
        self._receive(order.sending.now)
        problem = self._problem(order)
        is_known = known is not None and known[0] == problem
        answer = known if known and is_known else (problem, decide(problem, seconds=SECONDS))
        self._count(order, problem, answer[1].chosen)
        return answer

    def _receive(self, until: datetime | None) -> None:
        """Take in what came until then; who waits has it first."""
        while self.coming and (until is None or self.coming[0].at <= until):
            one = self.coming.popleft()
            key = one.variant_id, one.place_id
            served = 0
            if one.place_id in self.senders and one.units > 0:
                served = min(one.units, self.waiting[one.variant_id])
            self.waiting[one.variant_id] -= served
            self.tally.later += served
            self.stock[key] = max(0, self.stock[key] + one.units - served)

    def _problem(self, order: PastOrder) -> Problem:
        network = self.networks[order.asked.channel_id]
        scenario = self.world.scenario
        sending = order.sending
        if scenario.service_id is not None:
            sending = replace(sending, service_id=scenario.service_id)
        question = Question(
            needs=order.needs,
            network=network,
            sending=sending,
            directions=scenario.directions(direct(self.world.rules, order.asked)),
            worth=self.world.worth.get(sending.currency, {}),
        )
        free = {
            (need.variant_id, place.id): self.stock[need.variant_id, place.id] - order.buffer
            for need in order.needs
            for place in network.places
        }
        return problem_of(question, free)[0]

    def _count(self, order: PastOrder, problem: Problem, plan: Plan | None) -> None:
        tally = self.tally
        tally.orders += 1
        tally.units += order.units
        short = plan.units_missing if plan else order.units
        tally.short += short
        tally.short_orders += bool(short)
        left = {need.item: need.quantity for need in order.needs}
        if plan:
            self._use_up(order, plan, left)
            self._count_plan(order, problem, plan)
        for need in order.needs:
            self.waiting[need.variant_id] += left[need.item]

    def _use_up(self, order: PastOrder, plan: Plan, left: dict[int, int]) -> None:
        variants = {need.item: need.variant_id for need in order.needs}
        for take in plan.takes:
            self.stock[variants[take.index], take.node_id] -= take.units
            left[take.index] -= take.units
        for place in self.networks[order.asked.channel_id].places:
            if place.capacity is not None and place.id in plan.node_ids:
                day, _ = place.leaves_on(order.sending.now)
                place.load[day] = place.load.get(day, 0) + 1

    def _count_plan(self, order: PastOrder, problem: Problem, plan: Plan) -> None:
        tally = self.tally
        tally.sent += 1
        tally.split += plan.parcels > 1
        tally.late += bool(plan.units_late)
        tally.dated += problem.due is not None
        tally.parcels += plan.parcels
        for pk in plan.node_ids:
            tally.by_place[pk] += 1
            km = km_to(order.sending.country, self.world.points.get(pk))
            if km is not None:
                tally.km += km
                tally.km_parcels += 1
        if parts := cost_parts(problem, plan):
            tally.priced += 1
            kept = tally.cost.setdefault(problem.currency, [0, 0, 0])
            for at, amount in enumerate(parts):
                kept[at] += amount


def cost_parts(problem: Problem, plan: Plan) -> tuple[int, int, int] | None:
    """What a plan costs in money: parcels, freight, units. None where nothing is known of it; what
    stock is worth is no money.
    """
    if not any(node.parcel or node.per_unit or node.bands for node in problem.nodes):
        return None
    nodes = {node.id: node for node in problem.nodes}
    weights = {item.index: item.weight_g for item in problem.items}
    grams: dict[int, int] = defaultdict(int)
    units = 0
    for take in plan.takes:
        grams[take.node_id] += take.units * weights[take.index]
        units += take.units * nodes[take.node_id].per_unit
    return (
        sum(nodes[pk].parcel for pk in grams),
        sum(nodes[pk].freight(weight) for pk, weight in grams.items()),
        units,
    )


class Comparison:
    """Two replays of the same orders side by side, and which orders come to be decided otherwise."""

    def __init__(self, before: World, after: World, names: Mapping[int, str]) -> None:
        self.before, self.after = Replay(before), Replay(after)
        self.names = names
        self.changed = self.known = self.alike = 0
        self.changes: list[dict[str, Any]] = []

    def step(self, order: PastOrder) -> None:
        first = self.before.step(order)
        second = self.after.step(order, first)
        was, now = first[1].chosen, second[1].chosen
        if order.happened is not None:
            self.known += 1
            self.alike += order.happened == frozenset(was.node_ids if was else ())
        if (was.takes if was else ()) == (now.takes if now else ()):
            return
        self.changed += 1
        if len(self.changes) < MOST_CHANGES:
            self.changes.append(
                {
                    "order_id": order.id,
                    "number": order.number,
                    "was": self._told(order, was),
                    "now": self._told(order, now),
                    "why": second[1].why,
                }
            )

    def _told(self, order: PastOrder, plan: Plan | None) -> str:
        """From where, and what is missing of it."""
        short = plan.units_missing if plan else order.units
        places = ", ".join(self.names.get(pk, str(pk)) for pk in plan.node_ids) if plan else ""
        missing = f"{short} short" if short else ""
        return "; ".join(filter(None, (places, missing)))

    def as_json(self) -> dict[str, Any]:
        return {
            "before": self.before.tally.as_json(),
            "after": self.after.tally.as_json(),
            "names": {str(pk): name for pk, name in sorted(self.names.items())},
            "changed": self.changed,
            "changes": self.changes,
            "known": self.known,
            "alike": self.alike,
        }


def compare(
    orders: Sequence[PastOrder], before: World, after: World, names: Mapping[int, str]
) -> dict[str, Any]:
    """Both worlds over all orders at once, as it is stored."""
    both = Comparison(before, after, names)
    for order in orders:
        both.step(order)
    return both.as_json()
