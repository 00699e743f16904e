"""Labels: bought and voided at the carrier, at most one live per parcel, whatever gets lost between.

The intent is a row before anything is asked. A gateway without a network answers at once, in the
same commit; one with a network is called by the worker, and an answer that never comes is looked up
before anything is bought again.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core import attention, clock, external
from core.address import Address
from core.audit import record_move
from core.external import OperationKind, Outcome
from core.models import ExternalOperation
from core.money import ZERO
from core.outbox import publish
from inventory.models import Location
from orders.models import Order
from shipping.errors import CannotLabel
from shipping.events import LabelBought, LabelFailed, LabelVoided
from shipping.gateways.base import LabelRequest
from shipping.gateways.registry import carrier_named
from shipping.models import Label, Parcel, Shipment
from shipping.services.guarding import lock_shipment, refuse_blocked, state_words
from shipping.states import LabelState, ShipmentState

LABEL_FAILED = "label_failed"


@transaction.atomic
def buy_labels(*, shipment_id: int, service_id: int | None = None, now: datetime) -> Shipment:
    """Buy a label for every parcel that has none; asked twice, nothing is bought twice.

    `service_id` sends with another service than the one packed for. A refusal of the carrier is
    kept on the label and put before people. Raises CannotLabel, OrderBlocked.
    """
    order, shipment = lock_shipment(shipment_id)
    if shipment.state == ShipmentState.LABELLED:
        return shipment
    refuse_blocked(order)
    if shipment.state != ShipmentState.PACKED:
        raise CannotLabel(f"{shipment.number} is {state_words(shipment)}; pack it first.")
    if service_id:
        _change_service(shipment, service_id)
    if shipment.service is None:
        raise CannotLabel("Choose a shipping service first.", field="service")
    if not (shipment.ship_country and shipment.address.city):
        raise CannotLabel(
            f"Order {order.number} has no complete address; it needs at least a town and a country."
        )
    for parcel in _filled(shipment):
        if not any(label.state in LabelState.live_states() for label in parcel.labels.all()):
            _ask_for(order, shipment, parcel, now=now)
    shipment.refresh_from_db()
    return shipment


def _change_service(shipment: Shipment, service_id: int) -> None:
    if shipment.service_id == service_id:
        return
    if any(_live(parcel) for parcel in _filled(shipment)):
        raise CannotLabel(f"{shipment.number} has a label already; void it to change the service.")
    shipment.service_id = service_id
    shipment.save(update_fields=["service"])
    shipment.refresh_from_db(fields=["service"])


def _filled(shipment: Shipment) -> list[Parcel]:
    return [
        parcel
        for parcel in shipment.parcels.prefetch_related("lines", "labels")
        if parcel.lines.all()
    ]


def _live(parcel: Parcel) -> Label | None:
    return next((one for one in parcel.labels.all() if one.state in LabelState.live_states()), None)


def _ask_for(order: Order, shipment: Shipment, parcel: Parcel, *, now: datetime) -> None:
    """Write down that a label is to be bought; a carrier without a network sells it right here."""
    service = shipment.service
    assert service is not None  # noqa: S101 - the caller refused that
    carrier = carrier_named(service.carrier)
    label = Label.objects.create(
        parcel=parcel, carrier=carrier.code, service_code=service.code, requested_at=now
    )
    request = LabelRequest(
        key=f"buy_label:{label.pk}",
        reference=f"{shipment.number}/{parcel.position}",
        service=service.code,
        weight_g=parcel.weight_g,
        currency=order.currency,
        ship_to=shipment.address,
        ship_from=address_of(shipment.fulfilment.location),
        length_mm=parcel.length_mm,
        width_mm=parcel.width_mm,
        height_mm=parcel.height_mm,
    )
    operation = external.intend(
        BUY,
        provider=carrier.code,
        key=request.key,
        subject_type="label",
        subject_id=label.pk,
        request=request.as_json(),
    )
    label.operation = operation
    label.save(update_fields=["operation"])
    if not carrier.is_online:
        external.settle_offline(operation, carrier.buy_label(request))


def address_of(location: Location) -> Address:
    """A location as a sender."""
    return Address(
        name=location.name,
        line1=location.line1,
        postal_code=location.postal_code,
        city=location.city,
        country=location.country,
    )


def _settle_purchase(operation: ExternalOperation, outcome: Outcome) -> None:
    """The carrier answered: keep the label or the refusal. Told twice, nothing changes more."""
    order, shipment, label = _lock_label(operation.subject_id)
    if label.state != LabelState.REQUESTED:
        return
    now = clock.now()
    if outcome.ok:
        _keep_label(order, shipment, label, outcome, now=now)
    else:
        _keep_refusal(order, shipment, label, outcome.error)


def _lock_label(label_id: int) -> tuple[Order, Shipment, Label]:
    shipment_id = (
        Label.objects.filter(pk=label_id).values_list("parcel__shipment_id", flat=True).first()
    )
    order, shipment = lock_shipment(shipment_id or 0)
    label = Label.objects.select_related("parcel").get(pk=label_id)
    label.parcel.shipment = shipment
    return order, shipment, label


def _keep_label(
    order: Order, shipment: Shipment, label: Label, outcome: Outcome, *, now: datetime
) -> None:
    sold = outcome.response
    label.arrive(
        tracking_number=str(sold["tracking_number"]),
        provider_ref=outcome.provider_ref,
        cost=Decimal(str(sold.get("cost", "0"))),
        currency=str(sold.get("currency", "")),
        routing=dict(sold.get("routing") or {}),
        now=now,
    )
    label.save()
    record_move(label, LabelState.REQUESTED, label.state)
    parcel = label.parcel
    parcel.tracking_number, parcel.carrier = label.tracking_number, label.carrier
    parcel.save(update_fields=["tracking_number", "carrier"])
    attention.resolve(kind=LABEL_FAILED, subject_type="shipment", subject_ids=[shipment.pk])
    publish(
        LabelBought(
            order_id=order.pk,
            shipment_id=shipment.pk,
            parcel_id=parcel.pk,
            carrier=carrier_named(label.carrier).name,
            tracking_number=label.tracking_number,
            cost=str(label.cost),
            currency=label.currency,
        )
    )
    _move_on(shipment, now=now)


def _move_on(shipment: Shipment, *, now: datetime) -> None:
    """With the last parcel's label the shipment is labelled; its cost is the sum of theirs."""
    labels = [_live(parcel) for parcel in _filled(shipment)]
    bought = [one for one in labels if one and one.state == LabelState.BOUGHT]
    shipment.currency = bought[0].currency if bought else ""
    shipment.cost = sum((one.cost for one in bought), ZERO)
    before = shipment.state
    if shipment.state == ShipmentState.PACKED and len(bought) == len(labels):
        shipment.label(now=now)
        record_move(shipment, before, shipment.state)
    elif shipment.state == ShipmentState.LABELLED and len(bought) < len(labels):
        shipment.unlabel()
        record_move(shipment, before, shipment.state)
    shipment.save()


