"""The last use of a coupon, asked for by several orders at once."""

from decimal import Decimal

import pytest

from orders.drafts import OrderDraft
from orders.models import Coupon, Price, Promotion
from orders.selectors import price_draft, quote_order
from orders.selectors.quoting import LineWish
from orders.services import place_order
from tests.cast import NOON
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)


def asked_for(shop):
    """Orders of different SKUs, so that no lock of stock keeps them apart, with one coupon."""
    autumn = Promotion.objects.create(name="Autumn", kind="percent", percent=10, needs_coupon=True)
    Coupon.objects.create(promotion=autumn, code="AHOY", total_limit=1, created_at=NOON)
    drafts = []
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 5)
        Price.objects.create(variant=variant, currency="EUR", amount=Decimal("10.00"))
        quote = quote_order(
            [LineWish(variant.sku, 1)],
            channel=shop.web,
            country="DE",
            service=None,
            shipping=None,
            codes=["AHOY"],
        )
        drafts.append(price_draft(OrderDraft(channel=shop.web, currency="EUR", lines=()), quote))
    return [lambda draft=draft: place_order(draft, now=NOON) for draft in drafts]


def test_the_last_use_of_a_coupon_goes_to_one_order(shop):
    ended = together(*asked_for(shop))
    assert sorted(type(one).__name__ for one in ended) == ["CouponSpent", "CouponSpent", "Order"]
    kept = Coupon.objects.get()
    assert (kept.used, kept.redemptions.count()) == (1, 1)
