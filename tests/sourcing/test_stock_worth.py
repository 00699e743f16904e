"""What stock is worth where it lies: off by itself, and what it changes where a shop asks for it."""

from datetime import timedelta

import pytest

from orders.models import StockWorth
from orders.services.stock_worth import refresh_stock_worth
from tests.cast import NOON
from tests.sourcing.test_placing import places_of, terms

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture
def scarce(shop):
    """Berlin is cheap and has few; Munich is dear and has plenty; more is asked for than Berlin has."""
    terms(shop.warehouse, "1.00")
    terms(shop.store, "3.00")
    shop.stock(shop.mug, 30)
    shop.stock(shop.mug, 100, shop.store)
    for _ in range(4):
        shop.order((shop.mug, 5))
    return shop


def test_nothing_is_kept_where_the_shop_does_not_ask_for_it(scarce, settings):
    settings.OMS_STOCK_WORTH = False
    assert refresh_stock_worth(now=LATER) == 0
    assert not StockWorth.objects.exists()


def test_the_last_cheap_units_are_worth_what_they_save(scarce, settings):
    settings.OMS_STOCK_WORTH = True
    scarce.order((scarce.mug, 9))
    assert refresh_stock_worth(now=LATER) == 1
    kept = StockWorth.objects.get()
    assert (kept.location, kept.variant, kept.amount, kept.computed_at) == (
        scarce.warehouse,
        scarce.mug,
        2,
        LATER,
    )


def test_worth_counts_as_a_cost_while_the_shop_asks_for_it(scarce, settings):
    StockWorth.objects.create(
        location=scarce.warehouse, variant=scarce.mug, currency="EUR", amount=3, computed_at=NOON
    )
    settings.OMS_STOCK_WORTH = True
    order = scarce.order((scarce.mug, 1))
    assert places_of(order) == {"Munich store": 1}
    assert order.sourcing_decisions.get().inputs["worth"] == [
        [scarce.warehouse.pk, scarce.mug.pk, 300]
    ]
    settings.OMS_STOCK_WORTH = False
    assert places_of(scarce.order((scarce.mug, 1))) == {"Berlin": 1}


def test_without_costs_there_is_nothing_to_be_worth(shop, settings):
    settings.OMS_STOCK_WORTH = True
    shop.stock(shop.mug, 5)
    shop.order((shop.mug, 3))
    assert refresh_stock_worth(now=LATER) == 0
