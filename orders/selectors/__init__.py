"""Questions about orders, answered without changing anything."""

from orders.selectors.blocking import Blocker, blockers_of
from orders.selectors.quoting import LineQuote, Quote, price_draft, quote_order
from orders.selectors.reading import (
    adjustments_of,
    allocations_by_line,
    lines_of,
    order_seen_by,
    orders_seen_by,
    shipping_rate,
)

__all__ = [
    "Blocker",
    "LineQuote",
    "Quote",
    "adjustments_of",
    "allocations_by_line",
    "blockers_of",
    "lines_of",
    "order_seen_by",
    "orders_seen_by",
    "price_draft",
    "quote_order",
    "shipping_rate",
]
