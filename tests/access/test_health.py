"""Alive, ready, well: each says what it must and leaks nothing."""

import pytest
from django.utils import timezone

from core import failed_work, health, outbox
from core.events import SessionsEnded
from core.models import AttentionItem, Delivery, DeliveryStatus, StoredFact
from core.rights import Role
from tests.cast import make_user


def test_alive_asks_no_database(client):
    # a test without the database mark fails when it is asked
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_machines_may_ask_by_any_host_name(client, settings):
    settings.ALLOWED_HOSTS = ["shop.example"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz", headers={"Host": "10.2.3.4:8000"}).status_code == 200


@pytest.mark.django_db
def test_ready_when_every_part_answers(client):
    response = client.get("/readyz")
    assert response.json() == {"ready": True, "missing": []}


@pytest.mark.django_db
def test_not_ready_names_the_part_and_nothing_else(client, settings):
    settings.REDIS_URL = "unix:///nowhere/at/all.sock"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "missing": ["queue"]}


@pytest.mark.django_db
def test_figures_are_for_this_machine_only(client, settings):
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        through_a_proxy = client.get(
            "/metrics", REMOTE_ADDR="127.0.0.1", headers={header: "203.0.113.9"}
        )
        assert through_a_proxy.status_code == 404
    settings.OMS_TRUSTED_PROXIES = 1  # a proxy on this machine may say nothing of itself
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404


@pytest.mark.django_db
def test_figures_are_for_who_brings_the_token(client, settings):
    settings.METRICS_TOKEN = "figures-please"
    bearer = {"Authorization": "Bearer figures-please"}
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3", headers=bearer).status_code == 200
    settings.OMS_TRUSTED_PROXIES = 1
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1", headers=bearer).status_code == 200
    wrong = {"Authorization": "Bearer guess"}
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3", headers=wrong).status_code == 404
    settings.METRICS_TOKEN = ""
    empty = {"Authorization": "Bearer "}
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3", headers=empty).status_code == 404


@pytest.mark.django_db
def test_figures_count_requests_and_what_waits(client):
    client.get("/login/")
    page = client.get("/metrics").content.decode()
    assert 'oms_requests_total{method="GET",status="200",view="login"}' in page
    assert "oms_outbox_parked 0.0" in page
    assert "/login/" not in page


@pytest.mark.django_db
def test_the_health_page_names_what_is_amiss(client, agent):
    client.force_login(make_user(Role.MANAGER))
    park(agent)
    page = client.get("/system/health/").content.decode()
    assert "Deliveries parked after five tries: 1" in page
    assert "PostgreSQL" in page


def test_a_gauge_that_fails_holds_up_no_other():
    def broken():
        raise OSError("no such disk")

    reading = health._read(health.Gauge("x", "X", "Y", broken))
    assert (reading.text, reading.state) == ("cannot be read", health.State.BAD)


def park(agent):
    fact = StoredFact.objects.create(
        name="core.SessionsEnded",
        subject_type="user",
        subject_id=agent.pk,
        payload=SessionsEnded(user_id=agent.pk).payload(),
        sentence="Signed out everywhere",
        actor_kind="system",
        actor_label="System",
        occurred_at=timezone.now(),
    )
    return Delivery.objects.create(
        fact=fact,
        handler="nobody.at_home",
        status=DeliveryStatus.PARKED,
        attempts=5,
        last_error="ValueError: <b>no</b>",
        next_attempt_at=timezone.now(),
    )


@pytest.mark.django_db
def test_parked_work_waits_on_home_until_it_is_tried_again(client, agent):
    client.force_login(make_user(Role.MANAGER))
    delivery = park(agent)
    failed_work.tell_home()
    assert (
        "Reactions to what happened that failed five times: 1" in client.get("/").content.decode()
    )
    page = client.get("/system/failed/").content.decode()
    assert "ValueError: &lt;b&gt;no&lt;/b&gt;" in page
    client.post("/system/failed/deliveries/retry/", {"selected": delivery.pk})
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.WAITING, 0)
    assert AttentionItem.objects.get(kind=failed_work.KIND).resolved_at is not None
    outbox.drain()
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.DONE


@pytest.mark.django_db
def test_a_kind_of_work_that_does_not_exist_is_not_found(client):
    client.force_login(make_user(Role.MANAGER))
    assert client.post("/system/failed/wishes/retry/", {"all": "1"}).status_code == 404
