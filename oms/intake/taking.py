"""The one place that turns order documents into verbs of several floors, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import DataError, IntegrityError, transaction

from core import clock
from core.errors import DomainError
from customers.services import find_or_add_many
from inventory.locks import lock_levels
from inventory.models import Variant
from inventory.services import add_variants
from oms.intake.cells import SCIENTIFIC
from oms.intake.differing import waiting_for_people
from oms.intake.documents import OrderDocument
from oms.intake.drafting import (
    NO_ADDRESS,
    draft_of,
    lacks_address,
    other_number,
    past_payments,
    products_of,
    safe_number,
    will_be_cancelled,
    wish_of,
)
from oms.intake.findings import Findings
from oms.intake.later import Base, known_orders, tell_again
from oms.intake.options import ExistingRule, IntakeOptions, ProductRule, StockRule
from oms.intake.shipped_stock import take_out
from orders.errors import AlreadyTaken
from orders.models import Order
from orders.services import cancel_order, hold_order, place_orders
from orders.states import HoldKind
from payments.services.history import record_past

RISKY = frozenset({"high"})


class Result(StrEnum):
    """What became of a document."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(slots=True)
class Outcome:
    """What became of a document, and what there is to say about it."""

    document: OrderDocument
    result: Result = Result.REJECTED
    order_id: int | None = None
    findings: Findings = field(default_factory=Findings)


@transaction.atomic
def take_orders(
    documents: Sequence[OrderDocument],
    options: IntakeOptions,
    *,
    bases: Mapping[str, Base] | None = None,
    now: datetime,
) -> list[Outcome]:
    """Take orders in; the outcomes stand in the order of the documents.

    New orders are placed together in a number of statements that does not grow with them; a refused
    one is parted from the others and rejected alone, with its reason. Orders that are here already
    (by channel and external id) follow `options.existing`, compared with what was told the time before
    where `bases` hold that. Meant for a few hundred at a time; all
    are in the options' channel.
    """
    outcomes = [Outcome(document) for document in documents]
    is_compared = options.existing != ExistingRule.SKIP
    known = known_orders(documents, options.channel, is_compared=is_compared)
    waiting = waiting_for_people(known.values()) if known and is_compared else set()
    fresh: dict[str, Outcome] = {}
    for outcome in outcomes:
        document = outcome.document
        order = known.get(document.external_id)
        if order is not None:
            base = (bases or {}).get(document.external_id)
            is_waiting = order.pk in waiting
            _tell_again(outcome, order, options, is_waiting=is_waiting, base=base, now=now)
        elif document.external_id in fresh:
            outcome.findings.refuse(
                document.row,
                options.label("external_id"),
                "told_twice",
                f"“{document.external_id}” is the key of {fresh[document.external_id].document.number}"
                " too; every order needs its own.",
            )
        else:
            fresh[document.external_id] = outcome
    _place(list(fresh.values()), options, now=now)
    return outcomes


def _tell_again(
    outcome: Outcome,
    order: Order,
    options: IntakeOptions,
    *,
    is_waiting: bool,
    base: Base | None,
    now: datetime,
) -> None:
    findings = outcome.findings
    is_changed = tell_again(
        outcome.document,
        order,
        options,
        findings,
        is_waiting=is_waiting,
        base=base,
        now=now,
    )
    outcome.order_id = order.pk
    if findings.errors:
        outcome.result = Result.REJECTED
    else:
        outcome.result = Result.UPDATED if is_changed else Result.UNCHANGED


def _place(outcomes: Sequence[Outcome], options: IntakeOptions, *, now: datetime) -> None:
    """Place all; when one is refused, halve until it stands alone."""
    if not outcomes:
        return
    try:
        with transaction.atomic():
            _place_together(outcomes, options, now=now)
    except (DomainError, IntegrityError, DataError) as refusal:
        if len(outcomes) == 1:
            _reject(outcomes[0], refusal, options)
            return
        for outcome in outcomes:
            outcome.findings.items.clear()
        half = len(outcomes) // 2
        _place(outcomes[:half], options, now=now)
        _place(outcomes[half:], options, now=now)


def _reject(outcome: Outcome, refusal: Exception, options: IntakeOptions) -> None:
    document = outcome.document
    outcome.result, outcome.order_id = Result.REJECTED, None
    outcome.findings.items.clear()
    if isinstance(refusal, AlreadyTaken):  # somebody else brought it while we read
        outcome.result, outcome.order_id = Result.UNCHANGED, refusal.order_id
    elif isinstance(refusal, DomainError):
        row, column = _place_of(document, refusal.field or "", options)
        outcome.findings.refuse(row, column, refusal.code, refusal.message)
    else:
        outcome.findings.refuse(
            document.row,
            "",
            "not_storable",
            f"the database refused the order: {str(refusal).splitlines()[0][:200]}",
        )


def _place_of(document: OrderDocument, field_name: str, options: IntakeOptions) -> tuple[int, str]:
    """The row and column that a refusal means; “lines.2.quantity” is the second line's."""
    parts = field_name.split(".")
    if len(parts) == 3 and parts[1].isdigit() and 0 < int(parts[1]) <= len(document.lines):
        return document.lines[int(parts[1]) - 1].row, options.label(f"line.{parts[2]}")
    return document.row, options.label(field_name) if field_name else ""


