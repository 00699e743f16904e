"""Availability: the right figure, why it is that, and as many statements for two hundred as for one."""

from datetime import timedelta

import pytest

from inventory.models import (
    ChannelStockRule,
    Lot,
    Part,
    PurchaseOrder,
    PurchaseOrderLine,
    StockLevel,
    Supplier,
    Transfer,
    TransferLine,
)
from inventory.selectors.availability import availability_of, take_turns
from inventory.services import StockChange, move_stock
from inventory.states import Condition, MovementReason, PurchaseState, Tracking, VariantKind
from orders.drafts import WhenShort
from tests.cast import NOON, make_variant

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def figures(shop, variant, channel="web"):
    chosen = shop.web if channel else None
    return availability_of([variant.pk], channel=chosen, today=TODAY)[variant.pk]


def bring(shop, variant, units, **more):
    change = StockChange(variant.pk, shop.warehouse.pk, units, MovementReason.RECEIPT, **more)
    move_stock([change], now=NOON)


def buy(shop, variant, units, *, number="PO-88", days=14, state=PurchaseState.SENT):
    supplier, _ = Supplier.objects.get_or_create(code="acme", defaults={"name": "Acme"})
    order = PurchaseOrder.objects.create(
        number=number,
        supplier=supplier,
        location=shop.warehouse,
        currency="EUR",
        state=state,
        created_at=NOON,
        expected_on=None if days is None else TODAY + timedelta(days=days),
    )
    return PurchaseOrderLine.objects.create(
        order=order,
        position=1,
        variant=variant,
        sku=variant.sku,
        name="x",
        quantity=units,
        unit_cost=1,
    )


def test_it_says_what_lies_there_who_waits_and_what_comes(shop):
    shop.stock(shop.mug, 3)
    shop.order((shop.mug, 3))
    shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    buy(shop, shop.mug, 20)
    one = figures(shop, shop.mug)
    assert one.to_sell == 0
    assert one.reason == (
        "3 on hand, 3 allocated, 2 backordered before you, PO-88 brings 20 on 2 Dec"
    )


def test_thresholds_and_buffer_are_kept_at_each_location(shop):
    shop.stock(shop.mug, 10)
    shop.stock(shop.mug, 1, shop.store)
    StockLevel.objects.filter(location=shop.warehouse).update(safety=3)
    shop.web.stock_buffer = 2
    shop.web.save()
    one = figures(shop, shop.mug)
    assert (one.to_sell, one.by_place) == (5, [("Berlin", 5)])
    assert one.reason == "11 on hand, 3 kept as safety stock, 3 kept back from this channel"
    assert figures(shop, shop.mug, channel=None).to_sell == 8


def test_units_that_are_damaged_or_looked_at_are_on_hand_only(shop):
    bring(shop, shop.mug, 4)
    bring(shop, shop.mug, 2, condition=Condition.DAMAGED)
    one = figures(shop, shop.mug)
    assert (one.on_hand, one.to_sell) == (6, 4)
    assert one.reason == "6 on hand, 2 in quality control or damaged"


def test_lots_that_do_not_keep_long_enough_for_the_channel_are_left_out(shop):
    milk = make_variant("MILK", "Milk", tracking=Tracking.LOT)
    for code, days in (("short", 5), ("long", 40)):
        lot = Lot.objects.create(variant=milk, code=code, expires_on=TODAY + timedelta(days=days))
        bring(shop, milk, 4, lot_id=lot.pk)
    assert figures(shop, milk).to_sell == 8
    ChannelStockRule.objects.create(channel=shop.web, shelf_life_days=30)
    one = figures(shop, milk)
    assert one.to_sell == 4
    assert one.reason == "8 on hand, 4 in lots that expire too soon or are recalled"
    Lot.objects.update(recalled_at=NOON)
    assert figures(shop, milk).to_sell == 0


def test_a_kit_is_as_many_as_its_scarcest_part_allows(shop):
    box = make_variant("BOX", "Box", kind=VariantKind.KIT)
    gift = make_variant("GIFT", "Gift", kind=VariantKind.KIT)
    Part.objects.create(whole=box, part=shop.mug, quantity=2)
    Part.objects.create(whole=box, part=shop.lamp, quantity=1)
    Part.objects.create(whole=gift, part=box, quantity=2)
    shop.stock(shop.mug, 9)
    shop.stock(shop.lamp, 5)
    assert figures(shop, box).to_sell == 4
    assert figures(shop, box).reason == "A kit: 9 of MUG to be had, 2 in each"
    assert figures(shop, gift).to_sell == 2


def test_a_kit_and_a_line_that_share_a_part_are_summed(shop):
    box = make_variant("BOX", "Box", kind=VariantKind.KIT)
    Part.objects.create(whole=box, part=shop.mug, quantity=2)
    shop.stock(shop.mug, 9)
    found = availability_of([box.pk, shop.mug.pk], channel=shop.web, today=TODAY)
    one, mug = found[box.pk], found[shop.mug.pk]
    assert take_turns([(one, 3), (mug, 2), (mug, 2), (None, 1)]) == [4, 3, 1, 0]


def test_a_service_is_always_to_be_had(shop):
    wrap = make_variant("WRAP", "Gift wrap", kind=VariantKind.SERVICE)
    assert figures(shop, wrap).to_sell > 100_000
    assert figures(shop, wrap).reason == "A service: no stock is needed"


@pytest.mark.breaks_invariants  # a transfer on its way whose ledger nobody wrote
def test_drafts_and_what_goes_straight_to_a_customer_do_not_come_in(shop):
    buy(shop, shop.mug, 5, number="PO-1", state=PurchaseState.DRAFT)
    direct = buy(shop, shop.mug, 5, number="PO-2")
    PurchaseOrder.objects.filter(pk=direct.order_id).update(ship_to_reference="SO-1")
    buy(shop, shop.mug, 5, number="PO-3", days=None)
    buy(shop, shop.mug, 5, number="PO-4", days=-3)
    transfer = Transfer.objects.create(
        number="TR-1",
        source=shop.store,
        target=shop.warehouse,
        state="shipped",
        expected_on=TODAY,
        created_at=NOON,
    )
    TransferLine.objects.create(
        transfer=transfer, variant=shop.mug, quantity=6, shipped=6, received=2, lost=1
    )
    assert figures(shop, shop.mug).reason == (
        "0 on hand, PO-4 with 5 was due 15 Nov, TR-1 brings 3 on 18 Nov, PO-3 brings 5, no day told"
    )


@pytest.mark.parametrize("count", [1, 30])
def test_it_is_five_statements_for_one_and_for_thirty(shop, count, django_assert_num_queries):
    variants = [make_variant(f"V{n}", "Thing", tracking=Tracking.LOT) for n in range(count)]
    for variant in variants:
        shop.stock(variant, 5)
        shop.stock(variant, 5, shop.store)
    with django_assert_num_queries(5):
        found = availability_of([v.pk for v in variants], channel=shop.web, today=TODAY)
    assert {one.to_sell for one in found.values()} == {10}
