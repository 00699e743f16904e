"""Companies and quotes by the API: read, and changed by the very verbs of the buttons."""

from datetime import date

import pytest

from customers.models import Company
from orders.drafts import Schedule
from orders.models import Order, Price
from orders.services import (
    place_standing_orders,
    save_quotation,
    save_standing_order,
    send_quotation,
)
from tests.cast import NOON, make_company_buyer


@pytest.fixture
def quote(shop):
    shop.stock(shop.mug, 5)
    return save_quotation(
        quotation_id=None,
        draft=shop.draft((shop.mug, 2, "9.95")),
        valid_until=date(2099, 1, 1),
        now=NOON,
    )


def test_a_quote_is_listed_read_sent_and_ordered_once(program, quote):
    tool = program()
    assert [row["id"] for row in tool.get("/quotes", state="draft").json()["items"]] == [quote.pk]
    told = tool.get(f"/quotes/{quote.pk}").json()
    assert (told["total"], told["lines"][0]["unit_price"]) == ("19.90", "9.95")
    refused = tool.send(f"/quotes/{quote.pk}/order")
    assert (refused.status_code, refused.json()["code"]) == (409, "cannot_quote")
    assert tool.send(f"/quotes/{quote.pk}/send").json()["state"] == "sent"
    first, second = (tool.send(f"/quotes/{quote.pk}/order").json() for _ in range(2))
    assert (first["id"], first["total"], Order.objects.count()) == (second["id"], "19.90", 1)


def test_a_sent_quote_is_withdrawn_with_a_reason(program, quote):
    send_quotation(quotation_id=quote.pk, now=NOON)
    told = program().send(f"/quotes/{quote.pk}/withdraw", {"why": "A mistake"})
    assert told.json()["state"] == "withdrawn"


def test_a_quote_is_revised_copied_and_handed_out_by_link_and_paper(program, quote):
    tool = program()
    path = f"/quotes/{quote.pk}"
    assert tool.send(f"{path}/link").json()["code"] == "cannot_quote"
    send_quotation(quotation_id=quote.pk, now=NOON)
    assert "/quote" in tool.send(f"{path}/link").json()["address"]
    assert tool.send(f"{path}/paper").json()["label"] == "Quote"
    copy, revision = (tool.send(f"{path}/{verb}").json() for verb in ("duplicate", "revise"))
    assert (copy["state"], copy["number"] == quote.number) == ("draft", False)
    assert (revision["state"], revision["number"]) == ("draft", quote.number)


def test_a_standing_order_is_read_paused_skipped_ended_and_a_refused_day_tried_again(program, shop):
    standing = save_standing_order(
        standing_order_id=None,
        draft=shop.draft((shop.mug, 2)),
        prices=[None],
        schedule=Schedule(every=1, unit="weeks", first_on=NOON.date(), ends_on=None),
        now=NOON,
    )
    place_standing_orders(now=NOON)
    tool = program()
    path = f"/standing-orders/{standing.pk}"
    read = tool.get(path).json()
    (run,) = read["runs"]
    assert (read["lines"][0]["unit_price"], run["outcome"]) == (None, "refused")
    assert tool.get("/standing-orders", state="active").json()["items"][0]["id"] == standing.pk
    Price.objects.create(variant=shop.mug, currency="EUR", amount=9)
    shop.stock(shop.mug, 5)
    retry = f"{path}/runs/{run['id']}/retry"
    orders = [tool.send(retry).json() for _ in range(2)]
    assert (orders[0]["total"], orders[0]["id"]) == ("18.00", orders[1]["id"])
    assert tool.send(f"{path.removesuffix(str(standing.pk))}999/pause").status_code == 404
    seen = tool.get(path)["ETag"]
    states = [
        tool.send(f"{path}/{verb}").json()["state"] for verb in ("pause", "resume", "skip", "end")
    ]
    assert states == ["paused", "active", "active", "ended"]
    assert tool.send(f"{path}/end").json()["code"] == "cannot_repeat"
    for verb in ("pause", "resume", "skip", "end"):
        assert tool.send(f"{path}/{verb}", match=seen).status_code == 412


def test_a_company_is_read_and_its_credit_set(program, db):
    company = make_company_buyer(limit="100").company
    tool = program()
    assert [row["name"] for row in tool.get("/companies", name="ferry").json()["items"]] == [
        company.name
    ]
    body = {"currency": "EUR", "limit": "250", "net_days": 14, "why": "Good payer"}
    told = tool.send(f"/companies/{company.pk}/credit", body, method="put").json()
    assert told["credit"] == [
        {"currency": "EUR", "limit": "250.00", "exposure": "0.00", "left": "250.00", "net_days": 14}
    ]
    assert told["contacts"][0]["email"] == "nils@ferry.example"


def test_a_company_is_blocked_and_allowed(program, db):
    company = make_company_buyer().company
    tool = program()
    told = tool.send(f"/companies/{company.pk}/block", {"why": "Owes us"}).json()
    assert (told["is_blocked"], told["blocked_why"]) == (True, "Owes us")
    assert tool.get("/companies", is_blocked="true").json()["items"][0]["id"] == company.pk
    tool.send(f"/companies/{company.pk}/allow")
    assert Company.objects.get().blocked_at is None
