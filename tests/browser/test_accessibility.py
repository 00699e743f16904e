"""Every page, in both themes and both sizes: axe finds nothing, nothing sticks out, nothing fails."""

from pathlib import Path

import axe_playwright_python
import pytest
from django.urls import reverse
from playwright.sync_api import Page

from core.access import Door
from payments import gateways
from tests.access.test_doors import own_addresses, path_of
from tests.browser import business
from tests.browser.conftest import HAND, PASSWORD
from tests.browser.examples import NO_PAGES, OF_THE_GUARDED, STRANGERS, Store, furnish, pages
from tests.cast import make_user
from tests.payments.cast import FakeProvider

pytestmark = pytest.mark.django_db(transaction=True)

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
IN_COLOUR = ["color-contrast", "link-in-text-block"]  # what a theme can change
GROUPS = ("core", "orders", "customers", "inventory", "payments", "shipping", "returns")
SHARES = (("core",), ("orders", "customers"), ("inventory", "payments"), ("shipping", "returns"))
RUN = """async ([tags, rules]) => {
    const asked = rules ? {type: 'rule', values: rules} : {type: 'tag', values: tags};
    const found = await axe.run({runOnly: asked, resultTypes: ['violations']});
    return found.violations.map(one => [one.id, one.nodes.map(node => node.target.join(' '))]);
}"""


@pytest.fixture
def store(shop, monkeypatch, settings) -> Store:
    monkeypatch.setitem(gateways._gateways, "fake", FakeProvider())
    settings.IS_TRAINING = True  # so that the pages of the first hour are there, too
    return furnish(shop)


def faults_of(page: Page) -> list[object]:
    """What is wrong with the page that is shown, in every theme and size."""
    found: list[object] = [] if page.locator("h1").count() == 1 else ["not exactly one h1"]
    if page.locator("main > .head .btn--primary").count() > 1:
        found.append("more than one primary button in the header")
    page.evaluate(AXE)
    size = page.viewport_size
    # at each size every rule runs in one theme, and in the other those that a theme can change;
    # what is laid out alike at both sizes needs no second look at its light colours
    becomes_cards = page.locator(".table--cards").count() > 0
    for shape, whole, colours in (
        (size, "light", "dark"),
        (HAND, "dark", "light" if becomes_cards else None),
    ):
        page.set_viewport_size(shape)
        for theme, rules in ((whole, None), (colours, IN_COLOUR)):
            if theme is None:
                continue
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            found += [(shape["width"], theme, *one) for one in page.evaluate(RUN, [TAGS, rules])]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append(f"{wide} px too wide at {shape['width']}")
    page.set_viewport_size(size)
    return found


def group_of(name: str) -> str:
    space = name.partition(":")[0]
    return space if space in GROUPS else "core"


def test_every_address_is_a_page_with_an_example_or_known_to_be_none(store, client):
    client.force_login(store.admin)
    shown = {name for name, _ in pages(store)} | STRANGERS | NO_PAGES | OF_THE_GUARDED
    forgotten = [
        address.name
        for address in own_addresses()
        if address.name not in shown
        and address.mark.door is not Door.ADMIN
        and client.get(path_of(address)).status_code != 405
    ]
    assert forgotten == []


@pytest.mark.parametrize("share", SHARES, ids="-".join)
def test_no_page_of_the_back_office_has_a_fault(store, share, open_window):
    window = open_window(store.admin)
    faults = {}
    for name, path in pages(store):
        if group_of(name) not in share:
            continue
        answer = window.goto(path)
        found = faults_of(window)
        if answer.status != 200:
            found.append(f"status {answer.status}")
        if found:
            faults[path] = found
    assert faults == {}


def test_no_page_for_strangers_and_customers_has_a_fault(store, open_window, watch):
    window = open_window()
    watch.expected += ("404",)
    faults = {}
    for path in (
        "/login/",
        "/password/forgotten/",
        store.password_link,
        store.link,
        *business.links(),
        "/quotes/open/no-such-token/",
        "/track/no-such-token/",
    ):
        window.goto(path)
        if found := faults_of(window):
            faults[path] = found
    assert faults == {}


def test_no_refusal_has_a_fault(store, open_window, watch):
    watch.expected += ("404", "403", "422")
    sales = open_window(make_user("sales"))
    faults = {}
    for path in ("/nothing/here/", "/settings/users/", "/orders/999999/"):
        sales.goto(path)
        if found := faults_of(sales):
            faults[path] = found
    for path, button in (
        ("/customers/new/", "main .form-actions button"),
        ("/orders/new/", "button:has-text('Place order')"),
    ):
        sales.goto(path)
        sales.click(button)
        sales.wait_for_selector("[role=alert]")
        if found := faults_of(sales):
            faults[f"{path} refused"] = found
    assert faults == {}


def test_the_second_factor_s_pages_have_no_fault(store, open_window, watch):
    store.guarded.set_password(PASSWORD)
    store.guarded.save()
    window = open_window()
    window.goto("/login/")
    window.fill("input[name=username]", store.guarded.email)
    window.fill("input[name=password]", PASSWORD)
    window.keyboard.press("Enter")
    window.wait_for_url("**/login/code/**")
    assert faults_of(window) == []
    window.fill("input[name=code]", store.recovery_codes[0])
    window.keyboard.press("Enter")
    window.wait_for_selector("#nav")
    for name in OF_THE_GUARDED:
        window.goto(reverse(name))
        assert window.url.endswith(reverse(name))
        assert faults_of(window) == []
    window.fill("input[name=password]", PASSWORD)
    window.keyboard.press("Enter")
    window.wait_for_selector("h1:has-text('codes')")
    assert faults_of(window) == []
