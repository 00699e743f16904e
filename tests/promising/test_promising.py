"""What an order is promised as it is placed, as it is quoted, and as people change it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from core.models import StoredFact
from inventory.models import ChannelLocation, Closure, Location
from orders.errors import CannotPromise
from orders.models import (
    CarrierDays,
    ChannelPolicy,
    MeasuredTransit,
    Order,
    OrderPromise,
    TransitTime,
)
from orders.selectors import promise_tables, quote_order
from orders.selectors.promises import decided_again
from orders.selectors.quoting import LineWish
from orders.services import (
    cancel_order,
    change_promise,
    place_orders,
    promise_basket,
    promise_from_payment,
    record_transit,
    refresh_expected,
    refresh_lanes,
    split_order,
)
from tests.cast import BERLIN_ADDRESS, NOON, pay
from tests.inventory.test_availability import buy
from tests.promising.conftest import AFTER_CUT_OFF

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 11, 18)
SATURDAY = date(2026, 11, 21)


def basket(promising, *wishes, service=None, country="DE", now=NOON):
    quote = quote_order(
        [LineWish(variant.sku, units) for variant, units in wishes],
        channel=promising.shop.web,
        country=country,
        service=service,
        shipping=None,
        now=now,
    )
    return promise_basket(
        quote, country=country, service_id=service.pk if service else None, now=now
    )


def test_what_nobody_measured_is_what_the_carrier_says_and_one_day_more(promising):
    order = promising.order()
    assert (order.promised_on, order.expected_on) == (SATURDAY, SATURDAY)
    kept = order.promises.get()
    assert (kept.basis, kept.percentile, kept.reason) == ("table", 90, "")
    assert kept.ship_by == datetime(2026, 11, 18, 13, 0, tzinfo=UTC)
    assert decided_again(kept).promised_on == order.promised_on
    assert decided_again(kept).why == (
        "Ordered Wed 18 Nov 12:00 in Berlin, before its cut-off at 14:00.",
        "Berlin sends it on Wed 18 Nov.",
        "The carrier says 2 working days; one more, as too few deliveries are known.",
        "It arrives by Sat 21 Nov.",
    )


def test_after_the_cut_off_the_next_working_day_counts(promising):
    assert promising.order(at=AFTER_CUT_OFF).promised_on == date(2026, 11, 23)  # no Sunday


def test_what_was_measured_on_the_way_counts(promising):
    promising.measured([0, 10, 85, 5])
    order = promising.order()
    assert order.promised_on == date(2026, 11, 20)
    assert order.promises.get().basis == "lane"


def test_a_channel_chooses_how_many_promises_it_keeps(promising):
    promising.measured([0, 600, 300, 60, 40])
    ChannelPolicy.objects.create(channel=promising.shop.web, promise_percentile=99)
    assert promising.order().promised_on == date(2026, 11, 23)
    assert OrderPromise.objects.get().percentile == 99


def test_handling_closed_days_and_the_carriers_own_push_the_day(promising):
    shop = promising.shop
    shop.warehouse.handling_days = 1
    shop.warehouse.save()
    Closure.objects.create(location=None, day=date(2026, 11, 19), name="Stocktaking")
    CarrierDays.objects.create(carrier="own", working_days=[0, 1, 2, 3, 4])
    promising.closed(date(2026, 11, 24), country="DE")
    promising.closed(date(2026, 11, 25), country="AT")
    order = promising.order()
    # handled until Friday 20, then Monday 23, Wednesday 25 and Thursday 26
    assert order.promised_on == date(2026, 11, 26)


def test_days_from_one_location_stand_before_those_of_the_zone(promising):
    TransitTime.objects.create(zone=promising.zone, location=promising.shop.warehouse, days=0)
    promise_tables.forget()
    assert promising.order().promised_on == date(2026, 11, 19)


@pytest.mark.parametrize(
    "more",
    [{"shipping_service": None}, {"is_historical": True}, {"takes_stock": False}],
)
def test_some_orders_are_promised_for_no_day(promising, more):
    order = promising.order(**more)
    assert order.promised_on is None
    assert not OrderPromise.objects.exists()


def test_no_service_goes_there_no_day(promising):
    order = promising.order(shipping_address=replace(BERLIN_ADDRESS, country="US"))
    assert order.promised_on is None


def test_what_waits_for_a_supply_leaves_the_day_after_it_comes(promising):
    shop = promising.shop
    shop.lamp.can_backorder = True
    shop.lamp.save()
    buy(shop, shop.lamp, 5, days=13)
    order = promising.waiting((shop.lamp, 3))
    assert order.promised_on == date(2026, 12, 5)  # sent on Wednesday 2, three days on the way
    late = promising.waiting((shop.lamp, 3))
    assert late.promised_on is None  # two are left, and nobody knows of more


def test_who_was_promised_before_is_not_robbed_within_a_batch(promising):
    shop = promising.shop
    shop.lamp.can_backorder = True
    shop.lamp.save()
    buy(shop, shop.lamp, 4, days=13)
    buy(shop, shop.lamp, 4, days=20, number="PO-89")
    values = {"shipping_service": promising.standard, "when_short": "backorder"}
    drafts = [shop.draft((shop.lamp, 3), **values) for _ in range(3)]
    days = [order.promised_on for order in place_orders(drafts, now=NOON)]
    assert days == [date(2026, 12, 5), date(2026, 12, 12), None]


@pytest.mark.parametrize("count", [1, 20])
def test_promising_takes_one_statement_more_however_many_orders(promising, count):
    def statements(**more) -> int:
        drafts = [promising.shop.draft((promising.shop.mug, 1), **more) for _ in range(count)]
        with CaptureQueriesContext(connection) as captured:
            place_orders(drafts, now=NOON)
        return len(captured)

    promising.shop.stock(promising.shop.mug, 100)
    statements()
    promise_tables.promise_tables(now=NOON)
    without = statements()
    assert statements(shipping_service=promising.standard) == without + 1


def test_what_is_quoted_is_what_is_promised(promising):
    offer = basket(promising, (promising.shop.mug, 2), service=promising.standard)
    assert offer.chosen.promised_on == promising.order().promised_on
    assert [(one.service, one.promised_on) for one in offer.alternatives] == [
        ("Express", date(2026, 11, 20))
    ]


def test_without_a_service_every_one_is_offered_the_earliest_first(promising):
    offer = basket(promising, (promising.shop.mug, 2))
    assert (offer.chosen, offer.problem) == (None, "")
    assert [one.service for one in offer.alternatives] == ["Express", "Standard"]


def test_a_basket_says_why_it_has_no_day(promising):
    shop = promising.shop
    assert basket(promising, (shop.lamp, 2)).problem == (
        "Nobody knows on which day 2 of LAMP will be there."
    )
    assert basket(promising, (shop.mug, 2), country="US").problem == (
        "No service goes there; see shipping zones."
    )


def test_a_basket_waits_for_its_supply(promising):
    shop = promising.shop
    buy(shop, shop.lamp, 5, days=13)
    offer = basket(promising, (shop.mug, 1), (shop.lamp, 2), service=promising.standard)
    assert offer.chosen.promised_on == date(2026, 12, 5)


def test_people_promise_another_day_and_say_why(promising):
    order = promising.order()
    change_promise(
        order_id=order.pk, promised_on=date(2026, 11, 26), reason="Away until then", now=NOON
    )
    order.refresh_from_db()
    assert (order.promised_on, order.expected_on) == (date(2026, 11, 26), SATURDAY)
    assert [row.reason for row in order.promises.all()] == ["", "Away until then"]
    fact = StoredFact.objects.get(name="orders.PromiseChanged")
    assert (fact.sentence, fact.reason) == ("Promised for Thu 26 Nov", "Away until then")


@pytest.mark.parametrize(
    ("day", "reason", "words"),
    [
        (date(2026, 11, 17), "Why not", "has passed"),
        (date(2026, 11, 22), "Why not", "does not deliver on Sun 22 Nov; Mon 23 Nov"),
        (date(2026, 11, 24), "  ", "Say why"),
    ],
)
def test_a_day_that_cannot_be_kept_is_refused(promising, day, reason, words):
    order = promising.order()
    with pytest.raises(CannotPromise, match=words):
        change_promise(order_id=order.pk, promised_on=day, reason=reason, now=NOON)


def test_nothing_is_promised_for_an_order_that_is_over(promising):
    order = promising.order()
    cancel_order(order_id=order.pk, reason="Changed their mind", now=NOON)
    with pytest.raises(CannotPromise, match="is over"):
        change_promise(order_id=order.pk, promised_on=date(2026, 11, 26), reason="x", now=NOON)


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_what_was_promised_stays_on_record(promising, verb):
    promising.order()
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        rows = OrderPromise.objects.all()
        rows.update(promised_on=date(2027, 1, 1)) if verb == "update" else rows.delete()


def test_what_is_expected_moves_while_the_promise_stays(promising):
    order = promising.order()
    later = NOON + timedelta(days=2)
    assert refresh_expected(order_ids=[order.pk], now=later) == 1
    order.refresh_from_db()
    assert (order.promised_on, order.expected_on) == (SATURDAY, date(2026, 11, 24))
    assert refresh_expected(order_ids=[order.pk], now=later) == 0
    assert StoredFact.objects.get(name="orders.ArrivalExpected").sentence == (
        "Expected to arrive on Tue 24 Nov"
    )


def test_expecting_asks_as_often_for_thirty_orders_as_for_one(promising):
    orders = [promising.order() for _ in range(30)]
    promise_tables.promise_tables(now=NOON)
    later = NOON + timedelta(days=2)
    counts = []
    for some in (orders[:1], orders[1:]):
        with CaptureQueriesContext(connection) as captured:
            refresh_expected(order_ids=[one.pk for one in some], now=later)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_order_that_is_paid_late_is_promised_anew_once(promising):
    order = promising.order()
    in_time = promising.order()
    pay(in_time)
    friday = NOON + timedelta(days=2)
    pay(order, at=friday)
    assert promise_from_payment(now=friday) == 1
    order.refresh_from_db()
    assert order.promised_on == date(2026, 11, 24)
    assert order.promises.count() == 2
    assert promise_from_payment(now=friday) == 0


def test_how_long_a_parcel_took_is_kept_once_and_counted(promising):
    order = promising.order()
    told = {
        "key": "parcel:1",
        "order_id": order.pk,
        "location_id": promising.shop.warehouse.pk,
        "service_id": promising.standard.pk,
        "country": "DE",
        "handed_over_at": NOON,
        "delivered_at": NOON + timedelta(days=5),
        "now": NOON + timedelta(days=5),
    }
    record_transit(**told)
    record_transit(**told)
    assert MeasuredTransit.objects.get().days == 4  # no Sunday among them
    assert refresh_lanes(now=NOON) == 0  # too young: slower ones may be on the way
    assert refresh_lanes(now=NOON + timedelta(days=14)) == 2
    tables = promise_tables.promise_tables(now=NOON)
    key = (promising.standard.pk, promising.shop.warehouse.pk, "DE")
    assert tables.lanes[key].counts == (0, 0, 0, 0, 1)
    assert tables.zone_lanes[promising.standard.pk, promising.zone.pk].counts == (0, 0, 0, 0, 1)
    assert Order.objects.get(pk=order.pk).arrived_on is None  # it was not sent as a whole


def test_what_is_split_off_keeps_the_day_of_the_whole(promising):
    order = promising.order((promising.shop.mug, 3))
    part = split_order(
        order_id=order.pk, units={order.lines.get().pk: 1}, reason="Two parcels", now=NOON
    )
    part.refresh_from_db()
    assert (part.promised_on, part.promises.get().basis) == (SATURDAY, "table")


def test_without_a_promise_nothing_is_passed_on(promising):
    order = promising.order((promising.shop.mug, 3), shipping_service=None)
    part = split_order(order_id=order.pk, units={order.lines.get().pk: 1}, reason="", now=NOON)
    assert (part.promised_on, part.promises.count()) == (None, 0)


def test_a_location_or_service_that_is_seconds_old_is_known(promising):
    promise_tables.promise_tables(now=NOON)
    shop = promising.shop
    new = Location.objects.create(code="new", name="New", country="DE", handling_days=3)
    shop.stock(shop.shirt, 1, new)
    ChannelLocation.objects.create(channel=shop.web, location=new, priority=3)
    assert promising.order((shop.shirt, 1)).promised_on == date(2026, 11, 26)
