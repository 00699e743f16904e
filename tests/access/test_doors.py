"""Every address, as every role and as a stranger, opens to those its mark names and to nobody else."""

import re
import uuid

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls.resolvers import RegexPattern, RoutePattern

from core.access import Door, addresses
from core.rights import Role
from tests.cast import make_user

SAMPLES = {
    "int": "987654321",
    "str": "nothing-here",
    "slug": "nothing-here",
    "uuid": str(uuid.UUID(int=7)),
    "path": "nothing/here",
}
# these end or renew the very session the walk is made in; test_login.py tries them
SIGNING_OUT = {"logout", "sign_out_elsewhere"}


def path_of(address) -> str:
    """An address with its converters filled in by things that do not exist."""
    parts = []
    for pattern in address.pattern:
        if isinstance(pattern, RoutePattern):
            parts.append(
                re.sub(
                    r"<(?:(\w+):)?(\w+)>",
                    lambda match: SAMPLES.get(match.group(1) or "str", "nothing-here"),
                    pattern._route,
                )
            )
        elif isinstance(pattern, RegexPattern):
            parts.append("nothing-here/")
    return "/" + "".join(parts)


@pytest.fixture
def plain_refusals(monkeypatch):
    """Refusals and missing things answer without their page: the walk looks at codes alone."""

    def bare(request, template, context, status):
        return HttpResponse(status=status)

    monkeypatch.setattr("core.views.errors.render", bare)


def own_addresses():
    return [
        one for one in addresses() if not (one.mark and one.mark.door in {Door.ADMIN, Door.KEY})
    ]


def test_every_address_is_marked():
    assert [one.route for one in own_addresses() if one.mark is None] == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_led_to_the_login_from_every_closed_address(method):
    client = Client()
    open_to_strangers = []
    for address in own_addresses():
        if address.mark.door is Door.PUBLIC:
            continue
        response = getattr(client, method)(path_of(address))
        if response.status_code != 302 or not response.headers["Location"].startswith("/login/"):
            open_to_strangers.append((address.route, response.status_code))
    assert open_to_strangers == []


@pytest.mark.django_db
def test_public_addresses_never_lead_a_stranger_to_the_login():
    client = Client()
    led = []
    for address in own_addresses():
        if address.mark.door is Door.PUBLIC:
            response = client.get(path_of(address))
            if response.status_code >= 500 or response.headers.get("Location", "").startswith(
                "/login/?next="
            ):
                led.append((address.route, response.status_code))
    assert led == []


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_exactly_what_its_rights_name(role, method, plain_refusals):
    user = make_user(role)
    client = Client()
    client.force_login(user)
    wrong = []
    for address in own_addresses():
        if address.mark.door is Door.PUBLIC or (method == "post" and address.name in SIGNING_OUT):
            continue
        may = address.mark.right is None or role in address.mark.right.roles
        with transaction.atomic():
            response = getattr(client, method)(path_of(address))
            transaction.set_rollback(True)
        to_login = response.headers.get("Location", "").startswith("/login/?next=")
        is_open = response.status_code != 403 and not to_login
        if is_open != may or response.status_code >= 500:
            wrong.append((address.route, response.status_code, may))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_the_admin_opens_to_no_role_by_itself(role):
    client = Client()
    client.force_login(make_user(role))
    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/core/user/").status_code == 403


@pytest.mark.django_db
def test_the_admin_opens_to_who_may_open_it():
    client = Client()
    client.force_login(make_user(Role.ADMIN, is_staff=True))
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/core/user/").status_code == 200


@pytest.mark.django_db
def test_a_stranger_at_the_admin_is_led_to_the_login_of_the_back_office():
    for path in ("/admin/", "/admin/login/", "/admin/core/user/", "/admin/nothing/"):
        response = Client().get(path)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/login/?next=")


@pytest.mark.django_db
def test_a_user_without_a_role_opens_only_their_own_account(client):
    user = make_user("sales")
    user.roles = []
    user.save()
    client.force_login(user)
    assert client.get("/").status_code == 403
    assert client.get("/account/").status_code == 200


@pytest.mark.django_db
def test_a_role_taken_away_closes_the_page_with_the_next_request(client):
    user = make_user("admin")
    client.force_login(user)
    assert client.get("/settings/users/").status_code == 200
    user.roles = ["sales"]
    user.save()
    assert client.get("/settings/users/").status_code == 403


@pytest.mark.django_db
def test_the_refusal_names_the_roles_that_may(client):
    client.force_login(make_user("sales"))
    page = client.get("/settings/users/").content.decode()
    assert "“Manage users and roles” is for: Admin." in page


@pytest.mark.django_db
def test_a_view_without_a_mark_answers_nobody(client, settings):
    settings.ROOT_URLCONF = "tests.access.unmarked_urls"
    client.force_login(make_user("admin"))
    client.raise_request_exception = False
    assert client.get("/unmarked").status_code == 500


@pytest.mark.django_db
def test_a_fragment_of_a_stranger_leads_the_whole_page_to_the_login(client):
    response = client.get(
        "/palette",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/settings/?q=1"},
    )
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/login/?next=%2Fsettings%2F%3Fq%3D1"
