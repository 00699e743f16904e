"""The pages on which placed orders are changed, and decided by a second person."""

import html
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.rights import Role
from orders.models import ChangeSet, EditRule, Order, Price, TaxRate
from tests.cast import make_user, make_variant, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def priced(shop):
    for variant, amount in ((shop.mug, "9.90"), (shop.lamp, "25.00")):
        Price.objects.create(variant=variant, currency="EUR", amount=Decimal(amount))
        shop.stock(variant, 10)
    TaxRate.objects.create(country="DE", rate=Decimal("0.19"))
    return shop


def address_of(order):
    return reverse("orders:order_edit", args=[order.pk])


def entered(order: Order, **more) -> dict[str, str]:
    """The form as the page gives it, with something changed."""
    ship = order.ship_to
    lines = {f"line-{line.pk}": str(line.quantity) for line in order.lines.filter(kit=None)}
    return {
        "_once": str(uuid.uuid4()),
        "version": str(order.version),
        "shown": "",
        "when_short": "reject",
        "reason": "Customer called",
        "name": ship.name,
        "line1": ship.line1,
        "postal_code": ship.postal_code,
        "city": ship.city,
        "country": ship.country,
        "added-TOTAL_FORMS": "0",
        "added-INITIAL_FORMS": "0",
        **lines,
        **more,
    }


