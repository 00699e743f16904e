"""An order that is told again: what of it may still change, and what only differs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from core import attention
from core.markup.people import address_lines
from core.models import AttentionItem, Channel
from oms.intake.documents import OrderDocument
from oms.intake.drafting import safe_number, will_be_cancelled
from oms.intake.findings import Findings, shown
from oms.intake.options import ExistingRule, IntakeOptions
from orders.locks import lock_order
from orders.models import NoteKind, Order, OrderKit, OrderLine
from orders.services import add_note, cancel_order, change_shipping_address, set_tags
from orders.services.building import tag_of
from orders.states import OrderState
from payments.services import record_payment, refund_order
from payments.states import Method

CHANNEL_DIFFERS = "channel_differs"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the source tells otherwise. `apply` takes it over; None where nothing may."""

    field: str
    here: str
    there: str
    apply: Callable[[datetime], object] | None = None


def known_orders(
    documents: Sequence[OrderDocument], channel: Channel, *, is_compared: bool
) -> dict[str, Order]:
    """The orders that are here already, by the document's key; with their lines and notes where they
    are compared. An order that was first told without its own id is found by its number.
    """
    keys = {document.external_id for document in documents}
    names = {document.number for document in documents}
    numbers = {safe_number(document, channel): document for document in documents}
    known: dict[str, Order] = {}
    by_name: dict[str, Order] = {}
    rows = Order.objects.filter(
        Q(external_id__in=keys | names) | Q(number__in=numbers), channel=channel
    ).select_related("channel")
    if is_compared:
        rows = rows.prefetch_related("lines__kit", "notes")
    for order in rows:
        if order.external_id in keys:
            known[order.external_id] = order
        by_name[order.external_id] = order
    for document in documents:
        earlier = by_name.get(document.number)
        if document.external_id not in known and earlier is not None:
            known[document.external_id] = earlier
    return known


def waiting_for_people(orders: Iterable[Order]) -> set[int]:
    """Those of the orders that people were asked about already, by id."""
    return set(
        AttentionItem.objects.filter(
            kind=CHANNEL_DIFFERS,
            subject_type="order",
            subject_id__in=[order.pk for order in orders],
            resolved_at=None,
        ).values_list("subject_id", flat=True)
    )


def tell_again(
    document: OrderDocument,
    order: Order,
    options: IntakeOptions,
    findings: Findings,
    *,
    is_waiting: bool,
    now: datetime,
) -> bool:
    """Follow `options.existing` for one order; whether it was changed.

    Taken over is only what may still change, and only while nothing of the order has begun to leave.
    All else is listed among the findings and raised for people; when nothing differs any more, who
    was asked (`is_waiting`) no longer is.
    """
    if options.existing == ExistingRule.SKIP:
        return False
    differences = _differences(document, order)
    left = list(differences)
    if options.existing == ExistingRule.UPDATE and _may_change(order):
        left = [one for one in differences if one.apply is None]
        for one in differences:
            if one.apply is not None:
                one.apply(now)
    for one in left:
        findings.warn(
            document.row,
            options.label(one.field),
            "differs",
            f"{order.number} is told otherwise: {shown(one.here)} here, {shown(one.there)} in the"
            " file; it was left as it is.",
        )
    if left or is_waiting:
        _ask_people(order, left)
    return len(left) < len(differences)


def _may_change(order: Order) -> bool:
    return order.state == OrderState.OPEN and not order.units_shipped and not order.open_work


def _ask_people(order: Order, left: Sequence[Difference]) -> None:
    if not left:
        attention.resolve(kind=CHANNEL_DIFFERS, subject_type="order", subject_ids=[order.pk])
        return
    attention.raise_item(
        kind=CHANNEL_DIFFERS,
        subject_type="order",
        subject_id=order.pk,
        title=f"{order.number}: {order.channel.name} tells it otherwise",
        detail="; ".join(f"{one.field}: {one.here} here, {one.there} there" for one in left),
        url=f"/orders/{order.pk}/",
    )


@transaction.atomic
def keep_ours(*, order_id: int, now: datetime) -> None:
    """Somebody looked at what the channel tells otherwise, and the order stays as it is; a note
    says what that was. Raises OrderNotFound.
    """
    order = lock_order(order_id)
    item = AttentionItem.objects.filter(
        kind=CHANNEL_DIFFERS, subject_type="order", subject_id=order.pk, resolved_at=None
    ).first()
    if item is None:
        return
    attention.resolve(kind=CHANNEL_DIFFERS, subject_type="order", subject_ids=[order.pk])
    add_note(order_id=order.pk, text=f"Kept as it is here. {item.title}: {item.detail}", now=now)


def _differences(document: OrderDocument, order: Order) -> list[Difference]:
    """What differs; a cancellation comes last, since nothing else may change after it."""
    return [
        *_address(document, order),
        *_tags(document, order),
        *_note(document, order),
        *_goods(document, order),
        *_money(document, order),
        *_cancellation(document, order),
    ]


