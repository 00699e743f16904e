"""Decisions on where orders are sent from, and the orders for which to decide again is worth it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from core.markup.values import money_text
from core.money import exponent
from inventory.models import Location
from orders.models import Order, OrderLine, SourcingDecision
from orders.sourcing import Node
from orders.sourcing.arriving import Due, day_and_month
from orders.sourcing.explaining import arrival_of
from orders.states import SourcingCause

MOST_AT_ONCE = 500

# open orders of which nobody began to pick something, whose last decision nobody took by hand, and
# that wait, are sent from several places, want what came in since, or were not sent by the cut-off that
# their day counted on
CHANGED = """
    SELECT o.id FROM orders_order o
    WHERE o.state = 'open' AND o.open_work = 0
      AND o.units - o.units_cancelled - o.units_shipped > 0
      AND NOT EXISTS (
          SELECT 1 FROM orders_sourcingdecision last
          WHERE last.order_id = o.id AND last.cause = 'overridden' AND last.id = (
              SELECT max(any_one.id) FROM orders_sourcingdecision any_one
              WHERE any_one.order_id = o.id))
      AND (
          EXISTS (
              SELECT 1 FROM orders_orderline line
              JOIN inventory_demand demand ON demand.id = line.demand_id
              JOIN inventory_stocklevel level ON level.variant_id = demand.variant_id
              JOIN inventory_movement moved ON moved.level_id = level.id
              WHERE line.order_id = o.id AND moved.moved_at >= %(since)s
                AND demand.quantity > demand.consumed + demand.cancelled)
          OR EXISTS (
              SELECT 1 FROM orders_hold hold
              WHERE hold.order_id = o.id AND hold.released_at >= %(since)s)
          OR (o.promised_on IS NOT NULL OR o.deliver_by IS NOT NULL) AND EXISTS (
              SELECT 1 FROM orders_fulfilment told
              WHERE told.order_id = o.id AND told.state = 'ready'
                AND told.ship_by >= %(since)s AND told.ship_by < %(now)s
                AND EXISTS (
                    SELECT 1 FROM inventory_channellocation other
                    WHERE other.channel_id = o.channel_id
                      AND other.location_id <> told.location_id))
          OR 1 < (
              SELECT count(DISTINCT level.location_id) FROM orders_orderline line
              JOIN inventory_allocation held ON held.demand_id = line.demand_id
                   AND held.quantity > held.consumed + held.released
              JOIN inventory_stocklevel level ON level.id = held.level_id
              WHERE line.order_id = o.id)
          OR o.units - o.units_cancelled - o.units_shipped > o.units_allocated)
    ORDER BY o.ship_by NULLS FIRST, o.id LIMIT %(most)s
"""


def worth_deciding_again(*, since: datetime, now: datetime, most: int = MOST_AT_ONCE) -> list[int]:
    """The open orders for which something has changed since, the most urgent first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, {"since": since, "now": now, "most": most})
        return [order_id for (order_id,) in cursor.fetchall()]


def last_decision(order: Order) -> SourcingDecision | None:
    """The newest decision on an order. One query."""
    return order.sourcing_decisions.order_by("-pk").first()


def chosen_by_hand(order_ids: Iterable[int]) -> str:
    """The reason of the first of these orders that was last sent from elsewhere by choice; empty where
    none was. One query.
    """
    newest = SourcingDecision.objects.filter(order_id__in=list(order_ids))
    reasons = newest.order_by("order_id", "-pk").distinct("order_id").values_list("cause", "reason")
    return next((why for cause, why in reasons if cause == SourcingCause.OVERRIDDEN), "")


