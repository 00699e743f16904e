"""Suppliers and purchase orders: drafted, changed, approved, sent, closed; costs and lateness."""

from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from core import documents, messages
from core.address import Address
from core.editing import version_of
from core.errors import DomainError, StaleEdit
from core.models import AttentionItem, StateChange
from inventory.errors import BadPurchase, BadQuantity, CannotBuy
from inventory.models import (
    LandedShare,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    SupplierItem,
)
from inventory.selectors.purchasing import advice_on, open_purchase_lines
from inventory.services.announcing import Announced, announce_shipment, withdraw_notice
from inventory.services.landing import add_landed_cost, remove_landed_cost
from inventory.services.lateness import flag_late_suppliers
from inventory.services.ordering import (
    approve_purchase,
    cancel_purchase,
    close_purchase_short,
    reopen_purchase,
    send_purchase,
)
from inventory.services.posting import post_receipt
from inventory.services.purchasing import PurchaseWish, change_purchase, expect_on
from inventory.services.suppliers import remove_price, save_supplier, set_price
from inventory.states import PurchaseState, ReceiptState, SplitBy, VariantKind
from tests.cast import NOON
from tests.inventory.buying import again, bought, counted, drafted, make_price, make_supplier

pytestmark = pytest.mark.django_db
TODAY = NOON.date()

MOVES = {
    "approve": {"draft": "approved"},
    "reopen": {"approved": "draft"},
    "send": {"approved": "sent"},
    "receive_part": {"sent": "partly_received"},
    "receive_rest": {"sent": "received", "partly_received": "received"},
    "close_short": {"sent": "closed_short", "partly_received": "closed_short"},
    "cancel": {"draft": "cancelled", "approved": "cancelled", "sent": "cancelled"},
}
RECEIPT_MOVES = {"post": {"counting": "posted"}, "discard": {"counting": "discarded"}}
WORDS = {
    "approve": {"by": None, "now": NOON},
    "send": {"now": NOON},
    "receive_rest": {"now": NOON},
    "close_short": {"reason": "why", "now": NOON},
    "cancel": {"reason": "why", "now": NOON},
    "post": {"by": "Petra", "now": NOON},
}
TABLE = [
    (model, move, state, moves[move].get(state))
    for model, states, moves in (
        (PurchaseOrder, PurchaseState, MOVES),
        (Receipt, ReceiptState, RECEIPT_MOVES),
    )
    for move, state in product(moves, states.values)
]


@pytest.mark.parametrize(("model", "move", "state", "target"), TABLE)
def test_a_move_leads_where_the_table_says_or_is_refused(model, move, state, target):
    thing = model(state=state)
    if target is None:
        with pytest.raises(TransitionNotAllowed):
            getattr(thing, move)(**WORDS.get(move, {}))
        assert thing.state == state
    else:
        getattr(thing, move)(**WORDS.get(move, {}))
        assert thing.state == target


def test_the_database_refuses_the_same_moves(shop):
    order = drafted(shop, (shop.mug, 5, "2.00"))
    for target in ("sent", "partly_received", "received", "closed_short"):
        with pytest.raises(DatabaseError), transaction.atomic():
            PurchaseOrder.objects.filter(pk=order.pk).update(state=target)


# --- drafting -------------------------------------------------------------------------------


def test_a_draft_takes_prices_lead_time_and_address_from_what_is_known(shop):
    supplier = make_supplier(lead_time_days=10)
    make_price(supplier, shop.mug, "4.20", supplier_sku="M-1", lead_time_days=21)
    order = drafted(shop, (shop.mug, 10), (shop.lamp, 2, "30.00"))
    mug, lamp = order.lines.all()
    assert (mug.unit_cost, mug.supplier_sku, mug.name) == (Decimal("4.20"), "M-1", "Mug")
    assert lamp.unit_cost == 30
    assert order.total == Decimal("102.00")
    assert order.expected_on == TODAY + timedelta(days=21)
    assert order.ship_to == {"name": "Berlin", "country": "DE"}
    assert order.number.startswith("PO-")


def test_goods_may_go_straight_to_a_customer(shop):
    order = bought(
        shop,
        (shop.lamp, 1, "30.00"),
        ship_to=Address(name="Ada", line1="Torstraße 1", city="Berlin", country="DE"),
        ship_to_reference="SO-1001",
    )
    assert (order.address.name, order.is_direct) == ("Ada", True)
    assert not open_purchase_lines().exists()


