"""What is late: open work whose time has passed."""

from django.db.models import Q
from django.utils import timezone

from orders.states import FulfilmentState


def late_work() -> Q:
    """Fulfilments that should have left by now."""
    return Q(ship_by__lt=timezone.now(), state__in=FulfilmentState.open_states())
