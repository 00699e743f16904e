"""Where promises are seen and changed: entry, the order, the customer's page, paper, mail and the API."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.rights import Role
from orders.documents import CONFIRMATION, confirmation
from orders.messages import ORDER_PLACED, variables_of
from orders.models import Order
from orders.promising.wording import long_day
from orders.services import change_promise, issue_tracking_link
from tests.api.conftest import program  # noqa: F401  (programs that call the API)
from tests.cast import make_user
from tests.orders.test_pages import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(promising) -> Order:
    return promising.order(at=timezone.now())


def next_delivery(after: date) -> date:
    day = after + timedelta(days=9)
    return day + timedelta(days=1) if day.weekday() == 6 else day


def test_while_an_order_is_entered_its_day_is_told(as_manager, promising):
    service = promising.standard.pk
    page = enter(as_manager, promising.shop, do="quote", service=service).content.decode()
    assert "Arrives by <time" in page
    assert "before its cut-off" in page or "after its cut-off" in page
    assert "Express" in page
    placed = enter(as_manager, promising.shop, service=service)
    assert placed.status_code == 302
    promised = Order.objects.get().promised_on
    assert promised.isoformat() in page


def test_what_has_no_day_says_why_while_it_is_entered(as_manager, promising):
    page = enter(as_manager, promising.shop, do="quote", **{"lines-0-sku": "LAMP"})
    assert "Nobody knows on which day 2 of LAMP will be there." in page.content.decode()


def test_the_order_says_what_it_is_promised_for_and_why(as_manager, order):
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert order.promised_on.isoformat() in page
    assert "How this day came about" in page
    assert "The carrier says 2 working days" in page


def test_an_order_without_a_promise_shows_no_panel(as_manager, shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 1))
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert "Promised for" not in page
    assert "Promise a day" in page


def test_another_day_is_promised_by_a_form(as_manager, order):
    address = reverse("orders:promise_change", args=[order.pk])
    day = next_delivery(order.promised_on)
    assert as_manager.get(address).status_code == 200
    sent = {"_once": str(uuid.uuid4()), "promised_on": day.isoformat(), "reason": "Away"}
    assert as_manager.post(address, {**sent, "version": order.version}).status_code == 302
    order.refresh_from_db()
    assert order.promised_on == day
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert "Promised before" in page
    stale = {**sent, "_once": str(uuid.uuid4()), "promised_on": "2030-01-07", "version": 1}
    answer = as_manager.post(address, stale)
    assert (answer.status_code, b"was changed since" in answer.content) == (409, True)


def test_who_may_not_edit_orders_promises_nothing(client, order):
    client.force_login(make_user(Role.FINANCE))
    address = reverse("orders:promise_change", args=[order.pk])
    assert client.get(address).status_code == 403


def track(client, order: Order) -> str:
    client.get(issue_tracking_link(order=order, now=timezone.now()))
    return client.get(reverse("orders:track_order", args=[order.number])).content.decode()


def test_the_customer_reads_the_day_and_when_it_gets_later(client, order):
    assert f'It arrives by <time datetime="{order.promised_on.isoformat()}"' in track(client, order)
    later = next_delivery(order.promised_on)
    Order.objects.filter(pk=order.pk).update(expected_on=later)
    page = track(client, order)
    assert f'We expect it by <time datetime="{later.isoformat()}"' in page
    assert "We told you" in page


def test_mail_and_paper_name_the_day(order):
    assert variables_of(order.pk)["arrives_by"] == long_day(order.promised_on)
    assert "It arrives by {{ arrives_by }}" in ORDER_PLACED.body
    paper = render_to_string(CONFIRMATION.template, confirmation(order.pk))
    assert order.promised_on.strftime("%Y</strong>") in paper


def test_the_order_page_asks_one_question_more_for_a_promise(as_manager, promising, order):
    plain = promising.order(at=timezone.now(), shipping_service=None)
    counts = []
    for one in (plain, order):
        with CaptureQueriesContext(connection) as captured:
            as_manager.get(reverse("orders:order_detail", args=[one.pk]))
        counts.append(len(captured))
    assert counts[1] - counts[0] == 1


def test_programs_ask_for_the_days_of_a_basket(program, promising):  # noqa: F811
    shop = program("orders.see")
    told = shop.get("/promises", line=["MUG:2"], country="DE", channel="web").json()
    assert [one["service"] for one in told["promises"]] == ["Express", "Standard"]
    first = told["promises"][0]
    assert (first["basis"], first["service_id"]) == ("table", promising.express.pk)
    assert first["why"][-1].startswith("It arrives by ")
    nothing = shop.get("/promises", line=["LAMP"], channel="web").json()
    assert (nothing["promises"], nothing["problem"][:12]) == ([], "Nobody knows")
    assert shop.get("/promises", line=["NONE:1"], channel="web").status_code == 422
    assert shop.get("/promises", line=["MUG:x"], channel="web").status_code == 422


def test_programs_promise_another_day(program, order):  # noqa: F811
    day = next_delivery(order.promised_on)
    shop = program("orders.edit", "orders.see")
    body = {"promised_on": day.isoformat(), "reason": "Asked for it"}
    told = shop.send(f"/orders/{order.pk}/promise", body).json()
    assert (told["promised_on"], told["arrived_on"]) == (day.isoformat(), None)
    refused = shop.send(f"/orders/{order.pk}/promise", {**body, "promised_on": "2020-01-01"})
    assert refused.status_code == 422


def test_the_list_of_orders_can_show_the_day(as_manager, order):
    address = reverse("orders:order_list")
    page = as_manager.get(address, {"columns": "number,promised", "sort": "-promised"})
    assert page.status_code == 200


def test_a_changed_promise_is_read_by_the_next_person(as_manager, order):
    day = next_delivery(order.promised_on)
    change_promise(order_id=order.pk, promised_on=day, reason="Away", now=timezone.now())
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert f"Promised for {day:%a} {day.day} {day:%b}" in page