def _keep_refusal(order: Order, shipment: Shipment, label: Label, error: str) -> None:
    label.fail(error=error)
    label.save()
    record_move(label, LabelState.REQUESTED, label.state)
    publish(
        LabelFailed(
            order_id=order.pk,
            shipment_id=shipment.pk,
            parcel_id=label.parcel_id,
            number=shipment.number,
            position=label.parcel.position,
            why=error[:300],
        )
    )
    attention.raise_item(
        kind=LABEL_FAILED,
        subject_type="shipment",
        subject_id=shipment.pk,
        title=f"{shipment.number}: no label for parcel {label.parcel.position}",
        detail=error,
        url=f"/shipping/shipments/{shipment.pk}/",
    )


@transaction.atomic
def void_labels(*, shipment_id: int) -> Shipment:
    """Give every label of a shipment back; it is packed and without labels again. Raises CannotLabel
    once the shipment has left, and while the carrier still decides.
    """
    _, shipment = lock_shipment(shipment_id)
    if shipment.state == ShipmentState.DISPATCHED:
        raise CannotLabel(
            f"{shipment.number} has left, so its labels are used; that cannot be undone."
        )
    parcels = _filled(shipment)
    labels = [label for parcel in parcels if (label := _live(parcel))]
    waiting = [label for label in labels if label.state != LabelState.BOUGHT]
    if waiting:
        raise CannotLabel(
            f"{shipment.number} still waits for the carrier’s answer; try again in a minute."
        )
    if not labels:
        raise CannotLabel(f"{shipment.number} has no label to void.")
    for label in labels:
        _give_back(label)
    shipment.refresh_from_db()
    return shipment


def _give_back(label: Label) -> None:
    label.ask_void()
    label.save()
    record_move(label, LabelState.BOUGHT, label.state)
    carrier = carrier_named(label.carrier)
    rounds = label.parcel.labels.count()
    operation = external.intend(
        VOID,
        provider=carrier.code,
        key=f"void_label:{label.pk}:{rounds}:{clock.now():%Y%m%d%H%M%S%f}",
        subject_type="label",
        subject_id=label.pk,
        request={"tracking_number": label.tracking_number, "provider_ref": label.provider_ref},
    )
    if not carrier.is_online:
        answer = carrier.void_label(label.tracking_number, label.provider_ref)
        external.settle_offline(operation, answer)


def _settle_void(operation: ExternalOperation, outcome: Outcome) -> None:
    order, shipment, label = _lock_label(operation.subject_id)
    if label.state != LabelState.VOIDING:
        return
    now = clock.now()
    if not outcome.ok:
        label.keep(error=outcome.error)
        label.save()
        record_move(label, LabelState.VOIDING, label.state)
        attention.raise_item(
            kind=LABEL_FAILED,
            subject_type="shipment",
            subject_id=shipment.pk,
            title=f"{shipment.number}: {label.tracking_number} was not voided",
            detail=outcome.error,
            url=f"/shipping/shipments/{shipment.pk}/",
        )
        return
    label.void(now=now)
    label.save()
    record_move(label, LabelState.VOIDING, label.state)
    parcel = label.parcel
    parcel.tracking_number = parcel.carrier = ""
    parcel.save(update_fields=["tracking_number", "carrier"])
    publish(
        LabelVoided(
            order_id=order.pk,
            shipment_id=shipment.pk,
            parcel_id=parcel.pk,
            tracking_number=label.tracking_number,
        )
    )
    _move_on(shipment, now=now)


def _call_buy(operation: ExternalOperation) -> Outcome:
    request = LabelRequest.from_json(operation.request)
    return carrier_named(operation.provider).buy_label(request)


def _look_up_purchase(operation: ExternalOperation) -> Outcome | None:
    request = LabelRequest.from_json(operation.request)
    return carrier_named(operation.provider).look_up_label(request)


def _call_void(operation: ExternalOperation) -> Outcome:
    asked = operation.request
    carrier = carrier_named(operation.provider)
    return carrier.void_label(asked["tracking_number"], asked["provider_ref"])


BUY = external.register(
    OperationKind(
        code="shipping.buy_label",
        call=_call_buy,
        look_up=_look_up_purchase,
        settle=_settle_purchase,
    )
)
VOID = external.register(
    OperationKind(
        code="shipping.void_label", call=_call_void, settle=_settle_void, is_repeatable=True
    )
)
