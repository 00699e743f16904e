"""Changing placed orders by machines: previewed, written down, applied, decided."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from pydantic import Field, StringConstraints

from core.api.client import client_of
from core.api.errors import Refused
from core.api.rooms import Room
from core.api.shapes import (
    NO_NUL,
    Amount,
    Id,
    Input,
    Output,
    PathId,
    Units,
    answer,
    money,
    version_asked,
)
from core.clock import now
from orders.api.shapes import AddressIn, Words
from orders.drafts import WhenShort
from orders.models import ChangeSet, Order
from orders.rights import APPROVE_CHANGES, EDIT_ORDERS, SEE_ORDERS, SHIP_UNPAID
from orders.selectors.changing import changes_of
from orders.selectors.scoped import order_within
from orders.services.changing import (
    ChangeAsked,
    Outcome,
    Wanted,
    approve_changes,
    confirm_changes,
    decline_changes,
    discard_changes,
    open_changes,
    preview_changes,
)
from orders.states import ChangeKind, ChangeState

room = Room("Changes of orders")
Sku = Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL)]
Figure = Annotated[str, StringConstraints(max_length=1000, pattern=NO_NUL)]


class ChangeActionIn(Input):
    """One thing to change. `quantity` is what is wanted afterwards, sent units included; `amount` is a
    unit price, a charge or a discount. Prices and discounts need a `reason`.
    """

    kind: ChangeKind
    line_id: Id | None = None
    kit_id: Id | None = None
    sku: Sku = ""
    quantity: Units | None = None
    amount: Amount | None = None
    service_id: Id | None = None
    address: AddressIn | None = None
    reason: Words = ""

    def asked(self) -> ChangeAsked:
        return ChangeAsked(
            kind=self.kind,
            line_id=self.line_id,
            kit_id=self.kit_id,
            sku=self.sku.strip(),
            quantity=self.quantity,
            amount=self.amount,
            service_id=self.service_id,
            address=self.address.address() if self.address else None,
            reason=self.reason,
        )


class ChangesIn(Input):
    """What is to be changed, as one. `ships_anyway` takes the scope orders.ship_unpaid."""

    actions: list[ChangeActionIn] = Field(min_length=1, max_length=200)
    reason: Words = ""
    when_short: WhenShort = WhenShort.REJECT
    ships_anyway: bool = False

    def wanted(self) -> Wanted:
        return Wanted(
            asked=[one.asked() for one in self.actions],
            reason=self.reason,
            when_short=self.when_short,
            ships_anyway=self.ships_anyway,
        )


class ChangeSeenIn(Input):
    """The `figures` of the preview that was looked at; left out, those of when it was asked for."""

    figures: dict[Figure, Figure] | None = Field(None, max_length=2000)


class ChangeDeclineIn(Input):
    reason: Words


class ChangeOutcomeOut(Output):
    """What the changes come to. `figures` go back with the confirmation, which does exactly that."""

    currency: str
    worth_before: str
    worth_after: str
    difference: str
    to_pay: str
    to_refund: str
    waits_for_money: bool
    why_approval: str
    effects: list[str]
    figures: dict[str, str]


class ChangeActionOut(Output):
    kind: ChangeKind
    what: str
    before: str
    after: str
    reason: str


class ChangeSetOut(Output):
    """A set of changes and where it stands."""

    id: int
    order_id: int
    number: int
    state: ChangeState
    reason: str
    why_approval: str
    requested_by: str
    requested_at: datetime
    approved_by: str
    declined_by: str
    declined_reason: str
    confirmed_by: str
    confirmed_at: datetime | None
    figures: dict[str, str]
    actions: list[ChangeActionOut]


class ChangeSetsOut(Output):
    items: list[ChangeSetOut]


def outcome_out(outcome: Outcome) -> ChangeOutcomeOut:
    def said(amount: Decimal) -> str:
        return money(amount, outcome.currency)

    return ChangeOutcomeOut(
        currency=outcome.currency,
        worth_before=said(outcome.before.worth),
        worth_after=said(outcome.after.worth),
        difference=said(outcome.change),
        to_pay=said(outcome.to_pay),
        to_refund=said(outcome.to_refund),
        waits_for_money=outcome.waits,
        why_approval=outcome.why_approval,
        effects=list(outcome.effects),
        figures=outcome.figures,
    )


def change_out(change: ChangeSet) -> ChangeSetOut:
    return ChangeSetOut(
        id=change.pk,
        order_id=change.order_id,
        number=change.number,
        state=ChangeState(change.state),
        reason=change.reason,
        why_approval=change.why_approval,
        requested_by=change.requested_by,
        requested_at=change.requested_at,
        approved_by=change.approved_by,
        declined_by=change.declined_by,
        declined_reason=change.declined_reason,
        confirmed_by=change.confirmed_by,
        confirmed_at=change.confirmed_at,
        figures=change.outcome,
        actions=[
            ChangeActionOut(
                kind=ChangeKind(one.kind),
                what=one.what,
                before=one.before,
                after=one.after,
                reason=one.reason,
            )
            for one in change.actions.all()
        ],
    )


def _order(request: HttpRequest, order_id: int) -> Order:
    return order_within(client_of(request).channel_id, order_id)


def _change(request: HttpRequest, order_id: int, change_id: int) -> ChangeSet:
    found = changes_of(_order(request, order_id)).filter(pk=change_id).first()
    if found is None:
        raise Http404
    return found


def _wanted(request: HttpRequest, body: ChangesIn) -> Wanted:
    if body.ships_anyway and not client_of(request).may(SHIP_UNPAID):
        raise Refused(
            403,
            "scope_missing",
            f"This key lacks the scope {SHIP_UNPAID.code}: {SHIP_UNPAID.label}.",
        )
    return body.wanted()


def _told(request: HttpRequest, order_id: int, change_id: int, status: int = 200) -> HttpResponse:
    return answer(change_out(_change(request, order_id, change_id)), status=status)


@room.reads("/orders/{order_id}/changes", SEE_ORDERS, ChangeSetsOut)
def changes(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """List the changes of a placed order, newest first."""
    found = changes_of(_order(request, order_id))
    return answer(ChangeSetsOut(items=[change_out(one) for one in found]))


@room.changes("/orders/{order_id}/changes/preview", EDIT_ORDERS, ChangeOutcomeOut)
def preview(request: HttpRequest, order_id: PathId, body: ChangesIn) -> HttpResponse:
    """Say what changes would do to units, stock, money and papers; nothing is done.

    They are done and taken back, so that the answer is what doing them comes to.
    """
    _order(request, order_id)
    wanted = _wanted(request, body)
    return answer(outcome_out(preview_changes(order_id=order_id, wanted=wanted, now=now())))


@room.changes(
    "/orders/{order_id}/changes", EDIT_ORDERS, ChangeSetOut, status=201, is_versioned=True
)
def open_change(request: HttpRequest, order_id: PathId, body: ChangesIn) -> HttpResponse:
    """Write changes down, to be confirmed; nothing of the order is changed yet."""
    _order(request, order_id)
    change = open_changes(
        order_id=order_id,
        wanted=_wanted(request, body),
        version=version_asked(request),
        now=now(),
    )
    return _told(request, order_id, change.pk, status=201)


@room.changes(
    "/orders/{order_id}/changes/{change_id}/confirm", EDIT_ORDERS, ChangeSetOut, is_versioned=True
)
def confirm_change(
    request: HttpRequest, order_id: PathId, change_id: PathId, body: ChangeSeenIn
) -> HttpResponse:
    """Apply changes, exactly as they were shown. Above the channel's limits they wait for approval."""
    _change(request, order_id, change_id)
    confirm_changes(
        change_set_id=change_id, seen=body.figures, version=version_asked(request), now=now()
    )
    return _told(request, order_id, change_id)