@pytest.mark.parametrize(
    ("line", "error", "field"),
    [
        ((0, "1", "stocked"), BadQuantity, "quantity"),
        ((-3, "1", "stocked"), BadQuantity, "quantity"),
        ((10**9, "1", "stocked"), BadQuantity, "quantity"),
        ((1, "-1", "stocked"), BadPurchase, "unit_cost"),
        ((1, "NaN", "stocked"), BadPurchase, "unit_cost"),
        ((1, "Infinity", "stocked"), BadPurchase, "unit_cost"),
        ((1, "1", "kit"), BadPurchase, "sku"),
        ((1, "1", "service"), BadPurchase, "sku"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_and_nothing_is_made(shop, line, error, field):
    quantity, cost, kind = line
    shop.mug.kind = VariantKind(kind)
    shop.mug.save()
    with pytest.raises(error) as refused:
        drafted(shop, (shop.mug, quantity, cost))
    assert refused.value.field == field
    assert not PurchaseOrder.objects.exists()


def test_a_foreign_currency_wants_a_rate(shop):
    make_supplier(currency="USD")
    with pytest.raises(BadPurchase, match="what one USD is worth in EUR"):
        drafted(shop, (shop.mug, 5, "2.00"))
    order = drafted(shop, (shop.mug, 5, "2.00"), exchange_rate=Decimal("0.92"))
    assert (order.currency, order.exchange_rate) == ("USD", Decimal("0.92"))


def test_a_supplier_that_is_no_longer_bought_from_is_refused(shop):
    with pytest.raises(BadPurchase, match="no longer bought from"):
        drafted(shop, supplier=make_supplier("old", is_active=False))


def test_a_draft_is_changed_as_a_whole_and_two_people_do_not_overwrite_each_other(shop):
    order = drafted(shop, (shop.mug, 5, "2.00"))
    seen = version_of(order)
    wishes = [PurchaseWish(shop.mug.pk, 8, Decimal(2)), PurchaseWish(shop.lamp.pk, 1, Decimal(30))]
    values = {"note": "By size, please.", "expected_on": TODAY + timedelta(days=3)}
    change_purchase(order_id=order.pk, wishes=wishes, values=values, version=seen, now=NOON)
    order.refresh_from_db()
    assert (order.total, order.note) == (Decimal("46.00"), "By size, please.")
    with pytest.raises(StaleEdit):
        change_purchase(order_id=order.pk, wishes=[], values={}, version=seen, now=NOON)


def test_advice_names_packs_minima_and_prices(shop):
    supplier = make_supplier(minimum_order=Decimal(100))
    make_price(supplier, shop.mug, "4.00", minimum_quantity=12, pack_size=6)
    order = drafted(shop, (shop.mug, 10, "3.50"), (shop.lamp, 1, "30.00"))
    assert advice_on(order, list(order.lines.all())) == [
        "MUG: North Sea Textiles sells 12 units at least.",
        "MUG comes in packs of 6; 12 units would be 2 whole packs.",
        "MUG is on the price list at €4.00.",
        "LAMP is not on the price list of North Sea Textiles.",
        "North Sea Textiles takes orders from €100.00.",
    ]


# --- on its way -----------------------------------------------------------------------------


def test_sending_mails_the_paper_once_the_order_is_approved(shop):
    order = drafted(shop, (shop.mug, 5, "2.00"))
    with pytest.raises(CannotBuy, match="is draft"):
        send_purchase(order_id=order.pk, now=NOON)
    approve_purchase(order_id=order.pk, now=NOON)
    send_purchase(order_id=order.pk, now=NOON)
    order.refresh_from_db()
    assert (order.state, order.sent_at) == ("sent", NOON)
    message = messages.for_subject("purchaseorder", order.pk).get()
    assert (message.to, message.kind) == ("orders@nst.example", "purchase_order")
    assert documents.for_subject("purchaseorder", order.pk).get().kind == "purchase_order"
    messages.send_due()
    message.refresh_from_db()
    assert "- 5 × Mug (MUG) at €2.00" in message.body
    moves = StateChange.objects.filter(subject_type="purchaseorder", subject_id=order.pk)
    assert [(one.before, one.after) for one in moves.order_by("id")] == [
        ("draft", "approved"),
        ("approved", "sent"),
    ]


def test_a_supplier_without_an_address_gets_no_mail(shop):
    make_supplier(email="")
    order = drafted(shop, (shop.mug, 5, "2.00"))
    approve_purchase(order_id=order.pk, now=NOON)
    with pytest.raises(CannotBuy, match="no e-mail address"):
        send_purchase(order_id=order.pk, now=NOON)
    send_purchase(order_id=order.pk, by_mail=False, now=NOON)
    assert not messages.for_subject("purchaseorder", order.pk).exists()


def test_an_order_without_lines_is_not_approved(shop):
    with pytest.raises(CannotBuy, match="has no lines"):
        approve_purchase(order_id=drafted(shop).pk, now=NOON)


def test_an_approved_order_may_go_back_to_draft_a_sent_one_not(shop):
    order = drafted(shop, (shop.mug, 5, "2.00"))
    approve_purchase(order_id=order.pk, now=NOON)
    reopen_purchase(order_id=order.pk)
    assert (again(order).state, again(order).approved_at) == ("draft", None)
    sent = bought(shop, (shop.mug, 5, "2.00"))
    with pytest.raises(CannotBuy):
        reopen_purchase(order_id=sent.pk)


def test_closing_short_gives_up_what_has_not_come_and_cancelling_only_before_anything_came(shop):
    order = bought(shop, (shop.mug, 5, "2.00"))
    with pytest.raises(CannotBuy):
        close_purchase_short(order_id=drafted(shop, (shop.mug, 1)).pk, reason="", now=NOON)
    post_receipt(receipt_id=counted(order, 2).pk, now=NOON)
    with pytest.raises(CannotBuy, match="close it short"):
        cancel_purchase(order_id=order.pk, reason="", now=NOON)
    close_purchase_short(order_id=order.pk, reason="Sold out", now=NOON)
    line = order.lines.get()
    assert (line.received, line.cancelled, line.open) == (2, 3, 0)
    assert again(order).close_reason == "Sold out"

    other = bought(shop, (shop.mug, 5, "2.00"))
    cancel_purchase(order_id=other.pk, reason="Too dear", now=NOON)
    assert (again(other).state, other.lines.get().open) == ("cancelled", 0)


def test_nothing_is_closed_while_a_delivery_is_counted(shop):
    order = bought(shop, (shop.mug, 5, "2.00"))
    counted(order, 2)
    for verb in (close_purchase_short, cancel_purchase):
        with pytest.raises(CannotBuy, match="is being counted"):
            verb(order_id=order.pk, reason="", now=NOON)


def test_the_database_keeps_received_and_cancelled_within_what_was_ordered(shop):
    order = bought(shop, (shop.mug, 5, "2.00"))
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseOrderLine.objects.filter(order=order).update(received=6)


# --- what is coming -------------------------------------------------------------------------


def test_what_is_coming_is_told_with_the_day_that_is_known_best(shop):
    day = TODAY + timedelta(days=5)
    order = bought(shop, (shop.mug, 5, "2.00"), (shop.lamp, 3, "9.00"), expected_on=day)
    drafted(shop, (shop.mug, 50, "2.00"))
    mug, lamp = order.lines.all()
    goods = [Announced(mug.pk, 4)]
    announce_shipment(
        order_id=order.pk,
        reference="DN 1",
        expected_on=day + timedelta(days=2),
        goods=goods,
        now=NOON,
    )
    told = {line.pk: (line.open_units, line.due_on) for line in open_purchase_lines()}
    assert told == {mug.pk: (5, day + timedelta(days=2)), lamp.pk: (3, day)}


def test_a_notice_is_taken_once_and_for_no_more_than_is_to_come(shop):
    order = bought(shop, (shop.mug, 5, "2.00"))
    line = order.lines.get()
    words = {"order_id": order.pk, "expected_on": TODAY, "now": NOON}
    with pytest.raises(BadPurchase, match="5 are still to come"):
        announce_shipment(reference="DN 1", goods=[Announced(line.pk, 6)], **words)
    with pytest.raises(BadQuantity):
        announce_shipment(reference="DN 1", goods=[Announced(line.pk, 0)], **words)
    notice = announce_shipment(reference="DN 1", goods=[Announced(line.pk, 5)], **words)
    with pytest.raises(BadPurchase, match="entered already"):
        announce_shipment(reference="DN 1", goods=[Announced(line.pk, 5)], **words)
    withdraw_notice(notice_id=notice.pk)
    assert not order.notices.exists()


def test_a_late_supplier_waits_for_a_person_until_another_day_is_named(shop):
    order = bought(shop, (shop.mug, 5, "2.00"), expected_on=TODAY)
    later = NOON + timedelta(days=2)
    assert flag_late_suppliers(now=NOON) == 0
    assert flag_late_suppliers(now=later) == 1
    item = AttentionItem.objects.get(kind="late_supplier", resolved_at=None)
    assert item.title == f"{order.number} from North Sea Textiles is late"
    assert item.detail.startswith("5 of 5 units for Berlin should have come 2 days ago.")
    expect_on(
        order_id=order.pk,
        day=later.date() + timedelta(days=4),
        supplier_reference="A-77",
        reason="Storm",
        now=later,
    )
    assert not AttentionItem.objects.filter(kind="late_supplier", resolved_at=None).exists()
    assert flag_late_suppliers(now=later) == 0


# --- what the way in costs ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("split_by", "shares"),
    [
        (SplitBy.VALUE, ["2.50", "7.50"]),
        (SplitBy.QUANTITY, ["7.50", "2.50"]),
        (SplitBy.WEIGHT, ["7.50", "2.50"]),
    ],
)
def test_a_landed_cost_is_spread_and_adds_up(shop, split_by, shares):
    order = drafted(shop, (shop.mug, 30, "1.00"), (shop.lamp, 10, "9.00"))
    add_landed_cost(order_id=order.pk, label="Freight", amount=Decimal(10), split_by=split_by)
    found = LandedShare.objects.order_by("line__position")
    assert [str(one.amount.quantize(Decimal("0.01"))) for one in found] == shares


def test_an_odd_cent_goes_to_the_largest_remainder(shop):
    order = drafted(shop, (shop.mug, 1, "1.00"), (shop.lamp, 1, "1.00"), (shop.shirt, 1, "1.00"))
    add_landed_cost(order_id=order.pk, label="Duty", amount=Decimal("0.10"), split_by=SplitBy.VALUE)
    amounts = [one.amount for one in LandedShare.objects.order_by("line__position")]
    assert amounts == [Decimal("0.04"), Decimal("0.03"), Decimal("0.03")]


def test_a_cost_is_spread_anew_when_the_draft_changes_and_stays_once_goods_bear_it(shop):
    order = drafted(shop, (shop.mug, 10, "1.00"))
    cost = add_landed_cost(
        order_id=order.pk, label="Freight", amount=Decimal(10), split_by=SplitBy.QUANTITY
    )
    wishes = [PurchaseWish(shop.mug.pk, 30, Decimal(1)), PurchaseWish(shop.lamp.pk, 10, Decimal(9))]
    change_purchase(
        order_id=order.pk, wishes=wishes, values={}, version=version_of(order), now=NOON
    )
    assert [one.amount for one in LandedShare.objects.order_by("line__position")] == [
        Decimal("7.5"),
        Decimal("2.5"),
    ]
    approve_purchase(order_id=order.pk, now=NOON)
    send_purchase(order_id=order.pk, by_mail=False, now=NOON)
    post_receipt(receipt_id=counted(again(order), 5, 0).pk, now=NOON)
    with pytest.raises(CannotBuy, match="so it stays"):
        remove_landed_cost(cost_id=cost.pk)


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "0.001"])
def test_an_impossible_cost_is_refused(shop, amount):
    order = drafted(shop, (shop.mug, 10, "1.00"))
    with pytest.raises(BadPurchase) as refused:
        add_landed_cost(
            order_id=order.pk, label="Freight", amount=Decimal(amount), split_by=SplitBy.VALUE
        )
    assert refused.value.field == "amount"


