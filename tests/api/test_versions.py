"""Edits of an order that is another by now: all operations refuse them, and say what happened since."""

import re

import pytest

from core.models import StoredFact
from core.rights import Role
from core.tasks import drain_all
from oms.api import v1
from orders.services import hold_order, set_tags
from orders.states import HoldKind
from tests.api.test_scope import BODIES
from tests.api.things import make_things
from tests.cast import NOON, make_user

CHANGES_NO_ORDER = {  # previews, papers, and what counts a suggestion or who is told
    "post /orders/{order_id}/split/preview",
    "post /orders/{order_id}/confirmation",
    "post /orders/{order_id}/link",
    "post /orders/{order_id}/watchers",
    "post /orders/{order_id}/changes/preview",
    "post /orders/{order_id}/cancel/preview",
    "post /orders/{order_id}/refunds/preview",
    "post /orders/{order_id}/recommendations",
}


def operations():
    for path, methods in v1.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            name = f"{method} {path.removeprefix('/api/v1')}"
            if "{order_id}" in path and method != "get" and name not in CHANGES_NO_ORDER:
                yield name, [one["name"] for one in told["parameters"]]


@pytest.fixture
def order(shop):
    shop.stock(shop.mug, 5)
    return shop.order((shop.mug, 2))


def test_every_operation_on_an_order_refuses_a_stale_edit(program, shop):
    ids = make_things(shop)
    hold = hold_order(order_id=ids["order_id"], kind=HoldKind.FRAUD, reason="Odd", now=NOON)
    ids["hold_id"] = hold.pk
    manager = make_user(Role.MANAGER)
    others = {
        "post /orders/{order_id}/merge": {"order_ids": [shop.order((shop.mug, 1)).pk]},
        "post /orders/{order_id}/assign": {"email": manager.email},
        "post /orders/{order_id}/holds/{hold_id}/claim": {"email": manager.email},
    }
    wrong = []
    for name, headers in operations():
        method, path = name.split()
        address = re.sub(r"\{(\w+)\}", lambda match: str(ids[match.group(1)]), path)
        body = {**BODIES, **others}.get(name, {})
        answer = program().send(address, body, method=method, match='"999"')
        if (answer.status_code, "If-Match" in headers) != (412, True):
            wrong.append((name, answer.status_code, headers))
    assert wrong == []


def test_a_hold_notes_and_tags_heed_the_version_that_was_read(program, order):
    tool = program()
    path = f"/orders/{order.pk}"
    read = tool.get(path)["ETag"]
    held = tool.send(f"{path}/holds", {"kind": "operator"}, match=read)
    hold_id = held.json()["holds"][0]["id"]
    for address, body in (
        ("notes", {"text": "Call first"}),
        ("tags", {"add": ["vip"]}),
        (f"holds/{hold_id}/release", {}),
    ):
        assert tool.send(f"{path}/{address}", body, match=read).status_code == 412
        done = tool.send(f"{path}/{address}", body, match=tool.get(path)["ETag"])
        assert done.status_code == 200


def test_only_what_happened_since_is_told(program, order):
    tool = program()
    path = f"/orders/{order.pk}"
    set_tags(order_id=order.pk, add=["first"], now=NOON)
    read = tool.get(path)["ETag"]
    set_tags(order_id=order.pk, add=["second"], now=NOON)
    tool.send(f"{path}/notes", {"text": "Call first"})
    drain_all()
    answer = tool.send(f"{path}/tags", {"add": ["third"]}, match=read)
    told = [words.partition(": ")[2] for words in answer.json()["changes"]]
    assert told == ["Staff note: Call first", "Tags: first, second"]


def test_a_version_stands_with_every_fact_that_made_it(order):
    set_tags(order_id=order.pk, add=["first"], now=NOON)
    order.refresh_from_db()
    fact = StoredFact.objects.get(name="orders.OrderTagged")
    assert fact.subject_version == order.version
    assert StoredFact.objects.get(name="orders.OrderPlaced").subject_version is None