def words_of(answer) -> str:
    """What a person reads: the page without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", answer.content.decode())).split())


def shown_by(answer) -> str:
    found = re.search(r'name="shown" value="([^"]*)"', answer.content.decode())
    return html.unescape(found[1]) if found else ""


def test_the_page_shows_what_a_change_comes_to_and_keeps_nothing(priced, as_manager):
    order = pay(priced.order((priced.mug, 2)))
    line = order.lines.get()
    page = as_manager.post(
        address_of(order), entered(order, do="preview", **{f"line-{line.pk}": "3"})
    )
    words = words_of(page)
    assert (page.status_code, "1 set aside in Berlin" in words) == (200, True)
    assert "waits until the rest of the money" in words
    order.refresh_from_db()
    assert (order.units, ChangeSet.objects.count()) == (2, 0)


def test_the_reason_is_never_called_optional(priced, as_manager):
    order = priced.order((priced.mug, 2))
    data = entered(order, **{f"line-{order.lines.get().pk}": "1", "reason": ""})
    shown = as_manager.post(address_of(order), data | {"do": "preview"})
    pages = [as_manager.get(address_of(order)), shown]
    assert ["Reason for the change (optional)" in words_of(page) for page in pages] == [False] * 2
    assert "shows what it comes to" not in words_of(shown)
    applied = as_manager.post(address_of(order), data | {"do": "apply", "shown": shown_by(shown)})
    assert (applied.status_code, order.lines.get().quantity) == (422, 2)


def test_what_was_shown_is_applied_and_stands_on_the_order(priced, as_manager):
    order = priced.order((priced.mug, 2))
    data = entered(order, **{f"line-{order.lines.get().pk}": "1"})
    shown = shown_by(as_manager.post(address_of(order), data | {"do": "preview"}))
    answer = as_manager.post(address_of(order), data | {"do": "apply", "shown": shown})
    assert answer.headers["Location"] == reverse("orders:order_detail", args=[order.pk])
    page = as_manager.get(answer.headers["Location"]).content.decode()
    assert "Change 1" in page
    assert "MUG: quantity: 2 → 1" in page


def test_what_was_not_shown_yet_is_shown_before_it_is_applied(priced, as_manager):
    order = priced.order((priced.mug, 2))
    data = entered(order, do="apply", **{f"line-{order.lines.get().pk}": "1"})
    page = as_manager.post(address_of(order), data)
    assert "This is what it comes to." in page.content.decode()
    assert not ChangeSet.objects.exists()
    again = data | {"_once": str(uuid.uuid4()), "shown": shown_by(page)}
    assert as_manager.post(address_of(order), again).status_code == 302


def test_a_product_is_found_added_and_dropped_without_scripts(priced, as_manager):
    order = priced.order((priced.mug, 2))
    found = as_manager.post(address_of(order), entered(order, do="find", find_product="lamp"))
    assert "add-LAMP" in found.content.decode()
    page = words_of(as_manager.post(address_of(order), entered(order, do="add-LAMP")))
    assert "to be added" in page
    assert "1 set aside in Berlin" in page
    data = entered(
        order,
        **{"added-TOTAL_FORMS": "1", "added-0-sku": "LAMP", "added-0-quantity": "2"},
    )
    assert (
        "to be added"
        not in as_manager.post(address_of(order), data | {"do": "drop-0"}).content.decode()
    )
    shown = shown_by(as_manager.post(address_of(order), data | {"do": "preview"}))
    as_manager.post(address_of(order), data | {"do": "apply", "shown": shown})
    assert order.lines.get(sku="LAMP").quantity == 2


def test_two_tabs_the_second_is_told_what_happened(priced, as_manager):
    order = priced.order((priced.mug, 2))
    line = order.lines.get()
    first = entered(order, **{f"line-{line.pk}": "3"})
    second = entered(order, **{f"line-{line.pk}": "1"})
    tabs = [
        data | {"do": "apply", "shown": shown_by(as_manager.post(address_of(order), data))}
        for data in (first, second)
    ]
    assert as_manager.post(address_of(order), tabs[0]).status_code == 302
    late = as_manager.post(address_of(order), tabs[1])
    words = html.unescape(late.content.decode())
    assert late.status_code == 409
    assert "the order comes to 30.00 EUR" in words
    assert 'value="1"' in words  # what was entered is kept
    order.refresh_from_db()
    assert order.units == 3


def test_a_refusal_stands_beside_its_field(priced, as_manager):
    order = priced.order((priced.mug, 2))
    line = order.lines.get()
    data = entered(order, **{f"price-line-{line.pk}": "5"})
    preview = as_manager.post(address_of(order), data | {"do": "preview"})
    assert "say why its price changes" in preview.content.decode()
    answer = as_manager.post(address_of(order), data | {"do": "apply"})
    assert answer.status_code == 422
    data["reason"] = ""
    answer = as_manager.post(address_of(order), data | {"do": "apply"})
    assert list(answer.context["form"].errors) == ["reason"]


def test_a_change_above_the_limit_is_approved_by_somebody_else(priced, client):
    EditRule.objects.create(channel=priced.web, amount_limit=Decimal("5"))
    order = priced.order((priced.mug, 2))
    seller, boss = make_user(Role.SALES), make_user(Role.MANAGER)
    client.force_login(seller)
    data = entered(order, **{f"line-{order.lines.get().pk}": "1"})
    shown = shown_by(client.post(address_of(order), data))
    answer = client.post(address_of(order), data | {"do": "apply", "shown": shown})
    change = ChangeSet.objects.get()
    page = reverse("orders:change_detail", args=[order.pk, change.pk])
    assert answer.headers["Location"] == page
    assert "somebody else decides" in client.get(page).content.decode()
    approve = reverse("orders:change_approve", args=[order.pk, change.pk])
    token = {"_once": str(uuid.uuid4())}
    assert client.post(approve, token).status_code == 403

    client.force_login(boss)
    seen = client.get(page)
    assert "Approve change" in seen.content.decode()
    client.post(approve, token | {"shown": shown_by(seen)})
    change.refresh_from_db()
    assert (change.state, change.approved_by) == ("confirmed", "Manager")
    assert client.get(page).status_code == 200


def test_a_change_is_declined_with_a_reason_or_discarded(priced, as_manager, client):
    EditRule.objects.create(channel=priced.web, amount_limit=Decimal("0"))
    order = priced.order((priced.mug, 3))

    def ask():
        order.refresh_from_db()
        data = entered(order, **{f"line-{order.lines.get().pk}": "1"})
        shown = shown_by(as_manager.post(address_of(order), data))
        as_manager.post(
            address_of(order), data | {"do": "apply", "shown": shown, "_once": str(uuid.uuid4())}
        )
        return ChangeSet.objects.latest("pk")

    first = ask()
    as_manager.post(
        reverse("orders:change_discard", args=[order.pk, first.pk]), {"_once": str(uuid.uuid4())}
    )
    second = ask()
    as_manager.force_login(make_user(Role.FINANCE))
    decline = reverse("orders:change_decline", args=[order.pk, second.pk])
    no_reason = as_manager.post(decline, {"_once": str(uuid.uuid4())})
    assert no_reason.status_code == 422
    as_manager.post(decline, {"_once": str(uuid.uuid4()), "reason": "Not agreed"})
    assert list(ChangeSet.objects.order_by("pk").values_list("state", "declined_reason")) == [
        ("discarded", ""),
        ("declined", "Not agreed"),
    ]


def test_an_order_that_is_over_says_so(priced, as_manager):
    order = priced.order((priced.mug, 1))
    Order.objects.filter(pk=order.pk).update(state="expired")
    page = as_manager.get(address_of(order)).content.decode()
    assert "only an open order can be changed" in page
    Order.objects.filter(pk=order.pk).update(state="open")


def test_the_page_costs_the_same_for_one_and_thirty_lines(shop, as_manager):
    variants = [make_variant(f"V{n}", f"Thing {n}") for n in range(30)]
    for variant in variants:
        shop.stock(variant, 10)
    small = shop.order((variants[0], 1))
    large = shop.order(*[(variant, 1) for variant in variants])

    def queries(order):
        as_manager.get(address_of(order))
        with CaptureQueriesContext(connection) as captured:
            assert as_manager.get(address_of(order)).status_code == 200
        return len(captured)

    assert queries(small) == queries(large) <= 30
