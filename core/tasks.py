"""Wake-up calls for work that PostgreSQL holds."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core import auditing, documents, external, failed_work, jobs, messages, outbox
from core.webhooks import sending


@shared_task(name="core.relay_outbox")
def relay_outbox() -> None:
    """Hand over what is due until nothing is."""
    while outbox.relay(limit=100):
        pass


@shared_task(name="core.run_jobs")
def run_jobs() -> None:
    """Give jobs their turns until none is due, one at a time in this process."""
    while jobs.run_due():
        pass


@shared_task(name="core.render_documents")
def render_documents() -> None:
    """Make the documents that were asked for."""
    while documents.render_due():
        pass


@shared_task(name="core.render_wanted")
def render_wanted(document_id: int) -> None:
    """Make one document that somebody waits for, also one that was put off until then."""
    documents.hasten([document_id])
    render_documents()


@shared_task(name="core.send_messages")
def send_messages() -> None:
    """Send what is queued, or keep it here where no mail server is set up."""
    while messages.send_due():
        pass


@shared_task(name="core.perform_operations")
def perform_operations() -> None:
    """Make the calls that were intended, and look up those whose answer got lost."""
    while external.perform_due():
        pass


@shared_task(name="core.send_webhooks")
def send_webhooks() -> None:
    """Tell machines elsewhere what happened."""
    sending.send_in_parallel()


@shared_task(name="core.sweep_outbox")
def sweep_outbox() -> None:
    """Find the facts nobody was woken for."""
    relay_outbox()


@shared_task(name="core.sweep_work")
def sweep_work() -> None:
    """Find the work nobody was woken for: short work first, jobs last."""
    perform_operations()
    send_messages()
    render_documents()
    run_jobs()


@shared_task(name="core.purge")
def purge() -> None:
    """Start the nightly clearing away, once a day however often this is called."""
    today = timezone.localdate()
    with transaction.atomic():
        jobs.start("core.purge", params={}, dedupe=f"core.purge:{today}")


@shared_task(name="core.audit_invariants")
def audit_invariants() -> None:
    """The nightly check; what it finds waits on home."""
    auditing.audit_and_alert()


@shared_task(name="core.tell_failed_work")
def tell_failed_work() -> None:
    """Put work that was set aside before people."""
    failed_work.tell_home()


def drain_all(*, rounds: int = 20) -> int:
    """Do everything that is due until nothing is, for tests and commands that end with all done."""
    done = 0
    for _ in range(rounds):
        tried = (
            outbox.drain()
            + external.perform_due()
            + sending.send_due()
            + messages.send_due()
            + documents.render_due()
            + jobs.run_due()
        )
        done += tried
        if not tried:
            break
    return done
