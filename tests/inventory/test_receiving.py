"""Receiving: counted from zero, posted once, over and short, by lot and serial number, costs, fills."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from core.models import StoredFact
from inventory.errors import BadLot, BadQuantity, BadSerial, CannotReceive, OverReceipt
from inventory.models import (
    Demand,
    LotBalance,
    Movement,
    Receipt,
    ReceiptDifference,
    ReceiptFill,
    Serial,
    SerialEvent,
    StockLevel,
    Variant,
)
from inventory.selectors.receiving import counts_of, fills_of
from inventory.services.announcing import Announced, announce_shipment
from inventory.services.landing import add_landed_cost
from inventory.services.ordering import approve_purchase, send_purchase
from inventory.services.posting import Explained, discard_receipt, post_receipt, receive_goods
from inventory.services.receiving import (
    Goods,
    count_line,
    forget_row,
    scan_receipt,
    start_receipt,
)
from inventory.states import Condition, Difference, SplitBy
from orders.drafts import WhenShort
from tests.cast import NOON
from tests.inventory.buying import again, bought, counted, drafted, make_supplier

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def post(receipt: Receipt, explained=None, **more) -> Receipt:
    return post_receipt(receipt_id=receipt.pk, explained=explained, now=NOON, **more)


def by(tracking: str, variant: Variant, **more) -> Variant:
    """Let a variant be told apart by lot or serial number."""
    Variant.objects.filter(pk=variant.pk).update(tracking=tracking, **more)
    variant.refresh_from_db()
    return variant


def scan(receipt: Receipt, *codes: str):
    """Scan codes one after the other, as one person does."""
    row_id = None
    for code in codes:
        row_id = scan_receipt(receipt_id=receipt.pk, code=code, row_id=row_id).row.pk
    return receipt.lines.get(pk=row_id)


# --- counting -------------------------------------------------------------------------------


def test_counting_starts_at_zero_and_goes_up_by_scan(shop):
    order = bought(shop, (shop.mug, 5, "2.00"), (shop.lamp, 2, "9.00"))
    receipt = start_receipt(order_id=order.pk, now=NOON)
    assert [(one.counted, one.expected) for one in counts_of(receipt)] == [(0, 5), (0, 2)]
    scan(receipt, "4006381333931", "mug", " LAMP ", "MUG")
    assert [(one.counted, one.expected) for one in counts_of(receipt)] == [(3, 5), (1, 2)]
    assert not Movement.objects.exists()


def test_one_delivery_of_an_order_is_counted_at_a_time(shop):
    order = bought(shop, (shop.mug, 5, "2.00"))
    first = start_receipt(order_id=order.pk, now=NOON)
    assert start_receipt(order_id=order.pk, now=NOON) == first
    discard_receipt(receipt_id=first.pk)
    assert start_receipt(order_id=order.pk, now=NOON) != first
    with pytest.raises(CannotReceive, match="is discarded already"):
        scan(first, "MUG")


@pytest.mark.parametrize(
    ("code", "words"),
    [("LAMP", "LAMP is not on PO-"), ("4711", "No item has the code “4711”"), ("", "No item")],
)
def test_a_code_that_is_not_expected_is_refused_with_what_to_do(shop, code, words):
    order = bought(shop, (shop.mug, 5, "2.00"))
    receipt = start_receipt(order_id=order.pk, now=NOON)
    with pytest.raises(CannotReceive, match=words):
        scan_receipt(receipt_id=receipt.pk, code=code)


def test_the_supplier_s_own_number_is_known_too(shop):
    order = bought(shop, (shop.mug, 5, "2.00"))
    order.lines.update(supplier_sku="NST-88")
    receipt = start_receipt(order_id=order.pk, now=NOON)
    assert scan(receipt, "nst-88").quantity == 1


def test_of_two_lines_of_one_sku_the_first_is_filled_first(shop):
    order = bought(shop, (shop.mug, 2, "2.00"), (shop.mug, 3, "1.50"))
    receipt = start_receipt(order_id=order.pk, now=NOON)
    for _ in range(3):
        scan_receipt(receipt_id=receipt.pk, code="MUG")
    assert [one.counted for one in counts_of(receipt)] == [2, 1]


@pytest.mark.parametrize("quantity", [-1, 1_000_001])
def test_an_impossible_count_is_refused(shop, quantity):
    order = bought(shop, (shop.mug, 5, "2.00"))
    with pytest.raises(BadQuantity) as refused:
        counted(order, quantity)
    assert refused.value.field == "quantity"


def test_a_count_is_taken_back(shop):
    order = bought(shop, (shop.mug, 5, "2.00"))
    receipt = counted(order, 4)
    forget_row(receipt_id=receipt.pk, row_id=receipt.lines.get().pk)
    with pytest.raises(CannotReceive, match="Nothing was counted yet"):
        post(receipt)


def test_nothing_is_received_of_an_order_that_was_not_sent_or_goes_to_a_customer(shop):
    with pytest.raises(CannotReceive, match="is draft"):
        start_receipt(order_id=drafted(shop, (shop.mug, 1, "1.00")).pk, now=NOON)
    direct = bought(shop, (shop.mug, 1, "1.00"), ship_to_reference="SO-1001")
    with pytest.raises(CannotReceive, match="straight to a customer"):
        start_receipt(order_id=direct.pk, now=NOON)


# --- posting --------------------------------------------------------------------------------


def test_what_was_counted_becomes_stock_and_the_order_waits_for_the_rest(shop):
    order = bought(shop, (shop.mug, 5, "2.00"), (shop.lamp, 2, "9.00"))
    receipt = post(counted(order, 3, 2, bin="A-01"))
    assert (shop.level(shop.mug).sellable, shop.level(shop.lamp).sellable) == (3, 2)
    assert shop.level(shop.mug).bin == "A-01"
    assert again(order).state == "partly_received"
    moved = Movement.objects.filter(level__variant=shop.mug).get()
    assert (moved.reference, moved.unit_cost) == (order.number, Decimal(2))
    assert moved.note == receipt.number
    post(counted(again(order), 2, 0))
    assert again(order).state == "received"
    facts = StoredFact.objects.filter(name="inventory.GoodsReceived").order_by("id")
    assert [fact.payload["units"] for fact in facts] == [5, 2]
    assert not ReceiptDifference.objects.exists()


def test_posting_twice_books_once(shop):
    receipt = counted(bought(shop, (shop.mug, 5, "2.00")), 5)
    assert post(receipt) == post(receipt)
    assert shop.level(shop.mug).sellable == 5


def test_receiving_with_one_key_is_one_receipt_however_often_it_is_sent(shop):
    order = bought(shop, (shop.mug, 5, "2.00"))
    goods = [(order.lines.get().pk, Goods(2))]
    first = receive_goods(order_id=order.pk, key="k-1", goods=goods, now=NOON)
    assert receive_goods(order_id=order.pk, key="k-1", goods=goods, now=NOON) == first
    assert shop.level(shop.mug).sellable == 2
    receive_goods(order_id=order.pk, key="k-2", goods=goods, now=NOON)
    assert shop.level(shop.mug).sellable == 4


def test_more_than_was_ordered_wants_a_right_and_a_reason(shop):
    receipt = counted(bought(shop, (shop.mug, 10, "2.00")), 12)
    line_id = receipt.lines.get().line_id
    told = {line_id: Explained(Difference.OVER_SHIPPED, "They like us")}
    with pytest.raises(OverReceipt, match="2 more than ordered came, 0 are tolerated"):
        post(receipt, told)
    with pytest.raises(OverReceipt, match="say why") as refused:
        post(receipt, may_exceed=True)
    assert refused.value.field == f"reason-{line_id}"
    assert not Movement.objects.exists()
    post(receipt, told, may_exceed=True)
    line = receipt.order.lines.get()
    assert (line.received, line.over, line.open) == (12, 2, 0)
    difference = ReceiptDifference.objects.get()
    assert (difference.units, difference.note) == (2, "They like us")


def test_within_the_tolerance_nobody_has_to_be_asked(shop):
    make_supplier(over_tolerance=10, short_tolerance=10)
    told = Explained(Difference.OVER_SHIPPED)
    order = bought(shop, (shop.mug, 20, "2.00"), (shop.lamp, 20, "9.00"))
    mug, lamp = order.lines.all()
    receipt = counted(order, 22, 18)
    post(receipt, {mug.pk: told, lamp.pk: Explained(Difference.SHORT_SHIPPED, ends=True)})
    assert again(order).state == "closed_short"
    assert [(one.units, one.reason) for one in ReceiptDifference.objects.order_by("id")] == [
        (2, "over_shipped"),
        (-2, "short_shipped"),
    ]


def test_giving_up_more_than_is_tolerated_wants_a_buyer(shop):
    order = bought(shop, (shop.mug, 20, "2.00"))
    receipt = counted(order, 15)
    told = {order.lines.get().pk: Explained(ends=True)}
    with pytest.raises(CannotReceive, match="a buyer decides"):
        post(receipt, told)
    post(receipt, told, may_end=True)
    assert (order.lines.get().cancelled, again(order).state) == (5, "closed_short")


def test_damaged_units_are_kept_apart_and_listed(shop):
    order = bought(shop, (shop.mug, 5, "2.00"))
    receipt = counted(order, 3)
    damaged = Goods(2, Condition.DAMAGED, note="Wet box")
    count_line(receipt_id=receipt.pk, line_id=order.lines.get().pk, goods=damaged)
    post(receipt)
    level = shop.level(shop.mug)
    assert (level.sellable, level.damaged) == (3, 2)
    difference = ReceiptDifference.objects.get()
    assert (difference.units, difference.reason, difference.note) == (2, "damaged", "Wet box")
    assert again(order).state == "received"


def test_goods_of_a_supplier_that_is_inspected_go_to_quality_control(shop):
    make_supplier(inspects_goods=True)
    order = bought(shop, (shop.mug, 5, "2.00"))
    receipt = start_receipt(order_id=order.pk, now=NOON)
    assert scan(receipt, "MUG").condition == Condition.QUALITY_CONTROL
    post(receipt)
    assert shop.level(shop.mug).quality_control == 1


def test_a_delivery_is_compared_with_its_notice(shop):
    order = bought(shop, (shop.mug, 10, "2.00"), (shop.lamp, 4, "9.00"))
    notice = announce_shipment(
        order_id=order.pk,
        reference="DN 1",
        expected_on=TODAY,
        goods=[Announced(order.lines.get(sku="MUG").pk, 6)],
        now=NOON,
    )
    receipt = start_receipt(order_id=order.pk, notice_id=notice.pk, now=NOON)
    scan(receipt, "MUG", "MUG")
    (mug,) = counts_of(receipt)
    assert (mug.expected, mug.short, mug.missing) == (6, 4, 8)
    post(receipt, {mug.line.pk: Explained(Difference.SHORT_SHIPPED)})
    notice.refresh_from_db()
    assert notice.arrived_at == NOON
    assert ReceiptDifference.objects.get().units == -4
    with pytest.raises(CannotReceive, match="received already"):
        start_receipt(order_id=order.pk, notice_id=notice.pk, now=NOON)


# --- lots and serial numbers ----------------------------------------------------------------


def test_a_variant_kept_by_lot_wants_its_lot_and_expiry(shop):
    by("lot", shop.mug, shelf_life_days=30)
    order = bought(shop, (shop.mug, 10, "2.00"))
    receipt = counted(order, 4, lot_code="L-1", expires_on=TODAY + timedelta(days=9))
    count_line(
        receipt_id=receipt.pk,
        line_id=order.lines.get().pk,
        goods=Goods(6, lot_code="L-2", made_on=TODAY),
    )
    post(receipt)
    balances = LotBalance.objects.order_by("lot__code")
    assert [(one.lot.code, one.lot.expires_on, one.sellable) for one in balances] == [
        ("L-1", TODAY + timedelta(days=9), 4),
        ("L-2", TODAY + timedelta(days=30), 6),
    ]


def test_a_missing_or_expired_lot_is_refused_and_nothing_is_booked(shop):
    by("lot", shop.mug)
    order = bought(shop, (shop.mug, 10, "2.00"), (shop.lamp, 1, "9.00"))
    receipt = counted(order, 4, 1)
    with pytest.raises(BadLot, match="give the lot number"):
        post(receipt)
    row = receipt.lines.get(line__sku="MUG")
    goods = Goods(4, lot_code="L-1", expires_on=date(2026, 1, 1))
    count_line(receipt_id=receipt.pk, line_id=row.line_id, row_id=row.pk, goods=goods)
    with pytest.raises(BadLot, match="expired on 1 January 2026"):
        post(receipt)
    assert not Movement.objects.exists()
    damaged = Goods(4, Condition.DAMAGED, lot_code="L-1", expires_on=date(2026, 1, 1))
    count_line(receipt_id=receipt.pk, line_id=row.line_id, row_id=row.pk, goods=damaged)
    post(receipt)
    assert shop.level(shop.mug).damaged == 4


def test_a_lot_number_for_what_is_not_kept_by_lot_is_refused(shop):
    with pytest.raises(BadLot, match="is not kept by lot"):
        counted(bought(shop, (shop.mug, 10, "2.00")), 4, lot_code="L-1")


def test_units_with_serial_numbers_are_counted_by_them(shop):
    by("serial", shop.lamp)
    order = bought(shop, (shop.lamp, 2, "9.00"))
    receipt = start_receipt(order_id=order.pk, now=NOON)
    row = scan(receipt, "LAMP", "SN-1", "SN-2")
    assert (row.quantity, row.serials) == (2, ["SN-1", "SN-2"])
    with pytest.raises(BadSerial, match="scanned already"):
        scan_receipt(receipt_id=receipt.pk, code="SN-2", row_id=row.pk)
    post(receipt)
    serials = Serial.objects.order_by("code")
    assert [(one.code, one.state, one.level.location) for one in serials] == [
        ("SN-1", "in_stock", shop.warehouse),
        ("SN-2", "in_stock", shop.warehouse),
    ]
    events = SerialEvent.objects.values_list("reference", "location__code")
    assert list(events) == [(order.number, "ber")] * 2


def test_a_serial_number_given_twice_is_refused(shop):
    by("serial", shop.lamp)
    first = bought(shop, (shop.lamp, 1, "9.00"))
    post(counted(first, 1, serials=("SN-1",)))
    other = bought(shop, (shop.lamp, 2, "9.00"))
    with pytest.raises(BadSerial, match="SN-1 of LAMP is in stock already"):
        counted(other, 2, serials=("SN-1", "SN-2"))
    with pytest.raises(BadSerial, match="stands there twice"):
        counted(other, 2, serials=("SN-2", "SN-2"))
    with pytest.raises(BadSerial, match="2 units, but 1 serial numbers"):
        counted(other, 2, serials=("SN-2",))
    with pytest.raises(BadSerial, match="has no serial numbers"):
        counted(bought(shop, (shop.mug, 1, "1.00")), 1, serials=("SN-9",))
    assert Serial.objects.count() == 1


# --- what units cost ------------------------------------------------------------------------


def test_landed_cost_and_exchange_rate_go_into_the_moving_average(shop):
    make_supplier(currency="USD")
    with transaction.atomic():
        shop.stock(shop.mug, 10)
    StockLevel.objects.filter(variant=shop.mug).update(average_cost=Decimal("0.25"))
    order = drafted(shop, (shop.mug, 30, "2.00"), exchange_rate=Decimal("0.5"))
    add_landed_cost(
        order_id=order.pk, label="Freight", amount=Decimal(15), split_by=SplitBy.QUANTITY
    )
    approve_purchase(order_id=order.pk, now=NOON)
    send_purchase(order_id=order.pk, by_mail=False, now=NOON)
    post(counted(again(order), 30))
    moved = Movement.objects.filter(reference=order.number).get()
    assert moved.unit_cost == Decimal("1.25")  # (2.00 + 15 / 30) × 0.5
    assert shop.level(shop.mug).average_cost == 1  # 10 at 0.25, 30 at 1.25


def test_free_units_make_the_price_of_the_others_go_further(shop):
    order = bought(shop, (shop.mug, 10, "2.20"))
    told = {order.lines.get().pk: Explained(Difference.FREE_GOODS)}
    post(counted(order, 11), told, may_exceed=True)
    assert shop.level(shop.mug).average_cost == Decimal(2)


# --- who waits ------------------------------------------------------------------------------


def test_who_waits_is_served_oldest_first_and_the_receipt_says_so(shop):
    shop.stock(shop.mug, 1)
    orders = [shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER) for _ in range(3)]
    purchase = bought(shop, (shop.mug, 10, "2.00"))
    receipt = post(counted(purchase, 4))
    fills = fills_of([receipt])[receipt.pk]
    assert [(one.label, one.quantity) for one in fills] == [
        (orders[0].number, 2),
        (orders[1].number, 2),
    ]
    assert fills[0].url == f"/orders/{orders[0].pk}/"
    assert ReceiptFill.objects.count() == 2
    assert [demand.backordered for demand in Demand.objects.order_by("id")] == [0, 1, 3]


def test_damaged_units_serve_nobody(shop):
    shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER)
    post(counted(bought(shop, (shop.mug, 5, "2.00")), 5, condition=Condition.DAMAGED))
    assert not ReceiptFill.objects.exists()
