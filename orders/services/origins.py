"""Keeping from where orders were asked for, where their channel tells."""

from collections.abc import Sequence
from datetime import datetime

from orders.drafts import Origin
from orders.models import Order, OrderOrigin
from orders.selectors.risk.listed import network_key


def keep_origins(told: Sequence[tuple[Order, Origin | None]], *, now: datetime) -> None:
    """Write the origins of orders just placed: one statement, none where nothing was told."""
    rows = [
        OrderOrigin(
            order=order,
            network_key=network_key(origin.network_address),
            user_agent=origin.user_agent[:300],
            told_at=order.placed_at or now,
        )
        for order, origin in told
        if origin is not None and (origin.network_address or origin.user_agent)
    ]
    if rows:
        OrderOrigin.objects.bulk_create(rows)  # its key is the order's own
