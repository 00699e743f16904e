"""Back, reload, two windows, two clicks and an expired session do what people expect."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from playwright.sync_api import expect

from core.rights import Role
from core.tasks import drain_all
from orders.models import Order
from orders.services import cancel_order, change_shipping_address
from payments.models import MoneyEvent
from payments.states import MoneyKind
from tests.browser.conftest import PASSWORD
from tests.browser.hands import badges, sign_in_by_hand
from tests.cast import BERLIN_ADDRESS, NOON, make_user, pay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def orders(shop) -> list[Order]:
    """Two paid orders and one that waits for money."""
    shop.stock(shop.mug, 20)
    made = [shop.order((shop.mug, 1)) for _ in range(3)]
    for order in made[:2]:
        pay(order)
    return made


def shown(page) -> tuple[list[str], list[str], str]:
    """The list as it stands: rows, chips and what the box of the filter says."""
    rows = page.locator("tbody .row-link").all_inner_texts()
    chips = [text.strip() for text in page.locator(".chips .chip").all_inner_texts()]
    ticked = page.eval_on_selector_all(
        "input[name=payment]", "all => all.filter(one => one.checked).map(one => one.value)"
    )
    return rows, chips, str(ticked)


def filter_paid(page) -> None:
    page.click("summary:has-text('Payment')")
    page.check("input[name=payment][value=paid]")
    page.click("details[open] button:has-text('Apply')")


def test_back_brings_the_filtered_list_again_whole_and_as_it_was(orders, desk):
    desk.goto("/orders/")
    filter_paid(desk)
    desk.wait_for_url(re.compile("payment=paid"))
    expect(desk.locator("tbody .row-link")).to_have_count(2)
    before = shown(desk)
    assert (len(before[0]), before[2]) == (2, "['paid']")
    assert any("Paid" in chip for chip in before[1])

    desk.click("tbody .row-link >> nth=0")
    desk.wait_for_selector("#lines")
    desk.go_back()
    desk.wait_for_selector("tbody .row-link")
    assert shown(desk) == before
    assert desk.locator("nav.crumbs, #nav").count() >= 1  # the frame is there: no fragment
    assert desk.locator("h1").count() == 1

    desk.reload()
    assert shown(desk) == before
    desk.go_forward()
    desk.wait_for_selector("#lines")
    desk.go_back()
    desk.go_back()  # to the list before it was filtered
    expect(desk.locator("tbody .row-link")).to_have_count(3)


def test_a_change_over_a_newer_one_is_refused_and_says_what_happened(orders, desk, watch):
    watch.expected += ("409",)
    order = orders[2]
    desk.goto(f"/orders/{order.pk}/address/")
    change_shipping_address(
        order_id=order.pk,
        address=replace(BERLIN_ADDRESS, city="Potsdam"),
        version=order.version,
        now=NOON,
    )
    desk.fill("input[name=city]", "Hamburg")
    with desk.expect_response(lambda answer: answer.status == 409):
        desk.click("main .form-actions button")
    assert "address" in desk.inner_text("main").lower()
    order.refresh_from_db()
    assert order.ship_to.city != "Hamburg"


def test_an_action_on_an_order_that_was_cancelled_meanwhile_is_refused(orders, desk, watch):
    watch.expected += ("422", "409")
    order = orders[2]
    desk.goto(f"/orders/{order.pk}/hold/")
    cancel_order(order_id=order.pk, reason="Customer changed their mind", now=NOON)
    desk.fill("[name=reason]", "Look at it")
    desk.click("main .form-actions button")
    desk.wait_for_selector("[role=alert]")
    order.refresh_from_db()
    assert order.open_holds == 0


def test_a_refund_sent_twice_at_once_gives_back_once(orders, desk):
    order = orders[0]
    desk.goto(f"/payments/orders/{order.pk}/refund/")
    desk.fill("input[name=amount]", "4.00")
    desk.fill("input[name=reason]", "A chip in the glaze")
    answers = desk.evaluate(
        """async () => {
            const form = document.querySelector('main form[method=post]');
            const send = () => fetch(location.pathname, {method: 'POST', body: new FormData(form)});
            const both = await Promise.all([send(), send()]);
            return both.map(one => [one.status, new URL(one.url).pathname]);
        }"""
    )
    drain_all()
    given_back = MoneyEvent.objects.filter(payment__order=order, kind=MoneyKind.REFUNDED)
    assert [str(one.amount) for one in given_back] == ["4.0000"], answers
    assert answers == [[200, f"/orders/{order.pk}/"]] * 2
    desk.goto(f"/orders/{order.pk}/")
    assert badges(desk)[0] == "Open"


def test_an_expired_session_leads_a_filter_to_the_login_and_back(orders, desk, manager):
    desk.goto("/orders/")
    desk.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    filter_paid(desk)
    desk.wait_for_url(re.compile(r"/login/\?next="))
    sign_in_by_hand(desk, manager.email, PASSWORD)
    desk.wait_for_url(re.compile(r"/orders/"))
    desk.wait_for_selector("tbody .row-link")
    assert desk.inner_text("h1") == "Orders"


def test_a_view_that_is_shared_opens_for_a_colleague_as_it_was_kept(orders, desk, open_window):
    desk.goto("/orders/?view=all")
    filter_paid(desk)
    desk.wait_for_url(re.compile("payment=paid"))
    expect(desk.locator("tbody .row-link")).to_have_count(2)
    desk.click("summary:has-text('View')")
    desk.fill("input[name=name]", "Paid, to look at")
    desk.check("input[name=is_shared]")
    desk.click("button:has-text('Save view')")
    desk.wait_for_selector(".tabs a[aria-current]:has-text('Paid, to look at')")

    colleague = open_window(make_user(Role.SALES, name="Sam Sales"))
    colleague.goto("/orders/?view=all")
    colleague.click(".tabs a:has-text('Paid, to look at')")
    expect(colleague.locator("tbody .row-link")).to_have_count(2)
    assert shown(colleague)[2] == "['paid']"


def test_the_palette_does_what_the_page_offers_and_leads_back_to_what_was_opened(orders, desk):
    first, second, _ = orders
    desk.goto(f"/orders/{first.pk}/")
    desk.goto(f"/orders/{second.pk}/")
    desk.keyboard.press("Control+k")
    desk.click(f"#palette-results [aria-label='Opened last'] button:has-text('{first.number}')")
    desk.wait_for_url(f"**/orders/{first.pk}/")
    desk.keyboard.press("Control+k")
    desk.fill("#palette input", "hold")
    desk.wait_for_selector("#palette-results [aria-label='On this page'] button")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/orders/{first.pk}/hold/")


def test_brackets_lead_to_the_order_before_and_after_in_the_list(orders, desk):
    desk.goto("/orders/?view=all")
    desk.click("tbody .row-link >> nth=1")
    desk.wait_for_url(re.compile(rf"/orders/{orders[1].pk}/\?list="))
    desk.keyboard.press("]")
    desk.wait_for_url(re.compile(rf"/orders/{orders[0].pk}/\?list="))
    desk.keyboard.press("[")
    desk.wait_for_url(re.compile(rf"/orders/{orders[1].pk}/\?list="))
