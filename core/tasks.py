"""Wake-up calls for work that PostgreSQL holds."""

from celery import shared_task

from core import outbox


@shared_task(name="core.relay_outbox")
def relay_outbox() -> None:
    """Hand over what is due; when a full batch was due, call again for the rest."""
    while outbox.relay(limit=100) == 100:
        pass


@shared_task(name="core.sweep_outbox")
def sweep_outbox() -> None:
    """Find what nobody was woken for."""
    outbox.relay(limit=500)
