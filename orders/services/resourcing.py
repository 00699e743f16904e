"""Deciding again where a placed order is sent from, by itself or by hand, until picking starts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from core.errors import DomainError
from core.facts import Fact
from inventory.locks import Levels
from inventory.models import Demand
from inventory.services import Lifted, claim, fill_backorders, lift, put_down
from inventory.services import Take as Claimed
from orders.errors import CannotSource
from orders.events.sourcing import OrderSourcedAgain, SourcingOverridden
from orders.locks import lock_order
from orders.models import Order, OrderLine, SourcingDecision
from orders.selectors.network import read_sources
from orders.selectors.sourcing import last_decision, worth_deciding_again
from orders.services.counting import refresh_allocated, refresh_work
from orders.services.holding import call_back
from orders.services.parting import units_in_work
from orders.services.settling import settle
from orders.services.sourcing import Sourced, decision_of, free_units, need_of, question_of
from orders.sourcing import Decision, Method, Plan, Problem, Take, decide
from orders.sourcing.asking import Need, Question, problem_of
from orders.sourcing.directing import NO_DIRECTIONS
from orders.sourcing.network import forbidden
from orders.sourcing.pricing import is_better, priced
from orders.states import FulfilmentState, OrderState, SourcingCause

MOST_PARCELS = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """A locked order as it may be sent anew: its lines by position, what was lifted of its stock, and
    from where that came.
    """

    order: Order
    lines: Mapping[int, OrderLine]
    lifted: Lifted
    question: Question
    free: Mapping[tuple[int, int], int]
    present: tuple[Take, ...]
    now: datetime

    @property
    def levels(self) -> Levels:
        return self.lifted.levels


@transaction.atomic
def resource_order(
    *, order_id: int, version: int | None = None, now: datetime
) -> SourcingDecision | None:
    """Decide again where an order is sent from, and move what is set aside where that is better: more
    of it in time, more of it at all, for less, in fewer parcels. None: it stays as it is.

    What a location has begun to pick stays there. Nobody who waits longer is overtaken. Raises
    CannotSource where nothing is left to be moved.
    """
    order = lock_order(order_id, version=version)
    standing = _stand(order, now=now)
    problem, skipped = problem_of(standing.question, standing.free)
    decision = decide(problem)
    if not is_better(decision.chosen, priced(problem, standing.present), problem):
        return None
    row = _move(standing, _sourced(standing, decision, skipped), cause=SourcingCause.RESOURCED)
    _tell(order, OrderSourcedAgain(order_id=order.pk, decision_id=row.pk, why=row.why), now=now)
    return row


def source_anew(order: Order, *, cause: SourcingCause, by_hand: str, now: datetime) -> list[Fact]:
    """Decide where a locked order that took over units of others is sent from as one, by the same rule;
    what was chosen `by_hand`, with that reason, stays. It is written down in either case, but for an
    order of which nothing can be decided. Returns what is to be told; whoever calls settles the order.
    """
    try:
        standing = _stand(order, now=now)
    except CannotSource:
        return []
    problem, skipped = problem_of(standing.question, standing.free)
    best, present = decide(problem), priced(problem, standing.present)
    if is_better(best.chosen, present, problem) and not by_hand:
        row = _move(standing, _sourced(standing, best, skipped), cause=cause)
        refresh_allocated(order)
        refresh_work(order)
        return [OrderSourcedAgain(order_id=order.pk, decision_id=row.pk, why=row.why)]
    if present is None or not present.takes:
        return []
    cause = SourcingCause.OVERRIDDEN if by_hand else cause
    kept = (_decision if by_hand else _as_it_stands)(problem, present, best)
    sourced = _sourced(standing, kept, skipped)
    row = decision_of(order, sourced, cause=cause, reason=by_hand, now=now)
    lines = {line.demand_id: position for position, line in standing.lines.items()}
    came = standing.lifted.held(made_at=now)
    row.taken = sorted([lines[pk], place, units] for (pk, place), units in came.items())
    row.save()
    return []


def resource_due(*, order_id: int, now: datetime) -> SourcingDecision | None:
    """Decide again for an order whose day is another one now. One that somebody chose by hand stays, and
    so does one of which nothing can be moved.
    """
    order = Order.objects.get(pk=order_id)
    kept = last_decision(order)
    if kept is None or kept.cause == SourcingCause.OVERRIDDEN:
        return None
    try:
        return resource_order(order_id=order_id, now=now)
    except CannotSource:
        return None


def resource_orders(*, since: datetime, now: datetime) -> int:
    """Decide again for every open order that something has changed for since; how many were moved.
    One that somebody chose by hand stays; each is a transaction of its own.
    """
    moved = 0
    for order_id in worth_deciding_again(since=since, now=now):
        try:
            moved += resource_order(order_id=order_id, now=now) is not None
        except DomainError:
            continue
    return moved


@transaction.atomic
def override_sourcing(
    *,
    order_id: int,
    reason: str,
    places: Mapping[int, int] | None = None,
    plan: int | None = None,
    version: int | None = None,
    now: datetime,
) -> SourcingDecision:
    """Send an order from elsewhere by choice: a location for lines, by line id, or the plan at that
    place of the last decision. Rules do not count, a location's own terms do.

    Raises CannotSource without a reason, where the units are not free there, and where nothing is
    left to be moved.
    """
    order = lock_order(order_id, version=version)
    if not reason.strip():
        raise CannotSource("Say why it is sent from elsewhere.", field="reason")
    standing = _stand(order, now=now)
    by_hand = replace(NO_DIRECTIONS, most_parcels=MOST_PARCELS)
    standing = replace(standing, question=replace(standing.question, directions=by_hand))
    wanted = _takes_of(order, plan) if plan is not None else _takes_from(standing, places or {})
    _check(standing, wanted)
    problem, skipped = problem_of(standing.question, standing.free)
    chosen = priced(problem, wanted)
    if chosen is None:
        raise CannotSource("One of the locations may not send this order; choose another.")
    best = decide(problem)
    sourced = _sourced(standing, _decision(problem, chosen, best), (*skipped, *best.skipped))
    row = _move(standing, sourced, cause=SourcingCause.OVERRIDDEN, reason=reason.strip())
    names = {place.id: place.name for place in standing.question.network.places}
    fact = SourcingOverridden(
        order_id=order.pk,
        decision_id=row.pk,
        locations=", ".join(names[pk] for pk in chosen.node_ids),
        reason=reason.strip()[:300],
    )
    _tell(order, fact, now=now)
    return row


def _stand(order: Order, *, now: datetime) -> Standing:
    """What of a locked order may be sent from elsewhere. Raises CannotSource."""
    if order.state != OrderState.OPEN:
        raise CannotSource(
            f"Order {order.number} is {order.get_state_display().lower()}; only an open order can be"
            " sent from elsewhere."
        )
    in_work = units_in_work(order)
    lines = _lines_of(order)
    kept = {
        (lines[line_id].demand_id or 0, place): units
        for (line_id, place), units in in_work.items()
        if line_id in lines
    }
    lifted = lift([line.demand_id or 0 for line in lines.values()], kept=kept)
    held = lifted.held()
    waits = _may_have(lifted)
    needs = []
    for line in lines.values():
        demand = lifted.demands[line.demand_id or 0]
        units = sum(count for (pk, _), count in held.items() if pk == demand.pk)
        units += demand.backordered if demand.pk in waits else 0
        if units:
            needs.append(need_of(demand.pk, line, units))
    if not needs:
        raise CannotSource(
            f"Nothing of order {order.number} can be sent from elsewhere: it is being picked, has left,"
            " or waits behind others for stock."
        )
    question = _question(order, needs, now=now)
    by_demand = {line.demand_id: line.position for line in lines.values()}
    days = max(lifted.demands[need.index].shelf_life_days for need in needs)
    return Standing(
        order=order,
        lines={line.position: line for line in lines.values()},
        lifted=lifted,
        question=question,
        free=free_units(
            question,
            lifted.levels,
            buffer=order.channel.stock_buffer,
            usable_on=now.date() + timedelta(days=days),
        ),
        present=tuple(
            sorted(Take(by_demand[pk], place, units) for (pk, place), units in held.items())
        ),
        now=now,
    )


def _lines_of(order: Order) -> dict[int, OrderLine]:
    lines = order.lines.filter(demand__isnull=False, is_physical=True)
    return {line.pk: line for line in lines.select_related("variant__product", "kit") if line.open}


def _may_have(lifted: Lifted) -> set[int]:
    """The order's demands that wait behind nobody: what is free of their variant is theirs to take."""
    own = lifted.demands
    first: dict[int, Demand] = {}
    variants = {demand.variant_id for demand in own.values() if demand.backordered}
    if variants:
        waiting = Demand.objects.backordered().filter(variant_id__in=variants)
        for demand in waiting.exclude(pk__in=list(own)):
            first.setdefault(demand.variant_id, demand)
    return {
        pk
        for pk, demand in own.items()
        if (ahead := first.get(demand.variant_id)) is None or _turn(demand) < _turn(ahead)
    }


