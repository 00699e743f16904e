"""The pages of webhooks that go out, as people use them."""

import re

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.events import UserChanged
from core.models import EndpointStatus, WebhookDelivery, WebhookEndpoint, WebhookStatus
from core.rights import Role
from core.webhooks import endpoints, sending
from tests.cast import make_user
from tests.receivers import receiver

pytestmark = pytest.mark.django_db

ENTERED = {
    "name": "Warehouse system",
    "url": "https://example.com/hook",
    "kinds_core": ["core.UserChanged"],
    "version": "0",
}


def page(client, name: str, *args, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def an_endpoint(**more) -> WebhookEndpoint:
    return endpoints.add_endpoint(
        **{
            "name": "Warehouse system",
            "url": "https://example.com/hook",
            "event_kinds": ["core.UserChanged"],
            "now": timezone.now(),
            **more,
        }
    )


@transaction.atomic
def happen(count: int = 1) -> None:
    outbox.publish_all([UserChanged(user_id=number) for number in range(count)])


def test_an_endpoint_is_added_and_its_secret_is_shown_once(as_manager):
    response = as_manager.post(reverse("webhook_endpoint_new"), ENTERED)
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.event_kinds == ["core.UserChanged"]
    secret = endpoints.secret_of(endpoint)
    assert secret in response.content.decode()
    assert secret not in page(as_manager, "webhook_endpoint_detail", endpoint.pk)
    response = as_manager.post(reverse("webhook_secret_rotate", args=[endpoint.pk]))
    endpoint.refresh_from_db()
    assert endpoints.secret_of(endpoint) != secret
    assert endpoints.secret_of(endpoint) in response.content.decode()
    assert "Two secrets sign until" in page(as_manager, "webhook_endpoint_detail", endpoint.pk)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": "http://example.com/"}, "must begin with https://"),
        ({"url": "https://example.com:6379/"}, "Only the ports 443 and 8443"),
        ({"kinds_core": []}, "Tick at least one kind of event."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(as_manager, wrong, words):
    response = as_manager.post(reverse("webhook_endpoint_new"), {**ENTERED, **wrong})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_is_changed_and_a_stale_form_is_refused(as_manager):
    endpoint = an_endpoint()
    edit = reverse("webhook_endpoint_edit", args=[endpoint.pk])
    version = re.search(r'name="version" value="(\d+)"', as_manager.get(edit).content.decode())[1]
    entered = {**ENTERED, "version": version}
    assert as_manager.post(edit, {**entered, "name": "Other"}).status_code == 302
    assert WebhookEndpoint.objects.get().name == "Other"
    assert as_manager.post(edit, {**entered, "name": "Third"}).status_code == 409


def test_it_is_paused_resumed_and_disabled_by_button(as_manager):
    endpoint = an_endpoint()
    act = reverse("webhook_endpoint_act", args=[endpoint.pk])
    for button, status in (
        ("pause", EndpointStatus.PAUSED),
        ("resume", EndpointStatus.ACTIVE),
        ("disable", EndpointStatus.DISABLED),
    ):
        as_manager.post(act, {button: "1"})
        endpoint.refresh_from_db()
        assert endpoint.status == status
    assert "By hand" in page(as_manager, "webhook_endpoint_detail", endpoint.pk)


def test_the_log_shows_what_is_sent_what_came_back_and_sends_it_again(as_manager, settings):
    settings.OMS_LOOPBACK_RECEIVERS = True
    with receiver() as here:
        here.status, here.body = 200, b"<b>thanks</b>"
        endpoint = an_endpoint(url=here.url)
        happen()
        sending.send_due()
        delivery = WebhookDelivery.objects.get()
        shown = page(as_manager, "webhook_delivery_detail", delivery.pk)
        assert "core.UserChanged" in shown
        assert "&lt;b&gt;thanks&lt;/b&gt;" in shown
        as_manager.post(reverse("webhook_delivery_replay", args=[delivery.pk]))
        delivery.refresh_from_db()
        assert delivery.status == WebhookStatus.WAITING
        sending.send_due()
        today = timezone.localdate().isoformat()
        again = reverse("webhook_range_replay", args=[endpoint.pk])
        as_manager.post(again, {"since": today, "until": today})
        assert sending.send_due() == 1
        assert as_manager.post(again, {"since": today, "until": "1999-01-01"}).status_code == 422
    assert len(here.got) == 3


@pytest.mark.parametrize("name", ["webhook_endpoint_list", "webhook_delivery_list"])
def test_lists_take_as_many_queries_for_30_rows_as_for_1(
    as_manager, django_assert_num_queries, name
):
    def rows(count: int) -> None:
        for number in range(count):
            an_endpoint(name=f"System {number}")
            happen()

    rows(1)
    page(as_manager, name)
    with django_assert_num_queries(QUERIES[name]):
        page(as_manager, name)
    rows(6)
    with django_assert_num_queries(QUERIES[name]):
        page(as_manager, name)


QUERIES = {"webhook_endpoint_list": 7, "webhook_delivery_list": 8}


def test_only_those_who_run_the_shop_see_them(client):
    client.force_login(make_user(Role.SALES))
    assert client.get(reverse("webhook_endpoint_list")).status_code == 403
    assert client.get(reverse("webhook_delivery_list")).status_code == 403
