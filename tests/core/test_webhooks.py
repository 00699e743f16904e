"""Webhooks out: who is told what, signed how, how often it is tried, and what a dead receiver costs."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core import clock, leases, outbox
from core.errors import NotPossible
from core.events import ChannelChanged, UserChanged, UserInvited
from core.models import (
    AttentionItem,
    EndpointStatus,
    StoredFact,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookStatus,
)
from core.outgoing import AddressRefused
from core.webhooks import endpoints, payloads, replaying, sending, signing
from core.webhooks.replaying import TooManyEvents
from tests.receivers import receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loopback(settings):
    settings.OMS_LOOPBACK_RECEIVERS = True


@pytest.fixture
def here():
    with receiver() as one:
        yield one


def endpoint_at(url: str, *kinds: type, **more) -> WebhookEndpoint:
    return endpoints.add_endpoint(
        name=more.pop("name", "Warehouse system"),
        url=url,
        event_kinds=[kind.name for kind in kinds or (UserChanged, ChannelChanged)],
        now=timezone.now(),
        **more,
    )


@transaction.atomic
def happen(*facts) -> list[StoredFact]:
    return outbox.publish_all(list(facts) or [UserChanged(user_id=1)])


def send_at(moment) -> int:
    with clock.at(moment):
        return sending.send_due()


def status_of(fact: StoredFact) -> str:
    return WebhookDelivery.objects.get(fact=fact).status


# --- what is sent -----------------------------------------------------------------------------


def test_an_event_goes_out_signed_as_the_standard_says(here):
    endpoint = endpoint_at(here.url)
    (fact,) = happen()
    assert sending.send_due() == 1
    (got,) = here.got
    secret = endpoints.secret_of(endpoint)
    assert secret.startswith("whsec_")
    assert got.headers["webhook-id"] == f"evt_{fact.pk}"
    assert signing.is_signed(
        [signing.secret_key(secret)], got.headers, got.body, now=timezone.now()
    )
    assert status_of(fact) == WebhookStatus.DELIVERED
    assert WebhookEndpoint.objects.get().succeeded_at is not None


def test_the_signature_is_that_of_the_standard_s_own_example():
    key = signing.secret_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signing.signature(
        key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_only_the_kinds_that_were_chosen_are_sent(here):
    endpoint_at(here.url, ChannelChanged)
    happen(UserChanged(user_id=1), ChannelChanged(channel_id=7, label="Web", what="changed"))
    sending.send_due()
    assert [WebhookDelivery.objects.get().fact.name] == ["core.ChannelChanged"]


def test_a_fact_that_is_rolled_back_is_never_sent(here):
    endpoint_at(here.url)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.publish(UserChanged(user_id=1))
        raise ZeroDivisionError
    assert sending.send_due() == 0
    assert here.got == []


def test_an_endpoint_for_some_channels_is_not_told_of_others(here, shop):
    other = type(shop.web).objects.create(
        code="app", name="App", kind="mobile", legal_entity=shop.entity, currency="EUR"
    )
    endpoint_at(here.url, channels=[shop.web])
    mine, foreign, nobodys = happen(
        ChannelChanged(channel_id=shop.web.pk, label="Web", what="changed"),
        ChannelChanged(channel_id=other.pk, label="App", what="changed"),
        UserChanged(user_id=1),
    )
    sending.send_due()
    assert [got.headers["webhook-id"] for got in here.got] == [f"evt_{mine.pk}"]
    assert status_of(foreign) == status_of(nobodys) == WebhookStatus.SKIPPED


def test_personal_data_goes_only_where_it_may(here):
    fact = ChannelChanged(channel_id=7, label="Ada Lindqvist", what="changed")
    (row,) = happen(fact)
    plain = payloads.payload_of(row, sees_personal=False)
    assert plain["data"] == {"channel_id": 7}
    assert set(plain) == {"type", "timestamp", "version", "subject", "data"}
    assert "Ada" not in str(plain)
    whole = payloads.payload_of(row, sees_personal=True)
    assert whole["data"] == fact.payload()
    assert whole["sentence"] == "Ada Lindqvist: changed"


def test_a_payload_is_never_longer_than_20_kilobytes():
    (row,) = happen(ChannelChanged(channel_id=7, label="x" * 30_000, what="changed"))
    told = payloads.body_of(row, WebhookEndpoint(sees_personal=True))
    assert len(told) < payloads.MOST_BYTES
    assert b'"left_out":' in told


def test_what_a_receiver_reads_today_stands_in_the_payload_for_good():
    (row,) = happen(UserInvited(user_id=4, roles="sales"))
    told = payloads.payload_of(row, sees_personal=False)
    assert told.pop("timestamp").endswith("Z")
    assert told == {
        "type": "core.UserInvited",
        "version": 1,
        "subject": {"type": "user", "id": 4, "sequence": None},
        "data": {"user_id": 4, "roles": "sales"},
    }


# --- secrets ----------------------------------------------------------------------------------


def test_during_a_rotation_both_secrets_sign_and_afterwards_only_the_new_one(here):
    endpoint = endpoint_at(here.url)
    old = signing.secret_key(endpoints.secret_of(endpoint))
    now = timezone.now()
    endpoint = endpoints.rotate_secret(endpoint_id=endpoint.pk, now=now)
    new = signing.secret_key(endpoints.secret_of(endpoint))
    assert old != new
    happen()
    now = timezone.now()
    send_at(now)
    (first,) = here.got
    assert len(first.headers["webhook-signature"].split(" ")) == 2
    for key in (old, new):
        assert signing.is_signed([key], first.headers, first.body, now=now)
    happen()
    later = timezone.now() + endpoints.OVERLAP + timedelta(minutes=1)
    send_at(later)
    last = here.got[-1]
    assert signing.is_signed([new], last.headers, last.body, now=later)
    assert not signing.is_signed([old], last.headers, last.body, now=later)


def test_a_signature_from_the_future_or_long_ago_is_none():
    key, body, now = b"k" * 32, b"{}", timezone.now()
    for ahead, is_good in ((0, True), (20, True), (60, False), (-240, True), (-301, False)):
        headers = signing.signed_headers([key], "evt_1", body, now=now + timedelta(seconds=ahead))
        assert signing.is_signed([key], headers, body, now=now) is is_good, ahead
    for broken in (
        {},
        {"webhook-id": "evt_1", "webhook-timestamp": "soon", "webhook-signature": "v1,x"},
        {"webhook-id": "evt_1", "webhook-timestamp": "٣", "webhook-signature": "\udcff"},
    ):
        assert not signing.is_signed([key], broken, body, now=now)


# --- trying again -----------------------------------------------------------------------------


def test_an_event_is_tried_ten_times_over_three_days_under_one_id_and_then_given_up(here):
    here.status = 500
    endpoint_at(here.url)
    happen()
    now = timezone.now()
    gaps = []
    for _ in range(20):
        if not send_at(now):
            break
        delivery = WebhookDelivery.objects.get()
        gaps.append((delivery.next_attempt_at - now).total_seconds())
        now = delivery.next_attempt_at + timedelta(seconds=1)
    wanted = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert len(here.got) == 10
    assert all(least <= gap <= least * 1.1 for gap, least in zip(gaps, wanted, strict=False))
    assert WebhookDelivery.objects.get().status == WebhookStatus.PARKED
    assert {got.headers["webhook-id"] for got in here.got} == {here.got[0].headers["webhook-id"]}
    assert len({got.headers["webhook-timestamp"] for got in here.got}) == 10
    assert len({got.body for got in here.got}) == 1
    assert AttentionItem.objects.get(kind=endpoints.FAILING).resolved_at is None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, "It answered 500."),
        (302, "It answered 302; redirects are not followed."),
        (404, "It answered 404."),
    ],
)
def test_what_is_no_success_is_kept_with_its_answer_and_tried_again(here, status, error):
    here.status, here.body = status, b"no\x00pe"
    endpoint_at(here.url)
    happen()
    sending.send_due()
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status_code, attempt.error, attempt.response) == (status, error, "no\ufffdpe")
    assert WebhookDelivery.objects.get().status == WebhookStatus.WAITING


def test_410_disables_the_endpoint_and_says_so(here):
    here.status = 410
    endpoint = endpoint_at(here.url)
    happen()
    sending.send_due()
    endpoint.refresh_from_db()
    assert (endpoint.status, endpoint.disabled_reason) == (
        EndpointStatus.DISABLED,
        "It answered 410: it wants no more.",
    )
    assert AttentionItem.objects.get().title == "Warehouse system was disabled"
    happen()
    assert WebhookDelivery.objects.count() == 1  # nothing is kept for it any more


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_receiver_that_asks_for_time_gets_it(here, status):
    here.status, here.headers = status, {"Retry-After": "120"}
    endpoint = endpoint_at(here.url)
    happen(UserChanged(user_id=1), UserChanged(user_id=2))
    now = timezone.now()
    assert send_at(now) == 1  # the second event is not even tried
    endpoint.refresh_from_db()
    assert 119 <= (endpoint.rest_until - now).total_seconds() <= 121
    assert send_at(now + timedelta(seconds=110)) == 0
    here.status = 200
    assert send_at(now + timedelta(seconds=125)) == 2


def test_an_endpoint_that_failed_for_five_days_is_disabled(here):
    here.status = 500
    endpoint = endpoint_at(here.url)
    now = timezone.now()
    for day in range(6):
        happen(UserChanged(user_id=day))
        send_at(now + timedelta(days=day, minutes=1))
    endpoint.refresh_from_db()
    assert endpoint.status == EndpointStatus.DISABLED
    assert endpoint.disabled_reason == "It failed for 5 days. It answered 500."


def test_the_first_success_ends_the_failing(here):
    here.status = 500
    endpoint = endpoint_at(here.url)
    happen()
    now = timezone.now()
    send_at(now)
    here.status = 200
    send_at(now + timedelta(minutes=1))
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since, endpoint.rest_until) == (0, None, None)


# --- lanes and leases -------------------------------------------------------------------------


def test_a_dead_endpoint_costs_the_others_one_attempt_and_no_more(here):
    with receiver() as gone:
        pass
    dead = endpoint_at(gone.url, name="Dead")
    endpoint_at(here.url, name="Alive")
    happen(*(UserChanged(user_id=number) for number in range(60)))
    now = timezone.now()
    while send_at(now):
        pass
    assert len(here.got) == 60
    assert WebhookAttempt.objects.filter(delivery__endpoint=dead).count() == 1


def test_the_lane_of_an_endpoint_is_one_worker_s_and_falls_free_when_its_lease_ends(here):
    endpoint = endpoint_at(here.url)
    happen()
    now = timezone.now()
    with clock.at(now):
        assert sending._take_lane(endpoint.pk) is not None
        assert sending.serve(endpoint.pk) == 0
    assert send_at(now + sending.LEASE + timedelta(seconds=1)) == 1


def test_a_worker_that_froze_past_its_lease_overrules_nobody(here):
    endpoint = endpoint_at(here.url)
    happen()
    now = timezone.now()
    with clock.at(now):
        lane = sending._take_lane(endpoint.pk)
        frozen = sending._claim(lane)
    send_at(now + sending.LEASE + timedelta(seconds=1))
    sending._settle(frozen, lane, sending.Result("It answered 500."), now=now)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.status, delivery.attempts) == (WebhookStatus.DELIVERED, 2)
    assert WebhookEndpoint.objects.get().failing_since is None
    assert not leases.mark(frozen, status=WebhookStatus.PARKED)


def test_what_was_sent_before_the_worker_died_is_sent_again_under_the_same_id(here):
    endpoint = endpoint_at(here.url)
    happen()
    now = timezone.now()
    with clock.at(now):
        lane = sending._take_lane(endpoint.pk)
        sending._attempt(sending._claim(lane), lane)  # and nothing is written down
    send_at(now + sending.LEASE + timedelta(seconds=1))
    assert len(here.got) == 2
    assert here.got[0].headers["webhook-id"] == here.got[1].headers["webhook-id"]


def test_paused_it_waits_and_resumed_it_is_sent(here):
    endpoint = endpoint_at(here.url)
    endpoints.pause(endpoint_id=endpoint.pk)
    happen()
    assert sending.send_due() == 0
    endpoints.resume(endpoint_id=endpoint.pk)
    assert sending.send_due() == 1
    with pytest.raises(NotPossible):
        endpoints.resume(endpoint_id=endpoint.pk)


# --- again ------------------------------------------------------------------------------------


def test_one_delivery_is_sent_again_under_its_id(here):
    endpoint_at(here.url)
    happen()
    sending.send_due()
    delivery = WebhookDelivery.objects.get()
    assert replaying.replay(delivery_ids=[delivery.pk], now=timezone.now()) == 1
    sending.send_due()
    assert len({got.headers["webhook-id"] for got in here.got}) == 1
    assert len(here.got) == 2


def test_a_period_is_sent_again_with_what_the_endpoint_missed(here):
    endpoint = endpoint_at(here.url)
    start = timezone.now()
    (seen,) = happen()
    sending.send_due()
    endpoints.disable(endpoint_id=endpoint.pk, reason="By hand")
    (missed,) = happen(UserChanged(user_id=2))
    with pytest.raises(NotPossible):
        replaying.replay_range(
            endpoint_id=endpoint.pk, since=start, until=timezone.now(), now=timezone.now()
        )
    endpoints.resume(endpoint_id=endpoint.pk)
    now = timezone.now()
    count = replaying.replay_range(endpoint_id=endpoint.pk, since=start, until=now, now=now)
    assert count == 2
    send_at(timezone.now())
    ids = [got.headers["webhook-id"] for got in here.got]
    assert ids == [f"evt_{seen.pk}", f"evt_{seen.pk}", f"evt_{missed.pk}"]


def test_a_period_with_too_many_events_is_refused(here, monkeypatch):
    monkeypatch.setattr(replaying, "MOST_EVENTS", 2)
    endpoint = endpoint_at(here.url)
    start = timezone.now()
    happen(*(UserChanged(user_id=number) for number in range(3)))
    now = timezone.now()
    with pytest.raises(TooManyEvents):
        replaying.replay_range(endpoint_id=endpoint.pk, since=start, until=now, now=now)


# --- setting up -------------------------------------------------------------------------------


def test_an_address_inside_is_refused_where_it_is_entered(settings):
    settings.OMS_LOOPBACK_RECEIVERS = False
    with pytest.raises(AddressRefused) as refused:
        endpoint_at("http://127.0.0.1/hook")
    assert refused.value.field == "url"


@pytest.mark.django_db(transaction=True)
def test_lanes_are_served_side_by_side(here):
    with receiver() as other:
        endpoint_at(here.url, name="One")
        endpoint_at(other.url, name="Two")
        happen(*(UserChanged(user_id=number) for number in range(30)))
        assert sending.send_in_parallel() == 60
        assert (len(here.got), len(other.got)) == (30, 30)


def test_events_of_orders_are_told_by_the_channel_of_their_order(shop):
    shop.stock(shop.mug, 1)
    order = shop.order((shop.mug, 1))
    fact = StoredFact.objects.filter(subject_type="order", subject_id=order.pk).first()
    assert payloads.concerns(fact, [shop.web.pk])
    assert not payloads.concerns(fact, [shop.web.pk + 1])