def _place_together(outcomes: Sequence[Outcome], options: IntakeOptions, *, now: datetime) -> None:
    documents = [outcome.document for outcome in outcomes]
    channel = options.channel
    customers = find_or_add_many([wish_of(one, channel) for one in documents], now=now)
    known_skus = _known_skus(documents, options)
    numbers = _numbers(documents, options)
    if options.stock == StockRule.TAKE:  # all stock that the batch touches, in one go
        lock_levels(known_skus.values())
    orders = place_orders(
        [
            draft_of(
                document, channel, number=number, customer_id=customer.pk if customer else None
            )
            for document, number, customer in zip(documents, numbers, customers, strict=True)
        ],
        now=now,
    )
    record_past(
        [
            past
            for document, order in zip(documents, orders, strict=True)
            for past in past_payments(document, order)
        ],
        now=now,
    )
    if options.stock == StockRule.TAKE:
        take_out(documents, orders, known_skus, channel, now=now)
    for outcome, order in zip(outcomes, orders, strict=True):
        _finish(outcome, order, options, known_skus, now=now)


def _known_skus(documents: Sequence[OrderDocument], options: IntakeOptions) -> dict[str, int]:
    """The variants behind the documents' SKUs; where products may be added, that is all of them."""
    if options.products == ProductRule.CREATE:
        add_variants(products_of(documents))
    skus = {line.sku for document in documents for line in document.lines if line.sku}
    return dict(Variant.objects.filter(sku__in=skus).values_list("sku", "pk"))


def _numbers(documents: Sequence[OrderDocument], options: IntakeOptions) -> list[str]:
    """A number for each document that no other order bears; empty lets the sequence give one."""
    wanted = [safe_number(document, options.channel) for document in documents]
    spare = [other_number(number, options.channel) for number in wanted]
    taken = set(Order.objects.filter(number__in=[*wanted, *spare]).values_list("number", flat=True))
    numbers: list[str] = []
    for first, second in zip(wanted, spare, strict=True):
        number = next((one for one in (first, second) if one not in taken), "")
        taken.add(number)
        numbers.append(number)
    return numbers


def _finish(
    outcome: Outcome,
    order: Order,
    options: IntakeOptions,
    known_skus: dict[str, int],
    *,
    now: datetime,
) -> None:
    """The order's own verbs, for the few that need them, and what there is to say of it."""
    document = outcome.document
    outcome.result, outcome.order_id = Result.CREATED, order.pk
    if will_be_cancelled(document):
        cancelled_at = document.cancelled_at or now
        with clock.at(cancelled_at):
            cancel_order(
                order_id=order.pk,
                reason=document.cancel_reason or "Cancelled in the source",
                wants_refund=False,
                now=cancelled_at,
            )
    elif document.cancelled_at:
        outcome.findings.warn(
            document.row,
            options.label("cancelled_at"),
            "cancelled_after_sent",
            "the order was cancelled after all of it was sent; it stays sent, and what came back is"
            " a return.",
        )
    elif not document.is_finished:
        _hold(document, order, now=now)
    _compare(outcome, order, options)
    _doubt_skus(outcome, known_skus, options)


def _hold(document: OrderDocument, order: Order, *, now: datetime) -> None:
    reasons = {
        HoldKind.FRAUD: f"The shop rates the risk as {document.risk}"
        if document.risk in RISKY
        else "",
        HoldKind.ADDRESS: NO_ADDRESS if lacks_address(order) else "",
        HoldKind.OPERATOR: document.hold_reason,
    }
    for kind, reason in reasons.items():
        if reason:
            hold_order(order_id=order.pk, kind=kind, reason=reason, now=now)


def _compare(outcome: Outcome, order: Order, options: IntakeOptions) -> None:
    """Report where the source's own sums differ from what its lines come to."""
    declared = outcome.document.declared
    pairs: Iterable[tuple[str, object, object]] = (
        ("subtotal", declared.subtotal, order.subtotal - order.discount_total),
        ("tax_total", declared.tax, order.tax_total),
        ("total", declared.total, order.total),
    )
    for name, told, counted in pairs:
        if told is not None and told != counted:
            outcome.findings.warn(
                outcome.document.row,
                options.label(name),
                f"{name}_differs",
                f"the file says {told:f}, its lines come to {counted:f}; the order keeps what its"
                " lines come to.",
            )


def _doubt_skus(outcome: Outcome, known_skus: dict[str, int], options: IntakeOptions) -> None:
    """Say which SKUs nobody knows, and which look as if a spreadsheet had shortened them."""
    for line in outcome.document.lines:
        if SCIENTIFIC.match(line.sku) and (
            line.sku not in known_skus or options.products == ProductRule.CREATE
        ):
            outcome.findings.warn(
                line.row,
                options.label("line.sku"),
                "scientific_sku",
                f"“{line.sku}” looks like a number that a spreadsheet shortened; it is kept as it"
                " stands, so check it.",
            )
        elif line.sku not in known_skus and line.is_physical and line.shipped < line.quantity:
            outcome.findings.warn(
                line.row,
                options.label("line.sku"),
                "unknown_sku",
                f"{line.sku or line.name} is not in the catalogue; the order is kept, and waits in"
                " Needs attention to be matched.",
            )
