"""What is asked for an order: its needs, its network, what rules say; and the problem of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from orders.sourcing.directing import BY_COST, BY_PRIORITY, Directions
from orders.sourcing.network import Network, Sending, nodes_of
from orders.sourcing.problem import Item, Node, Problem
from orders.states import KeepTogether


@dataclass(frozen=True, slots=True)
class Need:
    """Units of one variant for the line at `index`; `item` is the line's position in its order."""

    index: int
    variant_id: int
    quantity: int
    item: int = 0
    weight_g: int = 0
    category_id: int | None = None
    kit: str = ""
    is_hazardous: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a decision stands on but the stock: what is needed, who may send it, what rules say."""

    needs: tuple[Need, ...]
    network: Network
    sending: Sending
    directions: Directions
    worth: Mapping[tuple[int, int], int]


def problem_of(
    question: Question, free: Mapping[tuple[int, int], int]
) -> tuple[Problem, list[tuple[int, str]]]:
    """The problem to decide, and why each location that is not in it may not send. `free` gives the
    units that may be taken by (variant, location).
    """
    directions, sending = question.directions, question.sending
    nodes, skipped = nodes_of(question.network, sending, directions)
    if sending.later is not None and _nobody_keeps_the_day(question, nodes, free):
        sending = replace(sending, due=sending.later, later=None)
        nodes, _ = nodes_of(question.network, sending, directions)
    worth = {
        (node.id, need.variant_id): amount
        for node in nodes
        for need in question.needs
        if (amount := question.worth.get((node.id, need.variant_id)))
    }
    problem = Problem(
        items=tuple(_item(need, directions.keep_together) for need in question.needs),
        nodes=tuple(nodes),
        free={
            (node.id, variant_id): units
            for node in nodes
            for variant_id in {need.variant_id for need in question.needs}
            if (units := free.get((variant_id, node.id), 0)) > 0
        },
        currency=sending.currency,
        most_parcels=directions.most_parcels,
        is_complete=directions.is_complete,
        worth=worth,
        due=sending.due,
    )
    usual = BY_COST if problem.has_costs else BY_PRIORITY
    return problem.judged_by(directions.criteria or usual), skipped


def _nobody_keeps_the_day(
    question: Question, nodes: Sequence[Node], free: Mapping[tuple[int, int], int]
) -> bool:
    """Whether from all that have something of what is needed it would arrive after its day: then all
    are late alike, and the cheapest would win though the other day could be kept.
    """
    due = question.sending.due
    days = [
        node.arrives_on
        for node in nodes
        if any(free.get((need.variant_id, node.id), 0) > 0 for need in question.needs)
    ]
    known = [day for day in days if day is not None]
    return due is not None and bool(known) and len(known) == len(days) and min(known) > due.day


def _item(need: Need, keep_together: str) -> Item:
    group = ""
    if keep_together == KeepTogether.KITS:
        group = need.kit
    elif keep_together == KeepTogether.CATEGORY and need.category_id:
        group = f"category {need.category_id}"
    return Item(need.item or need.index, need.variant_id, need.quantity, need.weight_g, group)
