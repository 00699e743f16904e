"""The rows of the ground."""

from core.models.api import ApiKey, StoredAnswer
from core.models.attention import AttentionItem
from core.models.business import Channel, LegalEntity
from core.models.changes import StateChange
from core.models.custom import CustomField, CustomKind, HasCustomFields
from core.models.documents import (
    Document,
    DocumentFile,
    DocumentPrint,
    DocumentStatus,
    PageSize,
)
from core.models.external import ExternalOperation, OperationState
from core.models.forms import FormToken
from core.models.imports import ImportFile, ImportIssue, ImportRun, ImportStatus
from core.models.jobs import Job, JobFile, JobResult, JobStatus
from core.models.leased import Leased
from core.models.messages import Message, MessageStatus, MessageTemplate
from core.models.numbering import NumberSeries
from core.models.outbox import Delivery, DeliveryStatus, StoredFact
from core.models.rules import Rule, RuleRun, RuleVersion, RunOutcome
from core.models.users import User
from core.models.views import ListPreference, SavedView
from core.models.webhooks import (
    EndpointStatus,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookStatus,
)

__all__ = [
    "ApiKey",
    "AttentionItem",
    "Channel",
    "CustomField",
    "CustomKind",
    "Delivery",
    "DeliveryStatus",
    "Document",
    "DocumentFile",
    "DocumentPrint",
    "DocumentStatus",
    "EndpointStatus",
    "ExternalOperation",
    "FormToken",
    "HasCustomFields",
    "ImportFile",
    "ImportIssue",
    "ImportRun",
    "ImportStatus",
    "Job",
    "JobFile",
    "JobResult",
    "JobStatus",
    "Leased",
    "LegalEntity",
    "ListPreference",
    "Message",
    "MessageStatus",
    "MessageTemplate",
    "NumberSeries",
    "OperationState",
    "PageSize",
    "Rule",
    "RuleRun",
    "RuleVersion",
    "RunOutcome",
    "SavedView",
    "StateChange",
    "StoredAnswer",
    "StoredFact",
    "User",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookStatus",
]