def _address(document: OrderDocument, order: Order) -> list[Difference]:
    there = document.shipping
    if there.is_empty or there == order.ship_to:
        return []

    def apply(now: datetime) -> object:
        return change_shipping_address(order_id=order.pk, address=there, now=now)

    is_whole = bool(there.city and there.country)
    return [
        Difference(
            "shipping_address",
            ", ".join(address_lines(order.ship_to)),
            ", ".join(address_lines(there)),
            apply if is_whole else None,
        )
    ]


def _tags(document: OrderDocument, order: Order) -> list[Difference]:
    """Tags are added, never taken: people here tag too."""
    missing = sorted({tag_of(tag) for tag in document.tags} - set(order.tags) - {""})
    if not missing:
        return []

    def apply(now: datetime) -> object:
        return set_tags(order_id=order.pk, add=missing, now=now)

    return [Difference("tags", ", ".join(order.tags), ", ".join(missing), apply)]


def _note(document: OrderDocument, order: Order) -> list[Difference]:
    words = document.customer_note.strip()[:4000]
    texts = [note.text for note in order.notes.all() if note.kind == NoteKind.CUSTOMER]
    if not words or words in texts:
        return []

    def apply(now: datetime) -> object:
        return add_note(order_id=order.pk, text=words, kind=NoteKind.CUSTOMER, now=now)

    return [Difference("note", texts[0] if texts else "", words, apply)]


def _goods(document: OrderDocument, order: Order) -> list[Difference]:
    """Lines and what was sent: never taken over, since stock and parcels hang on them."""
    differences = []
    lines = list(order.lines.all())
    kits = dict.fromkeys(line.kit for line in lines if line.kit)
    sold: list[OrderKit | OrderLine] = [*kits, *_by_themselves(lines)]
    here = sorted(f"{one.quantity} × {one.sku or one.name}" for one in sold)
    there = sorted(f"{line.quantity} × {line.sku or line.name}" for line in document.lines)
    if here != there:
        gone = [one for one in here if one not in there]
        new = [one for one in there if one not in here]
        differences.append(Difference("lines", ", ".join(gone), ", ".join(new)))
    sent = _units_sent(lines)
    if document.units_shipped > sent:
        differences.append(Difference("units sent", str(sent), str(document.units_shipped)))
    declared = document.declared.total
    if declared is not None and declared != order.total and here != there:
        differences.append(Difference("total", f"{order.total:f}", f"{declared:f}"))
    return differences


def _by_themselves(lines: Sequence[OrderLine]) -> list[OrderLine]:
    return [line for line in lines if line.kit is None]


def _units_sent(lines: Sequence[OrderLine]) -> int:
    """Units that left, as their source counts them: a kit is one, once all of it is gone."""
    kits: dict[OrderKit, int] = {}
    for line in lines:
        if line.kit is not None:
            gone = line.shipped * line.kit.quantity // line.quantity
            kits[line.kit] = min(kits.get(line.kit, gone), gone)
    return sum(kits.values()) + sum(line.shipped for line in _by_themselves(lines))


def _money(document: OrderDocument, order: Order) -> list[Difference]:
    """Money that came, or went back, since. Less than is known here is for people to look at."""
    differences = []
    more = document.paid - order.captured
    if more:
        differences.append(
            Difference(
                "paid",
                f"{order.captured:f}",
                f"{document.paid:f}",
                _pay(document, order, more) if more > 0 else None,
            )
        )
    back = document.refunded - order.refunded
    if back:
        differences.append(
            Difference(
                "refunded",
                f"{order.refunded:f}",
                f"{document.refunded:f}",
                _refund(document, order, back) if back > 0 else None,
            )
        )
    return differences


def _pay(document: OrderDocument, order: Order, more: Decimal) -> Callable[[datetime], object]:
    last = document.payments[-1]

    def apply(now: datetime) -> object:
        return record_payment(
            order_id=order.pk,
            method=Method.ELSEWHERE,
            amount=more,
            currency=order.currency,
            received_at=min(last.at, now),
            reference=last.reference,
            label=last.method,
            key=f"intake:{order.pk}:paid:{document.paid:f}",
            now=now,
        )

    return apply


def _refund(document: OrderDocument, order: Order, back: Decimal) -> Callable[[datetime], object]:
    is_cancelled = will_be_cancelled(document)

    def apply(now: datetime) -> object:
        return refund_order(
            order_id=order.pk,
            amount=back,
            reason="Given back in the shop",
            grants_credit=not is_cancelled,
            key=f"intake:{order.pk}:refunded:{document.refunded:f}",
            now=now,
        )

    return apply


def _cancellation(document: OrderDocument, order: Order) -> list[Difference]:
    if not will_be_cancelled(document) or order.state in {
        OrderState.CANCELLED,
        OrderState.EXPIRED,
    }:
        return []

    def apply(now: datetime) -> object:
        return cancel_order(
            order_id=order.pk,
            reason=document.cancel_reason or "Cancelled in the source",
            wants_refund=False,
            now=now,
        )

    return [Difference("cancelled_at", order.get_state_display(), "Cancelled", apply)]
