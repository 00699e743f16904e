"""How the list of returns is narrowed."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.listing import AnyOf, ListFilter, Period
from returns.models import ReturnLine, ReturnRequest
from returns.states import ReturnReason, ReturnState


class ReturnFilter(ListFilter):
    """The filters of the returns page."""

    state = AnyOf("state", label="State", choices=ReturnState.choices)
    reason = AnyOf(label="Reason", choices=ReturnReason.choices, method="for_reason")
    requested = Period("requested_at", label="Requested")

    def for_reason(
        self, rows: QuerySet[ReturnRequest], name: str, value: Any
    ) -> QuerySet[ReturnRequest]:
        if not value:
            return rows
        lines = ReturnLine.objects.filter(request=OuterRef("pk"), reason__in=list(value))
        return rows.filter(Exists(lines))
