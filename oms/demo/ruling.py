"""Demo rules: large first orders are checked, what waits for stock is watched, gifts are packed well."""

from datetime import datetime

from core.jobs import run_here
from core.rules import keeping
from core.rules.definition import Condition, Definition, Group, Step

PLACED = "orders.OrderPlaced"
RULES = (
    (
        "Check large first orders",
        Definition(
            "order",
            PLACED,
            Group(
                "all",
                (
                    Condition("customer.first", "yes"),
                    Condition("order.total", "over", ("150",), "EUR"),
                    Condition("payment.terms", "one_of", ("prepaid",)),
                ),
            ),
            (
                Step("orders.tag", {"tags": "large first order"}),
                Step("core.tell_people", {"words": "a large first order, look at the address"}),
            ),
        ),
    ),
    (
        "Watch what waits for stock",
        Definition(
            "order",
            "orders.OrderBackordered",
            Group("all", (Condition("stock.waiting", "over", ("0",)),)),
            (
                Step("orders.tag", {"tags": "waiting"}),
                Step("orders.note", {"kind": "staff", "text": "Waits for stock; tell the buyer."}),
            ),
        ),
    ),
    (
        "Pack gifts well",
        Definition(
            "order",
            PLACED,
            Group(
                "any",
                (
                    Condition("order.tags", "contains", ("gift",)),
                    Group(
                        "same",
                        (
                            Condition("line.quantity", "at_least", ("3",)),
                            Condition("line.goods", "yes"),
                        ),
                    ),
                ),
            ),
            (Step("orders.note", {"kind": "packing", "text": "Use the sturdy box."}),),
        ),
    ),
)


def rule(*, now: datetime) -> None:
    """Three rules that are on; they ran for what the last 30 days brought."""
    for name, definition in RULES:
        written = keeping.add_rule(name=name, definition=definition, now=now)
        keeping.switch_on(rule_id=written.pk)
        run_here("core.run_rule", params={"rule_id": written.pk}, title=f"Run “{name}”")
