"""Merging orders: one takes over all that is open of another, which ends with a link to it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import actors
from core.audit import record_move
from core.facts import Fact
from customers.services import take_exposure
from orders.errors import CannotMerge, OrderNotFound
from orders.events import OrderMerged, OrderMergedInto
from orders.locks import lock_orders, refuse_stale
from orders.models import Note, Order, OrderLink, Watcher
from orders.selectors.merging import check_merge
from orders.selectors.sourcing import chosen_by_hand
from orders.services.money import credit
from orders.services.parting import Moved, move_units
from orders.services.resourcing import source_anew
from orders.services.settling import settle
from orders.states import LinkKind, SourcingCause

MOST_ORDERS = 20


@transaction.atomic
def merge_orders(
    *, order_id: int, other_ids: Sequence[int], version: int | None = None, now: datetime
) -> Order:
    """Fold other orders into one: lines, stock set aside, shipping charged, notes, tags and watchers
    go over, money follows by OrderMergedInto. Each other order is cancelled with a link. One that is
    merged into this already is passed over. Where all is sent from is decided anew. Raises CannotMerge
    with all that stands against.
    """
    wanted = dict.fromkeys(pk for pk in other_ids if pk != order_id)
    if not 0 < len(wanted) <= MOST_ORDERS:
        raise CannotMerge(f"Choose 1 to {MOST_ORDERS} other orders to merge.", field="orders")
    orders = {order.pk: order for order in lock_orders([order_id, *wanted])}
    if len(orders) != len(wanted) + 1:
        raise OrderNotFound("One of these orders does not exist; look it up by its number.")
    kept = orders[order_id]
    done = set(
        OrderLink.objects.filter(kind=LinkKind.MERGE, target=kept).values_list(
            "source_id", flat=True
        )
    )
    others = [orders[pk] for pk in wanted if pk not in done]
    if not others:
        return kept
    refuse_stale(kept, version)
    refusals = [words for other in others for words in check_merge(kept, other).refusals]
    if refusals:
        raise CannotMerge(" ".join(dict.fromkeys(refusals)), field="orders")
    facts: list[Fact] = [_fold(kept, other, now=now) for other in others]
    by_hand = chosen_by_hand([kept.pk, *(other.pk for other in others)])
    facts += source_anew(kept, cause=SourcingCause.MERGED, by_hand=by_hand, now=now)
    settle(kept, facts, now=now)
    return kept


def _fold(kept: Order, other: Order, *, now: datetime) -> OrderMerged:
    """Take over one order; saves the other, not the one that is kept."""
    worth = other.owed
    outstanding = kept.outstanding
    taken = {line.pk: line.open for line in other.lines.all() if line.open}
    moved = move_units(other, kept, taken, now=now)
    _take_shipping(kept, other)
    if kept.takes_credit and kept.outstanding > outstanding:
        take_exposure(
            company_id=kept.company_id,
            currency=kept.currency,
            amount=kept.outstanding - outstanding,
        )
    _take_words(kept, other, now=now)
    OrderLink.objects.create(
        kind=LinkKind.MERGE, source=other, target=kept, units=moved.units, made_at=now
    )
    reason = f"Merged into {kept.number}"
    before = other.state
    other.cancel(now=now, reason=reason)
    record_move(other, before, other.state, reason=reason)
    told = OrderMergedInto(
        order_id=other.pk,
        target_id=kept.pk,
        target_number=kept.number,
        units=moved.units,
        amount=str(worth),
        currency=other.currency,
    )
    settle(other, [told], now=now, reason=reason)
    return _fact(kept, other, moved, str(worth))


def _fact(kept: Order, other: Order, moved: Moved, worth: str) -> OrderMerged:
    return OrderMerged(
        order_id=kept.pk,
        other_id=other.pk,
        other_number=other.number,
        units=moved.units,
        amount=worth,
        currency=kept.currency,
    )


def _take_shipping(kept: Order, other: Order) -> None:
    """What was charged for sending the other goes over, so that both come to what they came to."""
    on_top = 0 if other.prices_include_tax else other.shipping_tax
    if not kept.shipping_total:
        kept.shipping_tax_rate = other.shipping_tax_rate
    kept.shipping_total += other.shipping_total
    kept.shipping_tax += other.shipping_tax
    kept.tax_total += other.shipping_tax
    kept.tax_on_top += on_top
    kept.total += other.shipping_total + on_top
    credit(other, other.owed)


def _take_words(kept: Order, other: Order, *, now: datetime) -> None:
    """Notes, tags, watchers and the earlier day asked for go over; what the kept order cannot hold is
    written down.
    """
    kept.tags = sorted({*kept.tags, *other.tags})
    kept.deliver_by = min(filter(None, (kept.deliver_by, other.deliver_by)), default=None)
    Note.objects.filter(order=other).update(order=kept)
    if other.purchase_order and other.purchase_order != kept.purchase_order:
        Note.objects.create(
            order=kept,
            text=f"Purchase-order number of {other.number}: {other.purchase_order}",
            author_label=actors.current().actor.label,
            written_at=now,
        )
    known = set(kept.watchers.values_list("user_id", flat=True))
    Watcher.objects.bulk_create(
        Watcher(order=kept, user_id=user_id, since=now)
        for user_id in other.watchers.values_list("user_id", flat=True)
        if user_id not in known
    )
