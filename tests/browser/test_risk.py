"""A risky order in a real browser: held with reasons, looked at, released before its clock runs out."""

from dataclasses import replace

import pytest
from django.utils import timezone

from core.rights import Role
from core.tasks import drain_all
from orders.models import Order, RiskReview
from orders.states import RiskLevel
from tests.cast import BERLIN_ADDRESS, make_user, pay
from tests.orders.risky import PARIS_ADDRESS, screen

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_risky_order_is_reviewed_and_released_before_its_clock_runs_out(shop, open_window):
    screen(shop, countries=40, disposable=25)
    shop.stock(shop.mug, 3)
    now = timezone.now()
    before = shop.order((shop.mug, 1), email="mara@mailinator.com", is_historical=True)
    order = pay(
        shop.order(
            (shop.mug, 1),
            email="mara@mailinator.com",
            customer_name="Mara Vance",
            billing_address=replace(PARIS_ADDRESS, name="Mara Vance"),
            shipping_address=replace(BERLIN_ADDRESS, name="Mara Vance"),
        )
    )
    drain_all()
    assert list(order.fulfilments.values_list("state", flat=True)) == []

    desk = open_window(make_user(Role.SALES, name="Sanna Sales"))
    desk.goto(f"/orders/{order.pk}/")
    assert "Fraud check" in desk.inner_text(".blocker") or "fraud" in desk.inner_text(".blocker")
    panel = desk.inner_text("section:has(#risk-t)")
    assert "Why was this held" in panel
    assert "Billed to FR, sent to DE" in panel
    desk.goto("/risk/")
    row = desk.inner_text("tr:has-text('Mara Vance')")
    assert order.number in row
    assert "in 23 h" in row or "in 24 h" in row or "in 1 day" in row
    desk.click(f"a.row-link:has-text('{order.number}')")
    desk.wait_for_selector("h1:has-text('Risk review')")
    shown = desk.inner_text("main")
    assert "To be decided in" in shown
    assert "Rue du Port 3" in shown
    assert "Torstraße 1" in shown
    assert before.number in shown
    desk.check("input[name=verdict][value=approved]")
    desk.fill("input[name=reason]", "Called her: a present for her aunt")
    desk.click("button:has-text('Record decision')")
    desk.wait_for_selector("text=is decided")
    assert "Mara Vance" not in desk.inner_text("main")

    review = RiskReview.objects.get()
    assert now < review.closed_at < review.due_at
    assert Order.objects.get(pk=order.pk).risk_level == RiskLevel.APPROVED
    assert list(order.fulfilments.values_list("state", flat=True)) == ["ready"]
    desk.goto(f"/orders/{order.pk}/")
    timeline = desk.inner_text("section:has(#tl)")
    assert "Risk review: released, because: Called her: a present for her aunt" in timeline
    assert "Risk check: 65 points, hold" in timeline
