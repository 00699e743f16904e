"""Which orders and customers got units of a lot, or are to get them."""

from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from core.models import User
from orders.models import OrderLine
from orders.selectors.reading import orders_seen_by

OPEN = (
    F("demand__allocations__quantity")
    - F("demand__allocations__consumed")
    - F("demand__allocations__released")
)


def who_got(user: User, lot_id: int) -> QuerySet[Any, Any]:
    """A row for each order: `sent` units of the lot left with it, `held` ones are set aside for it.
    Orders that had some set aside and got none are left out. One query.
    """
    of_lot = Q(demand__allocations__lot_id=lot_id)
    return (
        OrderLine.objects.filter(of_lot, order__in=orders_seen_by(user).order_by().values("pk"))
        .order_by("order__placed_at", "order_id")
        .values(
            "order_id",
            "order__number",
            "order__placed_at",
            "order__customer_id",
            "order__customer_name",
            "order__email",
            "order__phone",
        )
        .annotate(
            sent=Sum("demand__allocations__consumed", filter=of_lot),
            held=Sum(OPEN, filter=of_lot),
        )
        .filter(Q(sent__gt=0) | Q(held__gt=0))
    )
