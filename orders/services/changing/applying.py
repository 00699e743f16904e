"""Applying actions to an order: one way for a preview and for the deed, the first rolled back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.facts import Fact
from core.money import ZERO, quantise
from customers.locks import lock_account
from customers.services import give_back_exposure, take_exposure
from orders.drafts import WhenShort
from orders.errors import CannotEdit
from orders.events import OrderEdited
from orders.locks import lock_order
from orders.models import ChannelPolicy, EditRule, Order
from orders.selectors.policies import policy_of
from orders.services.changing.actions import action_of, in_order
from orders.services.changing.asking import ChangeAsked
from orders.services.changing.picturing import Outcome, take_picture
from orders.services.changing.stocking import store
from orders.services.changing.working import Target, Work, add_up, read_work
from orders.services.counting import refresh_allocated, refresh_work
from orders.services.holding import call_back
from orders.services.projecting import project
from orders.services.releasing import may_leave
from orders.services.settling import settle
from orders.sockets import EDIT_EFFECTS, EDIT_REFUSALS
from orders.states import ChangeKind, FulfilmentState, OrderState

MOST_ACTIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """All that somebody wants changed of one order, and under which conditions."""

    asked: Sequence[ChangeAsked]
    reason: str = ""
    when_short: WhenShort = WhenShort.REJECT
    ships_anyway: bool = False


def targets_of(order: Order, *, now: datetime) -> list[Target]:
    """What of an order may be changed, line by line and kit by kit. Three queries."""
    return read_work(order, now=now).targets()


class _Enough(Exception):
    """Rolls a preview back."""


def preview_changes(*, order_id: int, wanted: Wanted, now: datetime) -> Outcome:
    """What the changes would do now: they are done and rolled back. Raises what doing them raises."""
    outcome: Outcome | None = None
    try:
        with transaction.atomic():
            outcome = apply(lock_order(order_id), wanted, now=now)
            raise _Enough
    except _Enough:
        assert outcome is not None  # noqa: S101
        return outcome


def apply(order: Order, wanted: Wanted, *, number: int = 0, now: datetime) -> Outcome:
    """Change a locked order: units, money, stock, work and credit go together. `number` is the change
    set's. Raises CannotEdit, OutOfStock or CreditExceeded; runs in the open transaction.
    """
    _refuse(order, wanted.asked)
    if order.takes_credit:
        lock_account(order.company_id, order.currency)
    before, outstanding = take_picture(order), order.outstanding
    work = read_work(order, now=now)
    _act(work, wanted.asked)
    _follow_credit(order, outstanding)
    store(work, wanted.when_short, why=wanted.reason or "Changed after placing")
    refresh_allocated(order)
    project(order)
    rule = EditRule.objects.filter(channel_id=order.channel_id).first() or EditRule()
    _let_owe(order, rule, before.balance, ships_anyway=wanted.ships_anyway)
    is_stopped = _may_not_leave(order)
    if work.raised or work.added or is_stopped:
        call_back(order)
    refresh_work(order)
    effects = [*_own_effects(order, is_stopped), *EDIT_EFFECTS.ask(order)]
    settle(
        order,
        _facts(order, work, number, order.owed - before.worth, wanted.reason),
        now=now,
        changes=[{one.what: (one.before, one.after) for one in work.told if one}],
        reason=wanted.reason or None,
    )
    after = take_picture(order)
    return Outcome(
        currency=order.currency,
        before=before,
        after=after,
        effects=tuple(effects),
        told=tuple(work.told),
        why_approval=_why_approval(rule, policy_of(order.channel), work, before.worth, after.worth),
        waits=is_stopped,
    )


def _refuse(order: Order, asked: Sequence[ChangeAsked]) -> None:
    if order.state != OrderState.OPEN:
        raise CannotEdit(
            f"Order {order.number} is {order.get_state_display().lower()}; only an open order can be"
            " changed."
        )
    if not asked:
        raise CannotEdit("Nothing is changed yet; change a quantity, a price or the address first.")
    if len(asked) > MOST_ACTIONS:
        raise CannotEdit(f"At most {MOST_ACTIONS} changes can be made at once; make fewer.")
    _refuse_doubles(asked)
    for refusal in EDIT_REFUSALS.ask(order):
        raise CannotEdit(refusal)


def _refuse_doubles(asked: Sequence[ChangeAsked]) -> None:
    """A thing is changed once in a set, or it would depend on the order of entry."""
    seen: set[tuple[object, ...]] = set()
    for one in asked:
        is_removal = one.kind == ChangeKind.REMOVE_LINE
        kind = ChangeKind.CHANGE_QUANTITY if is_removal else one.kind
        key = (kind, one.line_id, one.kit_id, one.sku.upper())
        if key in seen:
            raise CannotEdit(
                f"{one.kind.label}: the same thing is changed twice; say it once.", field="lines"
            )
        seen.add(key)


def _act(work: Work, asked: Sequence[ChangeAsked]) -> None:
    """Do every action in memory and add the order up. Raises CannotEdit."""
    for one in in_order(list(asked)):
        action = action_of(one.kind)
        action.validate(work, one)
        work.told.append(action.apply(work, one))
    order = work.order
    if not any(work.told):
        raise CannotEdit("Nothing is changed yet; change a quantity, a price or the address first.")
    add_up(work)
    if not any(line.quantity > line.cancelled for line in work.all_lines()):
        raise CannotEdit(
            f"Nothing would be left of order {order.number}; cancel it instead.", field="lines"
        )
    if order.credit_total > order.total:
        raise CannotEdit(
            f"{work.say(order.credit_total)} of order {order.number} was taken back already, so it"
            " cannot come to less than that.",
            field="lines",
        )


def _follow_credit(order: Order, outstanding: Decimal) -> None:
    """On account, the company's credit moves with what is outstanding. Raises CreditExceeded."""
    if not order.takes_credit:
        return
    change = order.outstanding - outstanding
    if change > ZERO:
        take_exposure(company_id=order.company_id, currency=order.currency, amount=change)
    elif change < ZERO:
        give_back_exposure(company_id=order.company_id, currency=order.currency, amount=-change)


