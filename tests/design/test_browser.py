"""What only a browser can show: keys, scans, dialogs, themes, reflow, and axe over every component."""

from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.hands import scan

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds: rule and places."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    return [
        (one["id"], [str(node["target"]) for node in one["nodes"]]) for one in found["violations"]
    ]


def announced(page: Page) -> str:
    page.wait_for_selector("#live:not(:empty)", state="attached")
    return page.locator("#live").inner_text()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent"))


@pytest.fixture
def guide(page: Page, live_server, client: Client, manager) -> Page:
    """The style guide, opened by a manager."""
    client.force_login(manager)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/system/style-guide/")
    return page


@pytest.fixture
def scanner(page: Page, live_server, settings) -> Page:
    """A scan page that lists the codes it was sent."""
    settings.ROOT_URLCONF = "tests.design.pages"
    page.goto(f"{live_server.url}/scan")
    return page


def test_axe_finds_nothing_in_either_theme_with_menus_and_dialogs_open(guide: Page) -> None:
    for scheme in ("light", "dark"):
        guide.emulate_media(color_scheme=scheme)
        assert violations(guide) == []
        guide.click(".bar__user")
        assert violations(guide) == []
        guide.keyboard.press("Escape")
        guide.click("[data-dialog-open=sample-dialog]")
        assert violations(guide) == []
        guide.keyboard.press("Escape")


def test_nothing_sticks_out_at_320_pixels(guide: Page) -> None:
    guide.set_viewport_size({"width": 320, "height": 700})
    assert guide.evaluate("document.documentElement.scrollWidth") == 320
    assert violations(guide) == []


def test_on_a_phone_the_menu_is_a_drawer_that_escape_closes(guide: Page) -> None:
    guide.set_viewport_size({"width": 390, "height": 800})
    menu = guide.locator("#nav")
    expect(menu).not_to_be_visible()
    guide.click(".bar__menu")
    expect(menu).to_be_visible()
    guide.keyboard.press("Escape")
    expect(menu).not_to_be_visible()


def test_rows_are_moved_through_and_picked_by_key_and_the_count_is_announced(guide: Page) -> None:
    for key in "jjx":
        guide.keyboard.press(key)
    assert focused(guide) == "SO-1041"
    assert announced(guide) == "1 selected on this page"
    guide.check("[data-select-page]")
    guide.click("[data-select-matching]")
    assert guide.inner_text("[data-selection-count]") == "All 1,284 matching selected"
    assert guide.input_value("input[name=scope]") == "matching"
    guide.uncheck("input[name=selected] >> nth=0")
    assert guide.input_value("input[name=scope]") == "page"


def test_single_keys_can_be_switched_off_and_stay_off(guide: Page) -> None:
    guide.keyboard.press("/")
    assert focused(guide) == "global-search"
    guide.click(".bar__user")
    with guide.expect_response("**/preferences/") as answer:
        guide.click("button[name=shortcuts][value=off]")
    assert answer.value.ok
    guide.reload()
    guide.keyboard.press("/")
    assert focused(guide) != "global-search"


def test_the_theme_is_kept_on_the_server_and_stands_in_the_first_byte(guide: Page) -> None:
    guide.click(".bar__user")
    with guide.expect_response("**/preferences/") as answer:
        guide.click("button[name=theme][value=dark]")
    assert answer.value.ok
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")
    assert 'data-theme="dark"' in guide.request.get(guide.url).text()


def test_the_palette_leads_to_a_page_by_keyboard_alone(guide: Page) -> None:
    guide.keyboard.press("Control+k")
    with guide.expect_response("**/palette?*orders*"):
        guide.fill("#palette input", "orders")
    guide.wait_for_selector("#palette a[role=option][aria-selected=true]")
    expect(guide.locator("#palette-results")).to_have_css("opacity", "1")
    chosen = guide.get_attribute("#palette input", "aria-activedescendant")
    target = guide.evaluate("id => document.getElementById(id).pathname", chosen)
    assert violations(guide) == []
    guide.keyboard.press("Enter")
    guide.wait_for_url(f"**{target}")


def test_a_dialog_gives_the_focus_back(guide: Page) -> None:
    guide.click("[data-dialog-open=sample-dialog]")
    guide.keyboard.press("Escape")
    expect(guide.locator("[data-dialog-open=sample-dialog]")).to_be_focused()


def test_a_scan_with_the_focus_on_a_button_is_one_scan_and_no_click(scanner: Page) -> None:
    scanner.evaluate(
        "document.getElementById('finish').addEventListener('click', () => { window.clicked = true; })"
    )
    scanner.focus("#finish")
    scan(scanner, "5901234123457")
    scanner.wait_for_selector("#codes li")
    assert scanner.locator("#codes li").all_inner_texts() == ["5901234123457"]
    assert scanner.evaluate("window.clicked") is None


def test_a_scan_into_a_number_field_leaves_the_number_alone(scanner: Page) -> None:
    scanner.focus("#quantity")
    scan(scanner, "5901234", end="Tab")
    scanner.wait_for_selector("#codes li")
    assert scanner.locator("#codes li").all_inner_texts() == ["5901234"]
    assert scanner.input_value("#quantity") == "7"


def test_scans_that_follow_on_each_other_all_arrive_in_order(scanner: Page) -> None:
    codes = [f"{number}00{number}{number}77" for number in range(1, 6)]
    for code in codes:
        scan(scanner, code)
    scanner.wait_for_selector("#codes li:nth-child(5)")
    assert scanner.locator("#codes li").all_inner_texts() == codes


def test_a_code_typed_by_hand_is_sent_by_enter(scanner: Page) -> None:
    scanner.locator(".scan-input").press_sequentially("A-17", delay=80)
    scanner.keyboard.press("Enter")
    scanner.wait_for_selector("#codes li")
    assert scanner.locator("#codes li").all_inner_texts() == ["A-17"]
    assert violations(scanner) == []


def test_a_scan_page_says_when_the_line_is_gone(scanner: Page) -> None:
    told = scanner.locator("[data-offline]")
    expect(told).not_to_be_visible()
    scanner.context.set_offline(True)
    expect(told).to_be_visible()
    scanner.context.set_offline(False)
    expect(told).not_to_be_visible()
