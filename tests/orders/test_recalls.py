"""Who got a recalled lot: named on the lot's page, in a file, and told once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.jobs import run_due
from core.models import Job, Message
from core.rights import Role
from core.tasks import drain_all
from inventory.models import Lot
from inventory.services import recall_lot
from inventory.states import Tracking
from tests.cast import NOON, make_user, make_variant, pay
from tests.inventory.test_availability import bring
from tests.shipping.factories import dispatched, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(shop):
    milk = make_variant("MILK", "Milk", tracking=Tracking.LOT)
    made = Lot.objects.create(variant=milk, code="L1", expires_on=NOON.date() + timedelta(days=900))
    bring(shop, milk, 9, lot_id=made.pk)
    return made


def test_everybody_who_got_the_lot_is_named_and_told_once(client, shop, lot):
    make_service()
    sent = pay(shop.order((lot.variant, 2), customer_name="Ada"))
    drain_all()
    dispatched(sent)
    silent = pay(shop.order((lot.variant, 1), customer_name="Ben", email=""))
    drain_all()
    dispatched(silent)
    waiting = shop.order((lot.variant, 3), customer_name="Cem")
    client.force_login(make_user(Role.ADMIN))
    page = client.get(reverse("inventory:lot_detail", args=[lot.pk])).content.decode()
    assert all(order.number in page for order in (sent, silent, waiting))
    assert "Tell customers" not in page
    recall_lot(lot_id=lot.pk, reason="Glass in a jar", now=NOON)
    drain_all()
    file = client.get(reverse("orders:recall_export", args=[lot.pk])).content.decode()
    assert [line.split(",")[2] for line in file.splitlines()] == ["Customer", "Ada", "Ben"]
    url = reverse("orders:recall_message", args=[lot.pk])
    preview = client.get(url)
    assert preview.context["silent"] == 1
    assert "Glass in a jar" in preview.context["sample"].text
    for _ in range(2):
        client.post(url)
        run_due()
    told = Message.objects.get(kind="lot_recalled")
    assert (told.to, told.variables["units"]) == ("ada@example.com", 2)
    assert Job.objects.filter(kind="orders.tell_of_recall").latest("pk").summary == (
        "0 of 2 customers are told."
    )


def test_nobody_is_told_of_a_lot_that_is_not_recalled(client, shop, lot):
    client.force_login(make_user(Role.ADMIN))
    client.post(reverse("orders:recall_message", args=[lot.pk]))
    assert not Job.objects.filter(kind="orders.tell_of_recall").exists()
