"""Order to cash in a real browser: from the login to the customer's page."""

import pytest

from core.models import Message
from core.tasks import drain_all
from orders.models import Order
from orders.states import FulfilmentStatus, OrderState, PaymentStatus
from tests.browser.conftest import HAND, PASSWORD
from tests.browser.hands import badges, scan_and_read, sign_in_by_hand, sums

pytestmark = pytest.mark.django_db(transaction=True)
MUG, SHIRT = "4006381333931", "4006381333948"


def test_a_phone_order_is_taken_paid_picked_packed_sent_and_seen_by_its_customer(
    shop, manager, picker, open_window
):
    shop.stock(shop.mug, 10)
    shop.stock(shop.shirt, 10)
    desk = open_window()
    _sign_in_and_go_to_orders(desk, manager)
    order = _take_the_call(desk)
    drain_all()
    _take_the_money(desk)
    hand = open_window(picker, size=HAND)
    _pick_and_pack(hand)
    _label_and_dispatch(hand)
    drain_all()
    _follow_the_parcel(desk, order)
    drain_all()
    _see_that_all_is_done(desk, order)
    _read_as_customer(open_window(java_script_enabled=False, size=HAND), order)


def _sign_in_and_go_to_orders(desk, manager) -> None:
    desk.goto("/orders/")
    desk.wait_for_url("**/login/?next=**")
    sign_in_by_hand(desk, manager.email, PASSWORD)
    desk.wait_for_url("**/orders/")
    assert "No orders yet" in desk.inner_text("main")
    desk.keyboard.press("g")
    desk.keyboard.press("h")
    desk.wait_for_selector("h1:has-text('Needs attention')")
    desk.goto("/orders/")


def _take_the_call(desk) -> Order:
    desk.click(".head__actions >> text=Create order")
    desk.fill("#find_product", "mug")
    desk.keyboard.press("Enter")
    desk.click("button:has-text('Add Mug')")
    desk.wait_for_selector("input[name=lines-0-quantity]")
    desk.fill("#find_product", SHIRT)
    desk.keyboard.press("Enter")
    desk.click("button:has-text('Add Shirt')")
    desk.wait_for_selector("input[name=lines-1-quantity]")
    desk.fill("input[name$=-quantity] >> nth=0", "2")
    desk.fill("input[name$=-unit_price] >> nth=0", "9.95")
    desk.fill("input[name$=-unit_price] >> nth=1", "24.90")
    for label, text in (
        ("Name", "Ada Lindqvist"),
        ("E-mail", "ada@example.com"),
        ("Street and number", "Torstraße 1"),
        ("Postal code", "10119"),
        ("Town", "Berlin"),
    ):
        desk.get_by_label(label, exact=False).first.fill(text)
    desk.select_option("select[name$=country]", "DE")
    desk.select_option("select[name$=service]", label="Standard")
    desk.wait_for_selector("dl.summary >> text=€49.70")
    desk.click("button:has-text('Place order')")
    desk.wait_for_url("**/orders/*/")
    assert badges(desk) == ["Open", "Pending", "Allocated"]
    assert desk.inner_text(".blocker__why").startswith("Waiting for")
    order = Order.objects.get()
    assert desk.inner_text("h1") == order.number
    assert (str(order.total), order.units_allocated) == ("49.7000", 3)
    return order


def _take_the_money(desk) -> None:
    desk.click(".blocker__fix >> text=Record payment")
    assert desk.input_value("input[name=amount]") == "49.70"
    desk.select_option("select[name=method]", "cash")
    desk.fill("input[name=reference]", "Till 4")
    desk.keyboard.press("Enter")
    desk.wait_for_selector(".badge:has-text('Received')")
    assert badges(desk) == ["Open", "Paid", "Allocated"]
    assert sums(desk, "#money")["Still to pay"] == "€0.00 EUR"


def _pick_and_pack(hand) -> None:
    hand.goto("/shipping/work/")
    hand.click("tbody .row-link >> nth=0")
    hand.click("button:has-text('Start picking')")
    hand.wait_for_selector(".scan-task")
    assert "not on this list" in scan_and_read(hand, "LAMP")
    for code in (MUG, MUG, SHIRT):
        scan_and_read(hand, code)
    hand.wait_for_selector(".blocker--clear:has-text('Everything is picked')")
    assert hand.inner_text("#scan-progress") == "3 / 3"
    hand.click(".scan-actions >> text=Pack")
    hand.wait_for_url("**/shipping/pack/*/")
    for code in (MUG, SHIRT, MUG):
        assert "packed" in scan_and_read(hand, code)
    assert hand.inner_text("#scan-progress") == "3 / 3"
    hand.fill("input[name^=weight_]", "0.95")
    hand.click("button:has-text('Finish packing')")
    hand.wait_for_url("**/shipping/shipments/*/")


def _label_and_dispatch(hand) -> None:
    assert badges(hand) == ["Packed"]
    hand.click("button:has-text('Buy label')")
    hand.wait_for_selector(".head__title .badge:has-text('Labelled')")
    hand.click("button:has-text('Dispatch')")
    hand.click("#dispatch button:has-text('Dispatch') >> nth=-1")
    hand.wait_for_selector(".head__title .badge:has-text('Dispatched')")


def _follow_the_parcel(desk, order: Order) -> None:
    desk.reload()
    assert badges(desk)[2] == "Shipped"
    desk.click("a:has-text('SH-')")
    desk.click("text=Tracking event")
    desk.select_option("select[name=status]", "delivered")
    desk.fill("input[name=place]", "Berlin")
    desk.fill("input[name=text]", "Handed over at the door")
    desk.click("button:has-text('Record event')")
    desk.wait_for_selector(".badge:has-text('Delivered')")
    desk.goto(f"/orders/{order.pk}/")


def _see_that_all_is_done(desk, order: Order) -> None:
    order.refresh_from_db()
    assert (order.state, order.payment_status, order.fulfilment_status, order.balance) == (
        OrderState.COMPLETED,
        PaymentStatus.PAID,
        FulfilmentStatus.DELIVERED,
        0,
    )
    desk.reload()
    assert badges(desk) == ["Completed", "Paid", "Delivered"]
    kinds = Message.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["order_placed", "order_shipped", "order_delivered"]
    invoice = desk.get_attribute("#money a:has-text('PDF')", "href")
    number = invoice.strip("/").split("/")[-1]
    paper = desk.request.get(f"/documents/{number}/file/")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF")


def _read_as_customer(page, order: Order) -> None:
    body = Message.objects.get(kind="order_delivered").body
    page.goto(next(word for word in body.split() if "/track/" in word))
    assert page.url.endswith(f"/track/order/{order.number}/")
    assert page.inner_text("h1") == "Your order has been delivered."
    text = page.inner_text("main")
    assert "Handed over at the door" in text
    assert "Mug" in text
    assert "Torstraße" not in text