def _let_owe(order: Order, rule: EditRule, balance: Decimal, *, ships_anyway: bool) -> None:
    """What may stay missing: a little where the rule says so and all was paid, or what somebody lets
    go. `balance` is what was missing before.
    """
    is_little = balance <= ZERO < order.captured and order.outstanding <= rule.tolerance
    if order.outstanding and (ships_anyway or is_little):
        order.may_owe = max(order.may_owe, order.outstanding)


def _may_not_leave(order: Order) -> bool:
    return order.open_holds == 0 and order.units_open > 0 and not may_leave(order)


def _own_effects(order: Order, is_stopped: bool) -> list[str]:
    """What happens to the order's work, in sentences."""
    at_work = order.fulfilments.select_related("location")
    words = ["The order waits until the rest of the money is here."] if is_stopped else []
    words += [
        f"{one.number} is being picked at {one.location.name}: its list follows."
        for one in at_work.filter(state=FulfilmentState.PICKING)
    ]
    words += [
        f"{one.number} is packed and goes as it is."
        for one in at_work.filter(state=FulfilmentState.PACKED)
    ]
    return words


def _facts(order: Order, work: Work, number: int, change: Decimal, reason: str) -> list[Fact]:
    return [
        OrderEdited(
            order_id=order.pk,
            change=number,
            units_added=sum(work.raised.values()) + sum(line.quantity for line in work.added),
            units_removed=sum(work.taken.values()),
            difference=str(quantise(change, order.currency)),
            currency=order.currency,
            total=str(quantise(order.owed, order.currency)),
            why=reason,
        )
    ]


def _why_approval(
    rule: EditRule, policy: ChannelPolicy, work: Work, before: Decimal, after: Decimal
) -> str:
    """Why a second person has to agree; empty where nobody has to."""
    change = abs(after - before)
    if rule.amount_limit is not None and change > rule.amount_limit:
        return (
            f"It changes the order’s worth by {work.say(change)}; the limit is"
            f" {work.say(rule.amount_limit)}."
        )
    if rule.percent_limit is not None and change * 100 > before * rule.percent_limit:
        return f"It changes the order’s worth by more than {rule.percent_limit} %."
    if work.furthest_price > policy.override_limit:
        limit = f"{policy.override_limit.normalize():f}"
        return f"It gives a price more than {limit} % from the usual one."
    return ""
