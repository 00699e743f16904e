"""Every address, as a key without its scope and as a key of another channel: nothing comes out.

An address that is new and needs a body has no row here: the first test fails until it has one.
"""

import re

import pytest
from django.test import Client as HttpClient

from core.api.keys import offered_rights
from core.models import Channel
from customers.models import Customer
from oms.api import v1
from tests.api.things import make_things

MORE = {"kind": "order_discount", "amount": "1", "reason": "Late"}
LINES = {"lines": [{"line_id": 1, "quantity": 1, "reason": "unwanted"}]}
# what to send for an address to be asked about a thing of the web channel
BODIES = {
    "post /orders/{order_id}/changes/preview": {"actions": [MORE]},
    "post /orders/{order_id}/changes": {"actions": [MORE]},
    "post /orders/{order_id}/changes/{change_id}/decline": {"reason": "a"},
    "post /orders": {"lines": [{"sku": "MUG", "quantity": 1}], "channel": "web"},
    "post /order-cancellations": {"external_id": "X", "channel": "web"},
    "post /orders/{order_id}/holds": {"kind": "operator"},
    "post /orders/{order_id}/notes": {"text": "a"},
    "put /orders/{order_id}/shipping-address": {"city": "Wien", "country": "AT"},
    "put /orders/{order_id}/deliver-by": {"deliver_by": None},
    "patch /orders/{order_id}/custom": {"values": {}},
    "post /orders/{order_id}/lines/{line_id}/match": {"sku": "MUG"},
    "post /orders/{order_id}/cancel": {"reason": "a"},
    "post /orders/{order_id}/split": {"lines": [{"line_id": 1, "quantity": 1}]},
    "post /orders/{order_id}/split/preview": {"lines": [{"line_id": 1, "quantity": 1}]},
    "post /orders/{order_id}/holds/{hold_id}/claim": {"email": "nobody@example.com"},
    "post /orders/{order_id}/watchers": {"email": "nobody@example.com"},
    "post /orders/{order_id}/merge": {"order_ids": [1]},
    "post /orders/{order_id}/reship": {
        "lines": [{"line_id": 1, "quantity": 1}],
        "reason": "lost",
    },
    "post /orders/{order_id}/promise": {"promised_on": "2100-01-04", "reason": "a"},
    "post /orders/{order_id}/recommendations": {"basket": "a"},
    "post /orders/{order_id}/sourcing/choose": {"plan": 0, "reason": "a"},
    "post /orders/{order_id}/risk/approve": {"reason": "a"},
    "post /orders/{order_id}/risk/refuse": {"reason": "a"},
    "post /orders/{order_id}/risk/signals": {"kind": "disputed", "ref": "a"},
    "post /orders/{order_id}/payments": {"method": "cash", "amount": "1"},
    "post /orders/{order_id}/refunds": {"amount": "1", "reason": "a"},
    "post /orders/{order_id}/refunds/preview": {"amount": "1"},
    "post /orders/{order_id}/returns": LINES,
    "post /returns/{return_id}/reject": {"why": "a"},
    "post /returns/{return_id}/receive": {
        "location": "ber",
        "lines": [{"line_id": 1, "received": 1}],
    },
    "post /returns/{return_id}/inspect": {
        "lines": [{"line_id": 1, "restocked": 1, "scrapped": 0, "credited": 1}]
    },
    "post /fulfilments/{fulfilment_id}/scan": {"code": "MUG"},
    "post /fulfilments/{fulfilment_id}/pack/scan": {"code": "MUG"},
    "post /fulfilments/{fulfilment_id}/picked": {"line_id": 1, "quantity": 1},
    "post /fulfilments/{fulfilment_id}/short": {
        "line_id": 1,
        "quantity": 1,
        "reason": "missing",
    },
    "post /fulfilments/{fulfilment_id}/instructions": {"note_ids": [1]},
    "post /fulfilments/{fulfilment_id}/close": {"boxes": [{"weight_g": 100}]},
    "post /shipments/{shipment_id}/unpack": {"reason": "a"},
    "post /parcels/{parcel_id}/tracking": {
        "reports": [{"status": "in_transit", "occurred_at": "2026-11-20T10:00:00Z"}]
    },
    "post /customers": {"name": "Eve", "channel": "web", "external_id": "E-1"},
    "patch /variants/{variant_id}/prices": {"amounts": {"EUR": "1"}},
    "post /quotes/{quotation_id}/withdraw": {"why": "a"},
    "put /companies/{company_id}/credit": {
        "currency": "EUR",
        "limit": "5",
        "net_days": 5,
        "why": "a",
    },
    "post /companies/{company_id}/block": {"why": "a"},
    "post /what-ifs": {"name": "As it is"},
}
QUERIES = {
    "get /stock/availability": {"sku": "MUG", "channel": "web"},
    "get /stock/changes": {"channel": "web"},
    "get /prices": {"channel": "web"},
    "get /recommendations": {"sku": "MUG", "channel": "web"},
    "get /promises": {"line": "MUG:1", "channel": "web"},
}
# things of the whole shop rather than of a channel: a key of any channel sees them, and changes none
OF_NO_CHANNEL = {
    "get /products": 200,
    "get /rules": 200,
    "get /products/{product_id}": 200,
    "get /variants": 200,
    "get /variants/{variant_id}": 200,
    "get /variants/{variant_id}/prices": 200,
    "patch /variants/{variant_id}/prices": 403,
    "get /what-ifs": 403,
    "post /what-ifs": 403,
    "get /what-ifs/{what_if_id}": 403,
}


