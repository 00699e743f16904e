"""The life of a change set: asked for, applied or approved by a second person, declined, discarded."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django_fsm import TransitionNotAllowed

from core import actors, attention
from core.audit import record_move
from core.bulk import insert_all
from core.errors import StaleEdit
from core.facts import Fact
from orders.drafts import WhenShort
from orders.errors import CannotDecide
from orders.events import ChangesDeclined, ChangesDiscarded, ChangesRequested
from orders.locks import lock_order
from orders.models import ChangeAction, ChangeSet, Order
from orders.services.changing.actions import in_order
from orders.services.changing.applying import Wanted, apply, preview_changes
from orders.services.changing.asking import ChangeAsked, asked_of
from orders.services.changing.picturing import Outcome, differences
from orders.services.settling import settle
from orders.states import ChangeState

AWAITS_APPROVAL = "change_awaits_approval"


@transaction.atomic
def open_changes(
    *, order_id: int, wanted: Wanted, version: int | None = None, now: datetime
) -> ChangeSet:
    """Write down what is wanted, once it is known to be possible; nothing of the order changes.

    Raises what applying it would raise, and StaleEdit when the order is no longer at `version`.
    """
    order = lock_order(order_id, version=version)
    outcome = preview_changes(order_id=order_id, wanted=wanted, now=now)
    who = actors.current().actor
    last = order.change_sets.aggregate(last=Max("number"))["last"] or 0
    change_set = ChangeSet.objects.create(
        order=order,
        number=last + 1,
        reason=wanted.reason[:300],
        when_short=wanted.when_short,
        ships_anyway=wanted.ships_anyway,
        based_on=order.version,
        outcome=outcome.figures,
        requested_key=_key(),
        requested_by=who.label[:150],
        requested_at=now,
    )
    done = zip(in_order(list(wanted.asked)), outcome.told, strict=True)
    insert_all(
        ChangeAction(
            change_set=change_set,
            position=position,
            kind=asked.kind,
            line_id=asked.line_id,
            kit_id=asked.kit_id,
            values=asked.values(),
            reason=asked.reason[:300],
            what=told.what[:300],
            before=told.before[:300],
            after=told.after[:300],
        )
        for position, (asked, told) in enumerate(
            ((asked, told) for asked, told in done if told is not None), start=1
        )
    )
    return change_set


@transaction.atomic
def confirm_changes(
    *,
    change_set_id: int,
    seen: Mapping[str, str] | None = None,
    version: int | None = None,
    now: datetime,
) -> ChangeSet:
    """Apply an open change set, exactly as it was shown: `seen` are the preview's figures (None: as
    it was when it was opened). Above the channel's limits it waits for a second person instead.

    Raises StaleEdit with what is different by now, CannotDecide, and what applying raises.
    """
    order, change_set = _lock(change_set_id, version)
    if change_set.state != ChangeState.OPEN:
        raise _not_possible(change_set)
    try:
        with transaction.atomic():
            return _apply(order, change_set, seen, is_approved=False, now=now)
    except _NeedsApproval as needed:
        why = needed.why
    order, change_set = _lock(change_set_id)  # as they were: the deed was rolled back
    return _ask(order, change_set, why, now=now)


@transaction.atomic
def edit_order(
    *,
    order_id: int,
    wanted: Wanted,
    seen: Mapping[str, str] | None = None,
    version: int | None = None,
    now: datetime,
) -> ChangeSet:
    """Write down and apply changes in one go; the change set says whether they wait for approval."""
    change_set = open_changes(order_id=order_id, wanted=wanted, version=version, now=now)
    return confirm_changes(change_set_id=change_set.pk, seen=seen, now=now)


@transaction.atomic
def approve_changes(
    *,
    change_set_id: int,
    seen: Mapping[str, str] | None = None,
    version: int | None = None,
    now: datetime,
) -> ChangeSet:
    """Agree to what somebody else asked for, and apply it. Raises CannotDecide for one's own."""
    order, change_set = _lock(change_set_id, version)
    if change_set.state != ChangeState.AWAITING:
        raise _not_possible(change_set)
    if change_set.requested_key == _key():
        raise CannotDecide("You asked for this change yourself; somebody else has to approve it.")
    change_set.approved_key, change_set.approved_at = _key(), now
    change_set.approved_by = actors.current().actor.label[:150]
    return _apply(order, change_set, seen, is_approved=True, now=now)


@transaction.atomic
def decline_changes(
    *, change_set_id: int, reason: str, version: int | None = None, now: datetime
) -> ChangeSet:
    """Refuse what waits for approval; the order stays as it is. Raises CannotDecide."""
    if not reason.strip():
        raise CannotDecide("Say why it is declined.", field="reason")
    by = actors.current().actor.label[:150]
    return _end(
        change_set_id,
        lambda one: one.decline(by=by, reason=reason, now=now),
        lambda one: ChangesDeclined(order_id=one.order_id, change=one.number, why=reason[:300]),
        version=version,
        now=now,
    )


