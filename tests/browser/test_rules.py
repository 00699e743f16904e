"""A rule in a real browser: written, previewed, run, and paused by its own failures."""

import pytest
from playwright.sync_api import Page, expect

from core import outbox
from core.models import Rule, WebhookEndpoint
from core.webhooks import endpoints
from tests.browser.hands import badges, shown_anew
from tests.cast import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partner(shop) -> WebhookEndpoint:
    shop.stock(shop.mug, 50)
    return endpoints.add_endpoint(
        name="Partner", url="https://example.com/x", event_kinds=["core.UserChanged"], now=NOON
    )


def test_a_rule_is_written_previewed_run_and_paused(shop, partner, desk):
    large, small = shop.order((shop.mug, 2, "90.00")), shop.order((shop.mug, 1, "9.00"))
    _write(desk, partner)
    desk.click("button:has-text('See what it would do')")
    desk.wait_for_selector("text=It would run for 1 of 2 orders")
    assert large.number in desk.inner_text("[aria-label='It would run for']")
    skipped = desk.inner_text("[aria-label='Skipped']")
    assert f"{small.number}\tNot met: Total is over 100 EUR (found: €9.00 EUR)" in skipped
    desk.click("button:has-text('Write rule')")
    desk.wait_for_selector("h1:has-text('What “Large orders” would do')")
    assert badges(desk) == ["Off"]
    desk.click("button:has-text('Switch on')")
    desk.wait_for_selector(".head__title .badge:has-text('On')")
    outbox.drain()
    placed = shop.order((shop.mug, 3, "90.00"))
    outbox.drain()
    desk.goto(f"/orders/{placed.pk}/")
    for words in ("Large orders", "Tagged large", "Partner is told by webhook", "Order placed"):
        expect(desk.locator("#rules")).to_contain_text(words)
    endpoints.disable(endpoint_id=partner.pk, reason="By hand")
    for _ in range(5):
        shop.order((shop.mug, 3, "90.00"))
        outbox.drain()
    desk.goto("/")
    desk.click("text=Rules paused")
    desk.click("main a:has-text('The rule “Large orders” was paused')")
    desk.wait_for_selector("h1:has-text('Large orders')")
    assert badges(desk) == ["Paused"]
    assert "It failed 5 times in a row." in desk.inner_text("main [role=status]")
    assert "resume it or change the rule" in desk.inner_text("[aria-label='Newest runs']")


def _write(desk: Page, partner: WebhookEndpoint) -> None:
    """The builder by keyboard: fields by their labels, buttons by Enter."""
    desk.goto("/rules/")
    desk.keyboard.press("c")
    desk.wait_for_selector("h1:has-text('New rule')")
    desk.fill("#id_name", "Large orders")
    desk.select_option("#id_trigger", "orders.OrderPlaced")
    with shown_anew(desk, "#builder"):
        _press(desk, "Add condition")
    with shown_anew(desk, "#builder"):
        desk.select_option("#id_if-0-field", "order.total")
    desk.select_option("#id_if-0-op", "over")
    desk.fill("#id_if-0-value", "100")
    desk.fill("#id_if-0-currency", "EUR")
    with shown_anew(desk, "#builder"):
        desk.select_option("#id_do-0-action", "orders.tag")
    desk.fill("#id_do-0-tags", "large")
    with shown_anew(desk, "#builder"):
        _press(desk, "Add step")
    with shown_anew(desk, "#builder"):
        desk.select_option("#id_do-1-action", "core.call_webhook")
    desk.select_option("#id_do-1-endpoint", str(partner.pk))
    assert desk.input_value("#id_if-0-value") == "100"
    assert not Rule.objects.exists()


def _press(desk: Page, words: str) -> None:
    desk.get_by_role("button", name=words, exact=True).press("Enter")
