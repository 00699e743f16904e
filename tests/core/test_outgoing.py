"""Calls to addresses that people enter: nothing inside a network is reached, and none lasts long."""

import socket
import time

import pytest
from django.db import transaction

from core import outgoing
from core.outgoing import AddressRefused, Unreachable
from tests.receivers import receiver


@pytest.fixture
def loopback(settings):
    """Receivers on this machine may be called."""
    settings.OMS_LOOPBACK_RECEIVERS = True


@pytest.fixture
def names(monkeypatch):
    """A resolver that knows the names a test gives it; each answer is used once, the last for good."""
    known: dict[str, list[str]] = {}
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host, port, *more, **options):
        asked.append(host)
        answers = known.get(host)
        if answers is None:
            return real(host, port, *more, **options)
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        place = (address, port, 0, 0) if ":" in address else (address, port)
        return [(family, socket.SOCK_STREAM, 6, "", place)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    resolve.known, resolve.asked = known, asked
    return resolve


def send(url: str) -> outgoing.Answer:
    return outgoing.post(url, b"{}", {"Content-Type": "application/json"})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/hook",
        "https://example.com:6379/",
        "https://user:word@example.com/",
        "https://user@example.com/",
        "https:///hook",
        "https://example.com/#part",
        "https://example.com\\@127.0.0.1/",
        "https://exa mple.com/",
        "https://[::1/",
        "https://example.com:99999/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest",
        "https://100.64.0.1/",
        "https://localhost/",
        "https://LOCALHOST./",
    ],
)
def test_an_address_that_can_never_be_right_is_refused_before_anything_is_looked_up(url, names):
    with pytest.raises(AddressRefused):
        send(url)
    assert names.asked == []


INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "10.0.0.8",
    "172.16.4.4",
    "192.168.1.1",
    "169.254.169.254",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100.64.0.1",
    "2002:7f00:1::",
    "192.0.0.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "ff02::1",
    "240.0.0.1",
    "255.255.255.255",
]


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_a_network_is_never_called(address, names, monkeypatch):
    called = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, place: called.append(place))
    names.known["hook.example"] = [address]
    with pytest.raises(AddressRefused):
        send("https://hook.example/")
    assert called == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
     "localhost"],
)  # fmt: skip
def test_no_spelling_of_this_machine_reaches_a_listener_on_it(host, monkeypatch):
    with receiver() as here:
        # even if the scheme and the port were let through
        monkeypatch.setattr(outgoing, "PORTS", frozenset({here.port}))
        with pytest.raises((AddressRefused, Unreachable)):
            send(f"https://{host}:{here.port}/")
    assert here.got == []


def test_a_name_that_turns_inward_between_two_lookups_leads_nowhere(names, monkeypatch):
    called = []

    def connect(_, place):
        called.append(place[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    names.known["hook.example"] = ["93.184.216.34", "127.0.0.1"]
    with pytest.raises(Unreachable):
        send("https://hook.example/")
    assert set(called) == {"93.184.216.34"}  # resolved once, and called where that led


def test_an_address_inside_stays_closed_even_where_this_machine_is_open(names, loopback):
    names.known["hook.example"] = ["169.254.169.254"]
    with pytest.raises(AddressRefused):
        send("http://hook.example/")


def test_a_redirect_is_an_answer_and_is_not_followed(loopback):
    with receiver() as elsewhere, receiver() as here:
        here.status, here.headers = 302, {"Location": elsewhere.url}
        assert send(here.url).status == 302
    assert (len(here.got), elsewhere.got) == (1, [])


def test_of_a_long_answer_only_the_beginning_is_read(loopback):
    with receiver() as here:
        here.status, here.body = 200, b"x" * 5_000_000
        answer = send(here.url)
    assert (answer.status, len(answer.body)) == (200, outgoing.MOST_BYTES)


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_an_answer_that_drips_ends_at_the_deadline(loopback, monkeypatch, beginning):
    monkeypatch.setattr(outgoing, "ANSWER_SECONDS", 0.5)

    def drip(request) -> None:
        request.wfile.write(beginning)
        for _ in range(60):
            try:
                request.wfile.write(b"a")
                request.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    with receiver() as here:
        here.answering = drip
        with pytest.raises(Unreachable, match="No whole answer came"):
            send(here.url)


def test_nobody_there_is_said_as_such(loopback):
    with receiver() as here:
        pass
    with pytest.raises(Unreachable, match="could not be reached"):
        send(here.url)


def test_proxies_of_the_environment_are_not_used(loopback, monkeypatch):
    with receiver() as proxy, receiver() as here:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert send(here.url).status == 204
    assert (len(here.got), proxy.got) == (1, [])


def test_nothing_is_called_inside_a_transaction(db, loopback):
    with (
        receiver() as here,
        transaction.atomic(),
        pytest.raises(RuntimeError, match="inside a transaction"),
    ):
        send(here.url)
    assert here.got == []
