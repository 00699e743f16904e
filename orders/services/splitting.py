"""Splitting an order: open units get an order of their own, linked, and both add up to what was."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.audit import record_move
from core.money import ZERO
from core.numbers import next_values
from customers.services import take_exposure
from orders.errors import CannotSplit
from orders.events import OrderSplit, OrderSplitOff
from orders.locks import lock_order
from orders.models import Hold, NoteKind, Order, OrderLine, OrderLink, Watcher
from orders.promising.wording import count_words
from orders.selectors.sourcing import chosen_by_hand
from orders.services.holding import tell_home
from orders.services.parting import Moved, move_units, share_of, units_in_work
from orders.services.promising import pass_promise_on
from orders.services.resourcing import source_anew
from orders.services.settling import settle
from orders.sockets import SPLIT_REFUSALS
from orders.states import LinkKind, OrderState, RiskLevel, SourcingCause

GOES_ALONG = (NoteKind.CUSTOMER, NoteKind.GIFT, NoteKind.PACKING)


@transaction.atomic
def split_order(
    *,
    order_id: int,
    units: Mapping[int, int],
    reason: str = "",
    version: int | None = None,
    now: datetime,
) -> Order:
    """Give open units, by line id, an order of their own; returns it.

    Worth, discount and tax go with their units to the cent, and so does what is set aside: those
    that wait for stock first. The shipping that was charged stays. Holds, tags, watchers and what
    the packer must read stand on both. Payments follows the money by OrderSplit. Raises CannotSplit.
    """
    source = lock_order(order_id, version=version)
    taken = check_split(source, units)
    part = _part_of(source, now=now)
    moved = move_units(source, part, taken, now=now)
    if part.takes_credit and part.total:
        take_exposure(company_id=part.company_id, currency=part.currency, amount=part.total)
    OrderLink.objects.create(
        kind=LinkKind.SPLIT,
        source=source,
        target=part,
        units=moved.units,
        why=reason[:300],
        made_at=now,
    )
    by_hand = chosen_by_hand([source.pk])
    sourced = source_anew(part, cause=SourcingCause.SPLIT, by_hand=by_hand, now=now)
    settle(part, [_split_off(source, part, moved), *sourced], now=now, reason=reason)
    fact = OrderSplit(
        order_id=source.pk,
        part_id=part.pk,
        part_number=part.number,
        units=moved.units,
        amount=str(moved.amount),
        currency=source.currency,
        why=reason.strip() or "no reason given",
    )
    settle(source, [fact], now=now, reason=reason)
    return part


def _split_off(source: Order, part: Order, moved: Moved) -> OrderSplitOff:
    return OrderSplitOff(
        order_id=part.pk,
        number=part.number,
        source_id=source.pk,
        source_number=source.number,
        channel_id=part.channel_id,
        customer_id=part.customer_id,
        units=moved.units,
        total=str(part.total),
        currency=part.currency,
        is_historical=part.is_historical,
    )


def preview_split(order: Order, units: Mapping[int, int]) -> Decimal:
    """What the part would be worth; the same checks as the verb, nothing written. Raises CannotSplit."""
    taken = check_split(order, units)
    lines = order.lines.filter(pk__in=list(taken))
    return sum((share_of(line, taken[line.pk], order.currency)["total"] for line in lines), ZERO)


def check_split(order: Order, units: Mapping[int, int]) -> dict[int, int]:
    """The units that go, by line id. Raises CannotSplit."""
    if order.state != OrderState.OPEN:
        raise CannotSplit(
            f"Order {order.number} is {order.get_state_display().lower()}; only an open order can be"
            " split."
        )
    for refusal in SPLIT_REFUSALS.ask(order):
        raise CannotSplit(refusal)
    taken = {pk: count for pk, count in units.items() if count}
    if not taken:
        raise CannotSplit("Choose the units that get an order of their own.", field="units")
    lines = {line.pk: line for line in order.lines.all()}
    working: dict[int, int] = {}
    for (line_id, _), count in units_in_work(order).items():
        working[line_id] = working.get(line_id, 0) + count
    for pk, count in taken.items():
        _check_line(lines.get(pk), count, working.get(pk, 0))
    if sum(taken.values()) == order.units_open and not order.units_shipped:
        raise CannotSplit(
            "That is the whole order; leave at least one unit where it is.", field="units"
        )
    return taken


def _check_line(line: OrderLine | None, count: int, in_work: int) -> None:
    if line is None or not 0 < count <= line.open:
        raise CannotSplit(
            f"{count_words(count, 'unit')} of {line.sku if line else 'an unknown line'}"
            f" cannot be split off;"
            f" {line.open if line else 0} have not left yet.",
            field="units",
        )
    if count > line.open - in_work:
        raise CannotSplit(
            f"{in_work} × {line.sku} are being picked or packed; undo that first, or split off"
            f" {line.open - in_work} at most.",
            field="units",
        )
    if line.is_physical and line.variant_id is None:
        raise CannotSplit(f"{line.sku or line.name}: say first which product it is.", field="units")


def _part_of(source: Order, *, now: datetime) -> Order:
    """A new open order with the source's head and nothing in it yet."""
    number = next_values("orders_number", 1)[0]
    part = Order(
        number=f"{source.channel.number_prefix}{number}",
        placed_at=source.placed_at,
        created_at=now,
        **{name: getattr(source, name) for name in HEAD},
    )
    if part.risk_level in RiskLevel.to_review():
        part.risk_level = RiskLevel.UNSCORED  # it gets a review of its own
    part.place(now=now)
    part.save()
    record_move(part, OrderState.DRAFT, part.state)
    pass_promise_on(source, part, now=now)
    for hold in source.holds.filter(released_at=None):
        Hold.objects.create(
            order=part,
            kind=hold.kind,
            reason=hold.reason,
            placed_by=hold.placed_by,
            placed_at=hold.placed_at,
            until=hold.until,
            owner_id=hold.owner_id,
        )
        part.open_holds += 1
    for note in source.notes.filter(kind__in=GOES_ALONG).order_by("pk"):
        note.pk, note.order = None, part
        note._state.adding = True
        note.save()
    if part.open_holds:
        tell_home(part)
    Watcher.objects.bulk_create(
        Watcher(order=part, user_id=user_id, since=now)
        for user_id in source.watchers.values_list("user_id", flat=True)
    )
    return part


HEAD = (
    "channel_id",
    "customer_id",
    "company_id",
    "purchase_order",
    "customer_name",
    "email",
    "phone",
    "language",
    "payment_terms",
    "currency",
    "prices_include_tax",
    "tax_rounding",
    "tax_treatment",
    "discount_code",
    "shipping_tax_rate",
    "shipping_service_id",
    "shipping_method",
    "billing_address",
    "shipping_address",
    "ship_country",
    "tags",
    "custom",
    "assignee_id",
    "is_historical",
    "risk_level",
    "risk_score",
    "ships_complete",
    "deliver_by",
)
