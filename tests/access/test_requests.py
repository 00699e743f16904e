"""What happens round every request: headers, ids, refusals, and logs that name nobody."""

import json
import logging
import re
import threading
from io import StringIO
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from core import logs
from core.access import public, safe_path
from core.client_address import client_address
from core.errors import NotPossible, StaleEdit
from core.models import User
from oms.urls import handler403, handler404, handler500
from oms.urls import urlpatterns as own

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

pytestmark = pytest.mark.django_db


@public
def refuses(request):
    raise NotPossible("The parcel has left already.", field="state")


@public
def is_stale(request):
    raise StaleEdit("Your changes were not saved.", changes=["Grace: Address changed"])


@public
def waits_for_a_lock(request):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        User.objects.select_for_update().get(pk=request.GET["user"])
    return HttpResponse("locked")


@public
def takes_long(request):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse("done")


@public
def keeps_what_it_gets(request):
    with transaction.atomic():
        User.objects.create_user("nul@example.com", name=request.POST["name"])
    return HttpResponse("kept")


@public
def breaks(request):
    raise RuntimeError("ada@example.com has a problem")


urlpatterns = [
    path("t/refuses", refuses),
    path("t/stale", is_stale),
    path("t/lock", waits_for_a_lock),
    path("t/long", takes_long),
    path("t/keeps", keeps_what_it_gets),
    path("t/breaks", breaks),
    *own,
]


@pytest.fixture
def odd_pages(settings):
    settings.ROOT_URLCONF = "tests.access.test_requests"


def test_a_refusal_is_a_page_that_says_why(client, odd_pages, agent):
    client.force_login(agent)
    response = client.post("/t/refuses", headers={"Referer": "http://testserver/settings/?a=1"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "The parcel has left already." in page
    assert 'href="/settings/?a=1"' in page


def test_a_refusal_in_a_fragment_is_a_banner(client, odd_pages):
    response = client.post("/t/refuses", headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == "#banners"
    assert "<html" not in response.content.decode()


def test_a_stale_edit_says_what_changed(client, odd_pages):
    response = client.post("/t/stale")
    assert response.status_code == 409
    assert "Grace: Address changed" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_lock_held_by_somebody_else_is_a_409(client, odd_pages):
    user = User.objects.create_user("ada@example.com", name="Ada")
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            held.set()
            done.wait(5)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    response = client.post(f"/t/lock?user={user.pk}")
    done.set()
    thread.join()
    assert response.status_code == 409
    assert "Somebody else is editing this" in response.content.decode()


def test_a_statement_that_takes_too_long_is_a_503(client, odd_pages):
    response = client.get("/t/long")
    assert response.status_code == 503
    assert "That took too long" in response.content.decode()


@pytest.mark.parametrize("name", ["Ada\0", "x" * 10_000])
def test_what_the_database_cannot_hold_is_refused_in_words(client, odd_pages, name):
    response = client.post("/t/keeps", {"name": name})
    assert response.status_code == 422
    assert "That cannot be stored" in response.content.decode()
    assert not User.objects.filter(email="nul@example.com").exists()


def test_a_broken_page_shows_the_request_and_nothing_inside(client, odd_pages):
    client.raise_request_exception = False
    response = client.get("/t/breaks", headers={"X-Request-ID": "ask-about-this"})
    page = response.content.decode()
    assert response.status_code == 500
    assert "ask-about-this" in page
    assert "RuntimeError" not in page
    assert "example.com" not in page


def test_nothing_there_reads_the_same_signed_in_or_not(client, agent):
    assert client.get("/nothing/here").status_code == 404
    client.force_login(agent)
    response = client.get("/nothing/here")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_every_answer_carries_a_request_id(client):
    made = client.get("/login/").headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    given = client.get("/login/", headers={"X-Request-ID": "abc-12345"})
    assert given.headers["X-Request-ID"] == "abc-12345"
    strange = client.get("/login/", headers={"X-Request-ID": "<b>\r\n"})
    assert re.fullmatch(r"[0-9a-f]{32}", strange.headers["X-Request-ID"])


def test_a_form_without_its_token_changes_nothing(agent):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(agent)
    response = strict.post("/preferences/", {"theme": "dark"})
    assert response.status_code == 403
    assert "This page is too old" in response.content.decode()


@pytest.mark.parametrize("page", ["/login/", "/", "/settings/", "/nothing/", "/settings/users/"])
def test_every_page_carries_the_headers_that_guard_it(client, agent, page):
    client.force_login(agent)
    response = client.get(page)
    policy = response.headers["Content-Security-Policy"]
    for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=()" in response.headers["Permissions-Policy"]
    vary = response.headers["Vary"]
    assert "HX-Request" in vary
    assert "HX-History-Restore-Request" in vary
    if response.status_code == 200:
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("page", ["/login/", "/", "/settings/", "/account/", "/settings/audit/"])
def test_no_page_carries_inline_script_or_style(client, admin, page):
    client.force_login(admin)
    html = client.get(page, follow=True).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)", html)
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)


def test_only_this_site_is_led_to():
    request = RequestFactory().get("/", headers={"Host": "testserver"})
    assert safe_path(request, "http://testserver/a?b=1") == "/a?b=1"
    for away in ("http://evil.example/a", "//evil.example", "javascript:x", "", "http:///a"):
        assert safe_path(request, away, default="/home") == "/home"


def test_only_trusted_proxies_are_believed(settings):
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"}
    )
    settings.OMS_TRUSTED_PROXIES = 0
    assert client_address(request) == "10.0.0.1"
    settings.OMS_TRUSTED_PROXIES = 1
    assert client_address(request) == "203.0.113.7"
    settings.OMS_TRUSTED_PROXIES = 3
    assert client_address(request) == "10.0.0.1"


