"""Recalls: nobody gets more of the lot, and who was to get it is served from another."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.models import StoredFact
from core.models.attention import AttentionItem
from core.tasks import drain_all
from inventory.errors import BadLot
from inventory.models import ChannelStockRule, Lot, LotBalance
from inventory.services import flag_expiring, lift_recall, recall_lot, reserve
from inventory.states import Tracking
from orders.drafts import WhenShort
from orders.models import Order
from tests.cast import NOON, make_customer, make_variant, pay
from tests.inventory.test_availability import bring

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


@pytest.fixture
def milk(shop):
    return make_variant("MILK", "Milk", tracking=Tracking.LOT)


def lot(shop, milk, code, units, days=30):
    made = Lot.objects.create(variant=milk, code=code, expires_on=TODAY + timedelta(days=days))
    bring(shop, milk, units, lot_id=made.pk)
    return made


def set_aside(**filters):
    return dict(LotBalance.objects.filter(**filters).values_list("lot__code", "allocated"))


def test_what_was_set_aside_is_served_from_another_lot_at_once(shop, milk):
    bad, _ = lot(shop, milk, "bad", 5, 10), lot(shop, milk, "good", 3, 30)
    first = pay(shop.order((milk, 2)))
    second = pay(shop.order((milk, 3), when_short=WhenShort.BACKORDER))
    drain_all()
    assert recall_lot(lot_id=bad.pk, reason="Glass in the jar", now=NOON) == 5
    drain_all()
    assert set_aside() == {"bad": 0, "good": 3}
    first, second = Order.objects.get(pk=first.pk), Order.objects.get(pk=second.pk)
    assert (first.units_allocated, second.units_allocated) == (2, 1)
    told = second.fulfilments.get().lines.get()
    assert told.open == 1
    item = AttentionItem.objects.get(kind="lot_recalled")
    assert item.url == reverse("inventory:lot_detail", args=[bad.pk])
    lost = StoredFact.objects.filter(name="inventory.AllocationLost").first()
    assert lost.payload["why"] == "of recalled lot bad taken back"


def test_a_recalled_lot_is_not_set_aside_again_until_the_recall_is_lifted(shop, milk):
    bad = lot(shop, milk, "bad", 5)
    recall_lot(lot_id=bad.pk, reason="Glass", now=NOON)
    order = shop.order((milk, 2), when_short=WhenShort.BACKORDER)
    assert order.units_allocated == 0
    lift_recall(lot_id=bad.pk, reason="False alarm", now=NOON)
    assert set_aside() == {"bad": 2}
    assert not AttentionItem.objects.filter(kind="lot_recalled", resolved_at=None).exists()


def test_units_kept_for_a_cart_are_kept_no_longer_when_only_the_recalled_lot_has_them(shop, milk):
    bad = lot(shop, milk, "bad", 5)
    reserve(
        key="cart",
        channel=shop.web,
        quantities={milk.pk: 3},
        expires_at=NOON + timedelta(minutes=30),
        now=NOON,
    )
    recall_lot(lot_id=bad.pk, reason="Glass", now=NOON)
    assert shop.level(milk).reserved == 0


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_recall_says_why(shop, milk, reason):
    bad = lot(shop, milk, "bad", 5)
    with pytest.raises(BadLot, match="Say why"):
        recall_lot(lot_id=bad.pk, reason=reason, now=NOON)


def test_a_lot_is_recalled_once(shop, milk):
    bad = lot(shop, milk, "bad", 5)
    recall_lot(lot_id=bad.pk, reason="Glass", now=NOON)
    with pytest.raises(BadLot, match="recalled already"):
        recall_lot(lot_id=bad.pk, reason="Glass", now=NOON)
    with pytest.raises(BadLot, match="does not exist"):
        recall_lot(lot_id=0, reason="Glass", now=NOON)


def test_lots_that_expire_soon_are_put_before_people_until_they_are_gone(shop, milk):
    lot(shop, milk, "soon", 5, 10)
    lot(shop, milk, "late", 5, 100)
    lot(shop, milk, "over", 5, -1)
    assert flag_expiring(today=TODAY) == 2
    titles = AttentionItem.objects.filter(kind="lot_expiring", resolved_at=None)
    assert sorted(titles.values_list("title", flat=True)) == [
        "MILK: lot over has expired",
        "MILK: lot soon expires on 28 November 2026",
    ]
    LotBalance.objects.filter(lot__code="over").update(sellable=0, damaged=5)
    flag_expiring(today=TODAY)
    assert titles.count() == 1
    LotBalance.objects.filter(lot__code="over").update(sellable=5, damaged=0)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ((0, 0, 0), "short"),
        ((30, 0, 0), "long"),
        ((0, 30, 0), "long"),
        ((5, 0, 30), "long"),
        ((5, 5, 5), "short"),
    ],
)
def test_goods_keep_as_long_as_channel_customer_or_order_ask(shop, milk, asked, left):
    lot(shop, milk, "short", 2, 10)
    lot(shop, milk, "long", 2, 40)
    channel, customer, own = asked
    ChannelStockRule.objects.create(channel=shop.web, shelf_life_days=channel)
    ada = make_customer(shelf_life_days=customer)
    order = shop.order((milk, 1), shelf_life_days=own, customer_id=ada.pk)
    assert {code for code, units in set_aside().items() if units} == {left}
    assert order.lines.get().demand.shelf_life_days == max(asked)
