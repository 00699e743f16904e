"""Sourcing when orders are placed: terms, rates and rules decide, and the decision is written down."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import Allocation, Category, ChannelLocation, Closure, Location
from orders.drafts import WhenShort
from orders.models import (
    SendingTerms,
    ShippingRate,
    ShippingService,
    ShippingZone,
    SourcingDecision,
    SourcingRule,
)
from orders.services import match_line, place_order, place_orders
from orders.sourcing import Problem, decide
from orders.states import PaymentTerms
from tests.cast import NOON, make_company_buyer

pytestmark = pytest.mark.django_db


def terms(location, parcel="0", unit="0", **more) -> SendingTerms:
    return SendingTerms.objects.create(
        location=location, per_parcel=Decimal(parcel), per_unit=Decimal(unit), **more
    )


def rule(position=1, *, locations=(), **says) -> SourcingRule:
    made = SourcingRule.objects.create(name=f"Rule {position}", position=position, **says)
    made.locations.set(locations)
    return made


def places_of(order) -> dict[str, int]:
    """Units set aside, by location."""
    rows = Allocation.objects.filter(demand__reference=order.number)
    found: dict[str, int] = {}
    for row in rows.select_related("level__location"):
        name = row.level.location.name
        found[name] = found.get(name, 0) + row.open
    return {name: units for name, units in found.items() if units}


@pytest.fixture
def stocked(shop):
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 10)
        shop.stock(variant, 10, shop.store)
    return shop


def test_a_fresh_shop_sends_from_the_channels_first_location_and_says_so(stocked):
    order = stocked.order((stocked.mug, 2), (stocked.lamp, 1))
    decision = order.sourcing_decisions.get()
    assert places_of(order) == {"Berlin": 3}
    assert (decision.cause, decision.method, decision.why) == (
        "placed",
        "exact",
        "Berlin sends all in one parcel; Munich store comes later in the channel’s order.",
    )
    berlin = stocked.warehouse.pk
    assert decision.taken == [[1, berlin, 2], [2, berlin, 1]]
    assert decision.skipped == [[stocked.store.pk, "Munich store has 3 of 3"]]


def test_the_cheaper_location_sends_where_costs_are_known(stocked):
    terms(stocked.warehouse, "3.00", "0.50")
    terms(stocked.store, "1.00", "0.50")
    order = stocked.order((stocked.mug, 2))
    decision = order.sourcing_decisions.get()
    assert places_of(order) == {"Munich store": 2}
    assert [plan["cost"] for plan in decision.plans] == [200, 400]
    assert decision.why == (
        "Munich store sends all in one parcel for €2.00; Berlin would cost €2.00 more."
    )


def test_freight_by_zone_and_weight_counts(stocked):
    own, far = (
        ShippingService.objects.create(code=code, name=code.title()) for code in ("near", "far")
    )
    for service, cost in ((own, "4.90"), (far, "3.90")):
        zone = ShippingZone.objects.create(service=service, name="Home", countries=["DE"])
        ShippingRate.objects.create(
            zone=zone, up_to_g=1000, currency="EUR", amount=0, cost=Decimal(cost)
        )
    terms(stocked.warehouse, service=own)
    terms(stocked.store, service=far)
    assert places_of(stocked.order((stocked.mug, 1))) == {"Munich store": 1}


def test_costs_in_another_currency_do_not_count(stocked):
    terms(stocked.warehouse, "9.00")
    terms(stocked.store, "1.00", currency="SEK")
    assert places_of(stocked.order((stocked.mug, 1))) == {"Berlin": 1}


def test_a_location_sends_only_where_it_may(stocked):
    terms(stocked.warehouse, countries=["AT", "CH"])
    order = stocked.order((stocked.mug, 1))
    assert places_of(order) == {"Munich store": 1}
    assert order.sourcing_decisions.get().skipped == [
        [stocked.warehouse.pk, "Berlin does not send to DE"]
    ]


def test_hazardous_goods_leave_only_from_who_may_send_them(stocked):
    stocked.lamp.is_hazardous = True
    stocked.lamp.save()
    terms(stocked.warehouse, sends_hazardous=False)
    assert places_of(stocked.order((stocked.lamp, 1))) == {"Munich store": 1}
    assert places_of(stocked.order((stocked.mug, 1))) == {"Berlin": 1}


def test_a_location_without_room_left_today_comes_behind(stocked):
    Location.objects.filter(pk=stocked.warehouse.pk).update(capacity_per_day=1)
    buyer = make_company_buyer()
    drafts = [
        stocked.draft((stocked.mug, 1), customer_id=buyer.pk, payment_terms=PaymentTerms.NET)
        for _ in range(2)
    ]
    assert [places_of(order) for order in place_orders(drafts, now=NOON)] == [
        {"Berlin": 1},
        {"Munich store": 1},
    ]
    assert places_of(stocked.order((stocked.mug, 1))) == {"Munich store": 1}


def test_a_rule_may_ask_that_it_leaves_in_time(stocked):
    Closure.objects.create(location=stocked.warehouse, day=date(2026, 11, 18), name="Stocktaking")
    assert places_of(stocked.order((stocked.mug, 1))) == {"Berlin": 1}
    rule(leaves_within=0)
    assert places_of(stocked.order((stocked.mug, 1))) == {"Munich store": 1}


def test_rules_say_from_where_and_in_how_many_parcels(stocked):
    rule(1, tags=["vip"], places="only", locations=[stocked.store])
    rule(2, places="not", locations=[stocked.store])
    assert places_of(stocked.order((stocked.mug, 1), tags=("vip",))) == {"Munich store": 1}
    order = stocked.order((stocked.mug, 15), when_short=WhenShort.BACKORDER)
    assert places_of(order) == {"Berlin": 10}
    assert order.sourcing_decisions.get().rules == ["Rule 2"]


def test_rules_that_are_switched_off_say_nothing(stocked):
    rule(places="not", locations=[stocked.warehouse], is_active=False)
    assert places_of(stocked.order((stocked.mug, 1))) == {"Berlin": 1}


def test_an_order_that_must_leave_whole_is_not_handed_over_in_part(stocked):
    rule(is_complete=True)
    buyer = make_company_buyer(limit="5000")
    order = stocked.order(
        (stocked.mug, 25),
        customer_id=buyer.pk,
        payment_terms=PaymentTerms.NET,
        when_short=WhenShort.BACKORDER,
    )
    assert (places_of(order), order.ships_complete) == ({}, True)
    assert order.sourcing_decisions.get().method == "nothing"
    assert not order.fulfilments.exists()


def test_goods_of_one_category_are_kept_together(stocked):
    shelf = Category.objects.create(name="Glass")
    for variant in (stocked.mug, stocked.lamp):
        variant.product.category = shelf
        variant.product.save()
    rule(keep_together="category")
    order = stocked.order((stocked.mug, 10), (stocked.lamp, 10), (stocked.shirt, 12))
    held = Allocation.objects.filter(demand__reference=order.number)
    assert {row.level.location_id for row in held if row.level.variant_id != stocked.shirt.pk} == {
        stocked.warehouse.pk
    }


def test_the_decision_can_be_replayed(stocked):
    terms(stocked.warehouse, "3.00", "0.50")
    terms(stocked.store, "1.00", "0.50")
    rule(1, most_parcels=2)
    stocked.order((stocked.mug, 12), (stocked.lamp, 3))
    kept = SourcingDecision.objects.get()
    again = decide(Problem.from_json(kept.inputs))
    plans = [again.chosen, *again.alternatives]
    assert [plan.as_json() for plan in plans if plan] == kept.plans
    assert (again.why, again.method.value) == (kept.why, kept.method)


def test_decisions_are_append_only(stocked):
    stocked.order((stocked.mug, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        SourcingDecision.objects.update(why="Otherwise")
    with pytest.raises(DatabaseError), transaction.atomic():
        SourcingDecision.objects.all().delete()


def test_orders_that_take_no_stock_have_no_decision(stocked):
    stocked.order((stocked.mug, 1), is_historical=True, takes_stock=False)
    assert not SourcingDecision.objects.exists()


def test_the_statements_stay_few_whatever_there_is_to_decide(stocked):
    def statements(*drafts) -> int:
        with CaptureQueriesContext(connection) as captured:
            place_orders(drafts, now=NOON)
        return len(captured)

    plain = statements(stocked.draft((stocked.mug, 1)))
    for number in range(5):
        place = Location.objects.create(code=f"l{number}", name=f"Place {number}", country="DE")
        ChannelLocation.objects.create(channel=stocked.web, location=place, priority=9)
        terms(place, "2.00")
        rule(10 + number, tags=[f"t{number}"], most_parcels=1)
    terms(stocked.warehouse, "3.00")
    terms(stocked.store, "1.00")
    rich = [stocked.draft((stocked.mug, 1), (stocked.lamp, 1)) for _ in range(3)]
    assert statements(*rich) == plain <= 15


def test_edited_orders_are_decided_too(stocked):
    stocked.mug.sku = "GONE"
    order = place_order(stocked.draft((stocked.mug, 2), when_short=WhenShort.BACKORDER), now=NOON)
    match_line(
        order_id=order.pk, line_id=order.lines.get().pk, sku="MUG", now=NOON + timedelta(hours=1)
    )
    assert places_of(order) == {"Berlin": 2}
    assert [one.cause for one in order.sourcing_decisions.all()] == ["edited"]
