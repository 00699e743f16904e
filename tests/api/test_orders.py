"""Orders by the API: lists, one order, and the verbs of the buttons with their refusals."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import CustomField, StoredFact
from orders.models import Order
from orders.services import hold_order
from orders.states import HoldKind
from tests.cast import NOON


@pytest.fixture
def order(shop) -> Order:
    shop.stock(shop.mug, 10)
    return shop.order((shop.mug, 2, "9.95"), (shop.lamp, 1, "120"), when_short="backorder")


def test_an_order_is_read_with_all_that_hangs_on_it(program, order):
    told = program().get(f"/orders/{order.pk}")
    body = told.json()
    assert told["ETag"] == f'"{order.version}"'
    assert (body["number"], body["channel"], body["total"]) == (order.number, "web", "139.90")
    assert [(line["sku"], line["quantity"], line["backordered"]) for line in body["lines"]] == [
        ("MUG", 2, 0),
        ("LAMP", 1, 1),
    ]
    assert body["shipping_address"]["city"] == "Berlin"


def test_a_list_is_read_onwards_to_its_end(program, shop):
    for _ in range(5):
        shop.order((shop.mug, 1), when_short="backorder")
    tool = program()
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = tool.get("/orders", **query).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == list(Order.objects.order_by("-placed_at", "-id").values_list("id", flat=True))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "open"}, 1),
        ({"state": "cancelled"}, 0),
        ({"sku": "mug"}, 1),
        ({"sku": "SHIRT-M"}, 0),
        ({"email": "ADA@example.com"}, 1),
        ({"tag": "VIP"}, 0),
        ({"is_on_hold": "true"}, 0),
        ({"is_on_hold": "false"}, 1),
        ({"channel": "web"}, 1),
        ({"channel": "other"}, 0),
        ({"payment_status": "pending"}, 1),
        ({"placed_from": NOON.isoformat()}, 1),
        ({"placed_before": NOON.isoformat()}, 0),
    ],
)
def test_filters_narrow_the_list(program, order, query, found):
    assert len(program().get("/orders", **query).json()["items"]) == found


def test_a_list_costs_the_same_with_1_and_30_rows(program, shop):
    tool = program("orders.see")
    counts = []
    for more in (1, 29):
        for _ in range(more):
            shop.order((shop.mug, 1), when_short="backorder")
        tool.get("/orders")
        with CaptureQueriesContext(connection) as statements:
            assert tool.get("/orders").status_code == 200
        counts.append(len(statements))
    assert counts == [2, 2]


def test_a_hold_is_placed_and_released(program, order):
    tool = program()
    held = tool.send(f"/orders/{order.pk}/holds", {"kind": "fraud", "reason": "Look"}).json()
    assert (held["is_on_hold"], held["holds"][0]["placed_by"]) == (True, "Shop")
    again = tool.send(f"/orders/{order.pk}/holds", {"kind": "fraud"})
    assert (again.status_code, again.json()["code"]) == (409, "cannot_hold")
    free = tool.send(f"/orders/{order.pk}/holds/{held['holds'][0]['id']}/release").json()
    assert free["is_on_hold"] is False


def test_a_hold_lasts_until_a_moment_of_the_channels_own_clock(program, order):
    tool = program()
    asked = {"kind": "fraud", "until": "2190-06-01T12:00:00"}
    held = tool.send(f"/orders/{order.pk}/holds", asked).json()
    assert held["holds"][0]["until"] == "2190-06-01T10:00:00Z"
    for never in ("0001-01-01", "9999-12-31T23:59:59-14:00"):
        answer = tool.send(f"/orders/{order.pk}/holds", {"kind": "address", "until": never})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/until")


def test_who_did_it_stands_on_the_timeline(program, order):
    program().send(f"/orders/{order.pk}/tags", {"add": ["VIP"]})
    fact = StoredFact.objects.filter(name="orders.OrderTagged").get()
    assert (fact.actor_kind, fact.actor_label) == ("api", "Shop")
    events = program().get(f"/orders/{order.pk}/events").json()["items"]
    assert (events[0]["actor"], events[0]["actor_kind"]) == ("Shop", "api")


def test_notes_tags_address_and_custom_fields(program, order):
    CustomField.objects.create(
        subject="orders.order", code="gate", label="Gate", kind="number", position=1
    )
    tool = program()
    path = f"/orders/{order.pk}"
    assert tool.send(f"{path}/tags", {"add": ["b", "A"]}).json()["tags"] == ["a", "b"]
    assert tool.send(f"{path}/tags", {"remove": ["a"]}).json()["tags"] == ["b"]
    note = tool.send(f"{path}/notes", {"text": "Ring", "kind": "packing"}).json()["notes"][0]
    assert (note["text"], note["kind"], note["author"]) == ("Ring", "packing", "Shop")
    moved = tool.send(
        f"{path}/shipping-address", {"city": "Wien", "country": "AT"}, method="put"
    ).json()
    assert moved["shipping_address"]["city"] == "Wien"
    assert tool.send(f"{path}/custom", {"values": {"gate": 7}}, method="patch").json()[
        "custom"
    ] == {"gate": 7}
    bad = tool.send(f"{path}/custom", {"values": {"gate": "x"}}, method="patch")
    assert (bad.status_code, bad.json()["code"]) == (422, "bad_custom_value")
    unknown = tool.send(f"{path}/custom", {"values": {"door": 1}}, method="patch")
    assert unknown.status_code == 422


def test_an_edit_of_an_older_version_is_refused_with_what_happened(program, order):
    tool = program()
    read = tool.get(f"/orders/{order.pk}")
    hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="No number", now=NOON)
    stale = tool.send(
        f"/orders/{order.pk}/shipping-address",
        {"city": "Wien", "country": "AT"},
        method="put",
        match=read["ETag"],
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_edit")
    assert "Put on hold" in stale.json()["changes"][0]
    bad = tool.send(f"/orders/{order.pk}/cancel", {"reason": "x"}, match='"soon"')
    assert bad.json()["code"] == "unknown_version"


def test_a_cancellation_is_previewed_and_done(program, order):
    tool = program()
    line = order.lines.get(sku="MUG")
    units = {"lines": [{"line_id": line.pk, "quantity": 1}]}
    preview = tool.send(f"/orders/{order.pk}/cancel/preview", units).json()
    assert (preview["units"], preview["credit"], preview["is_whole"]) == (1, "9.95", False)
    assert Order.objects.get().units_cancelled == 0
    part = tool.send(f"/orders/{order.pk}/cancel", {**units, "reason": "One too many"}).json()
    assert [one["cancelled"] for one in part["lines"]] == [1, 0]
    whole = tool.send(f"/orders/{order.pk}/cancel", {"reason": "Changed mind"}).json()
    assert (whole["state"], whole["cancel_reason"]) == ("cancelled", "Changed mind")
    again = tool.send(f"/orders/{order.pk}/cancel", {"reason": "Again"})
    assert (again.status_code, again.json()["code"]) == (409, "cannot_cancel")


def test_an_unknown_sku_is_matched(program, shop):
    from dataclasses import replace

    from orders.services import place_order

    draft = shop.draft((shop.mug, 1), when_short="backorder")
    lines = (replace(draft.lines[0], sku="OLD-MUG", name="Old mug"),)
    order = place_order(replace(draft, lines=lines), now=NOON + timedelta(hours=1))
    path = f"/orders/{order.pk}/lines/{order.lines.get().pk}/match"
    wrong = program().send(path, {"sku": "NOTHING"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (409, "#/sku")
    assert program().send(path, {"sku": "MUG"}).json()["lines"][0]["backordered"] == 1


def test_a_part_gets_an_order_of_its_own_and_is_merged_again(program, order):
    tool = program()
    mug = order.lines.get(sku="MUG")
    lines = [{"line_id": mug.pk, "quantity": 1}]
    part = tool.send(f"/orders/{order.pk}/split", {"lines": lines}).json()
    assert (part["total"], [line["quantity"] for line in part["lines"]]) == ("9.95", [1])
    whole = tool.send(f"/orders/{order.pk}/merge", {"order_ids": [part["id"]]}).json()
    assert sum(line["quantity"] - line["cancelled"] for line in whole["lines"]) == 3
    again = tool.send(f"/orders/{order.pk}/split", {"lines": [{**lines[0], "quantity": 9}]})
    assert (again.status_code, again.json()["code"]) == (409, "cannot_split")
    assert again.json()["errors"][0]["pointer"] == "#/lines"


def test_an_order_is_assigned_released_and_sent_again_by_programs(program, order, sales):
    tool = program()
    hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="Odd", now=NOON)
    tool.send(f"/orders/{order.pk}/holds/release", {})
    tool.send(f"/orders/{order.pk}/assign", {"email": sales.email.upper()})
    kept = Order.objects.get(pk=order.pk)
    assert (kept.open_holds, kept.assignee) == (0, sales)
    nobody = tool.send(f"/orders/{order.pk}/assign", {"email": "nobody@example.com"})
    assert nobody.json()["code"] == "cannot_assign"
    mug = order.lines.get(sku="MUG")
    body = {"lines": [{"line_id": mug.pk, "quantity": 1}], "reason": "lost"}
    assert tool.send(f"/orders/{order.pk}/reship", body).json()["code"] == "cannot_reship"
    assert tool.send(f"/orders/{order.pk}/allocate", {}).json()["units"] == 3
