"""The pages of the risk check: the queue, one review, and the rules."""

import uuid

import pytest
from django.urls import reverse

from core.models import StoredFact
from core.outbox import drain
from core.rights import Role
from core.tasks import drain_all
from customers.models import Customer
from orders.drafts import Origin, WhenShort
from orders.models import Order, RiskBacktest, RiskListEntry, RiskReview, RiskRuleSet
from orders.risk import RULES
from orders.selectors.risk.listed import value_of
from orders.services import place_orders
from orders.states import RiskLevel, RiskListKind
from tests.cast import NOON, make_user, pay
from tests.orders.risky import RISKY, draft, live, proven, screen

pytestmark = pytest.mark.django_db


def post(client, path: str, **data):
    return client.post(path, {"_once": str(uuid.uuid4()), **data})


def held(shop, count: int = 1, **more) -> list[Order]:
    """Orders of different people that were held."""
    orders = place_orders(
        [
            shop.draft(
                (shop.mug, 1),
                when_short=WhenShort.BACKORDER,
                **{**RISKY, "email": f"{number}@example.com", **more},
            )
            for number in range(count)
        ],
        now=NOON,
    )
    drain()
    return orders


def page(order: Order) -> str:
    return reverse("orders:order_risk", args=[order.pk])


@pytest.mark.parametrize("count", [1, 30])
def test_the_queue_costs_the_same_for_one_and_for_thirty(
    shop, as_manager, django_assert_num_queries, count
):
    screen(shop, countries=60)
    held(shop, count)
    as_manager.get("/risk/")
    with django_assert_num_queries(8):
        answer = as_manager.get("/risk/")
    assert answer.content.decode().count("Billed to FR, sent to DE") == count


def test_the_queue_is_narrowed_by_what_spoke_against_the_order(shop, as_manager):
    screen(shop, countries=60, disposable=0)
    (order,) = held(shop)
    for query, is_there in (
        ("?rule=countries", True),
        ("?rule=email", False),
        ("?held=yes", True),
        ("?held=no", False),
        ("?late=no", True),
        ("?q=rule%3Acountries", True),
        ("?q=score%3A%3E60", False),
        (f"?q={order.number}", True),
    ):
        assert (order.number in as_manager.get(f"/risk/{query}").content.decode()) is is_there, (
            query
        )


def test_a_review_shows_why_where_to_and_what_was_before(shop, as_manager):
    screen(shop, countries=60)
    ada = Customer.objects.create(name="Ada", email="ada@example.com", created_at=NOON)
    before = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER, customer_id=ada.pk)
    (order,) = held(shop, customer_id=ada.pk, origin=Origin("203.0.113.7", "Lynx 2.9"))
    shown = as_manager.get(page(order)).content.decode()
    for words in ("Billed to FR, sent to DE", "Rue du Port 3", before.number, "Lynx 2.9", "+60"):
        assert words in shown
    assert "203.0.113.7" not in shown


def test_a_review_is_decided_once_with_a_reason(shop, as_manager):
    screen(shop, countries=60)
    (order,) = held(shop)
    version = Order.objects.get(pk=order.pk).version
    assert post(as_manager, page(order), verdict="approved", version=version).status_code == 422
    data = {"verdict": "refused", "reason": "Stolen card", "blocks": ["email"]}
    assert post(as_manager, page(order), version=version - 1, **data).status_code == 409
    answer = post(as_manager, page(order), version=version, **data)
    assert (answer.status_code, answer.url) == (302, "/risk/")
    assert Order.objects.get(pk=order.pk).risk_level == RiskLevel.REFUSED
    entry = RiskListEntry.objects.get(kind="email")
    assert (entry.value, entry.hint) == (value_of(RiskListKind.EMAIL, "0@example.com"), "0…@e….com")
    again = post(as_manager, page(order), verdict="approved", reason="No")
    assert (again.status_code, RiskReview.objects.get().verdict) == (422, "refused")


def test_the_order_page_says_why_it_was_held(shop, as_manager, client):
    screen(shop, countries=60)
    (order,) = held(shop)
    shown = as_manager.get(f"/orders/{order.pk}/").content.decode()
    assert "Why was this held" in shown
    assert page(order) in shown
    client.force_login(make_user(Role.WAREHOUSE))
    assert client.get(page(order)).status_code == 403
    assert page(order) not in client.get(f"/orders/{order.pk}/").content.decode()


def test_orders_are_filtered_by_where_their_risk_check_stands(shop, as_manager):
    screen(shop, countries=60)
    (order,) = held(shop)
    for query, is_there in (("?risk=hold", True), ("?risk=pass", False)):
        shown = as_manager.get(f"/orders/{query}&cols=number&cols=risk").content.decode()
        assert (order.number in shown) is is_there