# --- suppliers ------------------------------------------------------------------------------


def supplier_values(**more):
    return {"code": "abc", "name": "ABC", "email": "", "currency": "EUR", **more}


def test_a_supplier_is_made_and_changed_and_keeps_its_history(db):
    supplier = save_supplier(supplier_id=None, values=supplier_values())
    seen = version_of(supplier)
    save_supplier(supplier_id=supplier.pk, values=supplier_values(name="ABC Ltd"), version=seen)
    supplier.refresh_from_db()
    assert supplier.name == "ABC Ltd"
    with pytest.raises(StaleEdit):
        save_supplier(supplier_id=supplier.pk, values=supplier_values(name="X"), version=seen)


@pytest.mark.parametrize(("more", "field"), [({"currency": "XYZ"}, "currency"), ({}, "code")])
def test_a_supplier_with_an_unknown_currency_or_a_taken_code_is_refused(db, more, field):
    make_supplier("abc")
    with pytest.raises(DomainError) as refused:
        save_supplier(supplier_id=None, values=supplier_values(**more))
    assert refused.value.field == field


def test_of_two_suppliers_one_is_preferred(shop):
    first, second = make_supplier("one"), make_supplier("two")
    for supplier in (first, second):
        set_price(
            supplier=supplier,
            variant=shop.mug,
            values={"price": Decimal(3), "is_preferred": True},
        )
    preferred = SupplierItem.objects.get(is_preferred=True)
    assert preferred.supplier == second
    assert set_price(supplier=second, variant=shop.mug, values={"price": Decimal(3)}) is None
    remove_price(item_id=preferred.pk)
    assert second.items.count() == 0
