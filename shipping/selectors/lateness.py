"""What is late: open work whose time has passed."""

from datetime import datetime

from django.db.models import Q

from orders.states import FulfilmentState


def late_work(*, now: datetime) -> Q:
    """Fulfilments that should have left by `now`."""
    return Q(ship_by__lt=now, state__in=FulfilmentState.open_states())
