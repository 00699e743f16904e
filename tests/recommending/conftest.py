"""A shop in which mugs and shirts are bought together, and lamps sell well."""

from decimal import Decimal

import pytest

from inventory.models import Category, Product
from orders.models import Price
from orders.services import place_orders, refresh_pairs
from tests.cast import NOON


@pytest.fixture
def together(shop):
    """Twelve orders with a mug, eight of them with a shirt; ten with a lamp alone. All in stock."""
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 100)
        Price.objects.create(variant=variant, currency="EUR", amount=Decimal(10))
    Product.objects.update(category=Category.objects.create(name="Home"))
    for variant in (shop.mug, shop.shirt, shop.lamp):
        variant.product.refresh_from_db()
    place_orders(
        [shop.draft((shop.mug, 1), (shop.shirt, 2))] * 8
        + [shop.draft((shop.mug, 1))] * 4
        + [shop.draft((shop.lamp, 1))] * 10,
        now=NOON,
    )
    refresh_pairs(now=NOON)
    return shop
