"""What no program can mean is refused where it stands: booleans for numbers, no country, far years."""

import pytest

from core.markup.people import country_codes
from orders.models import Order
from orders.states import PaymentStatus
from tests.api.test_placing import wanted

ADDRESS = {"name": "Ada", "line1": "Torstraße 1", "city": "Berlin", "country": "DE"}


def refusal(answer) -> tuple[int, str, str]:
    (error,) = answer.json()["errors"]
    return answer.status_code, error["pointer"], error["detail"]


@pytest.fixture
def order(shop):
    return shop.order((shop.mug, 1), when_short="backorder")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": [{"sku": "MUG", "quantity": True}]}, "#/lines/0/quantity"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "tax_rate": True}]}, "#/lines/0/tax_rate"),
        ({"discount": True}, "#/discount"),
        ({"customer": {"id": True}}, "#/customer/id"),
        ({"placed_at": True}, "#/placed_at"),
    ],
)
def test_a_boolean_is_no_number(program, change, pointer, shop):
    assert refusal(program().send("/orders", wanted(**change))) == (
        422,
        pointer,
        "True or false is not taken here; give the value itself.",
    )
    assert not Order.objects.exists()


def test_a_boolean_in_a_list_or_by_a_name_is_no_number(program, order):
    tool = program()
    merged = tool.send(f"/orders/{order.pk}/merge", {"order_ids": [order.pk, True]})
    assert refusal(merged)[:2] == (422, "#/order_ids/1")
    variant = order.lines.get().variant_id
    prices = tool.send(f"/variants/{variant}/prices", {"amounts": {"EUR": True}}, method="patch")
    assert refusal(prices)[:2] == (422, "#/amounts/EUR")


def test_where_a_boolean_is_meant_it_is_taken(program, shop):
    told = wanted({"sku": "MUG", "quantity": 1, "unit_price": "5.00"}, when_short="backorder")
    assert program().send("/orders", {**told, "is_announced": True}).status_code == 201


def test_a_country_that_is_none_is_refused(program, order):
    sentence = "“XX” is no country; use two letters such as DE."
    there = {**ADDRESS, "country": "XX"}
    tool = program()
    assert refusal(tool.send("/orders", wanted(shipping_address=there))) == (
        422,
        "#/shipping_address/country",
        sentence,
    )
    path = f"/orders/{order.pk}/shipping-address"
    assert refusal(tool.send(path, there, method="put")) == (422, "#/country", sentence)
    action = {"actions": [{"kind": "change_address", "address": there}]}
    assert refusal(tool.send(f"/orders/{order.pk}/changes/preview", action)) == (
        422,
        "#/actions/0/address/country",
        sentence,
    )
    assert tool.get("/promises", line="MUG:1", country="XX", channel="web").status_code == 422
    assert tool.send(path, ADDRESS, method="put").status_code == 200


def test_countries_are_real_ones():
    assert {"DE", "GB", "XK"} <= country_codes()
    assert not {"XX", "EU", "ZZ", "UK", ""} & country_codes()


def test_a_day_that_nobody_means_is_refused(program, order):
    tool = program()
    path = f"/orders/{order.pk}/promise"
    told = {"promised_on": "9999-12-31", "reason": "Soon"}
    assert refusal(tool.send(path, told)) == (
        422,
        "#/promised_on",
        "Give a day of the years 1900 to 2199.",
    )
    status, pointer, words = refusal(tool.send(path, {**told, "promised_on": "2150-01-01"}))
    assert (status, pointer, words[:33]) == (
        422,
        "#/promised_on",
        "Thu 1 Jan 2150 is years away; pro",
    )
    due = {"method": "bank_transfer", "amount": "5", "due_on": "9999-12-31"}
    assert refusal(tool.send(f"/orders/{order.pk}/payments", due))[:2] == (422, "#/due_on")


def test_money_beyond_what_is_owed_is_taken_since_it_is_there(program, order):
    told = {"method": "cash", "amount": "999.00"}
    assert program().send(f"/orders/{order.pk}/payments", told).status_code == 201
    order.refresh_from_db()
    assert order.payment_status == PaymentStatus.OVERPAID