@room.changes(
    "/orders/{order_id}/changes/{change_id}/approve",
    APPROVE_CHANGES,
    ChangeSetOut,
    is_versioned=True,
)
def approve_change(
    request: HttpRequest, order_id: PathId, change_id: PathId, body: ChangeSeenIn
) -> HttpResponse:
    """Agree to changes that somebody else asked for, and apply them."""
    _change(request, order_id, change_id)
    approve_changes(
        change_set_id=change_id, seen=body.figures, version=version_asked(request), now=now()
    )
    return _told(request, order_id, change_id)


@room.changes(
    "/orders/{order_id}/changes/{change_id}/decline",
    APPROVE_CHANGES,
    ChangeSetOut,
    is_versioned=True,
)
def decline_change(
    request: HttpRequest, order_id: PathId, change_id: PathId, body: ChangeDeclineIn
) -> HttpResponse:
    """Refuse changes that wait for approval; the order stays as it is."""
    _change(request, order_id, change_id)
    decline_changes(
        change_set_id=change_id, reason=body.reason, version=version_asked(request), now=now()
    )
    return _told(request, order_id, change_id)


@room.changes(
    "/orders/{order_id}/changes/{change_id}/discard", EDIT_ORDERS, ChangeSetOut, is_versioned=True
)
def discard_change(request: HttpRequest, order_id: PathId, change_id: PathId) -> HttpResponse:
    """Withdraw changes that were not applied yet."""
    _change(request, order_id, change_id)
    discard_changes(change_set_id=change_id, version=version_asked(request), now=now())
    return _told(request, order_id, change_id)
