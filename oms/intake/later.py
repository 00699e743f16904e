"""An order that is told again: what of it may still change, and what only differs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from core.errors import DomainError
from core.markup.people import address_lines
from core.models import Channel
from oms.intake.differing import put_before_people
from oms.intake.documents import OrderDocument
from oms.intake.drafting import safe_number, will_be_cancelled
from oms.intake.findings import Findings, shown
from oms.intake.options import ExistingRule, IntakeOptions
from orders.models import NoteKind, Order, OrderKit, OrderLine
from orders.services import (
    add_note,
    ask_deliver_by,
    cancel_order,
    change_shipping_address,
    hold_order,
    set_tags,
)
from orders.services.building import tag_of
from orders.states import HoldKind, OrderState
from payments.services import record_payment, refund_order
from payments.states import Method

Base = Mapping[str, str]
EDITABLE = frozenset({"shipping_address", "lines", "deliver_by"})
OVER = frozenset({OrderState.CANCELLED, OrderState.EXPIRED})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the source tells otherwise. `apply` takes it over; None where nothing may.
    `is_fact`: it happened elsewhere and overwrites nothing here, so no state of the order stands
    against it.
    """

    field: str
    here: str
    there: str
    apply: Callable[[datetime], object] | None = None
    is_fact: bool = False


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


def tell_again(
    document: OrderDocument,
    order: Order,
    options: IntakeOptions,
    findings: Findings,
    *,
    is_waiting: bool,
    base: Base | None = None,
    now: datetime,
) -> bool:
    """Follow `options.existing` for one order; whether it was changed.

    Taken over is only what may still change: facts always, the rest while nothing of the order has
    begun to leave. With a `base` (what the source told the time before) only what it tells anew
    counts, and what was edited here since is not overwritten. All else is listed among the findings
    and put before people; when nothing differs any more, who was asked (`is_waiting`) no longer is.
    """
    if options.existing == ExistingRule.SKIP:
        return False
    differences = differences_of(document, order, base)
    told = told_of(document)
    new = [one for one in differences if base is None or told[one.field] != base.get(one.field)]
    left = [one for one in new if not (_is_free(one, order, base, options) and _took(one, now))]
    for one in left:
        findings.warn(
            document.row,
            options.label(one.field),
            "differs",
            f"{order.number} is told otherwise: {shown(one.here)} here, {shown(one.there)} in the"
            " file; it was left as it is.",
        )
    if left or is_waiting:
        put_before_people(
            order,
            [(one.field, one.here, one.there, one.apply is not None) for one in left],
            document,
            still={one.field for one in differences},
            now=now,
        )
    return len(left) < len(new)


def _is_free(one: Difference, order: Order, base: Base | None, options: IntakeOptions) -> bool:
    """Whether it may be taken over without asking."""
    if one.apply is None or options.existing != ExistingRule.UPDATE:
        return False
    if one.is_fact:
        return True
    is_edited_here = (
        base is not None and one.field in EDITABLE and one.here != base.get(one.field, one.here)
    )
    return _may_change(order) and not is_edited_here


def _took(one: Difference, now: datetime) -> bool:
    """Take it over; False where a verb refuses."""
    try:
        with transaction.atomic():
            assert one.apply is not None  # noqa: S101  (_is_free saw to it)
            one.apply(now)
    except DomainError:
        return False
    return True


def _may_change(order: Order) -> bool:
    return order.state == OrderState.OPEN and not order.units_shipped and not order.open_work


def told_of(document: OrderDocument) -> dict[str, str]:
    """What the document tells, in the words of differences, by field."""
    total = document.declared.total
    return {
        "shipping_address": ", ".join(address_lines(document.shipping)),
        "deliver_by": _day(document.deliver_by),
        "tags": ", ".join(sorted({tag_of(tag) for tag in document.tags} - {""})),
        "note": document.customer_note.strip()[:4000],
        "lines": _listed([(line.quantity, line.sku or line.name) for line in document.lines]),
        "units sent": str(document.units_shipped),
        "total": "" if total is None else _amount(total),
        "paid": _amount(document.paid),
        "refunded": _amount(document.refunded),
        "hold": document.hold_reason,
        "cancelled_at": "Cancelled" if will_be_cancelled(document) else "",
    }


