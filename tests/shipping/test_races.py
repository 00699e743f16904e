"""Two people, one parcel: real connections, and a twin that shows the race without the lock."""

import threading

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from inventory.models import StockLevel
from orders.models import Order
from orders.services import cancel_order
from shipping.models import Label, Shipment
from shipping.services import buy_labels, dispatch_shipment, packing, scan_pack
from shipping.services.labelling import _ask_for
from shipping.states import LabelState, ShipmentState
from tests.races import together
from tests.shipping.factories import fill, labelled, packed, paid_order, picked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_two_packers_buy_one_label(stocked):
    shipment = packed(paid_order(stocked, (stocked.mug, 1)))
    results = together(*[lambda: buy_labels(shipment_id=shipment.pk, now=timezone.now())] * 4)
    assert not [one for one in results if isinstance(one, Exception)]
    assert Label.objects.filter(state=LabelState.BOUGHT).count() == 1


def test_without_the_lock_the_database_still_keeps_it_at_one(stocked):
    """The twin: both see no label and both ask; the partial UNIQUE is the last line."""
    shipment = packed(paid_order(stocked, (stocked.mug, 1)))
    parcel = shipment.parcels.get()
    gate = threading.Barrier(2)

    def ask() -> None:
        from django.db import transaction

        order = Order.objects.get(pk=shipment.order_id)
        fresh = Shipment.objects.select_related("service", "fulfilment__location").get(
            pk=shipment.pk
        )
        with transaction.atomic():
            assert not parcel.labels.exists()
            gate.wait(5)
            _ask_for(order, fresh, parcel, now=timezone.now())

    results = together(ask, ask)
    assert [type(one) for one in results if one] == [IntegrityError]
    assert Label.objects.count() == 1


def test_two_dispatches_send_once(stocked):
    shipment = labelled(paid_order(stocked, (stocked.mug, 2)))
    results = together(
        *[lambda: dispatch_shipment(shipment_id=shipment.pk, now=timezone.now())] * 3
    )
    assert len([one for one in results if isinstance(one, Shipment)]) == 1
    assert StockLevel.objects.get(variant=stocked.mug, location=stocked.warehouse).sellable == 8


def test_cancelling_and_dispatching_race_and_one_wins(stocked):
    order = paid_order(stocked, (stocked.mug, 2))
    shipment = labelled(order)
    together(
        lambda: dispatch_shipment(shipment_id=shipment.pk, now=timezone.now()),
        lambda: cancel_order(order_id=order.pk, reason="race", now=timezone.now()),
    )
    shipment.refresh_from_db()
    order.refresh_from_db()
    level = StockLevel.objects.get(variant=stocked.mug, location=stocked.warehouse)
    is_gone = shipment.state == ShipmentState.DISPATCHED
    assert (order.units_shipped, level.sellable) == ((2, 8) if is_gone else (0, 10))


def test_two_scanners_pack_each_unit_once(stocked):
    work = picked(paid_order(stocked, (stocked.mug, 2)))
    together(*[lambda: scan_pack(fulfilment_id=work.pk, code="MUG", now=timezone.now())] * 5)
    line = work.picks.get().lines.get()
    assert (line.packed, Shipment.objects.count()) == (2, 1)


def test_more_units_in_parcels_than_asked_for_is_refused_by_the_database(stocked):
    work = picked(paid_order(stocked, (stocked.mug, 2)))
    shipment = fill(work)
    row = shipment.parcels.get().lines.get()
    row.quantity = 3
    with pytest.raises(IntegrityError):
        row.save()
    connection.close()
    assert packing is not None
