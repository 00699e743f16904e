"""Risky orders by the API: scores with their reasons, the verbs, and what is told of an order."""

import pytest

from core.outbox import drain
from orders.models import Order, RiskDecision
from tests.orders.risky import screen
from tests.orders.test_risk_pages import held

pytestmark = pytest.mark.django_db


def test_programs_see_the_score_and_release_with_the_same_verb(program, shop):
    screen(shop, countries=60)
    (order,) = held(shop)
    tool = program()
    told = tool.get(f"/orders/{order.pk}").json()
    assert (told["risk_level"], told["risk_score"]) == ("hold", 60)
    assert told["risk"]["reasons"] == [
        {"code": "countries", "points": 60, "sentence": "Billed to FR, sent to DE"}
    ]
    assert told["risk"]["review_due_at"]
    assert [row["id"] for row in tool.get("/orders", risk_level="hold").json()["items"]] == [
        order.pk
    ]
    answer = tool.send(f"/orders/{order.pk}/risk/approve", {"reason": "Called her"})
    assert (answer.status_code, answer.json()["risk"]["level"]) == (200, "approved")
    assert tool.send(f"/orders/{order.pk}/risk/refuse", {"reason": "No"}).status_code == 409


def test_programs_tell_of_disputes_and_of_where_an_order_came_from(program, shop):
    screen(shop, disputes=60)
    tool = program()
    asked = {
        "channel": "web",
        "external_id": "X-1",
        "lines": [{"sku": "MUG", "quantity": 1, "unit_price": "5"}],
        "taxes": "given",
        "when_short": "backorder",
        "customer": {"email": "eve@example.com", "name": "Eve"},
        "origin": {"network_address": "203.0.113.9", "user_agent": "Shop app"},
    }
    first = Order.objects.get(pk=tool.send("/orders", asked).json()["id"])
    assert first.origin.user_agent == "Shop app"
    signal = {"kind": "disputed", "ref": "dp_1", "occurred_at": "2026-11-18T10:00:00Z"}
    for _ in range(2):
        assert tool.send(f"/orders/{first.pk}/risk/signals", signal).status_code == 200
    assert first.risk_signals.count() == 1
    second = tool.send("/orders", {**asked, "external_id": "X-2"}).json()["id"]
    drain()
    assert RiskDecision.objects.filter(order=second).latest("pk").outcome == "hold"
    assert Order.objects.get(pk=second).risk_level == "hold"
