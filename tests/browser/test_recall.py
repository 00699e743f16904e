"""A lot is recalled in a real browser: found, called back, and every customer who got it is told."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core.models import Message
from core.tasks import drain_all
from inventory.models import Lot
from inventory.states import Tracking
from tests.browser.hands import badges
from tests.cast import make_variant, pay
from tests.inventory.test_availability import bring
from tests.shipping.factories import dispatched

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_lot_is_called_back_and_who_got_it_is_told(shop, desk):
    jam = make_variant("JAM", "Jam", tracking=Tracking.LOT)
    in_a_year = timezone.localdate() + timedelta(days=365)
    bad, good = (
        Lot.objects.create(variant=jam, code=code, expires_on=in_a_year + timedelta(days=later))
        for later, code in enumerate(("BAD-1", "GOOD-1"))
    )
    with transaction.atomic():
        bring(shop, jam, 5, lot_id=bad.pk)
        bring(shop, jam, 4, lot_id=good.pk)
    gone = pay(shop.order((jam, 2), customer_name="Ada Lindqvist"))
    drain_all()
    dispatched(gone)
    waiting = pay(shop.order((jam, 3), customer_name="Ben Okafor"))
    drain_all()

    desk.goto("/stock/lots/?q=BAD-1")
    desk.click("tbody a:has-text('BAD-1')")
    desk.wait_for_selector("h1:has-text('Lot BAD-1')")
    assert {gone.number, waiting.number} <= set(
        desk.locator("section:has(#got) tbody th a").all_inner_texts()
    )
    desk.click("text=Recall lot")
    desk.wait_for_selector("text=3 units set aside for orders go back to the queue")
    desk.fill("[name=reason]", "Glass found in a jar")
    desk.click("main button:has-text('Recall lot')")
    desk.wait_for_selector(".banner:has-text('Glass found in a jar')")
    assert badges(desk) == ["Recalled"]
    assert desk.locator("section:has(#got) tbody th a").all_inner_texts() == [gone.number]

    desk.click("text=Tell customers")
    desk.wait_for_selector("h1:has-text('Tell customers of lot')")
    desk.click("main form button.btn--primary")
    desk.wait_for_url("**/jobs/*/")
    drain_all()
    assert Message.objects.get(kind="lot_recalled").to == "ada@example.com"
    level = good.balances.get()
    assert (level.sellable, level.allocated) == (4, 3)
