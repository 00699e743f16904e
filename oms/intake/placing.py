"""Placing an order that a program asks for: customer, prices, order, money and holds in one commit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from core.api.client import Client, channel_within
from core.clock import in_zone
from core.errors import DomainError
from core.models import Channel
from core.money import ZERO, quantise, trimmed
from customers.models import Customer
from customers.services import find_or_add
from oms.intake.asked import LineIn, OrderIn
from oms.intake.documents import BuyerNamed, MoneyMoved, OrderDocument
from oms.intake.drafting import NO_ADDRESS, draft_of, lacks_address, past_payments, wish_of
from orders.drafts import DraftLine, OrderDraft, Origin, WhenShort
from orders.models import CancelledAhead, Order, ShippingService
from orders.selectors import Quote, quote_order
from orders.selectors.quoting import LineWish
from orders.services import cancel_order, claim_external_id, hold_order, place_order
from orders.services.quoted import draft_quoted
from orders.states import HoldKind
from payments.services.history import record_past

TOLD = "As the channel sold it"


class BadRequest(DomainError):
    """The order asked for names something that is not there, or contradicts itself."""

    code = "bad_request"


def channel_asked(client: Client, code: str) -> Channel:
    """The channel that a request names, within the key's own; a key with a channel need not name it.

    Raises BadRequest, alike for a channel that is another's and for none.
    """
    found = channel_within(client, code)
    if found is None:
        words = f"“{code}” is no channel of this key" if code else "The order names no channel"
        raise BadRequest(f"{words}; give its code.", field="channel")
    if not found.is_active:
        raise BadRequest(f"{found.name} takes no orders now.", field="channel")
    return found


@transaction.atomic(savepoint=False)  # whoever is refused here has done nothing else
def place_asked(asked: OrderIn, channel: Channel, *, may_override: bool, now: datetime) -> Order:
    """Place the order. Prices and taxes that are not given are ours; `may_override`: given prices may
    lie beyond what the channel allows by hand. An order that the channel cancelled before it told
    it is born cancelled. Raises BadRequest, PriceTooFar, AlreadyTaken, and what `place_order` refuses.
    """
    _check(asked, channel, now)
    _check_payments(asked, channel, now)
    ahead = claim_external_id(channel, asked.external_id)
    customer_id = _customer_id(asked, channel, now=now)
    service = _service(asked.shipping.service)
    document = _document(asked, channel, now)
    draft = _draft(asked, document, channel, service, customer_id)
    if _needs_quote(asked, may_override=may_override):
        quote = _quote(asked, channel, service, customer_id, now=now)
        draft = draft_quoted(draft, quote, may_exceed=may_override)
    draft = replace(_told(asked, draft), takes_stock=ahead is None)
    _refuse_parts_above_the_whole(draft)
    order = place_order(draft, now=now)
    record_past(past_payments(document, order), now=now)
    return _settled(asked, order, ahead, now=now)


def _settled(asked: OrderIn, order: Order, ahead: CancelledAhead | None, *, now: datetime) -> Order:
    """The order after what its channel said beforehand, held where stock or its address is missing."""
    if ahead is not None:
        reason = ahead.reason or "Cancelled by the channel beforehand"
        return cancel_order(order_id=order.pk, reason=reason, now=now)
    reasons = {
        HoldKind.ADDRESS: NO_ADDRESS if lacks_address(order) else "",
        HoldKind.STOCK: f"{order.units_backordered} units are not in stock"
        if asked.when_short == "hold" and order.units_backordered
        else "",
    }
    if not any(reasons.values()):
        return order
    for kind, reason in reasons.items():
        if reason:
            hold_order(order_id=order.pk, kind=kind, reason=reason, now=now)
    return Order.objects.select_related("channel").get(pk=order.pk)


def _check(asked: OrderIn, channel: Channel, now: datetime) -> None:
    if asked.currency not in {None, channel.currency}:
        raise BadRequest(f"{channel.name} sells in {channel.currency}.", field="currency")
    if asked.placed_at is not None and in_zone(asked.placed_at, channel.zone) > now:
        raise BadRequest("An order cannot be placed in the future.", field="placed_at")
    if asked.prices_include_tax not in {None, channel.prices_include_tax} and (
        asked.taxes == "compute" or any(line.unit_price == "list" for line in asked.lines)
    ):
        words = "contain" if channel.prices_include_tax else "do not contain"
        raise BadRequest(
            f"The prices of {channel.name} {words} the tax.", field="prices_include_tax"
        )
    for position, line in enumerate(asked.lines, start=1):
        if asked.taxes == "compute" and (line.tax is not None or line.tax_rate is not None):
            raise BadRequest(
                "Taxes are computed here unless the order says “taxes”: “given”.",
                field=f"lines.{position}.tax",
            )


def _check_payments(asked: OrderIn, channel: Channel, now: datetime) -> None:
    """Refuse money that cannot have been taken: parts of a coin, or in the future."""
    for position, one in enumerate(asked.payments, start=1):
        if one.amount != quantise(one.amount, channel.currency):
            raise BadRequest(
                f"{one.amount} {channel.currency} has more decimals than the currency.",
                field=f"payments.{position}.amount",
            )
        if one.received_at is not None and in_zone(one.received_at, channel.zone) > now:
            raise BadRequest(
                "Money cannot have come in the future.", field=f"payments.{position}.received_at"
            )


def _customer_id(asked: OrderIn, channel: Channel, *, now: datetime) -> int | None:
    told = asked.customer
    if told.id is not None:
        known = Customer.objects.current().filter(pk=told.id)
        if not known.filter(_of(channel)).exists():
            raise BadRequest("This channel knows no such customer.", field="customer.id")
        return told.id
    customer = find_or_add(wish_of(_buyer_only(asked, channel, now), channel), now=now)
    return customer.pk if customer else None


def _of(channel: Channel) -> Q:
    return Q(identities__channel=channel) | Q(orders__channel=channel) | Q(orders=None)


def _service(code: str) -> ShippingService | None:
    if not code:
        return None
    service = ShippingService.objects.filter(code=code, is_active=True).first()
    if service is None:
        raise BadRequest(f"No shipping service has the code “{code}”.", field="shipping.service")
    return service


def _needs_quote(asked: OrderIn, *, may_override: bool) -> bool:
    """Whether anything of ours is asked for, or the prices given have to be looked at."""
    if asked.coupons:
        return True
    is_listed = any(line.unit_price == "list" for line in asked.lines)
    is_rated = bool(asked.shipping.service) and asked.shipping.amount is None
    return is_listed or is_rated or asked.taxes == "compute" or not may_override


def _quote(
    asked: OrderIn,
    channel: Channel,
    service: ShippingService | None,
    customer_id: int | None,
    *,
    now: datetime,
) -> Quote:
    quote = quote_order(
        [
            LineWish(line.sku, line.quantity, _given_price(line), reason=TOLD)
            for line in asked.lines
        ],
        channel=channel,
        country=asked.shipping_address.country,
        region=asked.shipping_address.region,
        service=service,
        shipping=asked.shipping.amount,
        discount=asked.discount,
        customer_id=customer_id,
        codes=asked.coupons,
        now=now,
        asks_stock=False,
    )
    _refuse_unpriced(asked.lines, quote)
    _refuse_coupons(asked.coupons, quote)
    if service is not None and asked.shipping.amount is None and quote.rate is None:
        raise BadRequest(
            f"“{service.code}” has no rate for this address and weight; give an amount.",
            field="shipping.amount",
        )
    return quote


def _refuse_unpriced(lines: Sequence[LineIn], quote: Quote) -> None:
    """A SKU nobody knows does not lose an order that brings its price; it waits to be matched."""
    for position, (line, quoted) in enumerate(zip(lines, quote.lines, strict=True), start=1):
        if quoted.problem and (quoted.variant is not None or line.unit_price == "list"):
            field = "sku" if quoted.variant is None else "unit_price"
            raise BadRequest(quoted.problem, field=f"lines.{position}.{field}")


def _refuse_coupons(codes: Sequence[str], quote: Quote) -> None:
    """A coupon that cannot be used is refused: left out unsaid, its buyer would be charged more."""
    why = {one.label: one.words for one in quote.refused_coupons}
    for position, code in enumerate(codes, start=1):
        if words := why.get(code.strip().upper()):
            raise BadRequest(
                f"Coupon {code.strip().upper()}: {words}; leave it out.",
                field=f"coupons.{position}",
            )


def _given_price(line: LineIn) -> Decimal | None:
    return None if line.unit_price == "list" else line.unit_price


def _buyer_only(asked: OrderIn, channel: Channel, now: datetime) -> OrderDocument:
    """The document as far as it names the customer."""
    told = asked.customer
    shipping = asked.shipping_address.address()
    billing = asked.billing_address.address() if asked.billing_address else shipping
    return OrderDocument(
        channel=channel.code,
        external_id=asked.external_id,
        number="",
        placed_at=in_zone(asked.placed_at, channel.zone) if asked.placed_at else now,
        currency=channel.currency,
        lines=(),
        buyer=BuyerNamed(
            external_id=told.external_id,
            email=told.email,
            name=told.name or shipping.name,
            phone=told.phone or shipping.phone,
            accepts_marketing=told.accepts_marketing,
        ),
        billing=billing,
        shipping=shipping,
    )


def _document(asked: OrderIn, channel: Channel, now: datetime) -> OrderDocument:
    shipping = asked.shipping
    is_given = asked.taxes == "given"
    return replace(
        _buyer_only(asked, channel, now),
        prices_include_tax=asked.prices_include_tax,
        discount=asked.discount,
        discount_code=asked.discount_code,
        shipping_amount=shipping.amount or ZERO,
        shipping_tax=shipping.tax if is_given else None,
        shipping_tax_rate=shipping.tax_rate or ZERO,
        payments=tuple(
            MoneyMoved(
                amount=one.amount,
                at=in_zone(one.received_at, channel.zone) if one.received_at else now,
                method=one.method,
                reference=one.reference,
            )
            for one in asked.payments
            if one.amount
        ),
        customer_note=asked.customer_note,
        tags=tuple(asked.tags),
    )


def _told(asked: OrderIn, draft: OrderDraft) -> OrderDraft:
    """The draft at its prices, with the words, discounts and taxes that the request gives itself."""
    is_given = asked.taxes == "given"
    priced = draft.lines or [
        DraftLine(sku=line.sku, quantity=line.quantity, unit_price=_given_price(line) or ZERO)
        for line in asked.lines
    ]
    lines = tuple(
        replace(
            at,
            name=line.name,
            discount=line.discount,
            tax=line.tax if is_given else at.tax,
            tax_rate=(line.tax_rate or ZERO) if is_given else at.tax_rate,
        )
        for line, at in zip(asked.lines, priced, strict=True)
    )
    if not is_given:
        return replace(draft, lines=lines)
    told = asked.shipping
    return replace(
        draft, lines=lines, shipping_tax=told.tax, shipping_tax_rate=told.tax_rate or ZERO
    )


def _refuse_parts_above_the_whole(draft: OrderDraft) -> None:
    """Refuse a discount above what it comes off, and a given tax above the price that it is on."""
    for position, line in enumerate(draft.lines, start=1):
        price = line.quantity * line.unit_price
        if line.discount > price:
            raise BadRequest(
                f"Line {position}: a discount cannot be more than the {trimmed(price)}"
                f" {draft.currency} that the line costs.",
                field=f"lines.{position}.discount",
            )
        if line.tax is not None and line.tax > price - line.discount:
            raise BadRequest(
                f"Line {position}: a tax cannot be more than the price that it is on.",
                field=f"lines.{position}.tax",
            )
    goods = sum((one.quantity * one.unit_price - one.discount for one in draft.lines), ZERO)
    if draft.order_discount > goods:
        raise BadRequest(
            f"A discount cannot be more than the {trimmed(goods)} {draft.currency} that the goods"
            " cost.",
            field="discount",
        )
    if draft.shipping_tax is not None and draft.shipping_tax > draft.shipping:
        raise BadRequest(
            "A tax cannot be more than the shipping charge that it is on.", field="shipping.tax"
        )


def _draft(
    asked: OrderIn,
    document: OrderDocument,
    channel: Channel,
    service: ShippingService | None,
    customer_id: int | None,
) -> OrderDraft:
    """The document's draft, with what only an order still to be sent can ask for."""
    draft = draft_of(document, channel, number="", customer_id=customer_id)
    is_taken = asked.when_short in {"backorder", "hold"}
    return replace(
        draft,
        shipping_service=service,
        shipping_method=asked.shipping.method or (service.name if service else ""),
        payment_terms=asked.payment_terms,
        purchase_order=asked.purchase_order,
        when_short=WhenShort.BACKORDER if is_taken else WhenShort.REJECT,
        is_historical=False,
        was_announced=asked.is_announced,
        reservation=asked.reservation,
        deliver_by=asked.deliver_by,
        staff_note=asked.staff_note,
        origin=Origin(**asked.origin.model_dump()) if asked.origin else None,
    )
