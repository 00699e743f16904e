"""The pages of sources, of what shops sent, and of what channels tell otherwise."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core.address import Address
from core.rights import Role
from oms.intake.hooks import working
from oms.models import InboundDelivery, OrderDifference, WebhookSource
from orders.models import Order
from orders.services import change_shipping_address
from tests.cast import make_user
from tests.intake.hooked import arrive, created, make_source, send, updated

pytestmark = pytest.mark.django_db
KIEL = {"line1": "Kaiweg 2", "city": "Kiel", "country": "DE"}


def page(client, name: str, *args, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def differ(source: WebhookSource, count: int = 1, *, begin: int = 0) -> None:
    """Orders whose address was changed here and, differently, in the shop."""
    for number in range(begin, begin + count):
        names = {"id": f"o{number}", "number": f"W-{number}"}
        arrive(source, created(**names))
        change_shipping_address(
            order_id=Order.objects.get(number=f"W-{number}").pk,
            address=Address(line1="Hafen 3", city="Bremen", country="DE"),
            now=timezone.now(),
        )
        arrive(source, updated(5, **names, shipping_address=KIEL))


def test_a_source_is_added_and_our_secret_is_shown_once(as_manager, shop):
    entered = {"name": "The shop", "kind": "standard", "channel": shop.web.pk, "secret": ""}
    shown = as_manager.post(reverse("source_new"), entered).content.decode()
    source = WebhookSource.objects.get()
    assert source.secret in shown
    assert str(source.uid) in shown
    detail = page(as_manager, "source_detail", source.pk)
    assert source.secret not in detail
    assert str(source.uid) in detail
    shown = as_manager.post(reverse("source_secret", args=[source.pk]), {"secret": ""})
    source.refresh_from_db()
    assert source.secret in shown.content.decode()
    assert source.secret.startswith("whsec_")


def test_the_secret_that_shopify_made_is_asked_for_and_never_shown(as_manager, shop):
    entered = {"name": "The shop", "kind": "shopify", "channel": shop.web.pk, "secret": ""}
    assert as_manager.post(reverse("source_new"), entered).status_code == 422
    response = as_manager.post(reverse("source_new"), {**entered, "secret": "abc-123"})
    assert "abc-123" not in as_manager.get(response.url).content.decode()
    assert WebhookSource.objects.get().secret == "abc-123"


def test_a_source_is_stopped_and_a_stale_form_is_refused(as_manager, shop):
    source = make_source(shop.web)
    shown = page(as_manager, "source_detail", source.pk)
    version = re.search(r'name="version" value="(\d+)"', shown)[1]
    change = reverse("source_detail", args=[source.pk])
    assert as_manager.post(change, {"name": "New", "version": version}).status_code == 302
    source.refresh_from_db()
    assert (source.name, source.is_active) == ("New", False)
    assert as_manager.post(change, {"name": "Other", "version": version}).status_code == 409


def test_a_delivery_is_shown_as_it_came_and_tried_again(as_manager, shop):
    source = make_source(shop.web)
    send(source, b'{"type": "order.created", "data": {"id": "<b>1</b>"}}')
    working.drain()
    delivery = InboundDelivery.objects.get()
    shown = page(as_manager, "inbound_detail", delivery.pk)
    assert "It was not understood" in shown
    assert "&lt;b&gt;1&lt;/b&gt;" in shown
    assert "not understood" in page(as_manager, "source_detail", source.pk)
    as_manager.post(reverse("inbound_retry", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("waiting", 0)


def test_differences_are_shown_before_and_after_and_decided(as_manager, shop):
    shop.stock(shop.mug, 20)
    differ(make_source(shop.web), 2)
    shown = page(as_manager, "difference_list", query="?status=open")
    assert ("Bremen" in shown, "Kiel" in shown) == (True, True)
    first, second = OrderDifference.objects.order_by("id")
    assert "Take over" in page(as_manager, "orders:order_detail", first.order_id)
    as_manager.post(reverse("difference_decide", args=[first.pk]), {"accept": "1"})
    as_manager.post(reverse("difference_decide", args=[second.pk]), {"keep": "1"})
    assert Order.objects.get(pk=first.order_id).ship_to.city == "Kiel"
    assert Order.objects.get(pk=second.order_id).ship_to.city == "Bremen"
    assert set(OrderDifference.objects.values_list("status", flat=True)) == {"accepted", "kept"}
    first.refresh_from_db()
    assert first.decided_by == "Manager"


# each order of `differ` is told twice
LISTS = {"source_list": (6, 0), "inbound_list": (8, 14), "difference_list": (8, 29)}


@pytest.mark.parametrize("name", list(LISTS))
def test_lists_take_as_many_queries_for_30_rows_as_for_1(
    as_manager, shop, django_assert_num_queries, name
):
    queries, more = LISTS[name]
    shop.stock(shop.mug, 500)
    differ(make_source(shop.web))
    page(as_manager, name)
    with django_assert_num_queries(queries):
        page(as_manager, name)
    for _ in range(29 if name == "source_list" else 0):
        make_source(shop.web)
    differ(WebhookSource.objects.first(), more, begin=1)
    with django_assert_num_queries(queries):
        page(as_manager, name)


def test_sources_are_for_those_who_run_the_shop_and_differences_for_sales(client, shop):
    client.force_login(make_user(Role.SALES))
    assert client.get(reverse("source_list")).status_code == 403
    assert client.get(reverse("inbound_list")).status_code == 403
    assert client.get(reverse("difference_list")).status_code == 200