def _turn(demand: Demand) -> tuple[int, datetime, int]:
    return demand.priority, demand.since, demand.pk


def _question(order: Order, needs: Sequence[Need], *, now: datetime) -> Question:
    """The question of a placed order; what it takes of its locations' days itself does not count, and
    one that was told to send it does so on its day, while that has not passed.
    """
    sources = read_sources(
        channel_ids=[order.channel_id],
        currencies=[order.currency],
        service_ids=[order.shipping_service_id] if order.shipping_service_id else [],
        customer_ids=[order.customer_id] if order.customer_id else [],
        variant_ids={need.variant_id for need in needs},
        now=now,
    )
    question = question_of(order, needs, sources, now=now)
    places = {place.id: place for place in question.network.places}
    if question.sending.due is None and all(one.capacity is None for one in places.values()):
        return question
    own = order.fulfilments.filter(
        state=FulfilmentState.READY, location__in=list(places), ship_by__isnull=False
    )
    for location_id, ship_by in own.values_list("location_id", "ship_by"):
        assert ship_by is not None  # noqa: S101  (only those were asked for)
        place = places[location_id]
        day = ship_by.astimezone(ZoneInfo(place.zone)).date()
        if day in place.load:
            place.load[day] -= 1
        if ship_by >= now:
            places[location_id] = replace(place, told_for=day)
    return replace(question, network=replace(question.network, places=tuple(places.values())))