CANARIES = ("ada@example.com", "Lovelace", "t0k3n", "secret-words")


def formatted(as_json: bool, record: logging.LogRecord) -> str:
    config = logs.logging_config(as_json=as_json)["formatters"]["line"]
    factory = config.pop("()")
    return factory(**config).format(record)


@pytest.mark.parametrize("as_json", [True, False])
def test_no_line_of_the_log_names_anybody(as_json):
    try:
        raise psycopg.errors.UniqueViolation(
            "duplicate key\nDETAIL:  Key (name)=(Lovelace) for ada@example.com exists."
        )
    except psycopg.Error:
        import sys

        record = logging.LogRecord(
            "x",
            logging.ERROR,
            "f",
            1,
            "GET /track/t0k3n/ and /password/set/MQ/t0k3n-x/ by ada@example.com?q=secret-words "
            "at /search?q=secret-words",
            (),
            sys.exc_info(),
        )
    line = formatted(as_json, record)
    for canary in ("ada@example.com", "Lovelace", "t0k3n"):
        assert canary not in line
    assert "/track/[token]" in line
    if as_json:
        assert json.loads(line)["level"] == "error"


@pytest.fixture
def log():
    """What the root handler writes, line by line."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    handler.setFormatter(
        next(one.formatter for one in root.handlers if type(one) is logging.StreamHandler)
    )
    root.addHandler(handler)
    yield lambda: written.getvalue().splitlines()
    root.removeHandler(handler)


def test_a_request_writes_one_line_with_its_path_and_no_query(client, agent, log):
    client.force_login(agent)
    client.get("/search?q=ada@example.com", headers={"X-Request-ID": "find-this-line"})
    lines = [line for line in log() if "find-this-line" in line]
    assert len(lines) == 1
    assert "path=/search " in lines[0]
    assert f"actor=user:{agent.pk}" in lines[0]
    assert "example.com" not in lines[0]


def test_probes_write_no_line(client, log):
    client.get("/healthz")
    assert log() == []


def test_htmx_and_a_stranger_meet_in_to_login():
    from core.access import to_login

    request = RequestFactory().post("/x", headers={"Referer": "http://testserver/orders/7/"})
    request.htmx = SimpleNamespace(current_url_abs_path="/orders/?q=1")
    assert to_login(request).headers["HX-Redirect"].endswith("next=%2Forders%2F%3Fq%3D1")
    request.htmx = None
    assert to_login(request).headers["Location"].endswith("next=%2Forders%2F7%2F")
