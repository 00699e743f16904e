"""What the schedule asks of stock; safe to run twice."""

from celery import shared_task

from core import clock
from inventory import services


@shared_task(name="inventory.expire_reservations")
def expire_reservations() -> None:
    """Let go units that were kept for somebody who did not order in time."""
    services.expire_reservations(now=clock.now())


@shared_task(name="inventory.refresh_feeds")
def refresh_feeds() -> None:
    """Bring up to date what every channel is told to be able to sell."""
    services.refresh_feeds(now=clock.now())


@shared_task(name="inventory.flag_expiring")
def flag_expiring() -> None:
    """Put lots before people that expire soon."""
    services.flag_expiring(today=clock.now().date())


@shared_task(name="inventory.flag_late_suppliers")
def flag_late_suppliers() -> None:
    """Put purchase orders before people whose goods should be here."""
    services.flag_late_suppliers(now=clock.now())


@shared_task(name="inventory.plan_replenishment")
def plan_replenishment() -> None:
    """Foretell demand, renew what is suggested, and order what needs no asking."""
    now = clock.now()
    services.plan_replenishment(now=now)
    services.order_automatically(now=now)
