"""What hands do at a browser: signing in, scanning, reading a page."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page


def sign_in_by_hand(page: Page, email: str, password: str) -> None:
    """Fill in the login by keyboard alone."""
    page.wait_for_selector("input[name=username]")
    page.focus("input[name=username]")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def scan(page: Page, code: str, end: str = "Enter") -> None:
    """What a scanner sends: keys five milliseconds apart, however slow this machine is just now."""
    session = page.context.new_cdp_session(page)
    began = time.time()
    for place, key in enumerate([*code, end]):
        text = {"Enter": "\r", "Tab": ""}.get(key, key)
        number = {"Enter": 13, "Tab": 9}.get(key, ord(key[0]))
        event = {
            "key": key,
            "windowsVirtualKeyCode": number,
            "timestamp": began + place * 0.005,
        }
        down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
        session.send("Input.dispatchKeyEvent", {**event, **down})
        session.send("Input.dispatchKeyEvent", {**event, "type": "keyUp"})
    session.detach()


def scan_and_read(page: Page, code: str) -> str:
    """Scan a code; returns what the page says about it."""
    page.evaluate("document.getElementById('scan').dataset.before = ''")
    scan(page, code)
    page.wait_for_selector("#scan:not([data-before]) .scan-result")
    return page.inner_text(".scan-result__text")


@contextmanager
def shown_anew(page: Page, selector: str) -> Iterator[None]:
    """What is done within makes the server send this part of the page again; wait until it stands."""
    page.locator(selector).evaluate("one => { one.dataset.before = '' }")
    yield
    page.wait_for_selector(f"{selector}:not([data-before])")


def badges(page: Page) -> list[str]:
    """The words beside the heading."""
    return [text.strip() for text in page.locator(".head__title .badge").all_inner_texts()]


def sums(page: Page, card: str) -> dict[str, str]:
    """The lines of a card's money summary."""
    rows = page.locator(f"{card} dl.summary > div")
    return {
        row.locator("dt").inner_text().strip(): row.locator("dd").inner_text().strip()
        for row in rows.all()
    }