def _listed(units: Iterable[tuple[int, str]]) -> str:
    return ", ".join(sorted(f"{quantity} × {name}" for quantity, name in units))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _amount(value: Decimal) -> str:
    return f"{value.normalize():f}"


def differences_of(
    document: OrderDocument, order: Order, base: Base | None = None
) -> list[Difference]:
    """What differs; a cancellation comes last, since nothing else may change after it."""
    over = order.state in OVER
    return [
        *([] if over else _address(document, order)),
        *([] if over else _asked_day(document, order, base)),
        *_tags(document, order, base),
        *_note(document, order),
        *([] if over else _goods(document, order, base)),
        *_money(document, order),
        *([] if over or base is None else _hold(document, order)),
        *([] if over else _cancellation(document, order)),
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


def _asked_day(document: OrderDocument, order: Order, base: Base | None) -> list[Difference]:
    """The day asked for; one that was told before and no longer is, is asked for no more."""
    there = document.deliver_by
    was_told = (base or {}).get("deliver_by")
    if there == order.deliver_by or (there is None and not was_told):
        return []

    def apply(now: datetime) -> object:
        return ask_deliver_by(order_id=order.pk, deliver_by=there, now=now)

    return [Difference("deliver_by", _day(order.deliver_by), _day(there), apply)]


def _tags(document: OrderDocument, order: Order, base: Base | None) -> list[Difference]:
    """Tags are added, never taken: people here tag too, and take off what was told before."""
    known = set((base or {}).get("tags", "").split(", "))
    told = {tag_of(tag) for tag in document.tags}
    missing = sorted(told - set(order.tags) - known - {""})
    if not missing:
        return []

    def apply(now: datetime) -> object:
        return set_tags(order_id=order.pk, add=missing, now=now)

    return [Difference("tags", ", ".join(order.tags), ", ".join(missing), apply, is_fact=True)]


def _note(document: OrderDocument, order: Order) -> list[Difference]:
    words = document.customer_note.strip()[:4000]
    texts = [note.text for note in order.notes.all() if note.kind == NoteKind.CUSTOMER]
    if not words or words in texts:
        return []

    def apply(now: datetime) -> object:
        return add_note(order_id=order.pk, text=words, kind=NoteKind.CUSTOMER, now=now)

    return [Difference("note", texts[0] if texts else "", words, apply, is_fact=True)]


def _goods(document: OrderDocument, order: Order, base: Base | None) -> list[Difference]:
    """Lines and what was sent: never taken over, since stock and parcels hang on them."""
    differences = []
    told = told_of(document)
    lines = list(order.lines.all())
    kits = dict.fromkeys(line.kit for line in lines if line.kit)
    sold: list[OrderKit | OrderLine] = [*kits, *_by_themselves(lines)]
    here = _listed((one.quantity, one.sku or one.name) for one in sold)
    if here != told["lines"]:
        differences.append(Difference("lines", here, told["lines"]))
    sent = _units_sent(lines)
    if document.units_shipped > sent:
        differences.append(Difference("units sent", str(sent), told["units sent"]))
    is_news = base is not None or here != told["lines"]
    if is_news and told["total"] and told["total"] != _amount(order.total):
        differences.append(Difference("total", _amount(order.total), told["total"]))
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
                _amount(order.captured),
                _amount(document.paid),
                _pay(document, order, more) if more > 0 else None,
                is_fact=more > 0,
            )
        )
    back = document.refunded - order.refunded
    if back:
        differences.append(
            Difference(
                "refunded",
                _amount(order.refunded),
                _amount(document.refunded),
                _refund(document, order, back) if back > 0 else None,
                is_fact=back > 0,
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


def _hold(document: OrderDocument, order: Order) -> list[Difference]:
    """A reason why people must look before more is sent."""
    reason = document.hold_reason
    if not reason:
        return []

    def apply(now: datetime) -> object:
        return hold_order(order_id=order.pk, kind=HoldKind.OPERATOR, reason=reason, now=now)

    return [Difference("hold", "", reason, apply, is_fact=True)]


def _cancellation(document: OrderDocument, order: Order) -> list[Difference]:
    if not will_be_cancelled(document):
        return []

    def apply(now: datetime) -> object:
        return cancel_order(
            order_id=order.pk,
            reason=document.cancel_reason or "Cancelled in the source",
            wants_refund=False,
            now=now,
        )

    return [Difference("cancelled_at", order.get_state_display(), "Cancelled", apply)]
