"""Orders taken in hand: held and claimed, assigned and watched, split, merged and sent again."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import StaleEdit
from core.models import AttentionItem
from core.outbox import drain
from core.rights import Role
from inventory.models import Demand
from orders.drafts import WhenShort
from orders.errors import (
    CannotAssign,
    CannotFulfil,
    CannotHold,
    CannotMerge,
    CannotReship,
    CannotSplit,
)
from orders.models import NoteKind, Order, OrderLink
from orders.selectors.merging import address_key, check_merge, like_orders
from orders.services import (
    add_note,
    allocate_now,
    assign_order,
    claim_hold,
    hold_order,
    mark_seen,
    merge_orders,
    preview_split,
    release_holds,
    reship_order,
    set_tags,
    split_order,
    start_work,
    stop_watching,
    warn_of_expiry,
    watch_order,
)
from orders.states import HoldKind, LinkKind, OrderState, PaymentStatus, PaymentTerms, ReshipReason
from payments.services import issue_invoice
from tests.cast import BERLIN_ADDRESS, NOON, make_company_buyer, make_user, pay
from tests.orders.test_lifecycle import send

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def again(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def test_an_order_is_held_for_several_reasons_and_goes_on_when_all_are_released(shop):
    shop.stock(shop.mug, 5)
    order = pay(shop.order((shop.mug, 2)))
    hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="Odd card", now=LATER)
    hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="No street", now=LATER)
    assert list(order.fulfilments.values_list("state", flat=True)) == ["cancelled"]
    release_holds(order_id=order.pk, now=LATER)
    assert again(order).open_holds == 0
    assert sorted(order.fulfilments.values_list("state", flat=True)) == ["cancelled", "ready"]
    release_holds(order_id=order.pk, now=LATER)
    assert order.holds.count() == 2


def test_a_hold_is_claimed_and_taken_over(shop, sales, manager):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    hold = hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="Odd", owner=sales, now=LATER)
    claim_hold(order_id=order.pk, hold_id=hold.pk, owner=manager, now=LATER)
    claim_hold(order_id=order.pk, hold_id=hold.pk, owner=manager, now=LATER)
    hold.refresh_from_db()
    assert hold.owner == manager
    assert AttentionItem.objects.get(kind="order_held").detail == "Fraud check: Odd (Manager)"
    with pytest.raises(CannotAssign):
        claim_hold(order_id=order.pk, hold_id=hold.pk, owner=make_user(Role.WAREHOUSE), now=LATER)
    release_holds(order_id=order.pk, now=LATER)
    with pytest.raises(CannotHold):
        claim_hold(order_id=order.pk, hold_id=hold.pk, owner=sales, now=LATER)


def test_who_takes_care_of_an_order_watches_it(shop, sales):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    assign_order(order_id=order.pk, user=sales, now=LATER)
    assign_order(order_id=order.pk, user=sales, now=LATER)
    assert again(order).assignee == sales
    assert again(order).version == order.version + 1
    watcher = order.watchers.get()
    assert watcher.user == sales
    mark_seen(order=again(order), user=sales)
    watcher.refresh_from_db()
    assert watcher.seen_version == again(order).version
    assign_order(order_id=order.pk, user=None, now=LATER)
    assert again(order).assignee is None
    with pytest.raises(CannotAssign):
        assign_order(order_id=order.pk, user=make_user(Role.WAREHOUSE), now=LATER)


def test_a_colleague_named_in_a_note_watches_the_order(shop, sales, manager):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    add_note(order_id=order.pk, text="@manager, please call ada@example.com", now=LATER)
    assert [row.user for row in order.watchers.all()] == [manager]
    watch_order(order_id=order.pk, user=sales, now=LATER)
    stop_watching(order_id=order.pk, user=manager)
    assert [row.user for row in order.watchers.all()] == [sales]


def test_an_edit_of_an_older_order_is_refused_with_what_happened(shop, sales):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    set_tags(order_id=order.pk, add=["vip"], version=order.version, now=LATER)
    with pytest.raises(StaleEdit) as refused:
        assign_order(order_id=order.pk, user=sales, version=order.version, now=LATER)
    assert "Tags: vip" in refused.value.changes[0]


def test_a_part_of_a_paid_order_goes_its_own_way_with_its_money(shop):
    shop.stock(shop.mug, 2)
    order = pay(
        shop.order(
            (shop.mug, 5, "9.99"),
            (shop.lamp, 1, "20.00"),
            when_short=WhenShort.BACKORDER,
            shipping=Decimal("4.90"),
            order_discount=Decimal("1.00"),
        )
    )
    before = order.owed
    mug, lamp = order.lines.all()
    set_tags(order_id=order.pk, add=["vip"], now=LATER)
    add_note(order_id=order.pk, text="Wrap it", kind=NoteKind.PACKING, now=LATER)
    worth = preview_split(again(order), {mug.pk: 3, lamp.pk: 1})
    part = split_order(
        order_id=order.pk, units={mug.pk: 3, lamp.pk: 1}, reason="Send what is here", now=LATER
    )
    assert part.total == worth
    assert again(order).owed + part.total == before
    assert part.tags == ["vip"]
    assert [note.text for note in part.notes.all()] == ["Wrap it"]
    assert OrderLink.objects.get().kind == LinkKind.SPLIT
    drain()
    order, part = again(order), again(part)
    assert (order.payment_status, part.payment_status) == (
        PaymentStatus.PARTIALLY_REFUNDED,
        PaymentStatus.PAID,
    )
    assert (order.balance, part.balance) == (0, 0)
    assert (order.units_open, order.units_allocated) == (2, 2)
    assert (part.units_open, part.units_allocated) == (4, 0)
    assert order.fulfilments.filter(state="ready").count() == 1
    drain()
    assert again(part).captured == part.captured
    shop.stock(shop.mug, 3)
    allocate_now(order_id=part.pk, now=LATER)
    assert again(part).units_allocated == 3


def test_what_is_set_aside_goes_with_the_units(shop):
    shop.stock(shop.mug, 4)
    order = pay(shop.order((shop.mug, 4)))
    line = order.lines.get()
    split_order(order_id=order.pk, units={line.pk: 1}, now=LATER)
    drain()
    assert shop.level(shop.mug).allocated == 4
    assert sorted(Demand.objects.values_list("allocated", flat=True)) == [1, 3]


def test_units_in_work_are_not_split_off(shop):
    shop.stock(shop.mug, 2)
    order = pay(shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER))
    line = order.lines.get()
    start_work(fulfilment_id=order.fulfilments.get().pk, now=LATER)
    with pytest.raises(CannotSplit, match="being picked"):
        split_order(order_id=order.pk, units={line.pk: 2}, now=LATER)
    part = split_order(order_id=order.pk, units={line.pk: 1}, now=LATER)
    assert (part.units_open, part.units_allocated) == (1, 0)
    assert order.fulfilments.get().state == "picking"


@pytest.mark.parametrize("units", [0, 3, 4])
def test_a_split_of_nothing_or_everything_is_refused(shop, units):
    order = shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER)
    line = order.lines.get()
    with pytest.raises(CannotSplit):
        split_order(
            order_id=order.pk, units=dict.fromkeys([line.pk] if units else [], units), now=LATER
        )


def test_a_held_order_stays_held_in_both_parts(shop):
    order = shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER)
    hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="Odd card", now=LATER)
    part = split_order(order_id=order.pk, units={order.lines.get().pk: 1}, now=LATER)
    assert part.holds.get().reason == "Odd card"
    assert AttentionItem.objects.filter(kind="order_held", resolved_at=None).count() == 2


def test_on_account_the_credit_taken_stays_what_it_was(shop):
    buyer = make_company_buyer()
    order = shop.order(
        (shop.mug, 3),
        customer_id=buyer.pk,
        payment_terms=PaymentTerms.NET,
        when_short=WhenShort.BACKORDER,
    )
    drain()
    part = split_order(order_id=order.pk, units={order.lines.get().pk: 1}, now=LATER)
    drain()
    account = buyer.company.credit_accounts.get()
    assert account.exposure == order.total
    assert part.payments.get().expected == part.total
    merge_orders(order_id=order.pk, other_ids=[part.pk], now=LATER)
    drain()
    account.refresh_from_db()
    assert account.exposure == order.total
    assert order.payments.get().expected == order.total


def test_two_paid_orders_become_one_with_the_money_of_both(shop):
    shop.stock(shop.mug, 5)
    kept = pay(shop.order((shop.mug, 2), shipping=Decimal("4.90")))
    other = pay(shop.order((shop.mug, 1), (shop.mug, 1, "8.00"), shipping=Decimal("3.00")))
    set_tags(order_id=other.pk, add=["gift"], now=LATER)
    add_note(order_id=other.pk, text="Happy birthday", kind=NoteKind.GIFT, now=LATER)
    worth = kept.owed + other.owed
    merge_orders(order_id=kept.pk, other_ids=[other.pk], now=LATER)
    drain()
    kept, other = again(kept), again(other)
    assert (kept.owed, kept.balance, kept.payment_status) == (worth, 0, PaymentStatus.PAID)
    assert (other.state, other.owed, other.balance) == (OrderState.CANCELLED, 0, 0)
    assert other.cancel_reason == f"Merged into {kept.number}"
    assert (kept.units_open, kept.units_allocated, kept.tags) == (4, 4, ["gift"])
    assert [note.text for note in kept.notes.all()] == ["Happy birthday"]
    told = kept.fulfilments.get(state="ready")
    assert sum(line.open for line in told.lines.all()) == 4
    merge_orders(order_id=kept.pk, other_ids=[other.pk], now=LATER)
    drain()
    assert again(kept).version == kept.version


def test_orders_that_do_not_fit_are_not_merged_and_all_reasons_are_told(shop):
    shop.stock(shop.mug, 5)
    kept = shop.order((shop.mug, 1))
    other = shop.order((shop.mug, 1), email="nils@example.com")
    hold_order(order_id=other.pk, kind=HoldKind.FRAUD, reason="Odd card", now=LATER)
    assert check_merge(kept, again(other)).refusals == (
        f"{other.number} is on hold; release it first.",
        f"{other.number} is from another customer.",
    )
    with pytest.raises(CannotMerge):
        merge_orders(order_id=kept.pk, other_ids=[other.pk], now=LATER)


def test_an_invoiced_order_is_not_merged(shop):
    shop.stock(shop.mug, 5)
    kept, other = pay(shop.order((shop.mug, 1))), pay(shop.order((shop.mug, 1)))
    issue_invoice(order_id=kept.pk, now=LATER)
    with pytest.raises(CannotMerge, match="invoiced"):
        merge_orders(order_id=kept.pk, other_ids=[other.pk], now=LATER)


def test_orders_to_the_same_address_are_found_however_it_is_written(shop, manager):
    other = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    written = {**BERLIN_ADDRESS.as_json(), "line1": "TORSTR. 1", "name": "A. Lindqvist"}
    same = type(BERLIN_ADDRESS).from_json(written)
    assert address_key(same) == address_key(BERLIN_ADDRESS)
    order = shop.order(
        (shop.mug, 1),
        when_short=WhenShort.BACKORDER,
        shipping_address=same,
        email="ADA@example.com",
    )
    shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER, email="nils@example.com")
    assert like_orders(manager, order) == [other]


def test_lost_units_are_sent_again_at_no_charge_once(shop):
    shop.stock(shop.mug, 5)
    order = send(pay(shop.order((shop.mug, 2))))
    line = order.lines.get()
    copy = reship_order(order_id=order.pk, units={line.pk: 1}, reason=ReshipReason.LOST, now=LATER)
    assert (copy.total, copy.units_allocated, copy.payment_status) == (0, 1, PaymentStatus.NOT_DUE)
    assert copy.fulfilments.get().state == "ready"
    assert copy.lines.get().origin == line
    assert (shop.level(shop.mug).allocated, again(order).units_returned) == (1, 0)
    with pytest.raises(CannotReship):
        reship_order(order_id=order.pk, units={line.pk: 2}, reason=ReshipReason.LOST, now=LATER)


def test_stock_is_asked_for_again(shop):
    order = shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    assert allocate_now(order_id=order.pk, now=LATER) == 0
    full = shop.order((shop.lamp, 1), takes_stock=False)
    with pytest.raises(CannotFulfil):
        allocate_now(order_id=full.pk, now=LATER)


def test_an_order_that_ends_unpaid_within_a_day_waits_for_a_person(shop):
    order = shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    days = timedelta(days=shop.web.unpaid_days)
    assert warn_of_expiry(now=NOON + days - timedelta(days=2)) == 0
    soon = NOON + days - timedelta(hours=3)
    assert (warn_of_expiry(now=soon), warn_of_expiry(now=soon)) == (1, 1)
    assert AttentionItem.objects.get(kind="order_expiring").title.startswith(order.number)
    pay(order)
    assert warn_of_expiry(now=soon) == 0
    assert AttentionItem.objects.get(kind="order_expiring").resolved_at is not None
