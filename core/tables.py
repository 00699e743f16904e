"""The lists of jobs, documents, messages and imports."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from core import clock, document_batches, documents, imports, jobs, subjects
from core.filters import (
    DocumentFilter,
    ImportFilter,
    JobFilter,
    MessageFilter,
    RuleRunFilter,
    WebhookDeliveryFilter,
    WebhookEndpointFilter,
)
from core.listing import BulkAction, Column, Empty, Listing, Preset
from core.models import (
    Document,
    DocumentStatus,
    EndpointStatus,
    ImportRun,
    Job,
    Message,
    MessageStatus,
    RuleRun,
    RunOutcome,
    User,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookStatus,
)
from core.rights import (
    EDIT_MESSAGES,
    EDIT_RULES,
    EDIT_WEBHOOKS,
    SEE_BACK_OFFICE,
    SEE_HEALTH,
    SEE_JOBS,
)
from core.webhooks import replaying


def jobs_seen_by(user: User) -> QuerySet[Job]:
    """One's own jobs, those whose right one holds, and for who watches the system all of them."""
    if user.has_right(SEE_HEALTH):
        return Job.objects.all()
    mine = Q(actor_kind="user", actor_key=str(user.pk))
    return Job.objects.filter(mine | Q(right__in=user.right_codes))


def runs_seen_by(user: User) -> QuerySet[ImportRun]:
    """The runs of those imports that the user may run."""
    kinds = [importer.kind for importer in imports.importers_for(user)]
    return ImportRun.objects.filter(kind__in=kinds).defer("options", "header")


class JobList(Listing):
    name, title, noun = "core.jobs", "Jobs", ("job", "jobs")
    url_name, right = "job_list", SEE_JOBS
    columns = (
        Column("title", "Job", value="title", is_fixed=True),
        Column("status", "Status", value=lambda row: row.get_status_display()),
        Column("progress", "Progress", value="progress_done", kind="number"),
        Column("by", "Started by", value="actor_label"),
        Column("started", "Started", sort="started_at", value="started_at", kind="moment"),
        Column("finished", "Finished", value="finished_at", kind="moment"),
        Column("kind", "Kind", value="kind", is_default=False),
    )
    filterset = JobFilter
    promoted = ("status",)
    search_label = "Search jobs"
    default_sort = "-started"
    row_template = "core/jobs/job_rows.html"
    presets = (
        Preset("running", "At work", "status=waiting&status=running", is_counted=True),
        Preset("failed", "Failed", "status=parked", is_counted=True),
    )
    empty = Empty("No jobs yet", "Bulk actions, imports and exports run here.", icon="jobs")

    def queryset(self) -> QuerySet[Job]:
        return jobs_seen_by(self.user).defer("params", "checkpoint")

    def match(self, word: str) -> Q:
        return Q(title__icontains=word) | Q(actor_label__icontains=word)

    def row_class(self, row: Job) -> str:
        return "row--danger" if row.status == Job.PARKED else ""


class PrintDocuments(BulkAction):
    code, label, title, icon = "print", "Print", "Print documents", "print"
    right = SEE_BACK_OFFICE
    batch = 10_000

    def refusal(self, row: Document) -> str | None:
        return "It could not be made." if row.status == DocumentStatus.FAILED else None

    def apply(self, rows: Sequence[Document], **values: Any) -> Mapping[int, str] | None:
        return None

    def finish(self, handle: jobs.Handle, done: Sequence[int], **values: Any) -> str:
        return document_batches.print_documents(handle, document_ids=list(done))


class DocumentList(Listing):
    name, title, noun = "core.documents", "Documents", ("document", "documents")
    url_name, right = "document_list", SEE_BACK_OFFICE
    columns = (
        Column("name", "Document", value="name", is_fixed=True),
        Column("status", "Status", value=lambda row: row.get_status_display()),
        Column("subject", "About", value=lambda row: row.about.label),
        Column("requested", "Asked for", sort="requested_at", value="requested_at", kind="moment"),
        Column("by", "Asked for by", value="actor_label"),
        Column("pages", "Pages", value="pages", kind="number"),
        Column("printed", "Printed", value="printings", kind="number"),
    )
    filterset = DocumentFilter
    promoted = ("kind", "status")
    search_label = "Search documents: number"
    default_sort = "-requested"
    row_template = "core/documents/document_rows.html"
    presets = (Preset("failed", "Failed", "status=failed", is_counted=True),)
    bulk_actions = (PrintDocuments(),)
    empty = Empty(
        "No documents yet", "Invoices, slips and labels appear when they are made.", icon="document"
    )

    def queryset(self) -> QuerySet[Document]:
        return documents.visible_to(self.user).annotate(printings=Count("prints"))

    def decorate(self, rows: Sequence[Any]) -> None:
        subjects.name_rows(self.user, rows)

    def match(self, word: str) -> Q:
        return Q(number__icontains=word) | Q(label__icontains=word)

    def row_label(self, row: Document) -> str:
        return row.name


