"""Orders for machines: lists, one order, and the verbs that staff have by button."""

from orders.api.quotes import room as quotes
from orders.api.reading import room
from orders.api.shapes import OrderOut, order_out
from orders.api.verbs import room as verbs

__all__ = ["OrderOut", "order_out", "quotes", "room", "verbs"]
