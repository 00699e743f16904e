"""The second factor: asked for on every way in, good once, and never a way to lock oneself out."""

import re
import time

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import second_factor
from core.rights import Role
from tests.access.conftest import PASSWORD
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def code_of(device, offset=0) -> str:
    return f"{totp(device.bin_key, t0=0, drift=offset):06d}"


def enrol(user):
    """A confirmed device whose last code lies behind, and the recovery codes."""
    device = second_factor.begin(user)
    with time_machine.travel(time.time() - 600, tick=False):
        device, codes = second_factor.confirm(user, code_of(device))
    user.refresh_from_db()
    return TOTPDevice.objects.get(pk=device.pk), codes


def password_step(client, user):
    return client.post("/login/", {"username": user.email, "password": PASSWORD})


def test_enrolling_shows_a_picture_and_then_ten_codes(client, agent):
    client.force_login(agent)
    page = client.get("/account/second-factor/").content.decode()
    assert "<svg" in page
    device = TOTPDevice.objects.get(user=agent, confirmed=False)
    shown = client.post("/account/second-factor/", {"code": code_of(device)}).content.decode()
    assert len(re.findall(r"\w{4}-\w{4}-\w{4}-\w{4}", shown)) == 10
    assert client.get("/").status_code == 200  # this session goes on


def test_a_wrong_code_does_not_switch_it_on(client, agent):
    client.force_login(agent)
    client.get("/account/second-factor/")
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 422
    assert second_factor.device_of(agent) is None


def test_the_password_alone_signs_nobody_in(client, agent):
    enrol(agent)
    assert password_step(client, agent).headers["Location"] == "/login/code/"
    assert SESSION_KEY not in client.session
    assert client.get("/").status_code == 302


def test_password_and_code_sign_in(client, agent):
    device, _ = enrol(agent)
    password_step(client, agent)
    assert client.post("/login/code/", {"code": code_of(device)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_code_is_good_once(client, agent):
    device, _ = enrol(agent)
    code = code_of(device)
    password_step(client, agent)
    assert client.post("/login/code/", {"code": code}).status_code == 302
    other = type(client)()
    password_step(other, agent)
    assert other.post("/login/code/", {"code": code}).status_code == 422


def test_a_recovery_code_is_good_once(client, agent):
    _, codes = enrol(agent)
    password_step(client, agent)
    assert client.post("/login/code/", {"code": codes[0].upper()}).status_code == 302
    other = type(client)()
    password_step(other, agent)
    assert other.post("/login/code/", {"code": codes[0]}).status_code == 422


def test_recovery_codes_are_kept_as_digests(agent):
    _, codes = enrol(agent)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in codes}


def test_the_second_step_waits_five_minutes_and_no_longer(client, agent):
    device, _ = enrol(agent)
    password_step(client, agent)
    with time_machine.travel(time.time() + 301, tick=False):
        response = client.post("/login/code/", {"code": code_of(device)})
        assert response.headers["Location"] == "/login/"


def test_guessing_codes_is_slowed_down(client, agent):
    enrol(agent)
    password_step(client, agent)
    for _ in range(11):
        page = client.post("/login/code/", {"code": "000000"})
    assert "Too many tries" in page.content.decode()


def test_a_session_that_never_passed_it_opens_nothing(client, agent):
    client.force_login(agent)
    assert client.get("/").status_code == 200
    enrol(agent)
    client.force_login(agent)  # however it came about
    assert client.get("/").status_code == 302
    assert SESSION_KEY not in client.session


def test_the_admin_asks_for_it_too(client):
    user = make_user(Role.ADMIN, password=PASSWORD, is_staff=True)
    enrol(user)
    client.force_login(user)
    assert client.get("/admin/").status_code == 302
    assert (
        client.post("/admin/login/", {"username": user.email, "password": PASSWORD}).status_code
        == 302
    )
    assert SESSION_KEY not in client.session


def test_a_new_password_by_link_still_needs_the_code(client, agent):
    enrol(agent)
    agent.set_password("another long sentence")
    agent.save()
    response = client.post(
        "/login/", {"username": agent.email, "password": "another long sentence"}
    )
    assert response.headers["Location"] == "/login/code/"


def test_enrolling_ends_every_other_session(client, agent):
    other = type(client)()
    other.force_login(agent)
    enrol(agent)
    assert other.get("/").status_code == 302


def test_removing_it_takes_the_password(client, agent):
    device, _ = enrol(agent)
    password_step(client, agent)
    client.post("/login/code/", {"code": code_of(device)})
    assert client.post("/account/second-factor/remove/", {"password": "wrong"}).status_code == 422
    assert client.post("/account/second-factor/remove/", {"password": PASSWORD}).status_code == 302
    assert second_factor.device_of(agent) is None
    assert client.get("/").status_code == 200


def test_an_admin_helps_who_lost_the_device(as_admin, agent):
    enrol(agent)
    as_admin.post(f"/settings/users/{agent.pk}/second-factor/remove/")
    assert second_factor.device_of(agent) is None
