"""Programs change placed orders: previewed, confirmed as shown, approved by another key."""

from decimal import Decimal

import pytest

from core.api.keys import create_api_key
from orders.models import EditRule, Order
from tests.api.conftest import Program
from tests.cast import NOON, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shop):
    shop.stock(shop.mug, 10)
    return pay(shop.order((shop.mug, 3)))


def fewer(order, units):
    line = order.lines.get()
    return {
        "actions": [{"kind": "change_quantity", "line_id": line.pk, "quantity": units}],
        "reason": "Customer called",
    }


def test_a_preview_changes_nothing_and_its_figures_confirm(program, order):
    tool = program("*")
    path = f"/orders/{order.pk}/changes"
    shown = tool.send(f"{path}/preview", fewer(order, 2)).json()
    assert (shown["difference"], shown["to_refund"]) == ("-10.00", "10.00")
    assert tool.get(path).json() == {"items": []}
    opened = tool.send(path, fewer(order, 2))
    assert (opened.status_code, opened.json()["state"]) == (201, "open")
    confirm = f"{path}/{opened.json()['id']}/confirm"
    done = tool.send(confirm, {"figures": shown["figures"]}).json()
    assert (done["state"], done["actions"][0]["after"]) == ("confirmed", "2")
    again = tool.send(confirm, {})
    assert (again.status_code, again.json()["code"]) == (409, "cannot_decide")


def test_what_is_different_by_now_is_said(program, order):
    tool = program("*")
    path = f"/orders/{order.pk}/changes"
    opened = tool.send(path, fewer(order, 2)).json()
    tool.send(
        f"/orders/{order.pk}/cancel", {"reason": "x", "units": {str(order.lines.get().pk): 1}}
    )
    pay(Order.objects.get(pk=order.pk), "1.00")
    refused = tool.send(f"{path}/{opened['id']}/confirm", {})
    assert refused.status_code in {409, 412}


def test_another_key_approves_and_one_without_the_scope_lets_nothing_go(program, order, shop):
    EditRule.objects.create(channel=shop.web, amount_limit=Decimal(5))
    tool = program("*")
    path = f"/orders/{order.pk}/changes"
    opened = tool.send(path, fewer(order, 1)).json()
    assert tool.send(f"{path}/{opened['id']}/confirm", {}).json()["state"] == "awaiting"
    approve = f"{path}/{opened['id']}/approve"
    assert tool.send(approve, {}).json()["code"] == "cannot_decide"
    _, secret = create_api_key(name="Boss", scopes=["*"], channel=None, per_minute=600, now=NOON)
    assert Program(secret).send(approve, {}).json()["approved_by"] == "Boss"
    lets_go = fewer(order, 3) | {"ships_anyway": True}
    assert program("orders.edit").send(f"{path}/preview", lets_go).status_code == 403
