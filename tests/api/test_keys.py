"""Keys: shown once, kept hashed, known by their scope, turned away when too fast or revoked."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.api.keys import BadKey, create_api_key, key_of, revoke_api_key, rotate_api_key
from core.api.shapes import Input, Output
from core.models import ApiKey, StoredFact
from oms.api import v1
from tests.cast import NOON


def test_a_request_without_a_key_is_told_how_to_bring_one(client, db):
    response = client.get("/api/v1/orders")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "key_missing"


def test_an_unknown_key_opens_nothing(client, db):
    response = client.get("/api/v1/orders", headers={"Authorization": "Bearer qs_nothing"})
    assert (response.status_code, response.json()["code"]) == (401, "key_unknown")


def test_a_session_of_the_back_office_opens_nothing(as_manager):
    assert as_manager.get("/api/v1/orders").status_code == 401


def test_a_key_in_the_address_is_refused_even_when_it_is_good(program):
    shop = program()
    response = shop.get("/orders", api_key=shop.secret)
    assert (response.status_code, response.json()["code"]) == (400, "key_in_address")


def test_the_secret_is_kept_nowhere(program):
    shop = program()
    row = ApiKey.objects.values().get()
    facts = list(StoredFact.objects.filter(subject_type="apikey").values())
    assert shop.secret not in repr(row) + repr(facts)
    assert shop.secret.startswith(row["prefix"])


def test_a_key_without_the_scope_is_told_which_one(program):
    response = program("orders.edit").get("/orders")
    assert response.status_code == 403
    assert response.json()["detail"] == "This key lacks the scope orders.see (See orders)."


def test_a_revoked_key_opens_nothing_from_the_next_request_on(program):
    shop = program()
    assert shop.get("/orders").status_code == 200
    revoke_api_key(key_id=ApiKey.objects.get().pk, now=NOON)
    assert shop.get("/orders").status_code == 401


def test_after_a_rotation_both_secrets_work_for_a_day(program):
    shop = program()
    now = timezone.now()
    key, new = rotate_api_key(key_id=ApiKey.objects.get().pk, now=now)
    assert [key_of(secret, now=now) for secret in (shop.secret, new)] == [key, key]
    tomorrow = now + timedelta(hours=25)
    assert [key_of(secret, now=tomorrow) for secret in (shop.secret, new)] == [None, key]


def test_who_is_too_fast_is_told_when_to_come_again(program):
    shop = program(per_minute=12)  # two at once, then one in five seconds
    answers = [shop.get("/orders") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 429, 429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[-1]["Retry-After"]) <= 5


def test_the_last_use_is_remembered(program):
    program().get("/orders")
    assert ApiKey.objects.get().last_used_at is not None


def test_scopes_are_rights_that_the_api_asks_for(db):
    with pytest.raises(BadKey, match=r"“core\.users” is no scope"):
        create_api_key(name="Shop", scopes=["core.users"], now=NOON)
    with pytest.raises(BadKey, match="choose at least one"):
        create_api_key(name="Shop", scopes=[], now=NOON)
    key, _ = create_api_key(name="Shop", scopes=["orders.*"], now=NOON)
    assert {"orders.cancel", "orders.edit", "orders.see"} <= set(key.scopes)


def test_a_command_makes_a_key(shop, capsys):
    call_command(
        "create_api_key",
        "--name",
        "Shop",
        "--scopes",
        "orders.see,orders.edit",
        "--channel",
        "web",
        "--json",
    )
    made = json.loads(capsys.readouterr().out)
    assert made["scopes"] == ["orders.edit", "orders.see"]
    assert key_of(made["key"], now=NOON).channel == shop.web


def test_a_command_that_cannot_make_one_says_why(shop, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("create_api_key", "--name", "Shop", "--scopes", "orders.nothing")
    assert end.value.code == 2
    assert "“orders.nothing” is no scope" in capsys.readouterr().err


def test_a_page_makes_a_key_and_shows_its_secret_once(client, db):
    from tests.cast import make_user

    client.force_login(make_user("admin"))
    page = client.post(
        "/settings/api-keys/new/",
        {"name": "Till", "scopes": ["orders.see"], "per_minute": "600"},
    )
    key = ApiKey.objects.get()
    assert key.prefix in page.content.decode()
    shown = client.get(f"/settings/api-keys/{key.pk}/").content.decode()
    assert "Till" in shown and key.secret_hash not in shown
    assert client.get("/settings/api-keys/").status_code == 200
    assert client.get(f"/settings/api-keys/{key.pk}/revoke/").status_code == 200
    assert "Secret of Till" in client.post(f"/settings/api-keys/{key.pk}/rotate/").content.decode()


def test_a_form_without_a_scope_is_refused_on_its_field(client, db):
    from tests.cast import make_user

    client.force_login(make_user("admin"))
    page = client.post("/settings/api-keys/new/", {"name": "Till", "per_minute": "600"})
    assert page.status_code == 422
    assert not ApiKey.objects.exists()


def test_the_page_of_the_document_names_every_operation(as_manager):
    page = as_manager.get("/api/").content.decode()
    assert "/api/v1/orders/{order_id}/cancel" in page
    assert "<script>" not in page and "style=" not in page


def test_the_document_is_openapi_3_1(client):
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_no_two_shapes_share_a_name():
    """The document would show one of them for both."""
    assert v1.urls  # every room is loaded
    below = [*Input.__subclasses__(), *Output.__subclasses__()]
    names = []
    while below:
        shape = below.pop()
        below += shape.__subclasses__()
        names.append(shape.__name__)
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
