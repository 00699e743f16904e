"""Every address, as a key without its scope and as a key of another channel: nothing comes out.

An address that is new has no row here: the first test fails until it has one.
"""

import json
import re
from datetime import date

import pytest
from django.test import Client as HttpClient

from core.models import Channel
from customers.services import save_company
from oms.api import v1
from orders.services import save_quotation
from tests.cast import NOON

# what to send for an address to be asked about a thing of the web channel; ids are filled in
BODIES = {
    "post /orders": {"lines": [{"sku": "MUG", "quantity": 1}], "channel": "web"},
    "post /order-cancellations": {"external_id": "X", "channel": "web"},
    "post /orders/{order_id}/holds": {"kind": "operator"},
    "post /orders/{order_id}/notes": {"text": "a"},
    "put /orders/{order_id}/shipping-address": {"city": "Wien", "country": "AT"},
    "patch /orders/{order_id}/custom": {"values": {}},
    "post /orders/{order_id}/lines/{line_id}/match": {"sku": "MUG"},
    "post /orders/{order_id}/cancel": {"reason": "a"},
    "post /quotes/{quotation_id}/withdraw": {"why": "a"},
    "put /companies/{company_id}/credit": {
        "currency": "EUR",
        "limit": "5",
        "net_days": 5,
        "why": "a",
    },
    "post /companies/{company_id}/block": {"why": "a"},
}
# things of the whole shop rather than of a channel: a key of any channel may see them
OF_NO_CHANNEL: set[str] = set()


def operations():
    for path, methods in v1.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            yield method, path.removeprefix("/api/v1"), told["security"][0]["key"][0]


@pytest.fixture
def ids(shop):
    """Ids of things that belong to the web channel, by the name they have in addresses."""
    order = shop.order((shop.mug, 1), when_short="backorder")
    company = save_company(company_id=None, values={"name": "Ferry Line AB"})
    quote = save_quotation(
        quotation_id=None, draft=shop.draft((shop.mug, 1)), valid_until=date(2099, 1, 1), now=NOON
    )
    return {
        "order_id": order.pk,
        "line_id": order.lines.get().pk,
        "hold_id": 1,
        "quotation_id": quote.pk,
        "company_id": company.pk,
    }


@pytest.fixture
def other(shop):
    return Channel.objects.create(
        code="other", name="Other", kind="web", legal_entity=shop.entity, currency="EUR"
    )


def ask(tool, method: str, path: str, ids):
    address = re.sub(r"\{(\w+)\}", lambda match: str(ids[match.group(1)]), path)
    if method == "get":
        return tool.get(address)
    return tool.send(address, BODIES.get(f"{method} {path}", {}), method=method)


@pytest.mark.parametrize(("method", "path", "scope"), list(operations()))
def test_an_operation_opens_to_its_scope_and_to_no_other(program, ids, method, path, scope):
    from core.api.keys import offered_rights

    others = [one.code for one in offered_rights() if one.code != scope]
    assert ask(program(*others), method, path, ids).status_code == 403
    assert HttpClient().generic(method, f"/api/v1{path}").status_code == 401
    assert ask(program(scope), method, path, ids).status_code not in {401, 403, 404, 405, 500}


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in operations()])
def test_a_key_of_another_channel_finds_nothing(program, ids, other, method, path):
    answer = ask(program("*", channel=other), method, path, ids)
    if f"{method} {path}" in OF_NO_CHANNEL:
        assert answer.status_code < 500
    elif "{" in path:
        assert answer.status_code == 404
    elif method == "post":  # the body names the channel
        assert answer.json()["errors"][0]["pointer"] == "#/channel"
    else:
        assert answer.json()["items"] == []


@pytest.mark.parametrize(
    "query", [{"channel": "web"}, {"email": "ada@example.com"}, {"sku": "MUG"}]
)
def test_no_filter_reaches_into_another_channel(program, ids, other, query):
    assert program("*", channel=other).get("/orders", **query).json() == {
        "items": [],
        "next": None,
    }
    assert len(program("*").get("/orders", **query).json()["items"]) == 1


def test_every_answer_is_what_its_key_may_see(program, ids, other):
    told = json.dumps(program("*", channel=other).get("/orders").json())
    assert "Ada" not in told
