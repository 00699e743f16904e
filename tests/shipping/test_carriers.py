"""Labels over a network that loses answers: bought once, whatever gets lost between."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from core.external import Outcome, OutcomeUnknown, perform_due
from core.models import AttentionItem, ExternalOperation
from shipping.errors import CannotLabel, CannotPack
from shipping.gateways import registry
from shipping.gateways.base import LabelSold
from shipping.models import Label
from shipping.services import buy_labels, open_again, register_carrier, void_labels
from shipping.states import LabelState, ShipmentState
from tests.cast import NOON
from tests.shipping.factories import make_service, packed, paid_order

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Faraway:
    """A carrier over a network; `faults` are what its next calls do instead of answering."""

    code: str = "faraway"
    name: str = "Faraway Parcels"
    is_online: bool = True
    sold: dict[str, LabelSold] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    calls: int = 0
    takes_back: bool = True

    def rates(self, request):
        return []

    def buy_label(self, request):
        self.calls += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "refused":
            return Outcome(ok=False, error="The address is not served.")
        if fault != "lost before":
            number = f"FAR{len(self.sold) + 1:06d}"
            self.sold[request.key] = LabelSold(number, Decimal("7.20"), "EUR", f"ref-{number}")
        if fault:
            raise OutcomeUnknown(fault)
        return self.sold[request.key].as_outcome()

    def look_up_label(self, request):
        found = self.sold.get(request.key)
        return found.as_outcome() if found else None

    def void_label(self, tracking_number, provider_ref):
        ok = self.takes_back
        return Outcome(ok=ok, error="" if ok else "It was scanned already.")

    def track(self, tracking_number):
        return []

    def tracking_url(self, tracking_number):
        return f"https://faraway.example/{tracking_number}"


@pytest.fixture
def faraway(shop):
    carrier = register_carrier(Faraway())
    shop.stock(shop.mug, 10)
    make_service("faraway", carrier="faraway")
    yield carrier
    registry._carriers.pop("faraway")


@pytest.fixture
def shipment(shop, faraway):
    return packed(paid_order(shop, (shop.mug, 1)))


def perform_all() -> None:
    """Let the worker work for two hours."""
    for step in range(8):
        with time_machine.travel(timezone.now() + timedelta(minutes=15 * step), tick=False):
            perform_due()


def test_a_label_is_asked_for_in_the_page_and_bought_by_the_worker(faraway, shipment):
    buy_labels(shipment_id=shipment.pk, now=NOON)
    assert (faraway.calls, Label.objects.get().state) == (0, LabelState.REQUESTED)
    with pytest.raises(CannotPack, match="live label"):
        open_again(shipment_id=shipment.pk, now=NOON)
    perform_all()
    shipment.refresh_from_db()
    assert shipment.state == ShipmentState.LABELLED
    assert shipment.parcels.get().tracking_number == "FAR000001"


def test_a_lost_answer_is_looked_up_and_the_label_attached_not_bought_again(faraway, shipment):
    faraway.faults = ["lost after"]
    buy_labels(shipment_id=shipment.pk, now=NOON)
    perform_all()
    shipment.refresh_from_db()
    assert (faraway.calls, len(faraway.sold), shipment.state) == (1, 1, ShipmentState.LABELLED)


def test_a_call_that_never_arrived_is_made_again_with_the_same_key(faraway, shipment):
    faraway.faults = ["lost before"]
    buy_labels(shipment_id=shipment.pk, now=NOON)
    perform_all()
    assert (faraway.calls, len(faraway.sold)) == (2, 1)
    assert ExternalOperation.objects.get().idempotency_key in faraway.sold


def test_asking_while_the_answer_is_awaited_buys_nothing_more(faraway, shipment):
    for _ in range(3):
        buy_labels(shipment_id=shipment.pk, now=NOON)
    perform_all()
    assert (faraway.calls, Label.objects.count()) == (1, 1)


def test_a_refusal_is_put_before_people_and_can_be_tried_again(faraway, shipment):
    faraway.faults = ["refused"]
    buy_labels(shipment_id=shipment.pk, now=NOON)
    perform_all()
    item = AttentionItem.objects.get(kind="label_failed")
    assert item.detail == "The address is not served."
    buy_labels(shipment_id=shipment.pk, now=NOON)
    perform_all()
    item.refresh_from_db()
    assert item.resolved_at is not None
    assert faraway.calls == 2


def test_a_label_that_the_carrier_keeps_stays_live_and_people_are_told(faraway, shipment):
    buy_labels(shipment_id=shipment.pk, now=NOON)
    perform_all()
    faraway.takes_back = False
    void_labels(shipment_id=shipment.pk)
    with pytest.raises(CannotLabel, match="waits for the carrier"):
        void_labels(shipment_id=shipment.pk)
    perform_all()
    label = Label.objects.get()
    assert (label.state, label.error) == (LabelState.BOUGHT, "It was scanned already.")
    faraway.takes_back = True
    void_labels(shipment_id=shipment.pk)
    perform_all()
    shipment.refresh_from_db()
    assert shipment.state == ShipmentState.PACKED
