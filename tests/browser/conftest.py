"""Windows of the shared browser, people who sit before them, and a watch on what may not happen."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from core.models import User
from core.rights import Role
from tests.cast import make_shop, make_user
from tests.chromium import PATIENCE_MS
from tests.shipping.factories import make_picker, make_service

DESK = {"width": 1440, "height": 900}
HAND = {"width": 390, "height": 844}
PASSWORD = "a long quiet sentence"


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


class Watch:
    """Everything that went wrong in a window: scripts, policy, requests. Tests may expect some."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        # htmx writes an error for a request that a later one of the same form replaced
        self.expected: tuple[str, ...] = ("htmx:afterRequest", "htmx:sendAbort", "htmx:abort")

    def over(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.note(f"script: {error}"))
        page.on(
            "console",
            lambda line: self.note(f"console: {line.text}") if line.type == "error" else None,
        )
        page.on("requestfailed", lambda sent: self._failed(sent.url, sent.failure))
        page.on(
            "response",
            lambda got: self.note(f"{got.status}: {got.url}") if got.status >= 400 else None,
        )

    def _failed(self, url: str, why: str | None) -> None:
        # a request that the next page overtook is no fault
        if why != "net::ERR_ABORTED":
            self.note(f"request: {url} {why}")

    def note(self, fault: str) -> None:
        if not any(one in fault for one in self.expected):
            self.faults.append(fault)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def shop(transactional_db, live_server, settings):
    """The standing shop, with a service to send with; links in messages lead to this server."""
    settings.BASE_URL = live_server.url
    made = make_shop()
    made.service = make_service()
    return made


@pytest.fixture
def open_window(chromium: Browser, live_server, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a window of one's own, signed in as a user where one is given."""
    opened: list[BrowserContext] = []

    def make(user: User | None = None, *, size: dict = DESK, **more) -> Page:
        context = chromium.new_context(
            viewport=size, base_url=live_server.url, reduced_motion="reduce", **more
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        if user is not None:
            sign_in(context, user, live_server.url)
        page = context.new_page()
        watch.over(page)
        return page

    yield make
    for context in opened:
        context.close()
    assert watch.faults == []


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    """Give a window the session of a user, without the login page."""
    client = Client()
    client.force_login(user)
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": url}
            for name, morsel in client.cookies.items()
        ]
    )


@pytest.fixture
def manager(shop) -> User:
    return make_user(Role.MANAGER, password=PASSWORD, name="Mara Manager")


@pytest.fixture
def picker(shop) -> User:
    return make_picker(shop.warehouse)


@pytest.fixture
def desk(open_window, manager) -> Page:
    """A manager's window."""
    return open_window(manager)
