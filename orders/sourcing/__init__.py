"""Where to send an order from: the problem, its exact solution, and why it is one. Rules without rows."""

from orders.sourcing.choosing import Decision, decide
from orders.sourcing.problem import (
    Band,
    CostLine,
    Criterion,
    Item,
    Method,
    Node,
    Plan,
    Problem,
    Take,
)

__all__ = [
    "Band",
    "CostLine",
    "Criterion",
    "Decision",
    "Item",
    "Method",
    "Node",
    "Plan",
    "Problem",
    "Take",
    "decide",
]
