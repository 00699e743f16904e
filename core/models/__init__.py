"""The rows of the ground."""

from core.models.attention import AttentionItem
from core.models.business import Channel, LegalEntity
from core.models.changes import StateChange
from core.models.external import ExternalOperation, OperationState
from core.models.forms import FormToken
from core.models.numbering import NumberSeries
from core.models.outbox import Delivery, DeliveryStatus, StoredFact
from core.models.users import User

__all__ = [
    "AttentionItem",
    "Channel",
    "Delivery",
    "DeliveryStatus",
    "ExternalOperation",
    "FormToken",
    "LegalEntity",
    "NumberSeries",
    "OperationState",
    "StateChange",
    "StoredFact",
    "User",
]
