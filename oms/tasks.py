"""Wake-up calls for intake."""

from celery import shared_task

from oms.intake.hooks import working


@shared_task(name="oms.take_deliveries")
def take_deliveries() -> None:
    """Turn what shops sent into orders until nothing is left."""
    working.drain()
