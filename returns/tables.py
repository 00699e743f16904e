"""The list of returns."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from core.listing import BulkAction, Column, Empty, Listing, Preset, choice_token, day_token
from core.rights import Role
from returns.filters import ReturnFilter
from returns.models import ReturnRequest
from returns.rights import DECIDE_RETURNS, SEE_RETURNS
from returns.selectors import returns_seen_by
from returns.services import approve_return
from returns.states import ReturnState


class ApproveReturns(BulkAction):
    code, label, title, icon = "approve", "Approve", "Approve returns", "check"
    right = DECIDE_RETURNS

    def refusal(self, row: ReturnRequest) -> str | None:
        return None if row.state == ReturnState.REQUESTED else "It is decided already."

    def apply(self, rows: Sequence[ReturnRequest], **values: Any) -> None:
        for row in rows:
            approve_return(return_id=row.pk, now=timezone.now())


class ReturnList(Listing):
    name, title, noun = "returns.returns", "Returns", ("return", "returns")
    url_name, right = "returns:return_list", SEE_RETURNS
    columns = (
        Column("number", "Return", sort="number", value="number", is_fixed=True),
        Column("order", "Order", value="order"),
        Column("customer", "Customer", value=lambda one: one.order.customer_name),
        Column("state", "State", sort="state", value=lambda one: one.get_state_display()),
        Column("units", "Units", value="announced", kind="number"),
        Column("requested", "Requested", sort="requested_at", value="requested_at", kind="moment"),
        Column(
            "credit",
            "Worth",
            value="credit",
            kind="money",
            currency="order.currency",
        ),
    )
    filterset = ReturnFilter
    promoted = ("state",)
    tokens = (
        choice_token("state", ReturnState.choices, "state"),
        day_token("requested", "requested_at"),
    )
    search_label = "Search returns by number, order or customer"
    default_sort = "-requested"
    row_template = "returns/return_rows.html"
    presets = (
        Preset("decide", "To decide", "state=requested", is_counted=True),
        Preset("expected", "Expected", "state=approved", is_counted=True),
        Preset("inspect", "To inspect", "state=received", roles=(Role.RETURNS,), is_counted=True),
        Preset("refund", "To refund", "state=inspected", is_counted=True),
    )
    bulk_actions = (ApproveReturns(),)
    empty = Empty("No returns yet", "Create a return from the page of a sent order.", icon="return")

    def queryset(self) -> QuerySet[ReturnRequest]:
        return (
            returns_seen_by(self.user)
            .select_related("order")
            .annotate(announced=Sum("lines__quantity"))
        )

    def match(self, word: str) -> Q:
        return (
            Q(number__iexact=word)
            | Q(order__number__iexact=word)
            | Q(order__customer_name__icontains=word)
        )

    def exact(self, text: str) -> str | None:
        found = returns_seen_by(self.user).filter(number__iexact=text).first()
        return reverse("returns:return_detail", args=[found.pk]) if found else None

    def row_label(self, row: ReturnRequest) -> str:
        return row.number
