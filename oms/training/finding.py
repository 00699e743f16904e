"""The first task: an order of a named customer is to be found."""

from django.db import transaction

from core.errors import DomainError
from core.models import User
from core.outbox import publish
from oms.events import OrderFound
from orders.selectors import orders_seen_by


class NotTheOrder(DomainError):
    """What was named is no order of the customer."""

    code = "not_the_order"


@transaction.atomic
def name_order(*, user: User, number: str, customer_id: int) -> None:
    """Tick the task off when the number is that of an order of the customer. Raises NotTheOrder."""
    order = orders_seen_by(user).filter(number__iexact=number.strip()).first()
    if order is None:
        raise NotTheOrder(
            f"There is no order {number}; open one from the search and copy its number.",
            field="number",
        )
    if order.customer_id != customer_id:
        raise NotTheOrder(
            f"Order {order.number} is {order.customer_name}’s; search for the name above.",
            field="number",
        )
    publish(OrderFound(user_id=user.pk, number=order.number))
