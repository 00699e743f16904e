"""Signing in: with the right words only, never too often, and never telling who has an account."""

import re

import pytest
import time_machine
from django.core import mail

from core import outbox
from core.models import StoredFact, User
from tests.access.conftest import PASSWORD

WRONG = "The e-mail address and password do not match."
pytestmark = pytest.mark.django_db


def sign_in(client, email, password=PASSWORD, **more):
    return client.post("/login/", {"username": email, "password": password, **more})


def test_e_mail_and_password_open_home(client, agent):
    response = sign_in(client, agent.email)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_capitals_and_spaces_of_the_address_do_not_matter(client, agent):
    assert sign_in(client, f" {agent.email.upper()} ").status_code == 302


def test_signing_in_changes_the_session_key(client, agent):
    client.get("/login/")
    session = client.session
    session["kept"] = 1
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    sign_in(client, agent.email)
    assert client.session.session_key != before


def test_one_is_led_back_to_the_page_one_wanted(client, agent):
    response = sign_in(client, agent.email, next="/settings/?tab=2")
    assert response.headers["Location"] == "/settings/?tab=2"


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(client, agent, away):
    assert sign_in(client, agent.email, next=away).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, agent):
    known = sign_in(client, agent.email, "wrong")
    unknown = sign_in(client, "nobody@example.com", "wrong")
    assert known.status_code == unknown.status_code == 422
    assert WRONG in known.content.decode()

    def plain(response):
        page = re.sub(r'value="[^"]*"|nonce="[^"]*"|[0-9a-f]{32}', "", response.content.decode())
        return re.sub(r'"X-CSRFToken": "[^"]*"', "", page)

    assert plain(known) == plain(unknown)


def test_a_closed_account_reads_like_an_unknown_one(client, agent):
    User.objects.update(is_active=False)
    response = sign_in(client, agent.email)
    assert response.status_code == 422
    assert WRONG in response.content.decode()


def test_an_address_longer_than_any_is_an_unknown_one(client, agent):
    assert sign_in(client, "x" * 10_000, "wrong").status_code == 422


@pytest.mark.parametrize("email", ["sales@example.com", "nobody@example.com"])
def test_five_wrong_passwords_close_an_account_known_or_not(client, agent, email):
    answers = [sign_in(client, email, "wrong").status_code for _ in range(5)]
    assert answers[:4] == [422] * 4
    locked = sign_in(client, email)
    assert locked.status_code == 429
    assert "Signing in is closed for 15 minutes" in locked.content.decode()


def test_other_capitals_are_no_way_round_the_lock(client, agent):
    for i in range(5):
        sign_in(client, agent.email.upper() if i % 2 else agent.email, "wrong")
    assert sign_in(client, agent.email.title()).status_code == 429


def test_the_lock_opens_after_a_quarter_of_an_hour(client, agent):
    with time_machine.travel("2026-11-20 10:00Z", tick=False):
        for _ in range(5):
            sign_in(client, agent.email, "wrong")
        assert sign_in(client, agent.email).status_code == 429
    with time_machine.travel("2026-11-20 10:16Z", tick=False):
        assert sign_in(client, agent.email).status_code == 302


def test_one_address_that_tries_many_accounts_is_stopped(client, agent):
    for i in range(50):
        sign_in(client, f"user{i}@example.com", "wrong")
    assert sign_in(client, agent.email).status_code == 429


def test_signing_out_needs_a_post(client, agent):
    client.force_login(agent)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_passwords_are_kept_as_argon2(agent):
    assert agent.password.startswith("argon2$")


def test_a_link_by_mail_sets_a_password_once(client, agent, settings):
    settings.EMAIL_URL, settings.IS_TRAINING = "smtp://mail.example", False
    client.post("/password/forgotten/", {"email": agent.email})
    outbox.drain()
    link = re.search(r"http://\S+", mail.outbox[0].body).group()
    path = link.removeprefix(settings.BASE_URL)
    page = client.get(path, follow=True)
    form_path = page.redirect_chain[-1][0]
    new = "another long sentence"
    done = client.post(form_path, {"new_password1": new, "new_password2": new})
    assert done.headers["Location"] == "/login/"
    assert client.get("/").status_code == 302  # the link signs nobody in
    assert sign_in(client, agent.email, new).status_code == 302
    client.logout()
    assert "used up" in client.get(path, follow=True).content.decode()


def test_asking_for_a_link_never_tells_who_has_an_account(client, agent, settings):
    settings.EMAIL_URL, settings.IS_TRAINING = "smtp://mail.example", False
    answers = [
        client.post("/password/forgotten/", {"email": email}).status_code
        for email in (agent.email, "nobody@example.com")
    ]
    assert answers == [200, 200]
    outbox.drain()
    assert [letter.to for letter in mail.outbox] == [[agent.email]]


def test_links_are_sent_three_times_an_hour_and_no_more(client, agent):
    for _ in range(6):
        client.post("/password/forgotten/", {"email": agent.email})
    assert StoredFact.objects.filter(name="core.PasswordLinkAsked").count() == 3


def test_without_the_cache_signing_in_still_works(client, agent, monkeypatch):
    class Away:
        def add(self, *args):
            raise OSError("no cache")

    monkeypatch.setattr("core.throttle.cache", Away())
    assert sign_in(client, agent.email).status_code == 302


def test_a_new_password_ends_every_other_session(client, agent, django_user_model):
    client.force_login(agent)
    other = type(client)()
    other.force_login(agent)
    new = "another long sentence"
    client.post("/account/password/", {"password": PASSWORD, "new_password": new})
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_preferences_are_kept_and_unknown_ones_refused(client, agent):
    client.force_login(agent)
    answer = client.post(
        "/preferences/", {"theme": "dark", "density": "compact", "shortcuts": "off"}
    )
    assert answer.status_code == 204
    agent.refresh_from_db()
    assert (agent.theme, agent.density, agent.has_shortcuts) == ("dark", "compact", False)
    assert client.post("/preferences/", {"theme": "neon"}).status_code == 422
    without_script = client.post("/preferences/", {"theme": "light", "next": "/settings/"})
    assert without_script.headers["Location"] == "/settings/"