def test_a_version_is_drafted_changed_tested_and_let_live(shop, as_manager):
    live(countries=60)
    made = post(as_manager, "/settings/risk/draft/", note="Softer on countries")
    rules = RiskRuleSet.objects.get(state="draft")
    assert made.url == f"/settings/risk/{rules.pk}/edit/"
    values = {
        "review_at": 30,
        "hold_at": 60,
        "review_hours": 12,
        "note": "Softer on countries",
        **{f"points_{rule.code}": 0 for rule in RULES},
        **{f"limit_{rule.code}": rule.limit for rule in RULES if rule.limit},
    }
    bad = post(as_manager, made.url, **{**values, "hold_at": 20})
    assert (bad.status_code, "held from more points" in bad.content.decode()) == (422, True)
    assert post(as_manager, made.url, **{**values, "points_countries": 20}).status_code == 302
    refused = post(as_manager, f"/settings/risk/{rules.pk}/live/")
    assert (refused.status_code, "Back-test this version" in refused.content.decode()) == (
        422,
        True,
    )
    assert post(as_manager, f"/settings/risk/{rules.pk}/backtest/", days=0).status_code == 422
    held(shop)
    started = post(as_manager, f"/settings/risk/{rules.pk}/backtest/", days=30)
    assert "Waiting for its turn" in as_manager.get(started.url).content.decode()
    drain_all()
    assert RiskBacktest.objects.get(rule_set=rules).finished_at is not None
    assert "Decided otherwise" in as_manager.get(started.url).content.decode()
    assert "Go live" in as_manager.get(f"/settings/risk/{rules.pk}/").content.decode()
    assert post(as_manager, f"/settings/risk/{rules.pk}/live/").url == "/settings/risk/"
    rules.refresh_from_db()
    assert (rules.state, rules.review_hours, rules.weights["countries"]["points"]) == (
        "live",
        12,
        20,
    )
    shown = as_manager.get(f"/settings/risk/{rules.pk}/edit/").content.decode()
    assert "Only a draft can be changed" in shown
    assert post(as_manager, f"/settings/risk/{rules.pk}/retire/").status_code == 302
    assert post(as_manager, f"/settings/risk/{rules.pk}/retire/").status_code == 422


def test_lists_keep_what_is_typed_as_it_is_compared(shop, as_manager):
    path = reverse("orders:risk_entry_new")
    entered = {"kind": "disposable", "value": "Someone@Throw.Example", "reason": "Seen"}
    assert as_manager.post(path, entered).status_code == 302
    assert RiskListEntry.objects.get().value == "throw.example"
    assert as_manager.post(path, entered).status_code == 422
    assert as_manager.post(path, {**entered, "kind": "phone", "value": "none"}).status_code == 422


def test_who_is_blocked_stands_on_the_list_as_a_hint_and_in_no_event(shop, as_manager):
    path = reverse("orders:risk_entry_new")
    entered = {"kind": "email", "value": "Mallory@Example.com", "reason": "A stolen card"}
    assert as_manager.post(path, entered).status_code == 302
    again = as_manager.post(path, {**entered, "value": "mallory@example.com"})
    assert "This stands on the list already." in again.content.decode()
    page = as_manager.get(reverse("orders:risk_entry_list")).content.decode()
    assert "m…@e….com" in page and "mallory" not in page.casefold()
    told = StoredFact.objects.get(name="orders.RiskListChanged")
    assert "mallory" not in f"{told.payload}{told.changes}{told.sentence}".casefold()
    entry = RiskListEntry.objects.get()
    moved = {**entered, "kind": "phone", "value": entry.value, "version": told.pk}
    answer = as_manager.post(reverse("orders:risk_entry_edit", args=[entry.pk]), moved)
    assert "type it anew" in answer.content.decode()


def test_a_paid_order_below_the_threshold_is_handed_over(shop, as_manager):
    screen(shop, countries=10)
    shop.stock(shop.mug, 1)
    order = pay(shop.order((shop.mug, 1), **RISKY))
    assert "in a moment" in as_manager.get(f"/orders/{order.pk}/").content.decode()
    drain()
    assert order.fulfilments.count() == 1


def test_a_back_test_of_an_earlier_wording_says_so(shop, as_manager):
    made = proven(draft(countries=5))
    test = RiskBacktest.objects.get()
    RiskRuleSet.objects.filter(pk=made.pk).update(hold_at=70)
    shown = as_manager.get(f"/settings/risk/backtests/{test.pk}/").content.decode()
    assert "The draft was changed since" in shown
