"""Quotes on our side of the table: drafted, changed, sent, revised, copied, withdrawn."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django_fsm import can_proceed

from core import attention, documents, messages
from core.audit import record_move
from core.numbers import next_values
from core.outbox import publish
from customers.models import Customer
from inventory.models import Variant
from orders.drafts import OrderDraft
from orders.errors import BadLine, BadQuotation, CannotQuote
from orders.events.business import (
    QuotationChanged,
    QuotationDrafted,
    QuotationSent,
    QuotationWithdrawn,
)
from orders.locks import lock_quotation
from orders.messages import QUOTE_SENT, quotation_variables
from orders.models import Quotation, QuotationLine
from orders.pricing import Adjusted, OrderPrice
from orders.services.building import price_of
from orders.services.business import refuse_blocked
from orders.services.linking import issue_quotation_link
from orders.states import AdjustmentKind, QuotationState

PAPER = "quotation"
NOT_PLACED = "quote_not_placed"
LASTS = timedelta(days=30)
COPIED = (
    "channel", "customer", "company", "customer_name", "email", "phone", "purchase_order",
    "payment_terms", "when_short", "note", "currency", "prices_include_tax", "order_discount",
    "subtotal", "discount_total", "shipping_total", "shipping_tax", "shipping_tax_rate",
    "tax_total", "tax_on_top", "total", "shipping_service", "shipping_method",
    "billing_address", "shipping_address", "tax_rounding", "tax_treatment",
    "shipping_adjustments", "coupons",
)  # fmt: skip
MONEY = ("unit_price", "amount", "discount", "tax_rate", "tax", "total")
LINE_COLUMNS = (
    "position", "variant", "sku", "name", "quantity", "list_price", "price_source",
    "price_reason", "adjustments", *MONEY,
)  # fmt: skip


@transaction.atomic
def save_quotation(
    *,
    quotation_id: int | None,
    draft: OrderDraft,
    valid_until: date,
    version: int | None = None,
    basket_key: str = "",
    now: datetime,
) -> Quotation:
    """Draft a quote, or change a draft; prices are kept as `draft` gives them. `basket_key` names what
    was suggested while a new one was entered. Raises StaleEdit, CannotQuote for one that was sent,
    BadLine, BadQuotation.
    """
    if quotation_id is None:
        number = f"Q-{next_values('orders_quotation_number')[0]}"
        quotation = Quotation(
            number=number, created_at=now, channel=draft.channel, basket_key=basket_key
        )
    else:
        quotation = lock_quotation(quotation_id, version=version)
        if quotation.state != QuotationState.DRAFT:
            raise CannotQuote(f"Quote {quotation} was sent already; make a revision of it.")
    price = price_of(draft)
    _fill(quotation, draft, price, valid_until)
    variants = _variants(draft, is_for_company=quotation.company_id is not None)
    quotation.version += quotation_id is not None
    quotation.save()
    _keep_lines(quotation, draft, price, variants)
    told: dict[str, Any] = {
        "quotation_id": quotation.pk,
        "total": str(price.total),
        "currency": draft.currency,
    }
    if quotation_id is None:
        publish(QuotationDrafted(number=str(quotation), **told))
    else:
        publish(QuotationChanged(valid_until=valid_until.isoformat(), **told))
    return quotation


def _keep_lines(
    quotation: Quotation, draft: OrderDraft, price: OrderPrice, variants: Mapping[str, Variant]
) -> None:
    quotation.lines.all().delete()
    QuotationLine.objects.bulk_create(
        QuotationLine(
            quotation=quotation,
            position=position,
            variant=variants[line.sku],
            sku=line.sku,
            name=variants[line.sku].full_name,
            quantity=line.quantity,
            list_price=line.list_price,
            price_source=line.price_source,
            price_reason=line.price_reason,
            adjustments=[write_adjusted(one) for one in money.adjustments],
            **{name: getattr(money, name) for name in MONEY},
        )
        for position, (line, money) in enumerate(
            zip(draft.lines, price.lines, strict=True), start=1
        )
    )


def _variants(draft: OrderDraft, *, is_for_company: bool) -> dict[str, Variant]:
    if not draft.lines:
        raise BadQuotation("A quote needs at least one line; add a product.")
    rows = Variant.objects.filter(sku__in={line.sku for line in draft.lines})
    found = {variant.sku: variant for variant in rows.select_related("product")}
    for position, line in enumerate(draft.lines, start=1):
        variant = found.get(line.sku)
        if variant is None:
            raise BadLine(
                f"Line {position}: no product has the SKU “{line.sku}”.",
                field=f"lines.{position}.sku",
            )
        if line.quantity < 1:
            raise BadLine(
                f"Line {position}: give a whole number of units.",
                field=f"lines.{position}.quantity",
            )
        words = variant.pack_problem(line.quantity) if is_for_company else ""
        if words:
            raise BadLine(f"Line {position}: {words}", field=f"lines.{position}.quantity")
    return found


def _fill(quotation: Quotation, draft: OrderDraft, price: OrderPrice, valid_until: date) -> None:
    customer = Customer.objects.filter(pk=draft.customer_id or 0).select_related("company").first()
    quotation.channel, quotation.customer = draft.channel, customer
    quotation.company = customer.company if customer else None
    quotation.valid_until = valid_until
    quotation.note = draft.customer_note
    quotation.coupons = list(draft.coupons)
    for name in (
        "customer_name", "email", "phone", "purchase_order", "payment_terms", "when_short",
        "currency", "prices_include_tax", "order_discount", "shipping_tax_rate",
        "shipping_service", "shipping_method", "tax_rounding", "tax_treatment",
    ):  # fmt: skip
        setattr(quotation, name, getattr(draft, name))
    for name in (
        "subtotal", "discount_total", "shipping_total", "shipping_tax", "tax_total", "tax_on_top",
        "total",
    ):  # fmt: skip
        setattr(quotation, name, getattr(price, name))
    quotation.shipping_adjustments = [write_adjusted(one) for one in draft.shipping_adjustments]
    quotation.billing_address = draft.billing_address.as_json()
    quotation.shipping_address = draft.shipping_address.as_json()


def write_adjusted(one: Adjusted) -> dict[str, Any]:
    """Why something costs less, as JSON; `read_adjusted` takes it back."""
    return {**asdict(one), "kind": str(one.kind), "amount": str(one.amount)}


def read_adjusted(kept: Mapping[str, Any]) -> Adjusted:
    """What `write_adjusted` wrote."""
    known = {**kept, "kind": AdjustmentKind(kept["kind"]), "amount": Decimal(kept["amount"])}
    return Adjusted(**known)


@transaction.atomic
def send_quotation(*, quotation_id: int, now: datetime) -> Quotation:
    """Send a draft to its buyer: its paper is made, a link is mailed, and the version before it no
    longer stands. Raises CannotQuote, BadQuotation without an address or past its day.
    """
    quotation = lock_quotation(quotation_id)
    if not can_proceed(quotation.send):
        raise CannotQuote(f"Quote {quotation} is no draft any more; reload it.")
    if not quotation.email:
        raise BadQuotation(
            f"Quote {quotation} has no e-mail address to go to; edit it and give one.",
            field="email",
        )
    if quotation.is_past(now.astimezone(quotation.channel.zone).date()):
        raise BadQuotation(
            f"Quote {quotation} was valid until {quotation.valid_until:%-d %B %Y}; edit it and give"
            " a later day.",
            field="valid_until",
        )
    if quotation.company:
        refuse_blocked(quotation.company)
    _retire_earlier(quotation)
    quotation.send(now=now)
    keep(quotation, QuotationState.DRAFT)
    documents.request(PAPER, quotation.pk)
    messages.queue(
        QUOTE_SENT,
        subject_id=quotation.pk,
        to=quotation.email,
        variables=quotation_variables(
            quotation.pk, quote_url=issue_quotation_link(quotation=quotation, now=now)
        ),
        dedupe=f"{QUOTE_SENT.code}:{quotation.pk}",
        channel_id=quotation.channel_id,
    )
    publish(
        QuotationSent(
            quotation_id=quotation.pk,
            number=str(quotation),
            to=quotation.email,
            valid_until=quotation.valid_until.isoformat(),
        )
    )
    return quotation


def _retire_earlier(quotation: Quotation) -> None:
    """What stands under the number gives way. Raises CannotQuote once that was ordered."""
    others = Quotation.objects.filter(number=quotation.number).exclude(pk=quotation.pk)
    standing = others.filter(
        state__in=[QuotationState.SENT, QuotationState.ACCEPTED, QuotationState.CONVERTED]
    )
    for pk in list(standing.values_list("pk", flat=True)):
        earlier = lock_quotation(pk)
        if earlier.state == QuotationState.CONVERTED:
            raise CannotQuote(
                f"Quote {earlier} became an order already; duplicate it to offer more."
            )
        _withdraw(earlier, f"Replaced by {quotation}")


def keep(quotation: Quotation, before: str, *, reason: str | None = None) -> None:
    """Save a moved quote and record the move."""
    quotation.version += 1
    quotation.save()
    record_move(quotation, before, quotation.state, reason=reason)


@transaction.atomic
def withdraw_quotation(*, quotation_id: int, why: str) -> Quotation:
    """Offer it no longer; its link says so. Raises CannotQuote."""
    quotation = lock_quotation(quotation_id)
    if not can_proceed(quotation.withdraw):
        raise CannotQuote(
            f"Quote {quotation} is {quotation.get_state_display().lower()}; there is nothing to"
            " withdraw."
        )
    _withdraw(quotation, why)
    return quotation


def _withdraw(quotation: Quotation, why: str) -> None:
    if not can_proceed(quotation.withdraw):
        return
    before = quotation.state
    quotation.withdraw()
    keep(quotation, before, reason=why)
    attention.resolve(kind=NOT_PLACED, subject_type="quotation", subject_ids=[quotation.pk])
    publish(
        QuotationWithdrawn(quotation_id=quotation.pk, number=str(quotation), why=why), reason=why
    )


@transaction.atomic
def revise_quotation(*, quotation_id: int, now: datetime) -> Quotation:
    """A new version in draft under the same number; the draft there is already, if any. Raises
    CannotQuote for one that became an order.
    """
    quotation = lock_quotation(quotation_id)
    same = Quotation.objects.filter(number=quotation.number)
    if draft := same.filter(state=QuotationState.DRAFT).first():
        return draft
    if ordered := same.filter(state=QuotationState.CONVERTED).first():
        raise CannotQuote(f"Quote {ordered} became an order already; duplicate it to offer more.")
    latest = same.aggregate(latest=Max("revision"))["latest"]
    return _copy(
        quotation,
        number=quotation.number,
        revision=latest + 1,
        basket_key=quotation.suggested_under,
        now=now,
    )


@transaction.atomic
def duplicate_quotation(*, quotation_id: int, now: datetime) -> Quotation:
    """The same again under a number of its own, in draft, at the same prices."""
    quotation = lock_quotation(quotation_id)
    number = f"Q-{next_values('orders_quotation_number')[0]}"
    return _copy(quotation, number=number, revision=1, now=now)


def _copy(
    quotation: Quotation, *, number: str, revision: int, basket_key: str = "", now: datetime
) -> Quotation:
    today = now.astimezone(quotation.channel.zone).date()
    copy = Quotation.objects.create(
        number=number,
        revision=revision,
        basket_key=basket_key,
        replaces=quotation if number == quotation.number else None,
        valid_until=max(quotation.valid_until, today + LASTS),
        created_at=now,
        **{name: getattr(quotation, name) for name in COPIED},
    )
    QuotationLine.objects.bulk_create(
        QuotationLine(quotation=copy, **{name: getattr(line, name) for name in LINE_COLUMNS})
        for line in quotation.lines.select_related("variant")
    )
    publish(
        QuotationDrafted(
            quotation_id=copy.pk, number=str(copy), total=str(copy.total), currency=copy.currency
        )
    )
    return copy
