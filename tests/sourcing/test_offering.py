"""What a basket is offered is what the order is promised: both are sent from where sourcing decides."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from orders.selectors import promise_tables, quote_order
from orders.selectors.quoting import LineWish
from orders.services import promise_basket
from tests.cast import NOON
from tests.inventory.test_availability import buy
from tests.orders.test_kits import make_kit, price
from tests.promising.conftest import promising  # noqa: F401  (a fixture)
from tests.sourcing.test_arriving import (
    FRIDAY,
    SATURDAY,
    THURSDAY,
    WEDNESDAY,
    two,  # noqa: F401  (a fixture)
)
from tests.sourcing.test_placing import rule, terms

pytestmark = pytest.mark.django_db


def offered(shop, *wishes, service=None, day=None):
    quote = quote_order(
        [LineWish(variant.sku, units) for variant, units in wishes],
        channel=shop.web,
        country="DE",
        service=service,
        shipping=None,
        now=NOON,
    )
    return promise_basket(
        quote, country="DE", service_id=service.pk if service else None, deliver_by=day, now=NOON
    )


@pytest.mark.parametrize("cheaper", ["warehouse", "store"])
@pytest.mark.parametrize("day", [None, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY])
def test_what_is_offered_for_a_day_is_what_the_order_is_then_promised(two, day, cheaper):  # noqa: F811
    terms(two.shop.warehouse, "1.00" if cheaper == "warehouse" else "9.00")
    terms(two.shop.store, "1.00" if cheaper == "store" else "9.00")
    offer = offered(two.shop, (two.shop.mug, 2), service=two.standard, day=day)
    order = two.order((two.shop.mug, 2), deliver_by=day)
    assert (offer.chosen.promised_on, offer.deliver_by) == (order.promised_on, day)
    assert offer.is_later == bool(day and order.promised_on > day)


SAYS = [
    {},
    {"places": "only", "channel": True},
    {"places": "not"},
    {"is_complete": True},
    {"most_parcels": 1},
    {"criteria": ["parcels", "cost"]},
]


@pytest.mark.parametrize("says", SAYS)
@pytest.mark.parametrize("units", [1, 60, 120])
def test_what_is_offered_without_a_day_is_what_each_service_then_promises(two, says, units):  # noqa: F811
    shop = two.shop
    shop.mug.can_backorder = True
    shop.mug.save()
    buy(shop, shop.mug, 100, days=13)
    terms(shop.warehouse, "5.00", service_id=two.standard.pk)
    terms(shop.store, "3.00", "0.10")
    if says:
        named = [shop.store] if says.get("places") == "only" else [shop.warehouse]
        values = {**says, "channel": shop.web} if "channel" in says else says
        rule(locations=named if "places" in says else (), **values)
    free = offered(two.shop, (shop.mug, units), (shop.lamp, 2))
    for service in (two.standard, two.express):
        chosen = offered(two.shop, (shop.mug, units), (shop.lamp, 2), service=service)
        days = {one.service_id: one.promised_on for one in (chosen.chosen, *chosen.alternatives)}
        assert days == {one.service_id: one.promised_on for one in free.alternatives}
        with transaction.atomic():
            order = two.waiting((shop.mug, units), (shop.lamp, 2), shipping_service=service)
            transaction.set_rollback(True)
        assert (chosen.chosen.promised_on, days[service.pk]) == (order.promised_on,) * 2


@pytest.mark.parametrize(
    "says", [{}, {"goods": "kits", "places": "only"}, {"keep_together": "kits"}]
)
@pytest.mark.parametrize("units", [1, 30])
def test_kits_are_offered_as_they_are_then_promised(two, says, units):  # noqa: F811
    shop = two.shop
    kit = make_kit("SET", (shop.mug, 2), (shop.lamp, 1))
    price(kit, 30)
    shop.lamp.can_backorder = True
    shop.lamp.save()
    buy(shop, shop.lamp, 100, days=13)
    terms(shop.warehouse, "5.00")
    terms(shop.store, "3.00")
    if says:
        rule(locations=[shop.warehouse] if "places" in says else (), **says)
    offer = offered(shop, (kit, units), (shop.lamp, 25), service=two.standard)
    order = two.waiting((kit, units), (shop.lamp, 25), shipping_service=two.standard)
    assert offer.chosen.promised_on == order.promised_on


def test_a_kit_without_parts_comes_on_no_known_day(two):  # noqa: F811
    kit = make_kit()
    price(kit, 30)
    assert offered(two.shop, (kit, 2)).problem == (
        "Nobody knows on which day 2 of SET will be there."
    )


@pytest.mark.parametrize("lines", [1, 2])
@pytest.mark.parametrize("day", [None, THURSDAY])
def test_an_offer_takes_one_statement_whatever_is_asked(two, lines, day):  # noqa: F811
    wishes = [LineWish("MUG", 1), LineWish("LAMP", 200)][:lines]
    quote = quote_order(
        wishes, channel=two.shop.web, country="DE", service=None, shipping=None, now=NOON
    )
    promise_tables.promise_tables(now=NOON)
    for service_id in (None, two.standard.pk):
        with CaptureQueriesContext(connection) as captured:
            promise_basket(quote, country="DE", service_id=service_id, deliver_by=day, now=NOON)
        assert len(captured) == 1


@pytest.mark.parametrize("kits", [1, 8])
def test_kits_take_one_statement_more_whatever_their_number(two, kits):  # noqa: F811
    wishes = []
    for number in range(kits):
        kit = make_kit(f"SET{number}", (two.shop.mug, 1), (two.shop.lamp, 1))
        price(kit, 30)
        wishes.append(LineWish(kit.sku, 1))
    quote = quote_order(
        wishes, channel=two.shop.web, country="DE", service=None, shipping=None, now=NOON
    )
    promise_tables.promise_tables(now=NOON)
    with CaptureQueriesContext(connection) as captured:
        promise_basket(quote, country="DE", service_id=None, now=NOON)
    assert len(captured) == 2
