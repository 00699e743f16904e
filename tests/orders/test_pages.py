"""The pages of orders: what they show, what they do, and at which cost."""

import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import StaleEdit
from core.models import Channel, User
from core.rights import Role
from inventory.models import LocationAccess
from orders.drafts import WhenShort
from orders.locks import lock_order
from orders.models import Order, Price, TaxRate
from orders.services import cancel_order, hold_order, issue_tracking_link
from orders.states import HoldKind
from orders.views.tracking import headline
from tests.cast import NOON, make_customer, make_user, pay
from tests.shipping.factories import dispatched, make_service, paid_order

pytestmark = pytest.mark.django_db


def once() -> str:
    return str(uuid.uuid4())


def text_of(answer) -> str:
    return answer.content.decode()


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_without_a_channel_the_entry_page_leads_to_the_channels(shop, client, as_manager):
    Channel.objects.update(is_active=False)
    url = reverse("orders:order_create")
    sent = {"do": "add-MUG", "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0", "_once": once()}
    for answer in (as_manager.get(url), as_manager.post(url, sent)):
        assert answer.status_code == 200
        assert "Ask an administrator to add one under Settings, Channels." in text_of(answer)
    placed = as_manager.post(url, sent | {"do": "place", "_once": once()})
    assert (placed.status_code, Order.objects.count()) == (422, 0)
    client.force_login(make_user(Role.ADMIN))
    fragment = client.post(url, sent | {"_once": once()}, headers={"HX-Request": "true"})
    assert f'href="{reverse("orders:channel_list")}"' in text_of(fragment)
    assert text_of(fragment).startswith('<div id="entry">')


def test_the_list_costs_the_same_for_one_and_thirty_orders(shop, as_manager):
    shop.stock(shop.mug, 100)
    shop.order((shop.mug, 1))
    url = reverse("orders:order_list")
    one = queries(as_manager, url)
    for _ in range(29):
        shop.order((shop.mug, 1))
    assert queries(as_manager, url) == one
    assert one <= 15


def test_the_orders_of_one_customer_are_listed_by_their_name(shop, client, as_manager):
    order = shop.order(
        (shop.mug, 1), when_short=WhenShort.BACKORDER, customer_id=make_customer().pk
    )
    url = f"{reverse('orders:order_list')}?customer={order.customer_id}"
    page = text_of(as_manager.get(url))
    assert f"Customer: {order.customer} " in page
    assert f'<input type="hidden" name="customer" value="{order.customer_id}">' in page
    assert "Customer’s id" not in page
    client.force_login(make_user(Role.WAREHOUSE))
    assert "Customer: one of them" in text_of(client.get(url))


def test_a_stale_edit_is_told_what_happened_last_and_when(shop):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    hold_order(order_id=order.pk, kind=HoldKind.OPERATOR, reason="Look", now=NOON)
    with pytest.raises(StaleEdit) as refused, transaction.atomic():
        lock_order(order.pk, version=order.version)
    assert re.fullmatch(r"[^,]+, \d+ \w{3} \d\d:\d\d: Put on hold .*", refused.value.changes[0])


def test_an_orders_page_costs_the_same_for_one_and_thirty_lines(shop, as_manager):
    from tests.cast import make_variant

    variants = [make_variant(f"V{n}", f"Thing {n}") for n in range(30)]
    for variant in variants:
        shop.stock(variant, 10)
    small = shop.order((variants[0], 1))
    large = shop.order(*[(variant, 1) for variant in variants])
    one = queries(as_manager, reverse("orders:order_detail", args=[small.pk]))
    assert queries(as_manager, reverse("orders:order_detail", args=[large.pk])) == one
    assert one <= 31


def test_the_list_is_narrowed_by_its_address(shop, as_manager):
    shop.stock(shop.mug, 5)
    held, other = shop.order((shop.mug, 1)), shop.order((shop.mug, 1))
    hold_order(order_id=held.pk, kind=HoldKind.ADDRESS, reason="No street", now=timezone.now())
    shown = as_manager.get(reverse("orders:order_list"), {"held": "yes"}).context["list"].rows
    assert [row.pk for row in shown] == [held.pk]
    shown = as_manager.get(reverse("orders:order_list"), {"q": "-is:held sku:mug"})
    assert [row.pk for row in shown.context["list"].rows] == [other.pk]


def test_nonsense_in_the_address_is_a_hint_and_no_failure(shop, as_manager):
    answer = as_manager.get(
        reverse("orders:order_list"),
        {"q": 'status:nonsense total>abc "', "held": "perhaps", "after": "x", "sort": "nothing"},
    )
    assert answer.status_code == 200


def test_the_order_page_says_why_it_is_not_moving(shop, as_manager):
    order = shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert "Waiting for stock: 2 × MUG." in page
    hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="Odd card", now=timezone.now())
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert "On hold (fraud check): Odd card" in page
    assert "Release hold" in page


