"""Rules for programs: which there are, and what they came to for an order."""

import pytest

from core import outbox
from core.api.keys import create_api_key
from tests.cast import NOON
from tests.rules.writing import over, step, write

pytestmark = pytest.mark.django_db


def read(client, path: str, *scopes: str) -> dict:
    _, token = create_api_key(name="reader", scopes=scopes, now=NOON)
    response = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200, response.content
    return response.json()


def test_rules_and_their_runs_are_read(shop, client):
    shop.stock(shop.mug, 5)
    write("Large orders", over("100"))
    write("All orders", then=[step("orders.tag", tags="seen")])
    order = shop.order((shop.mug, 1))
    outbox.drain()
    rules = read(client, "/rules", "core.rules")["items"]
    assert [(rule["name"], rule["is_active"]) for rule in rules] == [
        ("Large orders", True),
        ("All orders", True),
    ]
    runs = read(client, f"/orders/{order.pk}/rule-runs", "orders.see")["items"]
    told = {run["rule"]: (run["outcome"], run["why"], run["effects"]) for run in runs}
    assert told == {
        "Large orders": ("skipped", "Not met: Total is over 100 EUR (found: €10.00 EUR)", []),
        "All orders": ("done", "", ["Tagged seen"]),
    }
