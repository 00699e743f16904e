"""Scheduled looks at the clock."""

from celery import shared_task
from django.utils import timezone

from shipping.services import flag_late, flag_stalled, foresee_late, forget_late, retell_late


@shared_task(name="shipping.watch")
def watch() -> None:
    """Find late work and silent parcels; safe to run twice."""
    now = timezone.now()
    flag_late(now=now)
    forget_late()
    retell_late()
    flag_stalled(now=now)


@shared_task(name="shipping.foresee")
def foresee() -> None:
    """Find orders that will miss their promised day; safe to run twice."""
    foresee_late(now=timezone.now())