def decisions_of(order: Order) -> list[SourcingDecision]:
    """Every decision on an order, the newest first. One query."""
    return list(order.sourcing_decisions.order_by("-pk"))


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision that still says where units come from, and which: `takes` are (position of the line,
    location, units).
    """

    decision: SourcingDecision
    takes: tuple[tuple[int, int, int], ...]


def lines_sent(order: Order) -> list[OrderLine]:
    """The lines of an order with what stock has set aside for them and sent. One query."""
    return list(order.lines.select_related("demand"))


def standing_of(
    decisions: Sequence[SourcingDecision], lines: Sequence[OrderLine]
) -> list[Standing]:
    """The decisions that stand, the newest first: the newest itself, and each before it that took units
    which none after it took anew. `lines` have their demand along. No query.
    """
    left = {
        line.position: line.demand.allocated + line.demand.consumed
        for line in lines
        if line.demand is not None
    }
    found = []
    for number, decision in enumerate(decisions):
        takes = []
        for position, place, units in decision.taken:
            still = min(units, left.get(position, 0))
            if still:
                left[position] -= still
                takes.append((position, place, still))
        if takes or number == 0:
            found.append(Standing(decision, tuple(takes)))
    return found


@dataclass(frozen=True, slots=True)
class PlanShown:
    """One plan of a decision, in words: what each location sends, and what it costs."""

    number: int
    places: str
    parcels: int
    units: int
    late: int
    missing: int
    arrives_on: date | None
    cost: str
    cost_lines: tuple[tuple[str, str], ...]
    sends: tuple[str, ...]

    @property
    def words(self) -> str:
        """In one line: what each location sends, what it costs, when it arrives."""
        day = f", arriving on {day_and_month(self.arrives_on)}" if self.arrives_on else ""
        return f"{'; '.join(self.sends)} ({self.cost}{day})"


@dataclass(frozen=True, slots=True)
class Dot:
    """A location on the small map, in its units."""

    x: int
    y: int
    name: str
    sends: bool
    label_y: int

    @property
    def label_end(self) -> bool:
        return self.x > WIDTH / 2

    @property
    def label_x(self) -> int:
        return self.x - 10 if self.label_end else self.x + 10


def plans_shown(decision: SourcingDecision, lines: Sequence[OrderLine]) -> list[PlanShown]:
    """The plans of a decision, the one that was chosen first. No query."""
    names, skus = _names(decision), _skus(lines)
    currency = decision.inputs["currency"]
    return [
        PlanShown(
            number=number,
            places=", ".join(names[pk] for pk in plan["node_ids"]),
            parcels=len(plan["node_ids"]),
            units=plan["units_sent"],
            late=plan["units_late"],
            missing=plan["units_missing"],
            arrives_on=plan_arrives_on(decision, plan),
            cost=_money(plan["cost"], currency),
            cost_lines=tuple((label, _money(cost, currency)) for label, cost in plan["cost_lines"]),
            sends=tuple(_sends(plan["takes"], names, skus)),
        )
        for number, plan in enumerate(decision.plans)
    ]


def plan_arrives_on(decision: SourcingDecision, plan: Mapping[str, Any]) -> date | None:
    """The day on which the last parcel of a stored plan would arrive, where it was known. No query."""
    nodes = [Node.from_json(node) for node in decision.inputs["nodes"]]
    return arrival_of(((node.id, node.arrives_on) for node in nodes), plan["node_ids"])


def due_of(decision: SourcingDecision) -> Due | None:
    """The day by which the order was to arrive as it was decided, where there was one. No query."""
    return Due.from_json(decision.inputs.get("due"))


def sends_shown(standing: Standing, lines: Sequence[OrderLine]) -> list[str]:
    """What each location sends by a decision that stands, in words. No query."""
    return _sends(standing.takes, _names(standing.decision), _skus(lines))


def _names(decision: SourcingDecision) -> dict[int, str]:
    return {node["id"]: node["name"] for node in decision.inputs["nodes"]}


def _skus(lines: Sequence[OrderLine]) -> dict[int, str]:
    return {line.position: line.sku or line.name for line in lines}


def _sends(
    takes: Iterable[Sequence[int]], names: dict[int, str], skus: dict[int, str]
) -> list[str]:
    found: dict[int, list[str]] = {}
    for item, place, units in takes:
        found.setdefault(place, []).append(f"{units} × {skus.get(item, 'a line')}")
    return [f"{names[place]}: {', '.join(words)}" for place, words in found.items()]


def _money(minor: int, currency: str) -> str:
    return money_text(Decimal(minor).scaleb(-exponent(currency)), currency)


WIDTH, HEIGHT, EDGE, LINE = 320, 160, 24, 14


def dots_of(decision: SourcingDecision) -> list[Dot]:
    """The locations of a decision on a small map, where two or more have coordinates. One query."""
    senders = set(decision.plans[0]["node_ids"]) if decision.plans else set()
    ids = {node["id"] for node in decision.inputs["nodes"]} | {pk for pk, _ in decision.skipped}
    found = list(
        Location.objects.filter(pk__in=ids, latitude__isnull=False, longitude__isnull=False)
        .order_by("pk")
        .values_list("pk", "name", "latitude", "longitude")
    )
    if len(found) < 2:
        return []
    east = [float(row[3] or 0) for row in found]
    north = [float(row[2] or 0) for row in found]
    wide, high = max(east) - min(east) or 1.0, max(north) - min(north) or 1.0
    dots = []
    for (pk, name, _, _), x, y in zip(found, east, north, strict=True):
        down = round(EDGE + (max(north) - y) / high * (HEIGHT - 2 * EDGE))
        across = round(EDGE + (x - min(east)) / wide * (WIDTH - 2 * EDGE))
        dots.append(Dot(x=across, y=down, name=name, sends=pk in senders, label_y=down + 4))
    return _labels_apart(dots)


def _labels_apart(dots: Sequence[Dot]) -> list[Dot]:
    """The dots with their names one below the other where they would cover each other."""
    placed: list[Dot] = []
    for dot in sorted(dots, key=lambda one: (one.y, one.name)):
        above = [one.label_y for one in placed if one.label_end == dot.label_end]
        placed.append(replace(dot, label_y=max([dot.label_y, *(y + LINE for y in above)])))
    too_low = max(0, max(dot.label_y for dot in placed) - HEIGHT + 6)
    return [replace(dot, label_y=dot.label_y - too_low) for dot in placed]
