"""Why a plan was chosen: one sentence people can check, and a reason for each location left out."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from core.markup.values import money_text
from core.money import exponent
from orders.sourcing.arriving import day_and_month
from orders.sourcing.problem import Criterion, Node, Plan, Problem


def explain(problem: Problem, ranked: Sequence[Plan]) -> str:
    """One sentence: what the chosen plan does, and what the next best would have done worse."""
    if not ranked:
        if problem.is_complete:
            return "No location, and no few of them together, has all of it; it is to leave whole."
        return "No location that may send has any of it."
    chosen = ranked[0]
    said = f"{_names(problem, chosen)} {_does(problem, chosen)}"
    if len(ranked) > 1:
        said += f"; {_names(problem, ranked[1])} {_is_worse(problem, chosen, ranked[1])}"
    return f"{said}."


def _does(problem: Problem, plan: Plan) -> str:
    verb = "sends" if plan.parcels == 1 else "send"
    what = "all" if not plan.units_missing else f"{plan.units_sent} of {_wanted(problem)}"
    parcels = "in one parcel" if plan.parcels == 1 else f"in {plan.parcels} parcels"
    late = f", {plan.units_late} of them late" if plan.units_late else ""
    cost = f" for {_money(problem, plan.cost)}" if problem.has_costs else ""
    return f"{verb} {what} {parcels}{cost}{late}{_arriving(problem, plan)}"


def _is_worse(problem: Problem, chosen: Plan, other: Plan) -> str:
    """By the first criterion in which the two differ."""
    for criterion in problem.criteria:
        if criterion == Criterion.PROMISE:
            more = other.units_missing + other.units_late - chosen.units_missing - chosen.units_late
            words = _comes_late(problem, other) or f"would be late with or short of {more} more"
        elif criterion == Criterion.FILL:
            more, words = other.units_missing - chosen.units_missing, ""
            words = f"would be short of {more} more"
        elif criterion == Criterion.COST:
            more = other.cost - chosen.cost
            words = f"would cost {_money(problem, more)} more"
        elif criterion == Criterion.BALANCE:
            more, words = other.balance - chosen.balance, "would use up more of what it has"
        elif criterion == Criterion.PARCELS:
            more, words = other.parcels - chosen.parcels, "would take more parcels"
        else:
            more, words = 1, "comes later in the channel’s order"
        if more:
            return words
    return "would do as well, but has the higher number"


def arrival_of(nodes: Iterable[tuple[int, date | None]], chosen: Iterable[int]) -> date | None:
    """The day on which the last parcel of these locations arrives; None where one is not known."""
    days = dict(nodes)
    found = [days.get(one) for one in chosen]
    known = [day for day in found if day is not None]
    return max(known) if known and len(known) == len(found) else None


def _arrives(problem: Problem, plan: Plan) -> date | None:
    return arrival_of(((node.id, node.arrives_on) for node in problem.nodes), plan.node_ids)


def _arriving(problem: Problem, plan: Plan) -> str:
    day = _arrives(problem, plan)
    if day is None:
        return ""
    return f", arriving on {day_and_month(day)}{_after(problem, day)}"


def _comes_late(problem: Problem, plan: Plan) -> str:
    """That a plan which lacks nothing would come after its day; empty where it would not."""
    day = _arrives(problem, plan)
    if day is None or plan.units_missing or not _after(problem, day):
        return ""
    return f"would arrive on {day_and_month(day)}{_after(problem, day)}"


def _after(problem: Problem, day: date) -> str:
    due = problem.due
    return f", after {due.words}" if due is not None and day > due.day else ""


def why_skipped(problem: Problem, chosen: Plan | None) -> tuple[tuple[int, str], ...]:
    """What each location that is not in the chosen plan has of the order."""
    used = set(chosen.node_ids) if chosen else set()
    variants = {item.variant_id for item in problem.items}
    wanted = {
        variant: sum(item.units for item in problem.items if item.variant_id == variant)
        for variant in variants
    }
    found = []
    for node in problem.sorted_nodes:
        if node.id in used:
            continue
        has = sum(
            min(units, max(0, problem.free.get((node.id, variant), 0)))
            for variant, units in wanted.items()
        )
        found.append((node.id, _has(problem, node, has, sum(wanted.values()))))
    return tuple(found)


def _has(problem: Problem, node: Node, has: int, wanted: int) -> str:
    if not has:
        return f"{node.name} has none of it"
    late = ", and would be late" if node.is_late else ""
    if node.arrives_on is not None and (after := _after(problem, node.arrives_on)):
        late = f", and would arrive on {day_and_month(node.arrives_on)}{after}"
    return f"{node.name} has {has} of {wanted}{late}"


def _names(problem: Problem, plan: Plan) -> str:
    names = {node.id: node.name for node in problem.nodes}
    found = [names[one] for one in plan.node_ids]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


def _wanted(problem: Problem) -> int:
    return sum(item.units for item in problem.items)


def _money(problem: Problem, minor: int) -> str:
    places = exponent(problem.currency)
    return money_text(Decimal(minor).scaleb(-places), problem.currency)
