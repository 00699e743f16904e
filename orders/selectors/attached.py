"""Which of the rare things hang on an order, so that its page asks only for those that are there."""

from dataclasses import dataclass

from django.db import connection

from orders.models import Order

ATTACHED = """
    SELECT EXISTS (SELECT FROM orders_orderlink WHERE source_id = %(order)s)
               OR EXISTS (SELECT FROM orders_orderlink WHERE target_id = %(order)s),
           EXISTS (SELECT FROM orders_hold WHERE order_id = %(order)s),
           EXISTS (SELECT FROM orders_changeset WHERE order_id = %(order)s),
           EXISTS (SELECT FROM orders_watcher WHERE order_id = %(order)s),
           EXISTS (SELECT FROM orders_note WHERE order_id = %(order)s),
           EXISTS (SELECT FROM orders_adjustment WHERE order_id = %(order)s)
               OR EXISTS (SELECT FROM orders_adjustment reason
                          JOIN orders_orderline line ON line.id = reason.line_id
                          WHERE line.order_id = %(order)s)
"""


@dataclass(frozen=True, slots=True)
class Attached:
    """What is there at all."""

    links: bool
    holds: bool
    change_sets: bool
    watchers: bool
    notes: bool
    adjustments: bool


def attached_to(order: Order) -> Attached:
    """One statement instead of one for each of them; most orders have none."""
    with connection.cursor() as cursor:
        cursor.execute(ATTACHED, {"order": order.pk})
        return Attached(*cursor.fetchone())
