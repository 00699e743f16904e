"""Quotes as their buyers answer them: accepted, declined, run out, and the order that follows."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction
from django_fsm import can_proceed

from core import attention
from core.errors import DomainError
from core.outbox import publish
from orders.drafts import DraftLine, OrderDraft, WhenShort
from orders.errors import CannotQuote, PurchaseOrderMissing
from orders.events.business import (
    QuotationAccepted,
    QuotationConverted,
    QuotationDeclined,
    QuotationExpired,
    QuotationNotPlaced,
)
from orders.locks import lock_quotation
from orders.models import Order, Quotation
from orders.services.offering import NOT_PLACED, keep, read_adjusted
from orders.services.placing import place_order
from orders.services.recommending import record_taken
from orders.states import PaymentTerms, QuotationState, TaxRounding, TaxTreatment

logger = logging.getLogger(__name__)


@transaction.atomic
def accept_quotation(
    *, quotation_id: int, by: str, purchase_order: str = "", now: datetime
) -> Quotation:
    """The buyer takes what was quoted; its order is placed at once. Where that is refused (stock,
    credit, a block) the acceptance stands and people are told.

    Of two who accept at once the second is refused. Raises CannotQuote, PurchaseOrderMissing.
    """
    quotation = lock_quotation(quotation_id)
    _refuse_answer(quotation, now)
    wanted = purchase_order.strip() or quotation.purchase_order
    if quotation.company and quotation.company.needs_purchase_order and not wanted:
        raise PurchaseOrderMissing(
            f"{quotation.company} orders under a purchase-order number; give yours.",
            field="purchase_order",
        )
    quotation.purchase_order = wanted
    quotation.accept(by=by, now=now)
    keep(quotation, QuotationState.SENT)
    under = f" under {wanted}" if wanted else ""
    publish(QuotationAccepted(quotation_id=quotation.pk, number=str(quotation), by=by, under=under))
    try:
        with transaction.atomic():
            _convert(quotation, now=now)
    except DomainError as refusal:
        quotation = lock_quotation(quotation_id)
        _tell_people(quotation, refusal)
    return quotation


def _refuse_answer(quotation: Quotation, now: datetime) -> None:
    if quotation.state != QuotationState.SENT:
        raise CannotQuote(
            f"Quote {quotation} can no longer be answered: it is"
            f" {quotation.get_state_display().lower()}."
        )
    if quotation.is_past(now.astimezone(quotation.channel.zone).date()):
        raise CannotQuote(
            f"Quote {quotation} was valid until {quotation.valid_until:%-d %B %Y}; ask for a new one."
        )


def _tell_people(quotation: Quotation, refusal: DomainError) -> None:
    attention.raise_item(
        kind=NOT_PLACED,
        subject_type="quotation",
        subject_id=quotation.pk,
        title=f"Quote {quotation}: accepted, not ordered",
        detail=refusal.message,
        url=f"/quotes/{quotation.pk}/",
    )
    publish(
        QuotationNotPlaced(
            quotation_id=quotation.pk, number=str(quotation), why=refusal.message[:300]
        )
    )


@transaction.atomic
def decline_quotation(*, quotation_id: int, by: str, why: str, now: datetime) -> Quotation:
    """The buyer does not take it. Raises CannotQuote."""
    quotation = lock_quotation(quotation_id)
    _refuse_answer(quotation, now)
    quotation.decline(by=by, answer=why[:300], now=now)
    keep(quotation, QuotationState.SENT, reason=why)
    publish(
        QuotationDeclined(
            quotation_id=quotation.pk,
            number=str(quotation),
            by=by,
            why=why[:300] or "no reason given",
        )
    )
    return quotation


@transaction.atomic
def convert_quotation(*, quotation_id: int, now: datetime) -> Order:
    """Place the order of a quote that its buyer accepted, or agreed to otherwise, at the prices
    quoted; told twice it is placed once. Raises CannotQuote and what placing refuses.
    """
    quotation = lock_quotation(quotation_id)
    if quotation.order is not None:
        return quotation.order
    if not can_proceed(quotation.convert):
        raise CannotQuote(
            f"Quote {quotation} is {quotation.get_state_display().lower()}; only one that was sent"
            " or accepted becomes an order."
        )
    return _convert(quotation, now=now)


def _convert(quotation: Quotation, *, now: datetime) -> Order:
    order = place_order(draft_of(quotation), now=now)
    record_taken(basket_key=quotation.suggested_under, order_id=order.pk, now=now)
    before = quotation.state
    quotation.convert(order=order)
    keep(quotation, before)
    attention.resolve(kind=NOT_PLACED, subject_type="quotation", subject_ids=[quotation.pk])
    publish(
        QuotationConverted(
            quotation_id=quotation.pk,
            number=str(quotation),
            order_id=order.pk,
            order_number=order.number,
        )
    )
    return order


def draft_of(quotation: Quotation) -> OrderDraft:
    """The order a quote stands for, to the cent: each line with its own discount and tax."""
    return OrderDraft(
        channel=quotation.channel,
        currency=quotation.currency,
        customer_id=quotation.customer_id,
        purchase_order=quotation.purchase_order,
        customer_name=quotation.customer_name,
        email=quotation.email,
        phone=quotation.phone,
        billing_address=quotation.bill_to,
        shipping_address=quotation.ship_to,
        prices_include_tax=quotation.prices_include_tax,
        tax_rounding=TaxRounding(quotation.tax_rounding),
        tax_treatment=TaxTreatment(quotation.tax_treatment),
        shipping_adjustments=tuple(read_adjusted(one) for one in quotation.shipping_adjustments),
        coupons=tuple(quotation.coupons),
        shipping=quotation.shipping_total,
        shipping_tax_rate=quotation.shipping_tax_rate,
        shipping_tax=quotation.shipping_tax,
        shipping_service=quotation.shipping_service,
        shipping_method=quotation.shipping_method,
        payment_terms=PaymentTerms(quotation.payment_terms),
        when_short=WhenShort(quotation.when_short),
        lines=tuple(
            DraftLine(
                sku=line.sku,
                name=line.name,
                quantity=line.quantity,
                unit_price=line.unit_price,
                amount=line.amount,
                adjustments=tuple(read_adjusted(one) for one in line.adjustments),
                tax_rate=line.tax_rate,
                tax=line.tax,
                list_price=line.list_price,
                price_source=line.price_source,
                price_reason=line.price_reason,
            )
            for line in quotation.lines.all()
        ),
    )


def expire_quotations(*, now: datetime) -> int:
    """End the quotes whose day has passed where they were made; returns how many. Each in a
    transaction of its own: one that is being answered is left for the next sweep.
    """
    due = Quotation.objects.filter(state=QuotationState.SENT, valid_until__lt=now.date())
    ended = 0
    for pk in list(due.order_by("valid_until", "pk").values_list("pk", flat=True)):
        try:
            ended += _expire(pk, now=now)
        except (DomainError, OperationalError) as reason:
            logger.warning("quote %s is left for the next sweep: %s", pk, reason)
    return ended


@transaction.atomic
def _expire(quotation_id: int, *, now: datetime) -> bool:
    quotation = lock_quotation(quotation_id)
    today = now.astimezone(quotation.channel.zone).date()
    if quotation.state != QuotationState.SENT or not quotation.is_past(today):
        return False
    quotation.expire()
    keep(quotation, QuotationState.SENT)
    publish(
        QuotationExpired(
            quotation_id=quotation.pk,
            number=str(quotation),
            valid_until=quotation.valid_until.isoformat(),
        )
    )
    return True
