"""POST /orders: priced here or given, placed once, born cancelled when its channel said so before."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Channel
from customers.models import Customer
from orders.models import (
    CancelledAhead,
    Coupon,
    Order,
    Price,
    Promotion,
    ShippingRate,
    ShippingService,
    ShippingZone,
    TaxRate,
)
from payments.models import Payment
from tests.races import together


@pytest.fixture
def priced(shop):
    """The shop with prices, taxes and stock."""
    for variant, amount in ((shop.mug, "9.95"), (shop.shirt, "24.90")):
        Price.objects.create(variant=variant, currency="EUR", amount=Decimal(amount))
        shop.stock(variant, 10)
    TaxRate.objects.create(country="DE", rate=Decimal("0.19"))
    return shop


def wanted(*lines: dict, **more) -> dict:
    return {
        "channel": "web",
        "customer": {"email": "ada@example.com", "name": "Ada Lindqvist"},
        "shipping_address": {
            "name": "Ada",
            "line1": "Torstraße 1",
            "city": "Berlin",
            "postal_code": "10119",
            "country": "DE",
        },
        "lines": list(lines or [{"sku": "MUG", "quantity": 2}]),
        **more,
    }


def test_an_order_is_placed_at_our_prices_with_our_taxes(program, priced):
    answer = program().send("/orders", wanted(external_id="W-1"))
    body = answer.json()
    assert answer.status_code == 201
    assert (body["total"], body["fulfilment_status"], body["external_id"]) == (
        "19.90",
        "allocated",
        "W-1",
    )
    assert answer["Location"] == f"/api/v1/orders/{body['id']}"
    line = body["lines"][0]
    assert (line["unit_price"], line["tax_rate"], line["tax"]) == ("9.95", "0.19", "3.18")
    order = Order.objects.get()
    assert (order.customer.email, order.ship_to.city, order.bill_to.city) == (
        "ada@example.com",
        "Berlin",
        "Berlin",
    )


def test_what_is_given_is_taken(program, priced):
    body = (
        program()
        .send(
            "/orders",
            wanted(
                {
                    "sku": "MUG",
                    "quantity": 2,
                    "unit_price": "8.00",
                    "discount": "1.00",
                    "tax": "2.40",
                },
                taxes="given",
                discount="3.00",
                shipping={"amount": 4.9, "tax": "0.78"},
                payments=[{"amount": "16.90", "method": "PayPal", "reference": "T-1"}],
                customer_note="Ring twice",
                tags=["VIP"],
            ),
        )
        .json()
    )
    assert (body["total"], body["balance"], body["payment_status"]) == ("16.90", "0.00", "paid")
    assert body["tags"] == ["vip"]
    payment = Payment.objects.get()
    assert (payment.label, payment.reference, payment.captured) == (
        "PayPal",
        "T-1",
        Decimal("16.90"),
    )
    assert Order.objects.get().fulfilments.count() == 1


def test_the_same_external_id_answers_with_the_order_that_is_here(program, priced):
    first = program().send("/orders", wanted(external_id="W-1")).json()
    again = program().send("/orders", wanted(external_id="W-1"))
    assert (again.status_code, again.json()["code"]) == (409, "already_taken")
    assert again.json()["existing"] == again["Location"] == f"/api/v1/orders/{first['id']}"
    assert (Order.objects.count(), Customer.objects.count()) == (1, 1)


def test_a_reply_that_was_lost_is_given_again(program, priced):
    shop = program()
    first = shop.send("/orders", wanted(), key="o-1")
    again = shop.send("/orders", wanted(), key="o-1")
    assert (again.status_code, again.content, again["Idempotent-Replayed"]) == (
        201,
        first.content,
        "true",
    )
    assert again["Location"] == first["Location"]
    assert Order.objects.count() == 1


def test_stock_that_is_short_refuses_waits_or_holds(program, priced):
    shop = program()
    lines = [{"sku": "MUG", "quantity": 12}]
    refused = shop.send("/orders", wanted(*lines))
    assert (refused.status_code, refused.json()["code"]) == (422, "out_of_stock")
    held = shop.send("/orders", wanted(*lines, when_short="hold")).json()
    assert (held["is_on_hold"], held["lines"][0]["backordered"]) == (True, 2)
    waiting = shop.send("/orders", wanted(*lines, when_short="backorder")).json()
    assert (waiting["is_on_hold"], waiting["lines"][0]["backordered"]) == (False, 12)


def test_goods_that_nobody_said_where_to_send_are_held_until_somebody_does(program, priced):
    shop = program()
    answer = shop.send(
        "/orders", wanted(shipping_address={"name": "Ada"}, payments=[{"amount": "19.90"}])
    )
    order = Order.objects.get()
    assert (answer.status_code, answer.json()["is_on_hold"]) == (201, True)
    assert [(hold.kind, hold.reason) for hold in order.holds.all()] == [
        ("address", "The order names no address to send it to")
    ]
    assert not order.fulfilments.filter(state="ready").exists()
    Channel.objects.update(kind="store")
    assert shop.send("/orders", wanted(shipping_address={})).json()["is_on_hold"] is False


def test_an_order_cancelled_before_it_came_is_born_cancelled(program, priced):
    shop = program()
    word = {"channel": "web", "external_id": "W-9", "reason": "Changed mind"}
    for _ in range(2):
        told = shop.send("/order-cancellations", word).json()
        assert told == {"is_remembered": True, "order_id": None, "state": None}
    born = shop.send("/orders", wanted(external_id="W-9")).json()
    assert born["state"] == "cancelled"
    assert Order.objects.get().cancel_reason == "Changed mind"
    assert priced.level(priced.mug).allocated == 0
    assert shop.send("/order-cancellations", word).json()["state"] == "cancelled"


def test_an_order_that_is_here_is_cancelled_by_its_own_id(program, priced):
    shop = program()
    order = shop.send("/orders", wanted(external_id="W-1")).json()
    told = shop.send("/order-cancellations", {"channel": "web", "external_id": "W-1"}).json()
    assert told == {"is_remembered": False, "order_id": order["id"], "state": "cancelled"}
    assert not CancelledAhead.objects.exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"channel": "nowhere"}, "#/channel"),
        ({"currency": "USD"}, "#/currency"),
        ({"placed_at": "2099-01-01T00:00:00Z"}, "#/placed_at"),
        ({"customer": {"id": 987654}}, "#/customer/id"),
        ({"shipping": {"service": "rocket"}}, "#/shipping/service"),
        ({"lines": [{"sku": "LAMP", "quantity": 1}]}, "#/lines/0/unit_price"),
        ({"lines": [{"sku": "NOT-OURS", "quantity": 1}]}, "#/lines/0/sku"),
        ({"lines": [{"sku": "MUG", "quantity": 0}]}, "#/lines/0/quantity"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "tax": "1"}]}, "#/lines/0/tax"),
        ({"lines": []}, "#/lines"),
        ({"state": "completed"}, "#/state"),
        ({"total": "1.00"}, "#/total"),
        ({"paid": True}, "#/paid"),
        ({"payments": [{"amount": "-1"}]}, "#/payments/0/amount"),
        ({"payment_terms": "net"}, "#/payment_terms"),
    ],
)
def test_a_refusal_points_to_its_field_and_leaves_nothing(program, priced, change, pointer):
    answer = program().send("/orders", {**wanted(), **change})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (Order.objects.count(), Customer.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"payments": [{"amount": "5"}, {"amount": "0.004"}]}, "#/payments/1/amount"),
        (
            {"payments": [{"amount": "5", "received_at": "2190-01-01T00:00:00"}]},
            "#/payments/0/received_at",
        ),
        ({"placed_at": "0001-01-01T00:00:00+14:00"}, "#/placed_at"),
        ({"lines": [{"sku": "MUG", "quantity": 2, "discount": "19.91"}]}, "#/lines/0/discount"),
        ({"discount": "19.91"}, "#/discount"),
        (
            {"taxes": "given", "lines": [{"sku": "MUG", "quantity": 2, "tax_rate": "7"}]},
            "#/lines/0/tax_rate",
        ),
        (
            {
                "taxes": "given",
                "prices_include_tax": False,
                "lines": [{"sku": "MUG", "quantity": 1, "unit_price": "10", "tax": "10.01"}],
            },
            "#/lines/0/tax",
        ),
        (
            {
                "taxes": "given",
                "lines": [{"sku": "MUG", "quantity": 2, "discount": "10", "tax": "9.91"}],
            },
            "#/lines/0/tax",
        ),
        (
            {"taxes": "given", "lines": [{"sku": "MUG", "quantity": 2, "tax": "19.91"}]},
            "#/lines/0/tax",
        ),
        (
            {"taxes": "given", "shipping": {"amount": "1", "tax": "1.01"}},
            "#/shipping/tax",
        ),
    ],
)
def test_money_that_cannot_be_is_refused(program, priced, change, pointer):
    answer = program().send("/orders", wanted(**change))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert Order.objects.count() == 0


def test_a_coupon_that_cannot_be_used_is_refused_not_left_out(program, priced):
    tenth = Promotion.objects.create(name="Tenth", kind="percent", percent=10, needs_coupon=True)
    Coupon.objects.create(
        promotion=tenth, code="AHOY", customer_limit=1, created_at="2026-11-18T00:00Z"
    )
    shop = program()
    first = shop.send("/orders", wanted(coupons=["ahoy"]))
    assert (first.status_code, first.json()["total"]) == (201, "17.91")
    for codes, words in (
        (["AHOY"], "Coupon AHOY: this customer has used it already; leave it out."),
        (["nope"], "Coupon NOPE: there is no such coupon; leave it out."),
    ):
        answer = shop.send("/orders", wanted(coupons=codes))
        assert (answer.status_code, answer.json()["detail"]) == (422, words)
        assert answer.json()["errors"][0]["pointer"] == "#/coupons/0"
    assert Order.objects.count() == 1


def test_a_price_beyond_the_limit_needs_its_right(program, priced):
    line = {"sku": "MUG", "quantity": 1, "unit_price": "0.01"}
    for taxes in ({}, {"taxes": "given"}):
        answer = program("orders.place").send("/orders", wanted(line, **taxes))
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (
            422,
            "#/lines/0/unit_price",
        )
    allowed = program("orders.place", "orders.override_prices").send("/orders", wanted(line))
    assert allowed.json()["total"] == "0.01"


def test_an_unknown_sku_with_its_price_is_kept_for_people(program, priced):
    body = (
        program()
        .send("/orders", wanted({"sku": "NOT-OURS", "quantity": 1, "unit_price": "5"}))
        .json()
    )
    assert (body["total"], Order.objects.get().unknown_lines) == ("5.00", 1)


def test_a_service_brings_its_rate(program, priced):
    service = ShippingService.objects.create(name="Parcel", code="parcel", carrier="own")
    zone = ShippingZone.objects.create(service=service, name="Home", countries=["DE"])
    ShippingRate.objects.create(
        zone=zone, up_to_g=5000, currency="EUR", amount=Decimal("4.90"), cost=Decimal("3.00")
    )
    body = program().send("/orders", wanted(shipping={"service": "parcel"})).json()
    assert body["total"] == "24.80"


def test_a_key_of_one_channel_places_orders_only_there(program, priced):
    other = Channel.objects.create(
        code="other", name="Other", kind="web", legal_entity=priced.entity, currency="EUR"
    )
    shop = program("*", channel=other)
    assert shop.send("/orders", wanted()).json()["errors"][0]["pointer"] == "#/channel"
    told = shop.send("/order-cancellations", {"channel": "web", "external_id": "W-1"})
    assert told.status_code == 422
    assert (Order.objects.count(), CancelledAhead.objects.count()) == (0, 0)
    own = {**wanted(when_short="backorder"), "channel": ""}
    assert shop.send("/orders", own).json()["channel"] == "other"


@pytest.mark.parametrize(("lines", "more", "statements"), [(1, 30, 25), (20, 30, 25), (20, 0, 30)])
def test_an_order_costs_the_same_statements_however_many_lines(
    program, priced, lines, more, statements
):
    """Where stock is too little, the order is thought over again on locked stock."""
    if more:
        priced.stock(priced.mug, more)
        priced.stock(priced.shirt, more)
    shop = program()
    skus = [{"sku": ("MUG", "SHIRT-M")[n % 2], "quantity": 1} for n in range(lines)]
    shop.send("/orders", wanted(*skus[:1]), key="first")
    with CaptureQueriesContext(connection) as captured:
        answer = shop.send("/orders", wanted(*skus, when_short="backorder"), key="second")
    assert answer.status_code == 201
    savepoints = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")
    own = [one["sql"] for one in captured if not one["sql"].startswith(savepoints)]
    assert len(own) == statements


@pytest.mark.django_db(transaction=True)
def test_a_cancellation_and_its_order_at_once_end_cancelled(program, priced):
    shop = program()
    word = {"channel": "web", "external_id": "W-7"}
    together(
        lambda: shop.send("/orders", wanted(external_id="W-7")),
        lambda: shop.send("/order-cancellations", word),
    )
    assert Order.objects.get().state == "cancelled"
    assert priced.level(priced.mug).allocated == 0


@pytest.mark.django_db(transaction=True)
def test_two_first_orders_of_a_new_customer_at_once_are_one_customers(program, priced):
    shop = program()
    answers = together(*[lambda: shop.send("/orders", wanted()) for _ in range(4)])
    assert [one.status_code for one in answers] == [201] * 4
    assert (Order.objects.count(), Customer.objects.count()) == (4, 1)