class MessageList(Listing):
    name, title, noun = "core.messages", "Messages", ("message", "messages")
    url_name, right = "message_list", EDIT_MESSAGES
    template = "core/messages/message_list.html"
    columns = (
        Column("subject", "Subject", value="subject", is_fixed=True),
        Column("to", "To", value="to"),
        Column("kind", "Kind", value="label"),
        Column("status", "Status", value=lambda row: row.get_status_display()),
        Column("queued", "Queued", sort="queued_at", value="queued_at", kind="moment"),
        Column("sent", "Sent", value="sent_at", kind="moment"),
    )
    filterset = MessageFilter
    promoted = ("status", "kind")
    search_label = "Search messages: address, subject"
    default_sort = "-queued"
    row_template = "core/messages/message_rows.html"
    presets = (
        Preset("trouble", "Not sent", "status=failed&status=unknown", is_counted=True),
        Preset("kept", "Kept here", "status=kept"),
    )
    empty = Empty("No messages yet", "Messages to customers appear when orders move.", icon="mail")

    def queryset(self) -> QuerySet[Message]:
        return Message.objects.defer("variables", "body")

    def match(self, word: str) -> Q:
        return Q(to__icontains=word) | Q(subject__icontains=word)

    def row_class(self, row: Message) -> str:
        return "row--danger" if row.status in {MessageStatus.FAILED, MessageStatus.UNKNOWN} else ""


