"""Where an order is sent from: asked, decided, claimed on locked stock, written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import actors
from core.bulk import insert_all
from inventory.locks import Levels
from inventory.models import Variant
from inventory.services import Take, claim
from orders.models import Order, OrderLine, SourcingDecision
from orders.selectors.network import Sources, asked_of, read_sources
from orders.selectors.promise_tables import promise_tables
from orders.services.keeping import shelf_lives
from orders.sourcing import Decision, Problem, decide
from orders.sourcing.arriving import Lanes, both_dues
from orders.sourcing.asking import Need, Question, problem_of
from orders.sourcing.directing import Directions, direct
from orders.sourcing.network import Network, Place, Sending
from orders.states import SourcingCause

LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class Sourced:
    """A decision, what it was asked, who was not asked (location, why), and what was claimed for it."""

    problem: Problem
    decision: Decision
    skipped: tuple[tuple[int, str], ...]
    rules: tuple[str, ...]
    takes: tuple[Take, ...]
    is_complete: bool = False


def need_of(index: int, line: OrderLine, quantity: int, variant: Variant | None = None) -> Need:
    """What a line needs. Reads the variant and its product: select them along."""
    variant = variant or line.variant
    assert variant is not None  # noqa: S101  (a line that needs stock has it)
    kit_id = line.kit.sku if line.kit else ""
    return Need(
        index=index,
        variant_id=variant.pk,
        quantity=quantity,
        item=line.position,
        weight_g=line.weight_g,
        category_id=variant.product.category_id,
        kit=kit_id,
        is_hazardous=variant.is_hazardous,
    )


def question_of(
    order: Order, needs: Sequence[Need], sources: Sources, *, now: datetime
) -> Question:
    """What is asked for an order: its needs, its channel's network, what the rules say of it, and the
    day by which it is to arrive: promised or asked for, whichever is earlier and can be kept.
    """
    asked = asked_of(order, needs, sources)
    due, later = both_dues(asked=order.deliver_by, promised=order.promised_on)
    return Question(
        needs=tuple(needs),
        network=sources.networks[order.channel_id],
        sending=Sending(
            country=order.ship_country,
            currency=order.currency,
            is_hazardous=asked.is_hazardous,
            service_id=order.shipping_service_id,
            now=now,
            due=due,
            later=later,
            lanes=_lanes(order, sources, now=now) if due else None,
        ),
        directions=direct(sources.rules, asked),
        worth=sources.worth.get(order.currency, {}),
    )


def _lanes(order: Order, sources: Sources, *, now: datetime) -> Lanes:
    """How long ways take, from the tables that are kept. No query but where they are read anew."""
    places = sources.networks[order.channel_id].places
    services = {place.terms.service_id for place in places if place.terms}
    tables = promise_tables(
        now=now,
        places=[place.id for place in places],
        services=[one for one in {*services, order.shipping_service_id} if one],
    )
    return tables.legs_for(order.channel_id)


def plain_question(needs: Sequence[Need], place_ids: Sequence[int], *, now: datetime) -> Question:
    """What is asked where nobody told costs or rules: these locations in their order, all of them if
    need be.
    """
    return Question(
        needs=tuple(needs),
        network=Network(tuple(Place(pk, f"Location {pk}") for pk in place_ids)),
        sending=Sending(country="", currency="EUR", is_hazardous=False, service_id=None, now=now),
        directions=Directions(most_parcels=max(1, len(place_ids))),
        worth={},
    )


def take_in_turn(
    needs: Sequence[Need],
    free: Mapping[tuple[int, int], int],
    place_ids: Sequence[int],
    *,
    now: datetime,
) -> list[Take]:
    """From where needs would come by the locations' order alone, the fewest of them; nothing is
    claimed. `free` gives units by (variant, location).
    """
    problem, _ = problem_of(plain_question(needs, place_ids, now=now), free)
    chosen = decide(problem).chosen
    return [Take(one.index, one.node_id, one.units) for one in chosen.takes] if chosen else []


def take_by(question: Question, free: Mapping[tuple[int, int], int]) -> list[Take]:
    """From where needs would come as the whole question says; nothing is claimed."""
    problem, _ = problem_of(question, free)
    chosen = decide(problem).chosen
    indexes = {need.item or need.index: need.index for need in question.needs}
    takes = chosen.takes if chosen else ()
    return [Take(indexes[one.index], one.node_id, one.units) for one in takes]


def source(question: Question, *, levels: Levels, buffer: int, usable_on: date) -> Sourced:
    """Decide where needs come from on locked levels, and claim it there at once, so that whoever asks
    next sees what is left. `buffer` is kept back; goods are usable on that day.
    """
    free = free_units(question, levels, buffer=buffer, usable_on=usable_on)
    problem, skipped = problem_of(question, free)
    decision = decide(problem)
    return Sourced(
        problem=problem,
        decision=decision,
        skipped=tuple(skipped),
        rules=question.directions.said_by,
        takes=claim_plan(question, decision, levels=levels, usable_on=usable_on),
        is_complete=question.directions.is_complete,
    )


def free_units(
    question: Question, levels: Levels, *, buffer: int, usable_on: date
) -> dict[tuple[int, int], int]:
    """Units of what is needed that may be promised, by (variant, location)."""
    return {
        (variant_id, place.id): levels[variant_id, place.id].available(buffer, usable_on=usable_on)
        for variant_id in {need.variant_id for need in question.needs}
        for place in question.network.places
        if (variant_id, place.id) in levels
    }


def claim_plan(
    question: Question, decision: Decision, *, levels: Levels, usable_on: date
) -> tuple[Take, ...]:
    """Claim what was chosen on the locked copies; locations with a limit a day have one order more."""
    if decision.chosen is None:
        return ()
    needs = {need.item or need.index: need for need in question.needs}
    for place in question.network.places:
        if place.capacity is not None and place.id in decision.chosen.node_ids:
            day, _ = place.leaves_on(question.sending.now)
            place.load[day] = place.load.get(day, 0) + 1
    return tuple(
        claim(
            Take(needs[take.index].index, take.node_id, take.units),
            needs[take.index].variant_id,
            levels=levels,
            usable_on=usable_on,
        )
        for take in decision.chosen.takes
    )


def decision_of(
    order: Order,
    sourced: Sourced,
    *,
    cause: SourcingCause,
    reason: str = "",
    now: datetime,
) -> SourcingDecision:
    """The decision as it is kept, not saved yet."""
    decision = sourced.decision
    plans = [decision.chosen, *decision.alternatives] if decision.chosen else []
    return SourcingDecision(
        order=order,
        decided_at=now,
        cause=cause,
        method=decision.method.value,
        why=decision.why[:LONGEST_WHY],
        reason=reason[:300],
        decided_by=actors.current().actor.label,
        inputs=sourced.problem.as_json(),
        plans=[plan.as_json() for plan in plans],
        taken=[list(take) for take in plans[0].as_json()["takes"]] if plans else [],
        skipped=[list(one) for one in (*sourced.skipped, *decision.skipped)],
        rules=list(sourced.rules),
    )


def source_more(
    order: Order, wanted: Sequence[tuple[OrderLine, int]], *, levels: Levels, now: datetime
) -> tuple[list[Take], int]:
    """Source more units for lines of an order that is placed, on locked levels; the takes by place in
    `wanted`, and how many days the goods must keep. The decision is written down.
    """
    needs = _needs_of(wanted)
    sources = read_sources(
        channel_ids=[order.channel_id],
        currencies=[order.currency],
        service_ids=[order.shipping_service_id] if order.shipping_service_id else [],
        customer_ids=[order.customer_id] if order.customer_id else [],
        variant_ids={need.variant_id for need in needs},
        now=now,
    )
    days = shelf_lives([(order.channel_id, order.customer_id, 0)], levels)[0]
    sourced = source(
        question_of(order, needs, sources, now=now),
        levels=levels,
        buffer=order.channel.stock_buffer,
        usable_on=now.date() + timedelta(days=days),
    )
    insert_all([decision_of(order, sourced, cause=SourcingCause.EDITED, now=now)])
    return list(sourced.takes), days


def _needs_of(wanted: Sequence[tuple[OrderLine, int]]) -> list[Need]:
    """What lines need more. One query for their products."""
    variants = Variant.objects.select_related("product").in_bulk(
        {line.variant_id for line, _ in wanted if line.variant_id}
    )
    return [
        need_of(index, line, units, variants[line.variant_id or 0])
        for index, (line, units) in enumerate(wanted)
    ]
