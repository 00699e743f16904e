"""Where orders are sent from, for machines: each decision, deciding again, and choosing by hand."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from core.api.client import client_of
from core.api.rooms import Room
from core.api.shapes import Id, Input, Output, PathId, answer, version_asked
from core.clock import now
from orders.api.reading import whole
from orders.api.shapes import OrderOut, Words
from orders.models import SourcingDecision
from orders.rights import CHOOSE_LOCATIONS, EDIT_ORDERS, SEE_ORDERS
from orders.selectors.scoped import order_within
from orders.selectors.sourcing import (
    Standing,
    decisions_of,
    due_of,
    lines_sent,
    plan_arrives_on,
    standing_of,
)
from orders.services import override_sourcing, resource_order
from orders.states import SourcingCause

room = Room("Sourcing")


class TakeOut(Output):
    """Units of the line at `position` sent from a location."""

    position: int
    location_id: int
    units: int


class CostOut(Output):
    """One part of what a plan costs, in minor units of the order's currency."""

    label: str
    minor: int


class PlanOut(Output):
    """A way to send the order; `cost_minor` in minor units of its currency. `arrives_on` is the day of
    its last parcel, where there was a day to compare it with.
    """

    takes: list[TakeOut]
    parcels: int
    units_sent: int
    units_late: int
    units_missing: int
    arrives_on: date | None
    cost_minor: int
    cost_lines: list[CostOut]


class DecisionOut(Output):
    """A decision as it was taken: the plans compared, the chosen one first, and why. `stands` are the
    units that still come from where it says; those of decisions after it are not among them. `due_on` is
    the day by which it was to arrive, as promised or asked for.
    """

    id: int
    decided_at: datetime
    cause: SourcingCause
    method: str
    why: str
    reason: str
    decided_by: str
    due_on: date | None
    rules: list[str]
    plans: list[PlanOut]
    skipped: list[str]
    stands: list[TakeOut]


class DecisionsOut(Output):
    """Every decision on an order, the newest first."""

    decisions: list[DecisionOut]


class LinePlace(Input):
    """A location for all units of a line that nobody has begun to pick."""

    line_id: Id
    location_id: Id


class OverrideIn(Input):
    """Another plan of the newest decision by its place in the list, or a location for lines; and why."""

    plan: int | None = Field(None, ge=0, le=2)
    lines: list[LinePlace] = Field(default_factory=list, max_length=2_000)
    reason: Words = Field(min_length=1)


def _takes(takes: Iterable[Sequence[int]]) -> list[TakeOut]:
    return [TakeOut(position=item, location_id=place, units=units) for item, place, units in takes]


def _out(row: SourcingDecision, stands: Standing | None) -> DecisionOut:
    due = due_of(row)
    return DecisionOut(
        id=row.pk,
        decided_at=row.decided_at,
        cause=SourcingCause(row.cause),
        method=row.method,
        why=row.why,
        reason=row.reason,
        decided_by=row.decided_by,
        due_on=due.day if due else None,
        rules=row.rules,
        plans=[
            PlanOut(
                takes=_takes(plan["takes"]),
                parcels=len(plan["node_ids"]),
                units_sent=plan["units_sent"],
                units_late=plan["units_late"],
                units_missing=plan["units_missing"],
                arrives_on=plan_arrives_on(row, plan),
                cost_minor=plan["cost"],
                cost_lines=[CostOut(label=label, minor=cost) for label, cost in plan["cost_lines"]],
            )
            for plan in row.plans
        ],
        skipped=[words for _, words in row.skipped],
        stands=_takes(stands.takes if stands else ()),
    )


def _told(request: HttpRequest, order_id: int) -> HttpResponse:
    order = order_within(client_of(request).channel_id, order_id)
    return answer(whole(order), version=order.version)


@room.reads("/orders/{order_id}/sourcing", SEE_ORDERS, DecisionsOut)
def read_decisions(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """Read every decision on where an order is sent from."""
    order = order_within(client_of(request).channel_id, order_id)
    rows = decisions_of(order)
    standing = {one.decision.pk: one for one in standing_of(rows, lines_sent(order))}
    return answer(DecisionsOut(decisions=[_out(row, standing.get(row.pk)) for row in rows]))


@room.changes("/orders/{order_id}/sourcing/again", EDIT_ORDERS, OrderOut, is_versioned=True)
def decide_again(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """Decide again where an order is sent from; it moves only where that is better."""
    order_within(client_of(request).channel_id, order_id)
    resource_order(order_id=order_id, version=version_asked(request), now=now())
    return _told(request, order_id)


@room.changes("/orders/{order_id}/sourcing/choose", CHOOSE_LOCATIONS, OrderOut, is_versioned=True)
def choose(request: HttpRequest, order_id: PathId, body: OverrideIn) -> HttpResponse:
    """Send an order from elsewhere by choice."""
    order_within(client_of(request).channel_id, order_id)
    override_sourcing(
        order_id=order_id,
        plan=body.plan,
        places={one.line_id: one.location_id for one in body.lines},
        reason=body.reason,
        version=version_asked(request),
        now=now(),
    )
    return _told(request, order_id)