class ImportList(Listing):
    name, title, noun = "core.imports", "Imports", ("import", "imports")
    url_name, right = "import_list", SEE_JOBS
    template = "core/imports/import_list.html"
    columns = (
        Column("name", "File", value="name", is_fixed=True),
        Column("kind", "Kind", value="kind"),
        Column("status", "Status", value=lambda row: row.get_status_display()),
        Column("created", "Created", value="created", kind="number"),
        Column("updated", "Updated", value="updated", kind="number"),
        Column("unchanged", "Unchanged", value="unchanged", kind="number"),
        Column("rejected", "Rejected rows", value="rejected", kind="number"),
        Column("by", "Started by", value="actor_label"),
        Column("started", "Started", sort="started_at", value="started_at", kind="moment"),
    )
    filterset = ImportFilter
    promoted = ("kind", "status")
    search_label = "Search imports: file name"
    default_sort = "-started"
    row_template = "core/imports/import_rows.html"
    empty = Empty(
        "No imports yet",
        "Bring orders, products or stock from a file; a dry run checks it first.",
        "import_new",
        "New import",
        "upload",
        right=SEE_JOBS,
    )

    def queryset(self) -> QuerySet[ImportRun]:
        return runs_seen_by(self.user)

    def match(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(actor_label__icontains=word)

    def row_class(self, row: ImportRun) -> str:
        return "row--warning" if row.rejected else ""


class WebhookEndpointList(Listing):
    name, title, noun = "core.webhook_endpoints", "Webhooks", ("endpoint", "endpoints")
    url_name, right = "webhook_endpoint_list", EDIT_WEBHOOKS
    columns = (
        Column("name", "Endpoint", sort="name", value="name", is_fixed=True),
        Column("status", "Status", value=lambda row: row.get_status_display()),
        Column("url", "Address", value="url"),
        Column("kinds", "Events", value=lambda row: len(row.event_kinds), kind="number"),
        Column("waiting", "Waiting", value="waiting", kind="number"),
        Column(
            "succeeded", "Last success", sort="succeeded_at", value="succeeded_at", kind="moment"
        ),
        Column("error", "Last error", value="last_error"),
    )
    filterset = WebhookEndpointFilter
    promoted = ("status",)
    search_label = "Search endpoints: name, address"
    default_sort = "name"
    row_template = "core/webhooks/endpoint_rows.html"
    presets = (Preset("failing", "Failing", "failing=true", is_counted=True),)
    empty = Empty(
        "No endpoints yet",
        "Let a system elsewhere be told of what happens here, the moment it does.",
        "webhook_endpoint_new",
        "Add endpoint",
        icon="globe",
        right=EDIT_WEBHOOKS,
    )
    template = "core/webhooks/endpoint_list.html"

    def queryset(self) -> QuerySet[WebhookEndpoint]:
        waiting = Q(deliveries__status=WebhookStatus.WAITING)
        return WebhookEndpoint.objects.annotate(waiting=Count("deliveries", filter=waiting))

    def match(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(url__icontains=word)

    def row_class(self, row: WebhookEndpoint) -> str:
        if row.status == EndpointStatus.DISABLED:
            return "row--danger"
        return "row--warning" if row.failing_since else ""


class ReplayDeliveries(BulkAction):
    code, label, title, icon = "replay", "Send again", "Send webhooks again", "refresh"
    right = EDIT_WEBHOOKS

    def refusal(self, row: WebhookDelivery) -> str | None:
        if row.status == WebhookStatus.WAITING:
            return "It waits to be sent already."
        if row.endpoint.status == EndpointStatus.DISABLED:
            return f"{row.endpoint.name} is disabled; resume it first."
        return None

    def apply(self, rows: Sequence[WebhookDelivery], **values: Any) -> Mapping[int, str] | None:
        replaying.replay(delivery_ids=[row.pk for row in rows], now=clock.now())
        return None


class WebhookDeliveryList(Listing):
    name, title, noun = "core.webhooks", "Webhooks sent", ("delivery", "deliveries")
    url_name, right = "webhook_delivery_list", EDIT_WEBHOOKS
    columns = (
        Column("event", "Event", value="fact.name", is_fixed=True),
        Column("endpoint", "Endpoint", value="endpoint.name"),
        Column("status", "Status", value=lambda row: row.get_status_display()),
        Column("attempts", "Attempts", value="attempts", kind="number"),
        Column("happened", "Happened", sort="id", value="fact.occurred_at", kind="moment"),
        Column(
            "next", "Next attempt", sort="next_attempt_at", value="next_attempt_at", kind="moment"
        ),
        Column("delivered", "Delivered", sort="delivered_at", value="delivered_at", kind="moment"),
        Column("error", "Last error", value="last_error"),
    )
    filterset = WebhookDeliveryFilter
    promoted = ("endpoint", "status")
    search_label = "Search webhooks: event, webhook-id"
    default_sort = "-happened"
    row_template = "core/webhooks/delivery_rows.html"
    presets = (
        Preset("failed", "Given up", "status=parked", is_counted=True),
        Preset("waiting", "Waiting", "status=waiting"),
    )
    bulk_actions = (ReplayDeliveries(),)
    empty = Empty("Nothing was sent yet", "Events appear once an endpoint is told of them.")

    def queryset(self) -> QuerySet[WebhookDelivery]:
        return WebhookDelivery.objects.select_related("endpoint", "fact")

    def match(self, word: str) -> Q:
        number = word.removeprefix("evt_")
        by_id = Q(fact_id=int(number)) if number.isdecimal() and len(number) < 18 else Q(pk=None)
        return Q(fact__name__icontains=word) | by_id

    def row_class(self, row: WebhookDelivery) -> str:
        return "row--danger" if row.status == WebhookStatus.PARKED else ""


class RuleRunList(Listing):
    name, title, noun = "core.rule_runs", "What rules did", ("run", "runs")
    url_name, right = "rule_run_list", EDIT_RULES
    columns = (
        Column("about", "About", value=lambda row: row.about.label, is_fixed=True),
        Column("rule", "Rule", value="rule.name"),
        Column("outcome", "Outcome", value=lambda row: row.get_outcome_display()),
        Column("what", "What it did, or why not", value=lambda row: row.told),
        Column("started", "Started by", value=lambda row: row.fact.sentence if row.fact else ""),
        Column("at", "When", sort="id", value="at", kind="moment"),
        Column("version", "Version", value="number", kind="number", is_default=False),
    )
    filterset = RuleRunFilter
    promoted = ("rule", "outcome")
    search_label = "Search runs: number"
    default_sort = "-at"
    row_template = "core/rules/run_rows.html"
    presets = (
        Preset("ran", "Ran", "outcome=done"),
        Preset("skipped", "Skipped", "outcome=skipped"),
        Preset("failed", "Failed", "outcome=failed", is_counted=True),
    )
    empty = Empty(
        "No rule has run yet", "Runs appear once a rule that is on meets its event.", icon="bolt"
    )

    def queryset(self) -> QuerySet[RuleRun]:
        return RuleRun.objects.select_related("rule", "fact")

    def decorate(self, rows: Sequence[Any]) -> None:
        subjects.name_rows(self.user, rows)

    def match(self, word: str) -> Q:
        return Q(label__istartswith=word)

    def row_class(self, row: RuleRun) -> str:
        return "row--danger" if row.outcome == RunOutcome.FAILED else ""
