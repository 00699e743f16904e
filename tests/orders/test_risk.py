"""The risk check of orders: scored after placing, held or looked at, released or refused in time."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.errors import StaleEdit
from core.models import AttentionItem, StoredFact
from core.outbox import drain
from core.retention import KEEPS
from orders.drafts import Origin, WhenShort
from orders.errors import BadListEntry, CannotReview
from orders.models import (
    Order,
    OrderOrigin,
    RiskDecision,
    RiskListEntry,
    RiskReview,
    RiskSignal,
)
from orders.selectors.risk.facts import facts_of, usual_amount
from orders.selectors.risk.listed import network_key, phone_key, value_of
from orders.services import (
    cancel_order,
    change_shipping_address,
    hold_order,
    place_orders,
    record_money,
    release_holds,
    split_order,
)
from orders.services.screening import (
    approve_order,
    block_buyer,
    record_signal,
    refuse_order,
    review_order,
    score_order,
    score_waiting,
    watch_reviews,
)
from orders.states import (
    HoldKind,
    OrderState,
    RiskLevel,
    RiskListKind,
    RiskSignalKind,
    RiskVerdict,
)
from tests.cast import BERLIN_ADDRESS, NOON, make_customer, pay
from tests.orders.risky import PARIS_ADDRESS, RISKY, draft, live, screen

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def again(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def level(order: Order) -> str:
    return again(order).risk_level


def waves(order: Order) -> list[str]:
    return list(order.fulfilments.order_by("pk").values_list("state", flat=True))


def risky(shop, **more) -> Order:
    shop.stock(shop.mug, 2)
    return pay(shop.order((shop.mug, 1), **{**RISKY, **more}))


def test_without_a_risk_check_orders_go_on_at_once_with_no_statement_more(shop):
    shop.stock(shop.mug, 9)
    shop.order((shop.mug, 1))
    drafts = [shop.draft((shop.mug, 1, "0.00"))]
    with CaptureQueriesContext(
        connection,
    ) as off:
        order = place_orders(drafts, now=NOON)[0]
    assert (order.risk_level, waves(order)) == ("", ["ready"])
    shop.web.is_screened = True
    shop.web.save()
    with CaptureQueriesContext(connection) as on:
        waiting = place_orders([replace(drafts[0], channel=shop.web)], now=NOON)[0]
    assert waves(waiting) == []
    assert "orders_risk" not in " ".join(query["sql"] for query in off.captured_queries)
    assert len(on) <= len(off)


def test_an_order_is_not_handed_over_before_it_is_scored(shop):
    screen(shop, countries=10)
    order = risky(shop)
    assert (level(order), waves(order)) == (RiskLevel.UNSCORED, [])
    drain()
    assert (level(order), again(order).risk_score, waves(order)) == ("pass", 10, ["ready"])
    decision = RiskDecision.objects.get()
    assert decision.reasons == [
        {"code": "countries", "points": 10, "sentence": "Billed to FR, sent to DE"}
    ]
    assert (
        StoredFact.objects.get(name="orders.RiskScored").sentence == "Risk check: 10 points, pass"
    )


def test_from_the_review_threshold_on_a_person_looks_while_the_goods_go_on(shop):
    screen(shop, countries=30)
    order = risky(shop)
    drain()
    review = RiskReview.objects.get()
    assert (level(order), waves(order), review.hold) == ("review", ["ready"], None)


def test_from_the_hold_threshold_on_the_order_is_held_with_a_clock(shop):
    screen(shop, countries=60)
    order = risky(shop)
    drain()
    hold = order.holds.get()
    review = RiskReview.objects.get()
    assert (level(order), waves(order)) == ("hold", [])
    assert (hold.kind, hold.until) == (HoldKind.FRAUD, None)
    assert hold.reason == "60 points: Billed to FR, sent to DE"
    assert (review.hold, review.due_at - review.opened_at) == (hold, timedelta(hours=24))


def test_told_twice_an_order_is_scored_once(shop):
    screen(shop, countries=60)
    order = risky(shop)
    drain()
    score_order(order_id=order.pk, now=LATER)
    assert RiskDecision.objects.count() == 1
    assert order.holds.count() == 1


def test_a_review_is_due_before_the_authorisation_lapses(shop):
    screen(shop, countries=60)
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER, **RISKY)
    lapses = NOON + timedelta(hours=5)
    _authorise(order, "10.00", until=lapses)
    score_order(order_id=order.pk, now=NOON)
    assert RiskReview.objects.get().due_at == NOON + timedelta(hours=4)
    _authorise(order, "0.00", until=lapses)
    assert again(order).authorised_until is None


def _authorise(order: Order, amount: str, *, until: datetime) -> None:
    record_money(
        order_id=order.pk,
        authorised=Decimal(amount),
        captured=Decimal(0),
        refunded=Decimal(0),
        authorised_until=until,
        now=NOON,
    )


def test_a_released_order_goes_on_and_stays_released_until_it_scores_higher(shop):
    screen(shop, countries=60, declines=20)
    order = risky(shop)
    drain()
    approve_order(order_id=order.pk, reason="Called her", now=LATER)
    assert (level(order), waves(order), again(order).open_holds) == ("approved", ["ready"], 0)
    drain()
    review = RiskReview.objects.get()
    assert (review.verdict, review.reason) == (RiskVerdict.APPROVED, "Called her")
    change_shipping_address(
        order_id=order.pk, address=replace(BERLIN_ADDRESS, line1="Torstraße 2"), now=LATER
    )
    drain()
    assert level(order) == "approved"
    for count in range(3):
        record_signal(
            order_id=order.pk,
            kind=RiskSignalKind.DECLINED,
            ref=f"{count}",
            occurred_at=LATER,
            now=LATER,
        )
    score_order(order_id=order.pk, now=LATER)
    assert (level(order), again(order).risk_score, waves(order)) == ("hold", 80, ["cancelled"])
    with pytest.raises(CannotReview):
        approve_order(order_id=order.pk, reason=" ", now=LATER)


def test_a_refused_order_is_cancelled_and_its_buyer_blocked(shop):
    screen(shop, countries=60, blocked=100)
    order = risky(shop, phone="+49 30 1234567", origin=Origin("203.0.113.7", "Browser"))
    drain()
    review_order(
        order_id=order.pk,
        verdict=RiskVerdict.REFUSED,
        reason="A stolen card",
        blocks=[RiskListKind.EMAIL, RiskListKind.PHONE, RiskListKind.NETWORK, RiskListKind.ADDRESS],
        now=LATER,
    )
    drain()
    refused = again(order)
    assert (refused.state, refused.risk_level) == (OrderState.CANCELLED, RiskLevel.REFUSED)
    assert refused.cancel_reason == "Risk review: A stolen card"
    blocked = {one.kind for one in RiskListEntry.objects.exclude(kind="disposable")}
    assert blocked == {"email", "phone", "network", "address"}
    other = shop.order(
        (shop.mug, 1),
        email="other@example.com",
        phone="0049 30/123 45 67",
        billing_address=replace(BERLIN_ADDRESS, line1="Weg 1"),
        shipping_address=replace(BERLIN_ADDRESS, line1="Weg 1"),
    )
    drain()
    assert facts_of([other.pk])[other.pk].blocked == ("phone number",)
    assert level(other) == "hold"
    assert StoredFact.objects.filter(name="orders.BuyerBlocked").count() == 1


def test_blocking_says_what_an_order_does_not_have(shop):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    with pytest.raises(BadListEntry):
        block_buyer(order_id=order.pk, kinds=[RiskListKind.PHONE], reason="No", now=LATER)
    with pytest.raises(BadListEntry):
        block_buyer(order_id=order.pk, kinds=[RiskListKind.EMAIL], reason=" ", now=LATER)


def test_only_an_order_that_waits_for_a_review_is_released_or_refused(shop):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    for verb in (approve_order, refuse_order):
        with pytest.raises(CannotReview):
            verb(order_id=order.pk, reason="Fine", now=LATER)


def test_a_stale_review_is_refused(shop):
    screen(shop, countries=60)
    order = risky(shop)
    seen = order.version
    drain()
    with pytest.raises(StaleEdit):
        approve_order(order_id=order.pk, reason="Fine", version=seen, now=LATER)


def test_releasing_its_hold_by_hand_answers_the_review(shop):
    screen(shop, countries=60)
    order = risky(shop)
    drain()
    release_holds(order_id=order.pk, now=LATER)
    drain()
    assert (level(order), waves(order)) == ("approved", ["ready"])
    assert RiskReview.objects.get().reason == "Its hold was released"


def test_a_hold_for_fraud_by_hand_is_the_reviews_too(shop):
    screen(shop, countries=60)
    order = risky(shop)
    hold = hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="Odd", now=NOON)
    drain()
    assert RiskReview.objects.get().hold == hold


def test_an_order_that_is_over_needs_no_review(shop):
    screen(shop, countries=60)
    order = risky(shop)
    drain()
    cancel_order(order_id=order.pk, reason="Customer’s request", now=LATER)
    drain()
    assert RiskReview.objects.get().verdict == RiskVerdict.OVER
    assert level(order) == "over"


def test_a_part_that_is_split_off_gets_a_review_of_its_own(shop):
    screen(shop, countries=60)
    shop.stock(shop.mug, 2)
    order = pay(shop.order((shop.mug, 2), **RISKY))
    drain()
    part = split_order(order_id=order.pk, units={order.lines.get().pk: 1}, now=LATER)
    drain()
    assert [level(order), level(part)] == ["hold", "hold"]
    approve_order(order_id=part.pk, reason="Fine", now=LATER)
    assert [waves(order), waves(part)] == [[], ["ready"]]


def test_a_late_review_is_put_before_people_until_it_is_decided(shop):
    screen(shop, countries=60)
    order = risky(shop)
    drain()
    due = RiskReview.objects.get().due_at
    assert watch_reviews(now=due - timedelta(seconds=1)) == 0
    assert [watch_reviews(now=due) for _ in range(2)] == [1, 1]
    item = AttentionItem.objects.get(kind="risk_review_late")
    assert (item.title, item.resolved_at) == (f"{order.number}: risk review is late", None)
    assert (again(order).open_holds, waves(order)) == (1, [])
    approve_order(order_id=order.pk, reason="Fine", now=due)
    item.refresh_from_db()
    assert item.resolved_at is not None


def test_what_was_left_waiting_is_scored_by_the_sweep(shop):
    screen(shop, countries=10)
    order = risky(shop)
    assert score_waiting(now=NOON) == 0
    assert score_waiting(now=LATER) == 1
    assert (level(order), waves(order)) == ("pass", ["ready"])
    assert score_waiting(now=LATER) == 0


def test_an_order_goes_on_where_no_version_is_live(shop):
    shop.web.is_screened = True
    shop.web.save()
    order = risky(shop)
    drain()
    assert (level(order), waves(order)) == ("", ["ready"])


def test_a_channels_own_version_comes_before_the_shops(shop):
    screen(shop, countries=60)
    own = live(shop.web, countries=5)
    order = risky(shop)
    drain()
    assert RiskDecision.objects.get(order=order).rule_set == own


def test_a_payment_that_fails_is_told_and_scores_the_order_again(shop):
    screen(shop, declines=40)
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    drain()
    for count in range(3):
        record_signal(
            order_id=order.pk,
            kind=RiskSignalKind.DECLINED,
            ref=f"card:{count}",
            occurred_at=NOON,
            now=NOON,
        )
    record_signal(
        order_id=order.pk, kind=RiskSignalKind.DECLINED, ref="card:2", occurred_at=NOON, now=NOON
    )
    score_order(order_id=order.pk, now=NOON + timedelta(minutes=1))
    assert RiskSignal.objects.count() == 3
    assert (level(order), again(order).risk_score) == ("review", 40)


def test_the_facts_of_an_order_are_counted_within_a_day(shop):
    ada = make_customer()
    old = NOON - timedelta(days=40)
    for number, moment in enumerate((old, old, NOON - timedelta(hours=25))):
        past = shop.order(
            (shop.mug, 1),
            when_short=WhenShort.BACKORDER,
            placed_at=moment,
            customer_id=ada.pk,
            origin=Origin("203.0.113.7"),
            phone=f"+49 30 55500{number}",
        )
        if moment == old:
            Order.objects.filter(pk=past.pk).update(
                state="completed", completed_at=old, units_cancelled=0
            )
    Order.objects.filter(state="completed").update(units_shipped=1)
    order = shop.order(
        (shop.mug, 3),
        when_short=WhenShort.BACKORDER,
        customer_id=ada.pk,
        email="ADA@example.com",
        phone="030 5550009",
        origin=Origin("203.0.113.7"),
        shipping_address=PARIS_ADDRESS,
    )
    near = shop.order(
        (shop.mug, 1),
        when_short=WhenShort.BACKORDER,
        placed_at=NOON - timedelta(hours=1),
        email="ada@example.com",
        phone="0049 30 555 0009",
        origin=Origin("203.0.113.7"),
    )
    found = facts_of([order.pk, near.pk])
    mine = found[order.pk]
    assert (mine.orders_by_email, mine.orders_by_phone, mine.orders_by_network) == (1, 1, 1)
    assert (mine.good_orders, mine.is_first_order, mine.postcodes_differ) == (2, False, True)
    assert (mine.billing_country, mine.shipping_country) == ("DE", "FR")
    assert found[near.pk].orders_by_email == 1
    Order.objects.filter(state="completed").update(state="open", completed_at=None, units_shipped=0)


def test_facts_take_as_many_statements_for_many_orders_as_for_one(shop, django_assert_num_queries):
    orders = [
        shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER, email=f"{i}@example.com")
        for i in range(9)
    ]
    with django_assert_num_queries(4):
        facts_of([orders[0].pk])
    with django_assert_num_queries(4):
        facts_of([order.pk for order in orders])


def test_a_block_goes_on_without_the_plain_text(shop):
    screen(shop, blocked=100)
    first = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER, phone="+49 30 1234567")
    kinds = [RiskListKind.EMAIL, RiskListKind.PHONE, RiskListKind.ADDRESS]
    block_buyer(order_id=first.pk, kinds=kinds, reason="Chargebacks", now=LATER)
    kept = RiskListEntry.objects.filter(kind__in=kinds)
    assert sorted(one.shown for one in kept) == ["a…@e….com", "kept as a hash", "…67"]
    assert {len(one.value) for one in kept} == {64}
    other = shop.order(
        (shop.mug, 1),
        when_short=WhenShort.BACKORDER,
        phone="0049 30/123 45 67",
        email="ADA@example.com",
    )
    assert facts_of([other.pk])[other.pk].blocked == ("e-mail address", "phone number", "address")
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskListEntry.objects.create(kind="email", value="ada@example.com", added_at=NOON)


def test_blocks_of_before_are_hashed_and_go_on(shop):
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE orders_risklistentry DROP CONSTRAINT orders_risk_entry_tells_nobody"
        )
    for kind, value in (("email", "ada@example.com"), ("phone", "301234567"), ("resale", "MUG")):
        RiskListEntry.objects.create(kind=kind, value=value, added_at=NOON)
    import_module("orders.migrations.0002_blocks_tell_nobody").hash_values(apps, None)
    assert set(RiskListEntry.objects.values_list("kind", "value")) == {
        ("email", value_of(RiskListKind.EMAIL, "Ada@example.com")),
        ("phone", value_of(RiskListKind.PHONE, "+49 30 1234567")),
        ("resale", "MUG"),
    }


def test_listed_things_are_found_however_they_are_written(shop):
    screen(shop, disposable=1, forwarder=1, resale=1, express=1)
    for kind, text in (
        (RiskListKind.FORWARDER, "Parcel Hub, Hafenweg 9"),
        (RiskListKind.RESALE, "lamp"),
        (RiskListKind.EXPRESS, "Express"),
    ):
        RiskListEntry.objects.create(kind=kind, value=value_of(kind, text), added_at=NOON)
    order = shop.order(
        (shop.lamp, 2),
        when_short=WhenShort.BACKORDER,
        email="x@Mailinator.com",
        shipping_method="express",
        shipping_address=replace(BERLIN_ADDRESS, company="Parcel Hub", line1="Hafenweg 9 #4411"),
    )
    drain()
    assert [one["code"] for one in RiskDecision.objects.get().reasons] == [
        "disposable",
        "express",
        "forwarder",
        "resale",
    ]
    assert again(order).risk_score == 4


def test_what_is_usual_needs_a_hundred_orders(shop):
    assert usual_amount(shop.web.pk, before=LATER).most is None
    drafts = [
        shop.draft(
            (shop.mug, 1, f"{amount}.00"), when_short=WhenShort.BACKORDER, email=f"{amount}@x.de"
        )
        for amount in range(1, 101)
    ]
    place_orders(drafts, now=NOON)
    assert usual_amount(shop.web.pk, before=LATER).most == Decimal("99.0000")


def test_network_addresses_are_kept_as_keys_only(shop):
    order = shop.order(
        (shop.mug, 1), when_short=WhenShort.BACKORDER, origin=Origin("2001:db8::1", "Browser")
    )
    kept = OrderOrigin.objects.get(order=order)
    assert kept.network_key == network_key("2001:db8::2") != network_key("2001:db8:0:1::1")
    assert network_key("203.0.113.7") == network_key("::ffff:203.0.113.7") != ""
    assert network_key("nowhere") == ""
    assert phone_key("+49 (0)30 123-45-67") == phone_key("0301234567")
    clear = next(one for one in KEEPS if one.code == "order_origins")
    assert list(clear.rows(LATER)) == [kept]


def test_decisions_and_live_rules_cannot_be_changed(shop):
    rules = screen(shop, countries=60)
    order = risky(shop)
    drain()
    for change in (
        lambda: RiskDecision.objects.update(score=0),
        lambda: RiskDecision.objects.all().delete(),
        lambda: type(rules).objects.filter(pk=rules.pk).update(hold_at=99),
        lambda: type(rules).objects.filter(pk=rules.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(rules).objects.filter(pk=draft().pk).update(state="live")
    assert level(order) == "hold"


def test_paid_orders_wait_for_their_score_too(shop):
    screen(shop, countries=10)
    shop.stock(shop.mug, 2)
    order = pay(shop.order((shop.mug, 1)))
    assert waves(order) == []
    drain()
    assert waves(order) == ["ready"]


def test_when_many_came_those_that_passed_before_are_scored_again(shop):
    screen(shop, network=60)
    shop.stock(shop.mug, 9)
    orders = []
    for number in range(6):
        draft = {"email": f"{number}@example.com", "origin": Origin("203.0.113.7")}
        orders.append(pay(shop.order((shop.mug, 1), **draft)))
        drain()
        if number == 3:
            assert [level(order) for order in orders] == ["pass"] * 4
    assert [level(order) for order in orders] == ["hold"] * 6
    assert [waves(order) for order in orders[:2]] == [["cancelled"], ["cancelled"]]
    assert RiskDecision.objects.filter(order=orders[0]).count() == 2


def test_history_is_not_scored(shop):
    screen(shop, countries=60)
    order = shop.order((shop.mug, 1), is_historical=True, takes_stock=False, **RISKY)
    drain()
    assert (level(order), RiskDecision.objects.count()) == ("", 0)
