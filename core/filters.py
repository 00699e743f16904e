"""How the lists of jobs, documents, messages and imports are narrowed."""

from django.db.models import Q

from core import documents, imports, messages
from core.listing import AnyOf, Contains, Flag, ListFilter, Period
from core.models import (
    DocumentStatus,
    EndpointStatus,
    ImportStatus,
    JobStatus,
    MessageStatus,
    Rule,
    RunOutcome,
    WebhookEndpoint,
    WebhookStatus,
)
from core.webhooks import payloads


def _document_kinds() -> list[tuple[str, str]]:
    return [(kind.code, kind.label) for kind in documents.all_kinds()]


def _message_kinds() -> list[tuple[str, str]]:
    return [(kind.code, kind.label) for kind in messages.all_kinds()]


def _import_kinds() -> list[tuple[str, str]]:
    return [(one.kind, one.label) for one in imports.all_importers()]


def _event_kinds() -> list[tuple[str, str]]:
    return [(name, name) for kinds in payloads.event_kinds().values() for name, _ in kinds]


def _endpoints() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in WebhookEndpoint.objects.values_list("pk", "name")]


def _rules() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Rule.objects.values_list("pk", "name")]


class JobFilter(ListFilter):
    """The filters of the jobs page."""

    status = AnyOf("status", label="Status", choices=JobStatus.choices)
    by = Contains("actor_label", label="Started by")
    started = Period("started_at", label="Started")
    failures = Flag(label="With failed rows", condition=Q(results__is_ok=False), distinct=True)


class DocumentFilter(ListFilter):
    """The filters of the documents page."""

    kind = AnyOf("kind", label="Kind", choices=_document_kinds)
    status = AnyOf("status", label="Status", choices=DocumentStatus.choices)
    requested = Period("requested_at", label="Asked for")
    final = Flag("is_final", label="Issued for good")


class MessageFilter(ListFilter):
    """The filters of the messages page."""

    status = AnyOf("status", label="Status", choices=MessageStatus.choices)
    kind = AnyOf("kind", label="Kind", choices=_message_kinds)
    queued = Period("queued_at", label="Queued")


class ImportFilter(ListFilter):
    """The filters of the imports page."""

    kind = AnyOf("kind", label="Kind", choices=_import_kinds)
    status = AnyOf("status", label="Status", choices=ImportStatus.choices)
    dry = Flag("is_dry_run", label="Dry run")
    rejected = Flag(label="With rejected rows", condition=Q(rejected__gt=0))
    started = Period("started_at", label="Started")


class WebhookEndpointFilter(ListFilter):
    """The filters of the endpoints of webhooks."""

    status = AnyOf("status", label="Status", choices=EndpointStatus.choices)
    failing = Flag(label="Failing", condition=Q(failing_since__isnull=False))


class WebhookDeliveryFilter(ListFilter):
    """The filters of the log of webhooks."""

    endpoint = AnyOf("endpoint", label="Endpoint", choices=_endpoints)
    status = AnyOf("status", label="Status", choices=WebhookStatus.choices)
    kind = AnyOf("fact__name", label="Event", choices=_event_kinds)
    happened = Period("fact__occurred_at", label="Happened")


class RuleRunFilter(ListFilter):
    """The filters of the history of rules."""

    rule = AnyOf("rule", label="Rule", choices=_rules)
    outcome = AnyOf("outcome", label="Outcome", choices=RunOutcome.choices)
    at = Period("at", label="When")
