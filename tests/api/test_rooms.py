"""The rooms of money, shipping, returns, customers, stock and prices: each verb as programs call it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.clock import now
from core.tasks import drain_all
from inventory.services import refresh_feed
from orders.models import Price
from tests.api.things import make_things
from tests.cast import pay
from tests.shipping.factories import make_service


@pytest.fixture
def ids(shop):
    return make_things(shop)


@pytest.fixture
def tool(program):
    return program()


def test_money_is_recorded_awaited_confirmed_and_given_back(tool, shop):
    order = shop.order((shop.mug, 2, "10.00"), when_short="backorder")
    path = f"/orders/{order.pk}"
    came = tool.send(f"{path}/payments", {"method": "cash", "amount": "5.00"})
    assert (came.status_code, came.json()["captured"]) == (201, "5.00")
    soon = tool.send(
        f"{path}/payments", {"method": "cheque", "amount": "15.00", "due_on": "2099-01-01"}
    ).json()
    assert (soon["expected"], soon["status"]) == ("15.00", "expected")
    done = tool.send(f"/payments/{soon['id']}/confirm", {"amount": "15.00"}).json()
    assert (done["captured"], done["expected"]) == ("15.00", "0.00")
    listed = tool.get("/payments", order_id=order.pk).json()["items"]
    assert [one["id"] for one in listed] == [soon["id"], came.json()["id"]]
    assert tool.get(f"/payments/{soon['id']}").json() == listed[0]
    asked = {"amount": "4.00"}
    seen = tool.send(f"{path}/refunds/preview", asked).json()
    assert (seen["amount"], seen["balance_after"], seen["shares"]) == (
        "4.00",
        "4.00",
        [{"payment_id": soon["id"], "amount": "4.00"}],
    )
    back = tool.send(f"{path}/refunds", {**asked, "reason": "Too much"}).json()
    assert (back["refunded"], back["balance"]) == ("4.00", "4.00")
    far = tool.send(f"{path}/refunds", {"amount": "99.00", "reason": "Too much"})
    assert far.status_code == 422


def test_goodwill_needs_its_own_scope(program, shop):
    order = pay(shop.order((shop.mug, 1, "10.00"), when_short="backorder"))
    asked = {"amount": "2.00", "reason": "A chip", "grants_credit": True}
    path = f"/orders/{order.pk}/refunds"
    assert program("payments.refund").send(path, asked).status_code == 422
    given = program("payments.refund", "payments.goodwill_unlimited").send(path, asked).json()
    assert (given["refunded"], given["balance"]) == ("2.00", "0.00")


def test_awaited_money_is_given_up(tool, shop):
    order = shop.order((shop.mug, 1), when_short="backorder")
    soon = tool.send(
        f"/orders/{order.pk}/payments",
        {"method": "cheque", "amount": "5", "due_on": "2099-01-01"},
    ).json()
    ended = tool.send(f"/payments/{soon['id']}/cancel", {"reason": "Never came"}).json()
    assert ended["status"] == "cancelled"
    again = tool.send(f"/payments/{soon['id']}/capture", {})
    assert again.status_code in {409, 422}


def test_work_is_picked_packed_labelled_sent_and_tracked(tool, shop):
    make_service()
    shop.stock(shop.mug, 5)
    order = pay(shop.order((shop.mug, 2)))
    work = tool.get("/fulfilments", order_id=order.pk, state="ready").json()["items"][0]
    path = f"/fulfilments/{work['id']}"
    assert tool.send(f"{path}/start").json()["state"] == "picking"
    assert tool.send(f"{path}/pick").status_code == 200
    shipment = tool.send(f"{path}/pack").json()
    assert shipment["state"] == "preparing"
    closed = tool.send(f"{path}/close", {"boxes": [{"weight_g": 800}], "service": "standard"})
    assert closed.json()["state"] == "packed"
    sent = f"/shipments/{shipment['id']}"
    tool.send(f"{sent}/labels", {})
    drain_all()
    assert tool.get(sent).json()["state"] == "labelled"
    gone = tool.send(f"{sent}/dispatch").json()
    assert gone["state"] == "dispatched"
    parcel = gone["parcels"][0]["id"]
    heard = {
        "reports": [
            {"status": "delivered", "occurred_at": (now() - timedelta(minutes=1)).isoformat()}
        ]
    }
    told = [tool.send(f"/parcels/{parcel}/tracking", heard).json() for _ in range(2)]
    assert [one["new"] for one in told] == [1, 0]
    assert told[1]["parcel"]["tracking_status"] == "delivered"
    assert tool.get(f"/orders/{order.pk}").json()["fulfilment_status"] == "delivered"
    assert [one["id"] for one in tool.get("/shipments").json()["items"]] == [shipment["id"]]


def test_packed_goods_are_taken_out_and_put_back(tool, ids):
    shipment = f"/shipments/{ids['shipment_id']}"
    assert tool.send(f"{shipment}/open").json()["state"] == "preparing"
    assert tool.send(f"{shipment}/unpack", {"reason": "Wrong box"}).json()["state"] == "cancelled"
    work = tool.send(f"/fulfilments/{ids['fulfilment_id']}/put-back").json()
    assert work["state"] == "ready"
    assert tool.send(f"{shipment}/labels/void").status_code == 409


def test_a_return_goes_from_request_to_refund(tool, shop, ids):
    back = tool.get(f"/returns/{ids['return_id']}").json()
    path = f"/returns/{back['id']}"
    line = back["lines"][0]["id"]
    assert tool.send(f"{path}/approve").json()["state"] == "approved"
    came = {"location": "ber", "lines": [{"line_id": line, "received": 1}]}
    assert tool.send(f"{path}/receive", {**came, "location": "nowhere"}).status_code == 409
    assert tool.send(f"{path}/receive", came).json()["state"] == "received"
    judged = {"lines": [{"line_id": line, "restocked": 1, "scrapped": 0, "credited": 1}]}
    assert tool.send(f"{path}/inspect", judged).json()["credit"] == "10.00"
    closed = tool.send(f"{path}/refund", {}).json()
    assert (closed["state"], closed["refunded"]) == ("closed", "10.00")
    assert tool.send(f"{path}/close").status_code == 409


def test_a_return_is_announced_refused_and_called_off(tool, shop, ids):
    first = tool.get("/returns", state="requested").json()["items"][0]
    assert (
        tool.send(f"/returns/{first['id']}/reject", {"why": "Worn"}).json()["state"] == "rejected"
    )
    line = first["lines"][0]["order_line_id"]
    asked = {"lines": [{"line_id": line, "quantity": 1, "reason": "late"}], "note": "Late"}
    made = tool.send(f"/orders/{first['order_id']}/returns", asked)
    assert (made.status_code, made.json()["state"]) == (201, "requested")
    ended = tool.send(f"/returns/{made.json()['id']}/cancel").json()
    assert ended["state"] == "cancelled"


def test_a_customer_is_added_changed_and_never_overwritten(tool):
    made = tool.send("/customers", {"name": "Eve", "email": "Eve@example.com"})
    assert (made.status_code, made.json()["email"]) == (201, "eve@example.com")
    path = f"/customers/{made.json()['id']}"
    changed = tool.send(path, {"phone": "123"}, method="patch", match=made["ETag"])
    assert (changed.json()["phone"], changed.json()["name"]) == ("123", "Eve")
    stale = tool.send(path, {"name": "Eva"}, method="patch", match=made["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_edit")
    twice = tool.send("/customers", {"name": "Other", "email": "eve@example.com"})
    assert (twice.status_code, twice.json()["errors"][0]["pointer"]) == (422, "#/email")
    kept = tool.send(f"{path}/addresses", {"city": "Berlin", "country": "DE"}).json()
    assert kept["addresses"][0]["city"] == "Berlin"
    assert tool.get("/customers", email="EVE@example.com").json()["items"][0]["name"] == "Eve"


def test_stock_is_read_with_its_reason(tool, shop):
    shop.stock(shop.mug, 5)
    shop.order((shop.mug, 2))
    level = tool.get("/stock/levels", sku="MUG").json()["items"][0]
    assert (level["location"], level["sellable"], level["allocated"], level["available"]) == (
        "ber",
        5,
        2,
        3,
    )
    told = tool.get("/stock/availability", channel="web", sku="MUG").json()["items"][0]
    assert (told["available"], told["reason"]) == (3, "5 on hand, 2 allocated")
    assert told["locations"] == [{"location": "Berlin", "to_sell": 3}]


def test_the_feed_goes_on_from_the_last_version(tool, shop):
    shop.stock(shop.mug, 5)
    refresh_feed(shop.web, now=now())
    first = tool.get("/stock/changes", channel="web", limit=1).json()
    rest = tool.get("/stock/changes", channel="web", since=first["version"]).json()
    changes = {one["sku"]: one["available"] for one in first["items"] + rest["items"]}
    assert (changes["MUG"], first["has_more"], rest["has_more"]) == (5, True, False)
    after = tool.get("/stock/changes", channel="web", since=rest["version"]).json()
    assert (after["items"], after["version"]) == ([], rest["version"])


def test_products_and_variants_are_read(tool, shop):
    product = tool.get("/products").json()["items"][0]
    assert tool.get(f"/products/{product['id']}").json() == product
    assert [one["sku"] for one in product["variants"]] == ["MUG"]
    variant = tool.get("/variants", sku="SHIRT-M").json()["items"][0]
    assert (variant["barcode"], variant["name"]) == ("4006381333948", "M")
    assert tool.get(f"/variants/{variant['id']}").json() == variant


def test_prices_are_read_and_set(tool, shop):
    path = f"/variants/{shop.mug.pk}/prices"
    assert tool.get(path).json()["amounts"] == {"EUR": None}
    told = tool.send(path, {"amounts": {"EUR": "9.95", "JPY": "1500"}}, method="patch").json()
    assert told["amounts"] == {"EUR": "9.95", "JPY": "1500"}
    row = tool.get("/prices", channel="web", sku="MUG").json()["items"][0]
    assert (row["amount"], row["currency"], row["source"]) == ("9.95", "EUR", "List price")
    wrong = tool.send(path, {"amounts": {"ZZZ": "1"}}, method="patch")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_currency")
    gone = tool.send(path, {"amounts": {"JPY": None}}, method="patch").json()
    assert gone["amounts"] == {"EUR": "9.95"}
    assert Price.objects.get().amount == Decimal("9.95")
