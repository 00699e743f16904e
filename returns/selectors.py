"""Questions about returns, within what a user may see."""

from django.db.models import Q, QuerySet
from django.http import Http404

from core.models import User
from inventory.selectors import is_bound_to_locations, visible_locations
from orders.selectors import orders_seen_by
from returns.models import ReturnRequest
from returns.states import ReturnState


def returns_seen_by(user: User) -> QuerySet[ReturnRequest]:
    """The returns a user may see: warehouse staff see those of their orders or at their locations."""
    returns = ReturnRequest.objects.all()
    if not is_bound_to_locations(user):
        return returns
    return returns.filter(
        Q(order__in=orders_seen_by(user)) | Q(location__in=visible_locations(user))
    )


def return_seen_by(user: User, return_id: int) -> ReturnRequest:
    """One return with its order; Http404 when the user may not see it."""
    found = returns_seen_by(user).select_related("order", "location").filter(pk=return_id).first()
    if found is None:
        raise Http404("No such return, or it is not yours to see.")
    return found


def waiting_returns(user: User) -> QuerySet[ReturnRequest]:
    """Returns a user may see that wait for one of us."""
    return returns_seen_by(user).filter(state__in=ReturnState.waiting_states())