def operations():
    for path, methods in v1.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            yield method, path.removeprefix("/api/v1"), told["security"][0]["key"][0]


@pytest.fixture
def ids(shop):
    return make_things(shop)


@pytest.fixture
def other(shop):
    return Channel.objects.create(
        code="other", name="Other", kind="web", legal_entity=shop.entity, currency="EUR"
    )


def ask(tool, method: str, path: str, ids):
    address = re.sub(r"\{(\w+)\}", lambda match: str(ids[match.group(1)]), path)
    if method == "get":
        return tool.get(address, **QUERIES.get(f"get {path}", {}))
    return tool.send(address, BODIES.get(f"{method} {path}", {}), method=method)


def test_every_operation_opens_to_its_scope_and_to_no_other(program, ids):
    codes = [one.code for one in offered_rights()]
    wrong = []
    for method, path, scope in operations():
        name = f"{method} {path}"
        without = ask(program(*(code for code in codes if code != scope)), method, path, ids)
        stranger = HttpClient().generic(method, f"/api/v1{path}")
        alone = ask(program(scope), method, path, ids)
        if (without.status_code, stranger.status_code) != (403, 401):
            wrong.append((name, without.status_code, stranger.status_code))
        refused = alone.json() if alone.status_code >= 400 else {}
        if alone.status_code in {401, 403, 404, 405, 500} or refused.get("code") == "invalid":
            wrong.append((name, alone.status_code, refused))
    assert wrong == []


def test_a_key_of_another_channel_finds_nothing(program, ids, other):
    tool = program("*", channel=other)
    wrong = []
    for method, path, _ in operations():
        name = f"{method} {path}"
        found = ask(tool, method, path, ids)
        body = found.json()
        if name in OF_NO_CHANNEL:
            is_right = found.status_code == OF_NO_CHANNEL[name]
        elif "{" in path:
            is_right = (found.status_code, body["code"]) == (404, "not_found")
        elif method == "post" or name in QUERIES:  # the request names the channel
            error = body["errors"][0]
            is_right = "channel" in {error["parameter"], (error["pointer"] or "")[2:]}
        else:
            is_right = (found.status_code, body["items"]) == (200, [])
        if not is_right:
            wrong.append((name, found.status_code, body))
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/orders", {"channel": "web"}),
        ("/orders", {"email": "ada@example.com"}),
        ("/orders", {"sku": "MUG"}),
        ("/customers", {"email": "ada@example.com"}),
        ("/payments", {"status": "received"}),
        ("/stock/levels", {"sku": "MUG"}),
    ],
)
def test_no_filter_reaches_into_another_channel(program, ids, other, path, query):
    nothing = {"items": [], "next": None}
    assert program("*", channel=other).get(path, **query).json() == nothing
    assert program("*").get(path, **query).json()["items"] != []


def test_a_channel_sees_the_customers_it_calls_by_an_id_or_who_bought_there(program, shop, ids):
    web = program("*", channel=shop.web)
    assert [one["id"] for one in web.get("/customers").json()["items"]] == [ids["customer_id"]]
    made = web.send("/customers", {"name": "Eve", "external_id": "E-1"}).json()
    assert made["identities"] == [{"channel": "web", "external_id": "E-1"}]
    Customer.objects.create(name="Nobody's", created_at="2026-11-18T11:00:00Z")
    assert len(web.get("/customers").json()["items"]) == 2
