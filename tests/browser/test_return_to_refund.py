"""Return to refund in a real browser: announced, approved, received, inspected, given back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.tasks import drain_all
from inventory.models import StockLevel
from orders.models import Order
from orders.services import issue_tracking_link
from tests.browser.hands import badges, sums
from tests.cast import pay
from tests.shipping.factories import dispatched

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(shop) -> Order:
    """Two mugs and a shirt that were paid, sent and invoiced."""
    shop.stock(shop.mug, 5)
    shop.stock(shop.shirt, 5)
    order = pay(shop.order((shop.mug, 2, "9.95"), (shop.shirt, 1, "24.90")))
    dispatched(order)
    drain_all()
    return order


def units(sku: str) -> tuple[int, int]:
    level = StockLevel.objects.get(variant__sku=sku, location__code="ber")
    return level.sellable, level.quality_control


def test_a_return_is_announced_approved_received_inspected_and_refunded(order, desk, open_window):
    mugs, shirt = order.lines.order_by("position")
    assert (units("MUG"), units("SHIRT-M")) == ((3, 0), (4, 0))

    desk.goto(f"/orders/{order.pk}/")
    desk.click("text=Create return")
    desk.fill(f"input[name=quantity-{mugs.pk}]", "1")
    desk.fill(f"input[name=quantity-{shirt.pk}]", "1")
    desk.select_option(f"select[name=reason-{shirt.pk}]", "wrong_size")
    desk.click("button:has-text('Create return')")
    desk.wait_for_selector("h1:has-text('R-')")
    assert badges(desk) == ["Requested"]

    desk.keyboard.press("e")  # the page's own first step
    desk.click("button:has-text('Approve return')")
    desk.wait_for_selector(".head__title .badge:has-text('Approved')")

    desk.keyboard.press("e")
    desk.wait_for_selector("select[name=location]")
    desk.select_option("select[name=location]", label="Berlin")
    for field in desk.locator("input[name^=received-]").all():
        assert field.input_value() == "0"  # counted, not confirmed
        field.fill("1")
    desk.click("button:has-text('Record receipt')")
    desk.wait_for_selector(".head__title .badge:has-text('Received')")
    assert (units("MUG"), units("SHIRT-M")) == ((3, 1), (4, 1))

    desk.keyboard.press("e")
    desk.wait_for_selector("input[name^=restocked-]")
    desk.fill("input[name^=restocked-] >> nth=1", "0")
    desk.fill("input[name^=scrapped-] >> nth=1", "1")
    desk.click("button:has-text('Complete inspection')")
    desk.wait_for_selector(".head__title .badge:has-text('Inspected')")
    assert (units("MUG"), units("SHIRT-M")) == ((4, 0), (4, 0))
    order.refresh_from_db()
    assert order.balance == Decimal("-34.85")

    desk.keyboard.press("e")
    desk.wait_for_selector("input[name=amount]")
    assert desk.input_value("input[name=amount]") == "34.85"
    desk.click("button:has-text('Refund and close')")
    desk.wait_for_selector(".head__title .badge:has-text('Closed')")
    order.refresh_from_db()
    assert (order.refunded, order.balance) == (Decimal("34.85"), 0)

    drain_all()
    desk.goto(f"/orders/{order.pk}/")
    assert badges(desk) == ["Completed", "Partially refunded", "Shipped", "Partially returned"]
    money = sums(desk, "#money")
    assert (money["Received"], money["Given back"]) == ("€44.80", "€34.85")
    assert "Credit note CN-00001" in desk.inner_text("#money")

    now = timezone.now() - timedelta(minutes=1)
    customer = open_window(java_script_enabled=False)
    customer.goto(issue_tracking_link(order=order, now=now))
    assert customer.inner_text("h1") == "Your order is on its way."
