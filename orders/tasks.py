"""What the schedule asks of orders; each is safe to run twice."""

from datetime import timedelta

from celery import shared_task

from core import clock
from orders.services import (
    expire_quotations,
    expire_unpaid,
    place_standing_orders,
    refresh_lanes,
    refresh_pairs,
    release_due_holds,
    resource_orders,
    warn_of_expiry,
)
from orders.services.screening import refresh_usual, score_waiting, watch_reviews
from orders.services.stock_worth import refresh_stock_worth

SOURCED_SINCE = timedelta(
    minutes=30
)  # three times the schedule: one that was missed is made up for


@shared_task(name="orders.release_holds")
def release_holds() -> None:
    """Let orders go on whose hold has ended."""
    release_due_holds(now=clock.now())


@shared_task(name="orders.expire_unpaid")
def expire_unpaid_orders() -> None:
    """End orders that nobody paid, and warn of those that end next."""
    expire_unpaid(now=clock.now())
    warn_of_expiry(now=clock.now())


@shared_task(name="orders.expire_quotations")
def expire_old_quotations() -> None:
    """End quotes whose day has passed."""
    expire_quotations(now=clock.now())


@shared_task(name="orders.place_standing_orders")
def place_due_standing_orders() -> None:
    """Place the standing orders that are due."""
    place_standing_orders(now=clock.now())


@shared_task(name="orders.refresh_lanes")
def refresh_lane_statistics() -> None:
    """Count anew how long carriers take."""
    refresh_lanes(now=clock.now())


@shared_task(name="orders.watch_risk")
def watch_risk() -> None:
    """Score what was left waiting, and put late reviews before people."""
    score_waiting(now=clock.now())
    watch_reviews(now=clock.now())


@shared_task(name="orders.refresh_usual")
def refresh_usual_amounts() -> None:
    """Compute anew what is usual in each channel."""
    refresh_usual(now=clock.now())


@shared_task(name="orders.source_again")
def source_again() -> None:
    """Send orders from elsewhere where that became better since the last time, and some."""
    now = clock.now()
    resource_orders(since=now - SOURCED_SINCE, now=now)


@shared_task(name="orders.refresh_stock_worth")
def refresh_worth_of_stock() -> None:
    """Compute anew what stock is worth where it lies, where the shop asks for it."""
    refresh_stock_worth(now=clock.now())


@shared_task(name="orders.refresh_pairs")
def refresh_bought_together() -> None:
    """Count anew what is bought together."""
    refresh_pairs(now=clock.now())
