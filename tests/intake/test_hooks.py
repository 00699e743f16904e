"""Webhooks in: who is let in, what is kept, and what becomes of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AttentionItem
from core.outbox import drain as react
from oms.intake.deciding import accept_difference, keep_differences
from oms.intake.hooks import sources, working
from oms.intake.hooks.receiving import MOST_BYTES
from oms.models import (
    DifferenceStatus,
    InboundDelivery,
    InboundStatus,
    OrderDifference,
    ToldOrder,
    WebhookSource,
)
from orders.models import CancelledAhead, Order
from orders.selectors.risk.listed import network_key
from orders.services import ask_deliver_by, cancel_external, change_shipping_address, set_tags
from orders.states import OrderState
from tests.cast import BERLIN_ADDRESS, make_user
from tests.intake.hooked import (
    arrive,
    at,
    cancelled,
    created,
    make_source,
    order,
    refunded,
    send,
    signed,
    updated,
)
from tests.shipping.factories import picked

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(shop) -> WebhookSource:
    shop.stock(shop.mug, 20)
    return make_source(shop.web)


def the_delivery() -> InboundDelivery:
    return InboundDelivery.objects.get()


# --- the door ---------------------------------------------------------------------------------


def test_a_signed_order_is_kept_answered_and_then_placed(source):
    assert send(source, created()) == 200
    assert (the_delivery().status, Order.objects.count()) == (InboundStatus.WAITING, 0)
    assert working.drain() == 1
    placed = Order.objects.get()
    assert (placed.number, placed.external_id, placed.total) == ("W-77", "77", Decimal("20.00"))
    assert placed.captured == 20
    assert (the_delivery().status, the_delivery().order) == (InboundStatus.DONE, placed)


def test_a_shop_may_tell_from_where_an_order_was_asked_for(source):
    told = {"network_address": "203.0.113.7", "user_agent": "Mozilla/5.0"}
    arrive(source, created(origin=told))
    origin = Order.objects.get().origin
    assert (origin.network_key, origin.user_agent) == (network_key("203.0.113.7"), "Mozilla/5.0")


def test_what_is_not_signed_leaves_nothing_but_a_count(source):
    headers = {"webhook-signature": "v1,AAAA"}
    assert send(source, created(), **headers) == 401
    assert send(source, created(), **{"webhook-timestamp": "99999999999"}) == 401
    source.refresh_from_db()
    assert (source.refused, InboundDelivery.objects.count()) == (2, 0)


@pytest.mark.parametrize("kind", ["shopify", "woocommerce"])
def test_a_body_that_was_changed_on_its_way_is_refused(shop, kind):
    source = make_source(shop.web, kind)
    headers = signed(source, b'{"id": 1}', "1", topic="orders/create")
    path = reverse("hook", args=[source.uid])
    for body, status in ((b'{"id": 2}', 401), (b'{"id": 1}', 200)):
        answer = Client().post(path, body, content_type="application/json", headers=headers)
        assert answer.status_code == status


def test_nobody_is_at_an_unknown_address_and_too_much_is_refused(source):
    path = reverse("hook", args=["00000000-0000-0000-0000-000000000007"])
    assert Client().post(path, b"{}", content_type="application/json").status_code == 404
    assert send(source, b" " * (MOST_BYTES + 1)) == 413
    assert Client().get(reverse("hook", args=[source.uid])).status_code == 405
    assert InboundDelivery.objects.count() == 0


def test_a_delivery_that_comes_again_is_taken_once_for_good(source):
    for _ in range(3):
        assert send(source, created(), "same") == 200
        working.drain()
    source.refresh_from_db()
    assert (InboundDelivery.objects.count(), source.repeated) == (1, 2)
    assert Order.objects.count() == 1


def test_during_a_change_of_secret_both_hold(source):
    old = WebhookSource.objects.get()
    sources.rotate_secret(source_id=source.pk, now=timezone.now())
    assert send(old, created(), "old") == 200
    new = WebhookSource.objects.get()
    assert send(new, created(), "new") == 200
    WebhookSource.objects.update(previous_until=timezone.now())
    assert send(old, created(), "late") == 401


def test_what_comes_while_a_source_is_stopped_waits(source):
    sources.change_source(source_id=source.pk, name="The shop", is_active=False, version=10**9)
    assert send(source, created()) == 200
    assert working.drain() == 0
    sources.change_source(source_id=source.pk, name="The shop", is_active=True, version=10**9)
    working.drain()
    assert Order.objects.count() == 1


def test_what_came_stays_as_it_came(source):
    send(source, created())
    for change in (
        lambda: InboundDelivery.objects.update(body=b"{}"),
        lambda: InboundDelivery.objects.update(event_id="other"),
        lambda: InboundDelivery.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_woocommerce_may_ask_whether_somebody_listens(shop):
    source = make_source(shop.web, "woocommerce")
    path = reverse("hook", args=[source.uid])
    assert Client().post(path, {"webhook_id": "5"}).status_code in {200, 401}
    form = "application/x-www-form-urlencoded"
    assert Client().post(path, "webhook_id=5", content_type=form).status_code == 200
    assert InboundDelivery.objects.count() == 0


# --- what cannot be read ----------------------------------------------------------------------

BROKEN = [
    b"",
    b"{",
    b"[]",
    b'"order"',
    b"\xff\xfe\x00",
    b'{"type": "order.created", "data": NaN}',
    b'{"type": "order.created", "data": {"id": 1e400}}',
    b'{"type": "order.created", "data": {"id": 1' + b"0" * 5000 + b"}}",
    b'{"a":' * 2000 + b"1" + b"}" * 2000,
    b'{"type": "order.created", "data": {}}',
    b'{"type": "order.created", "data": []}',
    b'{"type": "order.created", "data": {"id": "\\u0000\\ud800", "lines": [{}]}}',
    b'{"type": "order.created", "data": {"id": {"a": 1}, "lines": "x"}}',
    b'{"type": "order.refunded", "data": {"order_id": 1}}',
    b'{"type": "order.cancelled", "data": {"id": 1, "cancelled_at": "soon"}}',
]


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_what_cannot_be_read_is_kept_with_its_reason_and_tried_again_by_button(source, body):
    assert send(source, body) == 200
    working.drain()
    delivery = the_delivery()
    assert delivery.status == InboundStatus.PARKED
    assert delivery.last_error
    assert bytes(delivery.body) == body
    item = AttentionItem.objects.get(kind=working.NOT_UNDERSTOOD, resolved_at=None)
    assert working.retry(delivery_ids=[delivery.pk], now=timezone.now()) == 1
    item.refresh_from_db()
    assert item.resolved_at is not None
    working.drain()
    assert the_delivery().status == InboundStatus.PARKED


def test_a_reason_names_the_place_and_what_is_expected(source):
    arrive(source, created(placed_at="yesterday", currency="EURO"))
    assert the_delivery().last_error == (
        "data.placed_at: found “yesterday”, expected a date such as 2026-01-31 14:30:00 +0100."
        " data.currency: found “EURO”, expected a code such as EUR."
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"unit_price": None}, "unit_price: found nothing, expected an amount such as 12.50."),
        ({"tax_rate": "19"}, "tax_rate: found “19”, expected a rate such as 0.19."),
    ],
)
def test_a_line_without_its_price_or_with_percents_for_a_rate_is_kept_for_people(
    source, line, reason
):
    mug = {"sku": "MUG", "quantity": 2, "unit_price": "10.00"}
    arrive(source, created(lines=[{**mug, **line}]))
    assert the_delivery().last_error == f"data.lines.0.{reason}"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"placed_at": "2099-01-01T00:00:00Z"},
            "placed_at: found “2099-01-01T00:00:00Z”, expected a moment that has come.",
        ),
        (
            {"updated_at": "2099-01-01T00:00:00Z"},
            "updated_at: found “2099-01-01T00:00:00Z”, expected a moment that has come.",
        ),
        (
            {"discount": "20.01"},
            "discount: found “20.01”, expected at most 20, the price that it is part of.",
        ),
        (
            {"shipping": {"amount": "4.90", "tax": "5"}},
            "shipping.tax: found “5”, expected at most 4.9, the price that it is part of.",
        ),
    ],
)
def test_an_order_of_the_future_or_with_a_part_above_its_price_is_kept_for_people(
    source, change, reason
):
    arrive(source, created(**change))
    assert (the_delivery().status, the_delivery().last_error) == (
        InboundStatus.PARKED,
        f"data.{reason}",
    )
    assert AttentionItem.objects.filter(kind=working.NOT_UNDERSTOOD, resolved_at=None).exists()
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            {"tax": "20.01"},
            "tax: found “20.01”, expected at most 20, the price that it is part of.",
        ),
        (
            {"discount": "15", "tax": "5.01"},
            "tax: found “5.01”, expected at most 5, the price that it is part of.",
        ),
        (
            {"discount": "20.01"},
            "discount: found “20.01”, expected at most 20, the price that it is part of.",
        ),
    ],
)
def test_a_part_of_a_price_that_is_more_than_the_price_is_kept_for_people(source, line, reason):
    mug = {"sku": "MUG", "quantity": 2, "unit_price": "10.00"}
    arrive(source, created(lines=[{**mug, **line}]))
    assert (the_delivery().status, the_delivery().last_error) == (
        InboundStatus.PARKED,
        f"data.lines.0.{reason}",
    )
    assert not Order.objects.exists()


def test_a_shop_whose_clock_is_a_little_ahead_loses_no_order(source):
    ahead = timezone.now() + timedelta(seconds=90)
    arrive(source, created(placed_at=ahead.isoformat(), updated_at=ahead.isoformat()))
    assert Order.objects.get().placed_at < ahead


def test_what_an_order_goes_without_stands_with_its_delivery(source):
    there = {"line1": "Torstraße 1", "city": "Berlin", "country": "XX"}
    arrive(source, created(shipping_address=there))
    assert Order.objects.get().ship_country == ""
    assert the_delivery().outcome == (
        "Placed. data.shipping_address.country: found “XX”, which is no country known here; the order"
        " goes in without it, so mend its address."
    )


def test_an_order_that_names_no_address_is_taken_and_held(source):
    arrive(source, created(shipping_address="x"))
    assert [hold.kind for hold in Order.objects.get().holds.all()] == ["address"]


def test_a_price_of_nothing_is_a_price(source):
    gift = {"sku": "MUG", "quantity": 1, "unit_price": "0"}
    arrive(source, created(lines=[gift], paid="0", total="0"))
    assert Order.objects.get().total == 0


def test_an_order_that_the_verbs_refuse_is_kept_too(source):
    arrive(source, created(lines=[{"sku": "MUG", "quantity": 999_999, "unit_price": "9" * 13}]))
    assert the_delivery().status == InboundStatus.PARKED
    assert not Order.objects.exists()
    assert not ToldOrder.objects.exists()


def test_what_tells_nothing_of_orders_is_done_with(source):
    arrive(source, {"type": "product.created", "data": {"id": 1}})
    assert the_delivery().status == InboundStatus.IGNORED


def test_a_sku_that_nobody_knows_keeps_its_order(source):
    arrive(
        source, created(lines=[{"sku": "NEW", "name": "New", "quantity": 1, "unit_price": "20"}])
    )
    assert Order.objects.get().lines.get().sku == "NEW"
    assert "is not in the catalogue" in the_delivery().outcome


# --- one after the other ----------------------------------------------------------------------


def test_a_cancellation_before_its_order_lets_it_be_born_cancelled(source, shop):
    arrive(source, cancelled(5))
    assert not Order.objects.exists()
    arrive(source, created())
    assert Order.objects.get().state == OrderState.CANCELLED
    assert shop.level(shop.mug).allocated == 0


def test_a_cancellation_told_by_webhook_holds_for_an_order_told_by_another_way(source, shop):
    arrive(source, cancelled(5))
    ahead = CancelledAhead.objects.get()
    assert (ahead.channel, ahead.external_id) == (shop.web, "77")


def test_a_cancellation_told_by_another_way_holds_for_an_order_told_by_webhook(source, shop):
    cancel_external(channel=shop.web, external_id="77", reason="By phone", now=timezone.now())
    arrive(source, created())
    assert Order.objects.get().state == OrderState.CANCELLED


def test_a_refund_before_its_order_waits(source):
    arrive(source, refunded(5, "5.00", "r1"), created())
    assert Order.objects.get().refunded == 5


def test_a_refund_before_its_payment_waits(source):
    arrive(source, refunded(5, "5.00", "r1"), created(paid="0"))
    assert Order.objects.get().refunded == 0
    arrive(source, updated(3))
    assert (Order.objects.get().captured, Order.objects.get().refunded) == (20, 5)


def test_a_later_version_is_taken_over_while_nothing_has_left(source):
    address = {"line1": "Kaiweg 2", "city": "Kiel", "country": "DE"}
    arrive(source, created(), updated(5, shipping_address=address, tags=["vip"], note="Ring"))
    changed = Order.objects.get()
    assert (changed.ship_to.city, changed.tags) == ("Kiel", ["vip"])
    assert not OrderDifference.objects.exists()


def test_an_older_version_that_comes_late_changes_nothing(source):
    address = {"line1": "Kaiweg 2", "city": "Kiel", "country": "DE"}
    arrive(source, updated(5, shipping_address=address), created())
    assert Order.objects.get().ship_to.city == "Kiel"


# --- differences ------------------------------------------------------------------------------

KIEL = {"line1": "Kaiweg 2", "city": "Kiel", "country": "DE"}


def test_an_order_that_has_begun_to_ship_is_not_overwritten(source):
    arrive(source, created())
    react()
    placed = Order.objects.get()
    picked(placed, make_user("warehouse"))
    arrive(source, updated(5, shipping_address=KIEL))
    assert Order.objects.get().ship_to.city == "Berlin"
    row = OrderDifference.objects.get()
    assert (row.field, row.status) == ("shipping_address", DifferenceStatus.OPEN)
    assert AttentionItem.objects.filter(kind="channel_differs", resolved_at=None).count() == 1


def test_what_was_edited_here_is_not_overwritten_and_stays_when_told_as_before(source):
    arrive(source, created())
    placed = Order.objects.get()
    now = timezone.now()
    change_shipping_address(
        order_id=placed.pk,
        address=BERLIN_ADDRESS.__class__(line1="Hafen 3", city="Bremen", country="DE"),
        now=now,
    )
    arrive(source, updated(5, tags=["vip"]))
    assert Order.objects.get().ship_to.city == "Bremen"
    assert not OrderDifference.objects.exists()
    set_tags(order_id=placed.pk, remove=["vip"], now=now)
    arrive(source, updated(6, tags=["vip"]))
    assert Order.objects.get().tags == []
    arrive(source, updated(7, shipping_address=KIEL, tags=["vip"]))
    assert Order.objects.get().ship_to.city == "Bremen"
    row = OrderDifference.objects.get(status=DifferenceStatus.OPEN)
    assert ("Bremen" in row.here, "Kiel" in row.there) == (True, True)


def test_the_day_asked_for_comes_along_follows_and_is_not_overwritten(source):
    arrive(source, created(deliver_by="2099-12-01"))
    placed = Order.objects.get()
    assert placed.deliver_by == date(2099, 12, 1)
    arrive(source, updated(1, deliver_by="2099-12-02T09:00:00Z"))
    placed.refresh_from_db()
    assert placed.deliver_by == date(2099, 12, 2)
    by_phone = date(2099, 12, 24)
    ask_deliver_by(order_id=placed.pk, deliver_by=by_phone, now=timezone.now())
    arrive(source, updated(2, deliver_by="2099-12-02", tags=["vip"]))
    assert not OrderDifference.objects.exists()
    arrive(source, updated(3))
    placed.refresh_from_db()
    row = OrderDifference.objects.get()
    assert (placed.deliver_by, row.field, row.here, row.there) == (
        by_phone, "deliver_by", "2099-12-24", "",
    )  # fmt: skip
    assert accept_difference(difference_id=row.pk, now=timezone.now()) == DifferenceStatus.ACCEPTED
    placed.refresh_from_db()
    assert placed.deliver_by is None


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("2026-11-19", "which had passed as it was placed"),
        ("soon", "which is no day such as 2026-12-31"),
        (["2026-12-03"], ""),
    ],
)
def test_a_day_that_is_none_or_had_passed_loses_no_order(source, told, why):
    arrive(source, created(deliver_by=told))
    assert Order.objects.get().deliver_by is None
    words = InboundDelivery.objects.get().outcome
    assert why in words
    assert ("data.deliver_by" in words) == bool(why)


def test_a_day_that_passed_on_the_way_here_is_kept(source):
    arrive(source, created(deliver_by="2026-11-20"))
    assert Order.objects.get().deliver_by == date(2026, 11, 20)


@pytest.fixture
def difference(source) -> OrderDifference:
    test_what_was_edited_here_is_not_overwritten_and_stays_when_told_as_before(source)
    return OrderDifference.objects.get(status=DifferenceStatus.OPEN)


def test_a_difference_is_taken_over(difference):
    accept_difference(difference_id=difference.pk, now=timezone.now())
    difference.refresh_from_db()
    assert (difference.status, Order.objects.get().ship_to.city) == (
        DifferenceStatus.ACCEPTED,
        "Kiel",
    )
    assert not AttentionItem.objects.filter(kind="channel_differs", resolved_at=None).exists()


def test_a_difference_is_kept_and_a_note_says_so(difference):
    assert keep_differences(difference_ids=[difference.pk], now=timezone.now()) == 1
    kept = Order.objects.get()
    assert kept.ship_to.city == "Bremen"
    assert "Kept as it is here" in kept.notes.latest("id").text
    assert not AttentionItem.objects.filter(kind="channel_differs", resolved_at=None).exists()


def test_a_difference_that_is_told_away_settles_by_itself(difference, source):
    bremen = {"line1": "Hafen 3", "city": "Bremen", "country": "DE"}
    arrive(source, updated(9, shipping_address=bremen, tags=["vip"]))
    difference.refresh_from_db()
    assert difference.status == DifferenceStatus.SETTLED
    assert not AttentionItem.objects.filter(kind="channel_differs", resolved_at=None).exists()


# --- formats ----------------------------------------------------------------------------------


def shopify_order(**more):
    return {
        "id": 820982911946154508,
        "name": "#1001",
        "email": "ada@example.com",
        "created_at": at(0),
        "updated_at": at(1),
        "currency": "EUR",
        "taxes_included": True,
        "total_price": "43.90",
        "financial_status": "paid",
        "note": "Ring twice",
        "tags": "VIP, gift",
        "customer": {"id": 115310627314723954},
        "shipping_address": {
            "first_name": "Ada",
            "last_name": "Lindqvist",
            "name": "Ada Lindqvist",
            "address1": "Torstraße 1",
            "zip": "10119",
            "city": "Berlin",
            "country_code": "DE",
        },
        "line_items": [
            {
                "id": 1,
                "sku": "MUG",
                "name": "Mug",
                "quantity": 4,
                "current_quantity": 4,
                "price": "10.00",
                "discount_allocations": [{"amount": "1.00"}],
                "tax_lines": [{"price": "6.23", "rate": 0.19}],
            }
        ],
        "shipping_lines": [
            {"title": "DHL", "price": "4.90", "tax_lines": [{"price": "0.78", "rate": 0.19}]}
        ],
        "refunds": [],
        **more,
    }


def test_shopify_s_order_comes_in_to_the_cent(shop):
    shop.stock(shop.mug, 9)
    source = make_source(shop.web, "shopify")
    arrive(source, shopify_order(), topic="orders/create")
    placed = Order.objects.get()
    assert (placed.number, placed.total, placed.tax_total) == (
        "#1001",
        Decimal("43.90"),
        Decimal("7.01"),
    )
    assert (placed.captured, placed.ship_to.city, placed.tags) == (
        Decimal("43.90"),
        "Berlin",
        ["gift", "vip"],
    )
    assert the_delivery().outcome == "Placed."
    refund = {
        "id": 509562969,
        "order_id": 820982911946154508,
        "created_at": at(5),
        "transactions": [{"kind": "refund", "status": "success", "amount": "3.00"}],
    }
    arrive(source, refund, topic="refunds/create")
    assert Order.objects.get().refunded == 3
    arrive(
        source,
        shopify_order(cancelled_at=at(9), updated_at=at(9), refunds=[refund]),
        topic="orders/cancelled",
    )
    ended = Order.objects.get()
    assert (ended.state, ended.refunded) == (OrderState.CANCELLED, 3)


def test_shopify_s_refund_of_units_that_have_not_left_holds_the_order(shop):
    shop.stock(shop.mug, 9)
    source = make_source(shop.web, "shopify")
    line = {**shopify_order()["line_items"][0], "current_quantity": 3}
    refund = {
        "id": 5,
        "created_at": at(5),
        "transactions": [{"kind": "refund", "status": "success", "amount": "9.75"}],
        "refund_line_items": [{"line_item_id": 1, "quantity": 1, "restock_type": "cancel"}],
    }
    arrive(
        source,
        shopify_order(),
        shopify_order(updated_at=at(6), line_items=[line], refunds=[refund]),
        topic="orders/updated",
    )
    held = Order.objects.get()
    assert (held.lines.get().quantity, held.refunded) == (4, Decimal("9.75"))
    assert "refunded in the shop before they left" in held.holds.get().reason


WOO_ORDER = {
    "id": 727,
    "number": "727",
    "status": "processing",
    "currency": "EUR",
    "date_created_gmt": "2026-11-20T09:00:00",
    "date_modified_gmt": "2026-11-20T09:01:00",
    "date_paid_gmt": "2026-11-20T09:01:00",
    "total": "28.56",
    "shipping_total": "4.00",
    "shipping_tax": "0.76",
    "payment_method_title": "Card",
    "billing": {
        "first_name": "Ada",
        "last_name": "Lindqvist",
        "address_1": "Torstraße 1",
        "city": "Berlin",
        "postcode": "10119",
        "country": "DE",
        "email": "ada@example.com",
    },
    "shipping": {"first_name": "", "address_1": ""},
    "line_items": [
        {
            "sku": "MUG",
            "name": "Mug",
            "quantity": 2,
            "subtotal": "22.00",
            "total": "20.00",
            "total_tax": "3.80",
        }
    ],
    "refunds": [],
}


def test_woocommerce_s_order_comes_in_to_the_cent(shop):
    shop.stock(shop.mug, 9)
    source = make_source(shop.web, "woocommerce")
    body = WOO_ORDER
    arrive(source, body, topic="order.created")
    placed = Order.objects.get()
    assert (placed.total, placed.tax_total, placed.captured) == (
        Decimal("28.56"),
        Decimal("4.56"),
        Decimal("28.56"),
    )
    assert placed.ship_to.name == "Ada Lindqvist"
    later = {**body, "date_modified_gmt": "2026-11-20T10:00:00", "status": "refunded"}
    later["refunds"] = [{"id": 5, "total": "-28.56"}]
    arrive(source, later, topic="order.updated")
    ended = Order.objects.get()
    assert (ended.state, ended.refunded, ended.balance) == (
        OrderState.CANCELLED,
        Decimal("28.56"),
        0,
    )
    arrive(source, {"id": 728}, topic="order.deleted")
    assert ToldOrder.objects.get(external_id="728").cancelled_at is not None


LINE = WOO_ORDER["line_items"][0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"date_created_gmt": "2099-01-01T00:00:00"}, "date_created_gmt: found “2099-01-01T00:"),
        ({"line_items": [{**LINE, "total_tax": "20.01"}]}, "line_items.0.total_tax: found “20.01”"),
        ({"shipping_tax": "4.01"}, "shipping_tax: found “4.01”, expected at most 4, "),
    ],
)
def test_woocommerce_s_impossible_order_is_kept_for_people(shop, change, reason):
    source = make_source(shop.web, "woocommerce")
    arrive(source, {**WOO_ORDER, **change}, topic="order.created")
    delivery = the_delivery()
    assert (delivery.status, delivery.last_error[: len(reason)]) == (InboundStatus.PARKED, reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tax_lines": [{"rate": 0.19, "price": "99"}]}, "line_items.0.tax_lines: found “99”"),
        ({"discount_allocations": [{"amount": "99"}]}, "line_items.0.discount_allocations: found"),
    ],
)
def test_shopify_s_impossible_order_is_kept_for_people(shop, change, reason):
    source = make_source(shop.web, "shopify")
    line = {**shopify_order()["line_items"][0], **change}
    arrive(source, shopify_order(line_items=[line]), topic="orders/create")
    delivery = the_delivery()
    assert (delivery.status, delivery.last_error[: len(reason)]) == (InboundStatus.PARKED, reason)


def test_an_order_as_generic_as_it_can_be(source):
    assert order()["id"] == "77"
    arrive(source, created(shipping={"amount": "4.90"}, total="24.90", paid="0"))
    placed = Order.objects.get()
    assert (placed.total, placed.captured) == (Decimal("24.90"), 0)