def enter(client, shop, **more):
    data = {
        "_once": once(),
        "do": "place",
        "channel": shop.web.pk,
        "name": "Ada Lindqvist",
        "email": "ada@example.com",
        "line1": "Torstraße 1",
        "city": "Berlin",
        "postal_code": "10119",
        "country": "DE",
        "payment_terms": "prepaid",
        "when_short": "reject",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-sku": "MUG",
        "lines-0-quantity": "2",
        "lines-0-unit_price": "",
        **more,
    }
    return client.post(reverse("orders:order_create"), data)


@pytest.fixture
def priced(shop):
    shop.stock(shop.mug, 5)
    Price.objects.create(variant=shop.mug, currency="EUR", amount=Decimal("9.90"))
    TaxRate.objects.create(country="DE", rate=Decimal("0.19"))
    return shop


def test_a_phone_order_is_placed_at_list_price_with_its_tax(priced, as_manager):
    answer = enter(as_manager, priced)
    order = Order.objects.get()
    assert answer.url == reverse("orders:order_detail", args=[order.pk])
    assert (order.total, order.tax_total, order.customer.name) == (
        Decimal("19.80"),
        Decimal("3.16"),
        "Ada Lindqvist",
    )


def test_the_same_form_sent_twice_places_one_order(priced, as_manager):
    token = once()
    first, second = (enter(as_manager, priced, _once=token) for _ in range(2))
    assert first.url == second.url
    assert Order.objects.count() == 1


def test_totals_and_availability_are_shown_before_placing(priced, as_manager):
    page = enter(as_manager, priced, do="quote", **{"lines-0-quantity": "7"})
    assert page.status_code == 200
    assert "Only 5 available" in page.content.decode()
    assert page.context["quote"].price.total == Decimal("69.30")
    assert not Order.objects.exists()


def test_a_product_is_found_added_and_removed(priced, as_manager):
    found = enter(as_manager, priced, do="find-product", find_product="lamp")
    assert [one.sku for one in found.context["products"]] == ["LAMP"]
    added = enter(as_manager, priced, do="add-LAMP")
    assert [form["sku"].value() for form in added.context["lines"]] == ["MUG", "LAMP"]
    removed = enter(as_manager, priced, do="remove-0")
    assert list(removed.context["lines"]) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lines-0-quantity", "0"),
        ("lines-0-quantity", "-3"),
        ("lines-0-quantity", "1.5"),
        ("lines-0-quantity", "NaN"),
        ("lines-0-quantity", "99999999999"),
        ("lines-0-unit_price", "-1"),
        ("lines-0-unit_price", "Infinity"),
        ("lines-0-sku", "NO-SUCH"),
        ("email", "not an address"),
        ("country", "XX"),
        ("discount", "-5"),
        ("customer_id", "99999999"),
    ],
)
def test_bad_input_places_nothing_and_keeps_what_was_typed(priced, as_manager, field, value):
    answer = enter(as_manager, priced, **{field: value})
    if field == "customer_id":
        assert Order.objects.get().customer.email == "ada@example.com"
        return
    assert answer.status_code == 422
    assert not Order.objects.exists()
    assert "Torstraße 1" in answer.content.decode()


def test_short_stock_is_refused_with_what_to_do(priced, as_manager):
    answer = enter(as_manager, priced, **{"lines-0-quantity": "6"})
    assert answer.status_code == 422
    assert "lower the quantity" in answer.content.decode()


def test_holding_releasing_and_cancelling_by_button(shop, as_manager):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 2))
    page = reverse("orders:order_detail", args=[order.pk])

    def send(name, *args, **data):
        return as_manager.post(
            reverse(f"orders:{name}", args=[order.pk, *args]), {"_once": once(), **data}
        )

    assert send("order_hold", kind="address", reason="No street").url == page
    assert send("hold_release", order.holds.get().pk).url == page
    line = order.lines.get()
    stale = send(
        "order_cancel",
        reason="Too late",
        wants_refund="on",
        version=order.version,
        **{f"line-{line.pk}": 1},
    )
    assert stale.status_code == 409
    order.refresh_from_db()
    done = send(
        "order_cancel",
        reason="One less",
        wants_refund="on",
        version=order.version,
        **{f"line-{line.pk}": 1},
    )
    assert done.url == page
    line.refresh_from_db()
    assert line.cancelled == 1


def test_the_cancel_page_shows_what_will_happen(shop, as_manager):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 2))
    page = as_manager.get(reverse("orders:order_cancel", args=[order.pk])).content.decode()
    assert "will not be sent; the order is cancelled whole" in page


def test_the_customers_link_opens_one_order_and_no_other(shop, client):
    shop.stock(shop.mug, 5)
    order, other = shop.order((shop.mug, 1)), shop.order((shop.mug, 1))
    address = issue_tracking_link(order=order, now=timezone.now())
    first = client.get("/" + address.split("/", 3)[3])
    assert first.url == reverse("orders:track_order", args=[order.number])
    page = client.get(first.url)
    assert "We have received your order." in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert client.get(reverse("orders:track_order", args=[other.number])).status_code == 404


def test_a_made_up_link_opens_nothing(shop, client):
    assert client.get(reverse("orders:track_enter", args=["made-up"])).status_code == 404


