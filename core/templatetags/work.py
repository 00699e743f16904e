"""The tags of pages about jobs, documents, messages and imports."""

from django import template

from core.markup import BadgeSet
from core.models import (
    DocumentStatus,
    EndpointStatus,
    ImportStatus,
    JobStatus,
    MessageStatus,
    RunOutcome,
    WebhookStatus,
)

register = template.Library()

BadgeSet(
    JobStatus,
    {
        JobStatus.WAITING: ("neutral", "clock"),
        JobStatus.RUNNING: ("info", "refresh"),
        JobStatus.DONE: ("success", "check"),
        JobStatus.PARKED: ("danger", "alert"),
        JobStatus.CANCELLED: ("neutral", "blocked"),
    },
).add_to(register, "job_badge")
BadgeSet(
    DocumentStatus,
    {
        DocumentStatus.PENDING: ("info", "clock"),
        DocumentStatus.READY: ("success", "check"),
        DocumentStatus.FAILED: ("danger", "alert"),
    },
).add_to(register, "document_badge")
BadgeSet(
    MessageStatus,
    {
        MessageStatus.QUEUED: ("neutral", "clock"),
        MessageStatus.SENDING: ("info", "mail"),
        MessageStatus.SENT: ("success", "check"),
        MessageStatus.KEPT: ("accent", "eye"),
        MessageStatus.FAILED: ("danger", "alert"),
        MessageStatus.UNKNOWN: ("warning", "question"),
        MessageStatus.OFF: ("neutral", "blocked"),
    },
).add_to(register, "message_badge")
BadgeSet(
    ImportStatus,
    {
        ImportStatus.WAITING: ("neutral", "clock"),
        ImportStatus.RUNNING: ("info", "refresh"),
        ImportStatus.DONE: ("success", "check"),
        ImportStatus.STOPPED: ("warning", "pause"),
        ImportStatus.FAILED: ("danger", "alert"),
    },
).add_to(register, "import_badge")
BadgeSet(
    EndpointStatus,
    {
        EndpointStatus.ACTIVE: ("success", "check"),
        EndpointStatus.PAUSED: ("warning", "pause"),
        EndpointStatus.DISABLED: ("danger", "blocked"),
    },
).add_to(register, "endpoint_badge")
BadgeSet(
    WebhookStatus,
    {
        WebhookStatus.WAITING: ("neutral", "clock"),
        WebhookStatus.DELIVERED: ("success", "check"),
        WebhookStatus.PARKED: ("danger", "alert"),
        WebhookStatus.SKIPPED: ("neutral", "minus"),
    },
).add_to(register, "webhook_badge")
BadgeSet(
    RunOutcome,
    {
        RunOutcome.DONE: ("success", "check"),
        RunOutcome.SKIPPED: ("neutral", "minus"),
        RunOutcome.FAILED: ("danger", "alert"),
    },
).add_to(register, "run_badge")


@register.filter
def spoken(code: str) -> str:
    """A code as people say it: unknown_sku becomes “Unknown SKU”."""
    return code.replace("_", " ").capitalize().replace("sku", "SKU")
