"""Change sets as pages show them."""

from django.db.models import QuerySet
from django.http import Http404

from orders.models import ChangeSet, Order


def changes_of(order: Order) -> QuerySet[ChangeSet]:
    """An order's change sets with their actions, newest first: two queries."""
    return order.change_sets.prefetch_related("actions").order_by("-number")


def change_of(order: Order, change_set_id: int) -> ChangeSet:
    """One change set of the order; Http404 when it is none of its."""
    found = changes_of(order).filter(pk=change_set_id).first()
    if found is None:
        raise Http404("No such change of this order.")
    found.order = order
    return found
