"""What one delivery tells of one order, whichever shop it is from."""

from dataclasses import dataclass
from datetime import datetime

from oms.intake.documents import MoneyMoved, OrderDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A whole version of the order (`document`, as of `version_at`), a cancellation, refunds: what
    the delivery holds of these. Refunds have ids: the same one told twice is one.
    """

    external_id: str
    document: OrderDocument | None = None
    version_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    refunds: tuple[tuple[str, MoneyMoved], ...] = ()
