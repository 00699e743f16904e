"""What the schedule asks of stock; safe to run twice."""

from celery import shared_task

from core import clock
from inventory import services


@shared_task(name="inventory.expire_reservations")
def expire_reservations() -> None:
    """Let go units that were kept for somebody who did not order in time."""
    services.expire_reservations(now=clock.now())
