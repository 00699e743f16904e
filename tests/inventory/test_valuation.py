"""What stock is worth and how old it is, told from the ledger's newest receipts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import StockLevel
from inventory.selectors.valuation import layers_of, value_by_place
from inventory.services import StockChange, move_stock
from inventory.states import Condition, MovementReason
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@transaction.atomic
def moved(shop, units, *, cost=None, days_ago=0, reason=None, condition=Condition.SELLABLE):
    reason = reason or (MovementReason.RECEIPT if units > 0 else MovementReason.SHIPMENT)
    change = StockChange(
        shop.mug.pk,
        shop.warehouse.pk,
        units,
        reason,
        condition=condition,
        unit_cost=None if cost is None else Decimal(cost),
    )
    move_stock([change], now=NOON - timedelta(days=days_ago))


def layers(shop):
    level = StockLevel.objects.get(variant=shop.mug, location=shop.warehouse)
    return layers_of([level.pk])[level.pk]


def test_what_is_left_is_what_came_last(shop):
    moved(shop, 10, cost="2", days_ago=400)
    moved(shop, 10, cost="3", days_ago=100)
    moved(shop, 10, cost="5", days_ago=10)
    moved(shop, -17)
    found = layers(shop)
    assert (found.units, found.worth) == (13, Decimal(3 * 3 + 10 * 5))
    assert found.aged(NOON) == [10, 0, 3, 0, 0]
    (place,) = value_by_place([shop.warehouse.pk])
    assert (place.units, place.fifo, place.unknown) == (13, Decimal(59), 0)
    average = StockLevel.objects.get().average_cost
    assert place.average == average * 13


def test_units_that_change_their_condition_stay_as_old_as_they_are(shop):
    moved(shop, 10, cost="2", days_ago=200)
    moved(shop, -4, reason=MovementReason.DAMAGED)
    moved(shop, 4, reason=MovementReason.DAMAGED, condition=Condition.DAMAGED)
    found = layers(shop)
    assert (found.units, found.aged(NOON)) == (10, [0, 0, 0, 10, 0])


def test_a_receipt_without_a_cost_counts_at_the_average(shop):
    moved(shop, 10, cost="4")
    moved(shop, 10)
    assert layers(shop).worth == 80


def test_units_of_unknown_cost_are_not_taken_as_free(shop):
    moved(shop, 90)
    moved(shop, 10, cost="4")
    assert StockLevel.objects.get().average_cost == 4
    moved(shop, 100, cost="6")
    assert StockLevel.objects.get().average_cost == 5


def test_every_location_is_valued_in_one_query(shop):
    for place in (shop.warehouse, shop.store):
        shop.stock(shop.mug, 5, place)
        shop.stock(shop.lamp, 5, place)
    with CaptureQueriesContext(connection) as captured:
        found = value_by_place([shop.warehouse.pk, shop.store.pk])
    assert ([one.units for one in found], len(captured)) == ([10, 10], 1)
    assert [one.unknown for one in found] == [10, 10]