def test_the_token_is_not_kept(shop):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    token = issue_tracking_link(order=order, now=timezone.now()).rstrip("/").rsplit("/", 1)[1]
    assert len(token) >= 22
    assert token not in order.tracking_links.get().token_hash


def test_warehouse_staff_see_the_orders_of_their_location_only(shop, client):
    shop.stock(shop.mug, 5)
    mine, other = shop.order((shop.mug, 1)), shop.order((shop.mug, 1))
    pay(mine)
    picker: User = make_user(Role.WAREHOUSE)
    LocationAccess.objects.create(user=picker, location=shop.warehouse)
    client.force_login(picker)
    shown = client.get(reverse("orders:order_list"), {"view": "all"}).context["list"].rows
    assert [row.pk for row in shown] == [mine.pk]
    assert client.get(reverse("orders:order_detail", args=[mine.pk])).status_code == 200
    assert client.get(reverse("orders:order_detail", args=[other.pk])).status_code == 404


def test_a_stale_address_is_refused_with_what_changed_and_keeps_what_was_typed(shop, as_manager):
    shop.stock(shop.mug, 1)
    order = shop.order((shop.mug, 1))
    url = reverse("orders:order_address", args=[order.pk])
    typed = {**order.shipping_address, "version": order.version, "line1": "Neue Straße 7"}
    hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="No street", now=timezone.now())
    response = as_manager.post(url, typed)
    page = response.content.decode()
    assert response.status_code == 409
    assert "No street" in page
    assert "Neue Straße 7" in page
    assert as_manager.post(url, typed).status_code == 409  # twice overrules nobody
    order.refresh_from_db()
    assert order.shipping_address["line1"] != "Neue Straße 7"


@pytest.mark.parametrize("odd", ["²", "①", "\x00", "9" * 30])
def test_odd_numbers_in_an_address_fail_nothing(shop, as_manager, odd):
    for url in (
        f"/orders/new/?customer={odd}",
        f"/?kind=order_held&after={odd}",
        f"/search?q={odd}",
    ):
        assert as_manager.get(url).status_code == 200, url


@pytest.mark.parametrize(
    ("count", "do"),
    [
        ("", "quote"),
        ("x" * 10_000, "add"),
        ("9" * 24, "add"),
        ("²", "remove-²"),
        ("NaN", "choose-" + "9" * 5_000),
    ],
)
def test_the_order_being_entered_stands_whatever_its_count_of_lines_says(
    shop, as_manager, count, do
):
    sent = {
        "_once": once(),
        "do": do,
        "lines-TOTAL_FORMS": count,
        "lines-0-quantity": "7",
        "find_product": "MUG",
        "channel": "NaN",
    }
    assert as_manager.post("/orders/new/", sent).status_code == 200


@pytest.mark.parametrize(
    ("delivered", "words"),
    [(0, "Part of your order is on its way."), (2, "Part of your order has arrived")],
)
def test_the_tracking_page_tells_what_is_under_way_from_what_has_arrived(delivered, words):
    order = Order(
        state="open",
        fulfilment_status="partially_shipped",
        units_shipped=2,
        units_delivered=delivered,
    )
    assert headline(order).startswith(words)


def test_choices_say_how_many_open_orders_are_behind_them(shop, as_manager):
    shop.stock(shop.mug, 10)
    for _ in range(2):
        shop.order((shop.mug, 1))
    cancel_order(order_id=shop.order((shop.mug, 1)).pk, reason="Changed their mind", now=NOON)
    page = as_manager.get(reverse("orders:order_list"), {"view": "all"})
    counts = page.context["list"].listing.filters.form.fields["payment"].widget.counts
    assert counts == {"pending": 2}


def test_an_orders_page_leads_on_through_the_list_it_was_opened_from(shop, as_manager):
    shop.stock(shop.mug, 10)
    first, second, third = (shop.order((shop.mug, 1)) for _ in range(3))
    listed = as_manager.get(reverse("orders:order_list"), {"view": "all", "state": "open"})
    assert listed.context["list"].trail == "?list=state%3Dopen%26view%3Dall"
    address = reverse("orders:order_detail", args=[second.pk])
    beside = as_manager.get(address + listed.context["list"].trail).context["beside"]
    assert (beside.previous_id, beside.next_id) == (third.pk, first.pk)
    assert beside.back_url == f"{reverse('orders:order_list')}?state=open&view=all"
    assert as_manager.get(address).context["beside"] is None


def test_orders_are_found_by_a_parcels_number(shop, as_manager):
    shop.stock(shop.mug, 10)
    make_service()
    order = paid_order(shop, (shop.mug, 1))
    parcel = dispatched(order).parcels.get()
    for words in (parcel.tracking_number, f"tracking:{parcel.tracking_number.lower()}"):
        page = as_manager.get(reverse("orders:order_list"), {"view": "all", "q": words})
        assert [row.pk for row in page.context["list"].rows] == [order.pk]
    page = as_manager.get(reverse("orders:order_list"), {"view": "all", "q": "tracking:NOWHERE123"})
    assert page.context["list"].rows == []