@transaction.atomic
def discard_changes(*, change_set_id: int, version: int | None = None, now: datetime) -> ChangeSet:
    """Withdraw what was not applied yet. Raises CannotDecide."""
    by = actors.current().actor.label[:150]
    return _end(
        change_set_id,
        lambda one: one.discard(by=by, now=now),
        lambda one: ChangesDiscarded(order_id=one.order_id, change=one.number),
        version=version,
        now=now,
    )


def wanted_of(change_set: ChangeSet) -> Wanted:
    """What a change set asks for. One query."""
    asked: list[ChangeAsked] = [asked_of(action) for action in change_set.actions.all()]
    return Wanted(
        asked=asked,
        reason=change_set.reason,
        when_short=WhenShort(change_set.when_short),
        ships_anyway=change_set.ships_anyway,
    )


def _key() -> str:
    """Who acts, as one word that tells people and machines apart."""
    who = actors.current().actor
    return f"{who.kind}:{who.key}"[:100]


def _lock(change_set_id: int, version: int | None = None) -> tuple[Order, ChangeSet]:
    found = ChangeSet.objects.filter(pk=change_set_id)
    order_id = found.values_list("order_id", flat=True).first()
    if order_id is None:
        raise CannotDecide("This change does not exist; go back to the order.")
    order = lock_order(order_id, version=version)
    change_set = found.get()
    change_set.order = order
    return order, change_set


def _not_possible(change_set: ChangeSet) -> CannotDecide:
    return CannotDecide(
        f"Change {change_set.number} is {change_set.get_state_display().lower()} already; reload the"
        " page."
    )


def _compare(order: Order, seen: Mapping[str, str], outcome: Outcome) -> None:
    changes = differences(seen, outcome.figures)
    if changes:
        raise StaleEdit(
            f"Order {order.number} would come out differently by now than you were shown; look at"
            " what is different and apply it again if you still want it.",
            changes=changes,
        )


class _NeedsApproval(Exception):
    """Rolls back what one person may not do."""

    def __init__(self, why: str) -> None:
        self.why = why


def _apply(
    order: Order,
    change_set: ChangeSet,
    seen: Mapping[str, str] | None,
    *,
    is_approved: bool,
    now: datetime,
) -> ChangeSet:
    """Do it, and keep it only if it comes out as it was shown."""
    before = change_set.state
    outcome = apply(order, wanted_of(change_set), number=change_set.number, now=now)
    _compare(order, change_set.outcome if seen is None else seen, outcome)
    if outcome.why_approval and not is_approved:
        raise _NeedsApproval(outcome.why_approval)
    change_set.confirm(by=actors.current().actor.label[:150], now=now)
    change_set.outcome = outcome.figures
    change_set.save()
    record_move(change_set, before, change_set.state)
    _no_longer_waits(change_set)
    return change_set


def _ask(order: Order, change_set: ChangeSet, why: str, *, now: datetime) -> ChangeSet:
    earlier = order.change_sets.filter(state=ChangeState.AWAITING).first()
    if earlier is not None:
        raise CannotDecide(
            f"Change {earlier.number} of order {order.number} waits for approval already; let it be"
            " decided or discard it first."
        )
    before = change_set.state
    change_set.ask(why=why)
    change_set.save()
    record_move(change_set, before, change_set.state)
    attention.raise_item(
        kind=AWAITS_APPROVAL,
        subject_type="changeset",
        subject_id=change_set.pk,
        title=f"{order.number}: change {change_set.number} awaits approval",
        detail=f"{change_set.requested_by}: {change_set.reason or why}",
        url=f"/orders/{order.pk}/changes/{change_set.pk}/",
    )
    fact = ChangesRequested(order_id=order.pk, change=change_set.number, why=why)
    settle(order, [fact], now=now, reason=change_set.reason)
    return change_set


def _end(
    change_set_id: int,
    move: Callable[[ChangeSet], None],
    fact: Callable[[ChangeSet], Fact],
    *,
    version: int | None,
    now: datetime,
) -> ChangeSet:
    order, change_set = _lock(change_set_id, version)
    before = change_set.state
    try:
        move(change_set)
    except TransitionNotAllowed as error:
        raise _not_possible(change_set) from error
    change_set.save()
    record_move(change_set, before, change_set.state)
    _no_longer_waits(change_set)
    settle(order, [fact(change_set)], now=now)
    return change_set


def _no_longer_waits(change_set: ChangeSet) -> None:
    attention.resolve(kind=AWAITS_APPROVAL, subject_type="changeset", subject_ids=[change_set.pk])
