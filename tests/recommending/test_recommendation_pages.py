"""Where suggestions are seen: order entry, quotes, the API, the report and the settings."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.rights import Role
from inventory.models import Category, Product
from orders.models import (
    Order,
    Price,
    Quotation,
    RecommendationRules,
    RecommendationShown,
    RecommendationTaken,
)
from orders.recommending import Suggestion
from orders.selectors.quoting import LineWish, quote_order
from orders.services import (
    accept_quotation,
    issue_quotation_link,
    place_order,
    place_orders,
    record_shown,
    record_taken,
    refresh_pairs,
    revise_quotation,
    save_quotation,
    send_quotation,
)
from orders.states import RecommendationPlace
from tests.api.conftest import program  # noqa: F401  (programs that call the API)
from tests.cast import NOON, make_user, make_variant
from tests.orders.test_pages import enter

pytestmark = pytest.mark.django_db
KEY = "6f1b0b9e-5d5f-4e0b-9d7e-0c8f0f3f7a11"
UNTIL = date(2100, 1, 1)


def shown() -> list[tuple[str, str, str]]:
    rows = RecommendationShown.objects.order_by("pk")
    return list(rows.values_list("basket_key", "place", "variant__sku"))


def test_entry_suggests_under_the_lines_and_says_why(as_manager, together):
    page = enter(as_manager, together, do="quote", basket_key=KEY).content.decode()
    assert "Often bought with this" in page
    assert "8 of 12 orders with Mug had it, too." in page
    assert 'value="add-SHIRT-M" data-shortcut="b"' in page
    enter(as_manager, together, do="quote", basket_key=KEY)
    assert shown() == [(KEY, "entry", "SHIRT-M"), (KEY, "entry", "LAMP")]


def test_what_was_added_stands_in_the_order_and_is_kept_as_taken(as_manager, together):
    added = enter(as_manager, together, do="add-SHIRT-M", basket_key=KEY).content.decode()
    assert 'id="id_lines-1-quantity" name="lines-1-quantity" value="1" data-focus' in added
    both = {
        "lines-TOTAL_FORMS": "2",
        "lines-1-sku": "SHIRT-M",
        "lines-1-quantity": "1",
        "lines-1-unit_price": "",
    }
    enter(as_manager, together, do="quote", basket_key=KEY)
    placed = enter(as_manager, together, basket_key=KEY, **both)
    assert placed.status_code == 302
    taken = RecommendationTaken.objects.get()
    assert (taken.shown.variant, taken.order, taken.amount) == (
        together.shirt,
        Order.objects.latest("pk"),
        10,
    )


def test_without_a_counting_entry_is_as_it_was(as_manager, shop):
    shop.stock(shop.mug, 5)
    Price.objects.create(variant=shop.mug, currency="EUR", amount=Decimal(10))
    page = enter(as_manager, shop, do="quote", basket_key="nonsense").content.decode()
    assert "Often bought with this" not in page
    assert shown() == []


def test_entry_asks_the_same_however_much_is_bought_together(as_manager, shop):
    shop.stock(shop.mug, 900)
    shop.stock(shop.lamp, 900)
    Price.objects.create(variant=shop.mug, currency="EUR", amount=Decimal(10))
    Product.objects.update(category=Category.objects.create(name="Home"))

    def more(numbers) -> None:
        variants = [make_variant(f"V-{n}", f"Goods {n}") for n in numbers]
        for one in variants:
            shop.stock(one, 50)
            Price.objects.create(variant=one, currency="EUR", amount=Decimal(10))
        lines = [(one, 1) for one in variants]
        place_orders([shop.draft((shop.mug, 1), *lines)] * 6, now=NOON)
        place_orders([shop.draft((shop.lamp, 1))] * 12, now=NOON)
        refresh_pairs(now=NOON)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = enter(as_manager, shop, do="quote", basket_key=str(uuid4()))
        assert "Often bought with this" in page.content.decode()
        return len(captured)

    more(range(1))
    queries()
    few = queries()
    more(range(1, 31))
    assert queries() == few


@pytest.fixture
def quote(together) -> Quotation:
    return save_quotation(
        quotation_id=None,
        draft=together.draft((together.mug, 2), when_short="backorder"),
        valid_until=UNTIL,
        now=timezone.now(),
    )


def test_a_quote_suggests_and_its_draft_takes_it_by_one_link(as_manager, quote):
    page = as_manager.get(reverse("orders:quote_detail", args=[quote.pk])).content.decode()
    edit = reverse("orders:quote_edit", args=[quote.pk])
    assert "8 of 12 orders with Mug had it, too." in page
    assert f'href="{edit}?add=SHIRT-M"' in page
    form = as_manager.get(edit, {"add": "SHIRT-M"}).content.decode()
    assert 'name="lines-1-sku" value="SHIRT-M"' in form
    assert {row[:2] for row in shown()} == {(quote.number, "quote")}


def test_the_buyer_sees_it_without_figures_and_the_order_takes_it(together, quote):
    quote = send_quotation(quotation_id=quote.pk, now=timezone.now())
    buyer = Client()
    address = issue_quotation_link(quotation=quote, now=timezone.now())
    words = buyer.get(urlsplit(address).path, follow=True).content.decode()
    assert "Often bought with this" in words
    assert "8 of 12" not in words
    assert shown()[0] == (quote.number, "quote_link", "SHIRT-M")
    newer = revise_quotation(quotation_id=quote.pk, now=timezone.now())
    save_quotation(
        quotation_id=newer.pk,
        draft=together.draft((together.mug, 2), (together.shirt, 1), when_short="backorder"),
        valid_until=UNTIL,
        now=timezone.now(),
    )
    send_quotation(quotation_id=newer.pk, now=timezone.now())
    accept_quotation(quotation_id=newer.pk, by="Ada", now=timezone.now())
    taken = RecommendationTaken.objects.get()
    assert (taken.shown.variant, taken.order.quotation.pk) == (together.shirt, newer.pk)


def test_a_quote_is_asked_the_same_with_one_line_and_with_thirty(as_manager, together, quote):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            as_manager.get(reverse("orders:quote_detail", args=[quote.pk]))
        return len(captured)

    queries()
    few = queries()
    goods = [make_variant(f"V-{n}", f"Goods {n}") for n in range(30)]
    save_quotation(
        quotation_id=quote.pk,
        draft=together.draft(
            (together.mug, 2), *((one, 1) for one in goods), when_short="backorder"
        ),
        valid_until=UNTIL,
        version=quote.version,
        now=timezone.now(),
    )
    assert queries() == few


def test_programs_read_what_goes_with_a_basket_and_tell_what_became_of_it(
    program,  # noqa: F811
    together,
):
    shop = program("*", channel=together.web)
    read = shop.get("/recommendations", sku="MUG", basket="B-7")
    assert read.status_code == 200
    first = read.json()["suggestions"][0]
    assert first == {
        "sku": "SHIRT-M",
        "name": "Shirt, M",
        "amount": "10.00",
        "currency": "EUR",
        "available": 84,
        "because_of": "MUG",
        "count": 8,
        "of": 12,
        "why": "8 of 12 orders with Mug had it, too.",
    }
    order = place_order(together.draft((together.mug, 1), (together.shirt, 1)), now=NOON)
    for taken in (1, 0):
        told = shop.send(f"/orders/{order.pk}/recommendations", {"basket": "B-7"}, method="post")
        assert (told.status_code, told.json()["taken"]) == (200, taken)
    unknown = shop.get("/recommendations", sku="NOTHING")
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "#/sku")


def test_programs_are_told_what_stands_in_for_what_is_short(program, together):  # noqa: F811
    together.mug.substitutes.create(substitute=together.lamp, rank=1, reason="as bright")
    place_order(together.draft((together.mug, 88)), now=NOON)
    read = program("*", channel=together.web).get("/recommendations", sku="MUG").json()
    assert read["instead"] == [
        {"short": "MUG", "sku": "LAMP", "name": "Lamp", "reason": "as bright"}
    ]


@pytest.mark.parametrize(
    ("left", "more", "offered"),
    [
        (3, (), ["LAMP"]),
        (2, (), []),
        (3, (("LAMP", 1),), []),
    ],
)
def test_what_is_offered_instead_is_there_for_what_the_line_misses(together, left, more, offered):
    together.mug.substitutes.create(substitute=together.lamp, rank=1)
    place_order(together.draft((together.mug, 86), (together.lamp, 90 - left)), now=NOON)
    quote = quote_order(
        [LineWish("MUG", 5), *(LineWish(sku, units) for sku, units in more)],
        channel=together.web, country="DE", service=None, shipping=None, now=NOON,
    )  # fmt: skip
    line = quote.lines[0]
    assert (line.missing, [one.substitute.sku for one in line.instead]) == (3, offered)


@pytest.mark.parametrize("count", [1, 20])
def test_stock_and_substitutes_of_many_lines_take_as_many_statements(
    shop, count, django_assert_num_queries
):
    variants = [make_variant(f"V-{n}", f"Goods {n}") for n in range(2 * count)]
    for one, other in zip(variants[::2], variants[1::2], strict=True):
        one.substitutes.create(substitute=other, rank=1)
        shop.stock(other, 5)
    wishes = [LineWish(one.sku, 2) for one in variants[::2]]
    with django_assert_num_queries(11):
        quote = quote_order(
            wishes, channel=shop.web, country="DE", service=None, shipping=None, now=NOON
        )
    assert {len(line.instead) for line in quote.lines} == {1}


@pytest.fixture
def reported(together) -> None:
    now = timezone.now()
    suggested = [
        Suggestion(together.shirt.pk, together.mug.pk, 8, 12),
        Suggestion(together.lamp.pk, None, 10, 22),
    ]
    for number, place in enumerate(("entry", "entry", "quote", "api")):
        record_shown(
            suggested,
            basket_key=f"B-{number}",
            place=RecommendationPlace(place),
            channel=together.web,
            now=now,
        )
    order = place_order(together.draft((together.shirt, 2)), now=now)
    record_taken(basket_key="B-0", order_id=order.pk, now=now)


def test_the_report_counts_by_place_and_by_product(as_manager, together, reported):
    page = as_manager.get(reverse("reports:recommendations"))
    report = page.context["report"]
    assert (report.total.shown, report.total.taken, report.total.rate) == (8, 1, "12.5 %")
    assert report.total.revenue == {"EUR": 20}
    assert [(row.label, row.shown, row.taken, row.rate) for row in report.places] == [
        ("Order entry", 4, 1, "25.0 %"),
        ("Programs", 2, 0, "0.0 %"),
        ("Quote", 2, 0, "0.0 %"),
    ]
    assert [(row.label, row.sku, row.shown, row.taken) for row in report.products] == [
        ("Shirt, M", "SHIRT-M", 4, 1),
        ("Lamp", "LAMP", 4, 0),
    ]
    assert sum(count for _, count in report.over_time) == 1
    assert "<svg" in page.content.decode()
    narrowed = as_manager.get(reverse("reports:recommendations"), {"place": "api"})
    assert narrowed.context["report"].total.shown == 2
    empty = as_manager.get(reverse("reports:recommendations"), {"days": "yesterday"})
    assert "Nothing was suggested there" in empty.content.decode()
    weekly = as_manager.get(reverse("reports:recommendations"), {"days": "last-90-days"})
    assert [count for _, count in weekly.context["report"].over_time][-1] == 1


def test_the_report_is_for_those_who_see_revenue(client):
    for role, status in ((Role.FINANCE, 200), (Role.SALES, 200), (Role.WAREHOUSE, 403)):
        client.force_login(make_user(role))
        assert client.get(reverse("reports:recommendations")).status_code == status


def test_the_report_asks_the_same_of_one_product_and_of_thirty(as_manager, together, reported):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            as_manager.get(reverse("reports:recommendations"))
        return len(captured)

    queries()
    few = queries()
    goods = [make_variant(f"V-{n}", f"Goods {n}") for n in range(30)]
    record_shown(
        [Suggestion(one.pk, together.mug.pk, 8, 12) for one in goods],
        basket_key="B-9",
        place=RecommendationPlace.API,
        channel=together.web,
        now=timezone.now(),
    )
    assert queries() == few


def test_the_rules_are_one_set_that_managers_change(as_manager, client, together):
    address = reverse("orders:recommendation_rules_list")
    assert "Days looked at" in as_manager.get(address).content.decode()
    sent = {
        "window_days": "90",
        "least_together": "9",
        "least_lift": "1.5",
        "least_margin": "0",
        "version": "0",
    }
    assert as_manager.post(address, sent).status_code == 302
    rules = RecommendationRules.objects.get()
    assert (rules.window_days, rules.least_together, rules.least_lift) == (90, 9, Decimal("1.5"))
    page = enter(as_manager, together, do="quote").content.decode()
    assert "8 of 12 orders" not in page
    assert as_manager.post(address, {**sent, "window_days": "60"}).status_code == 409
    assert as_manager.post(address, {**sent, "least_together": "1"}).status_code == 422
    client.force_login(make_user(Role.SALES))
    assert client.get(address).status_code == 403