def _takes_of(order: Order, plan: int) -> list[Take]:
    """The takes of a plan of the last decision. Raises CannotSource."""
    kept = last_decision(order)
    if kept is None or not 0 <= plan < len(kept.plans):
        raise CannotSource("This plan is not there any more; reload the order.", field="plan")
    return [Take(item, place, units) for item, place, units in kept.plans[plan]["takes"]]


def _takes_from(standing: Standing, places: Mapping[int, int]) -> list[Take]:
    """All units of the lines that are named from the location chosen, the others as they are."""
    chosen = {line.position: places.get(line.pk) for line in standing.lines.values()}
    left = {(place, variant): units for (variant, place), units in standing.free.items()}
    takes = [take for take in standing.present if chosen.get(take.index) is None]
    for take in takes:
        left[take.node_id, standing.lines[take.index].variant_id or 0] -= take.units
    needs = {need.item: need for need in standing.question.needs}
    for position, place in chosen.items():
        need = needs.get(position)
        if place is None or need is None:
            continue
        key = (place, need.variant_id)
        units = min(need.quantity, max(0, left.get(key, 0)))
        left[key] = left.get(key, 0) - units
        if units:
            takes.append(Take(position, place, units))
    return takes


def _check(standing: Standing, wanted: Sequence[Take]) -> None:
    """Refuse what its location may not send, what is not free there, and less than is set aside now."""
    network, sending = standing.question.network, standing.question.sending
    places = {place.id: place for place in network.places}
    asked: dict[tuple[int, int], int] = defaultdict(int)
    units: dict[int, int] = defaultdict(int)
    for take in wanted:
        line = standing.lines.get(take.index)
        place = places.get(take.node_id)
        if line is None or place is None:
            raise CannotSource("This does not fit the order any more; reload it and choose again.")
        if why := forbidden(place, sending, network):
            raise CannotSource(f"{why}; choose another location.", field=f"line-{line.pk}")
        asked[line.variant_id or 0, place.id] += take.units
        units[take.index] += take.units
        if asked[line.variant_id or 0, place.id] > standing.free.get(
            (line.variant_id or 0, place.id), 0
        ):
            raise CannotSource(
                f"{place.name} has too few units of {line.sku} free; choose another location.",
                field=f"line-{line.pk}",
            )
    now_held: dict[int, int] = defaultdict(int)
    for take in standing.present:
        now_held[take.index] += take.units
    for position, held in now_held.items():
        line = standing.lines[position]
        if units[position] < held:
            raise CannotSource(
                f"{line.sku}: {units[position]} units could be sent from there, {held} are set aside"
                " now; choose a location that has them.",
                field=f"line-{line.pk}",
            )


def _decision(problem: Problem, chosen: Plan, best: Decision) -> Decision:
    """What was chosen by hand, beside the best that would have been decided."""
    others = [one for one in (best.chosen, *best.alternatives) if one and one.takes != chosen.takes]
    return Decision(problem, (chosen, *others[:2]), Method.HAND)


def _as_it_stands(problem: Problem, present: Plan, best: Decision) -> Decision:
    """The best decision where it is what stands, else what does as well and stands already."""
    is_same = best.chosen is not None and best.chosen.takes == present.takes
    return best if is_same else Decision(problem, (present,), best.method)


def _sourced(standing: Standing, decision: Decision, skipped: Sequence[tuple[int, str]]) -> Sourced:
    return Sourced(
        problem=decision.problem,
        decision=decision,
        skipped=tuple(skipped),
        rules=standing.question.directions.said_by,
        takes=(),
    )


def _move(
    standing: Standing, sourced: Sourced, *, cause: SourcingCause, reason: str = ""
) -> SourcingDecision:
    """Put down what was lifted where the plan says; locations that began nothing are called back."""
    order, now = standing.order, standing.now
    chosen = sourced.decision.chosen
    assert chosen is not None  # noqa: S101  (only plans are moved to)
    needs = {need.item: need for need in standing.question.needs}
    days = max(demand.shelf_life_days for demand in standing.lifted.demands.values())
    takes = [
        claim(
            Claimed(needs[take.index].index, take.node_id, take.units),
            needs[take.index].variant_id,
            levels=standing.levels,
            usable_on=now.date() + timedelta(days=days),
        )
        for take in chosen.takes
    ]
    call_back(order)
    freed = put_down(standing.lifted, takes, now=now)
    fill_backorders(freed, now=now)
    row = decision_of(order, sourced, cause=cause, reason=reason, now=now)
    row.save()
    return row


def _tell(order: Order, fact: Fact, *, now: datetime) -> None:
    refresh_allocated(order)
    refresh_work(order)
    settle(order, [fact], now=now)
