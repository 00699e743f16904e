"""Placing an order that a program asks for: customer, prices, order, money and holds in one commit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from core.api.client import Client
from core.errors import DomainError
from core.models import Channel
from core.money import ZERO
from customers.models import Customer
from customers.services import find_or_add
from oms.intake.asked import LineIn, OrderIn
from oms.intake.documents import BuyerNamed, LineDocument, MoneyMoved, OrderDocument
from oms.intake.drafting import draft_of, past_payments, wish_of
from orders.drafts import OrderDraft, WhenShort
from orders.models import CancelledAhead, Order, ShippingService
from orders.selectors import Quote, quote_order
from orders.selectors.business import company_of
from orders.selectors.quoting import LineWish
from orders.services import cancel_order, claim_external_id, hold_order, place_order
from orders.states import HoldKind
from payments.services.history import record_past


class BadRequest(DomainError):
    """The order asked for names something that is not there, or contradicts itself."""

    code = "bad_request"


def channel_asked(client: Client, code: str) -> Channel:
    """The channel that a request names, within the key's own; a key with a channel need not name it.

    Raises BadRequest, alike for a channel that is another's and for none.
    """
    own = client.channel
    if own is not None and code in {"", own.code}:
        found: Channel | None = own
    elif own is not None or not code:
        found = None
    else:
        found = Channel.objects.select_related("legal_entity").filter(code=code).first()
    if found is None:
        words = f"“{code}” is no channel of this key" if code else "The order names no channel"
        raise BadRequest(f"{words}; give its code.", field="channel")
    if not found.is_active:
        raise BadRequest(f"{found.name} takes no orders now.", field="channel")
    return found


@transaction.atomic
def place_asked(asked: OrderIn, channel: Channel, *, now: datetime) -> Order:
    """Place the order. Prices and taxes that are not given are ours. An order that the channel
    cancelled before it told it is born cancelled. Raises BadRequest, AlreadyTaken, and what
    `place_order` refuses.
    """
    _check(asked, channel, now)
    ahead = claim_external_id(channel, asked.external_id)
    customer_id = _customer_id(asked, channel, now=now)
    service = _service(asked.shipping.service)
    quote = _quote(asked, channel, service, customer_id)
    document = _document(asked, channel, quote, now)
    draft = _draft(asked, document, channel, service, customer_id)
    if ahead is not None:
        draft = replace(draft, takes_stock=False)
    order = place_order(draft, now=now)
    record_past(past_payments(document, order), now=now)
    return _settled(asked, order, ahead, now=now)


def _settled(asked: OrderIn, order: Order, ahead: CancelledAhead | None, *, now: datetime) -> Order:
    """The order after what its channel said beforehand, and held where stock is short."""
    if ahead is not None:
        reason = ahead.reason or "Cancelled by the channel beforehand"
        return cancel_order(order_id=order.pk, reason=reason, now=now)
    if asked.when_short == "hold" and order.units_backordered:
        words = f"{order.units_backordered} units are not in stock"
        hold_order(order_id=order.pk, kind=HoldKind.STOCK, reason=words, now=now)
        return Order.objects.select_related("channel").get(pk=order.pk)
    return order


def _check(asked: OrderIn, channel: Channel, now: datetime) -> None:
    if asked.currency not in {None, channel.currency}:
        raise BadRequest(f"{channel.name} sells in {channel.currency}.", field="currency")
    if asked.placed_at is not None and _aware(asked.placed_at, channel) > now:
        raise BadRequest("An order cannot be placed in the future.", field="placed_at")
    for position, line in enumerate(asked.lines, start=1):
        if asked.taxes == "compute" and (line.tax is not None or line.tax_rate is not None):
            raise BadRequest(
                "Taxes are computed here unless the order says “taxes”: “given”.",
                field=f"lines.{position}.tax",
            )


def _aware(moment: datetime, channel: Channel) -> datetime:
    """A moment without an offset is in the channel's own time."""
    return moment if moment.tzinfo else moment.replace(tzinfo=channel.zone)


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


def _quote(
    asked: OrderIn, channel: Channel, service: ShippingService | None, customer_id: int | None
) -> Quote | None:
    """Our prices and taxes, where any of them is asked for."""
    is_listed = any(line.unit_price == "list" for line in asked.lines)
    is_rated = service is not None and asked.shipping.amount is None
    if asked.taxes == "given" and not is_listed and not is_rated:
        return None
    quote = quote_order(
        [LineWish(line.sku, line.quantity, _given_price(line)) for line in asked.lines],
        channel=channel,
        country=asked.shipping_address.country,
        service=service,
        shipping=asked.shipping.amount,
        discount=asked.discount,
        is_for_company=bool(asked.purchase_order) and company_of(customer_id) is not None,
        asks_stock=False,
    )
    _refuse_unpriced(asked.lines, quote)
    if is_rated and quote.rate is None:
        raise BadRequest(
            f"“{asked.shipping.service}” has no rate for this address and weight; give an amount.",
            field="shipping.amount",
        )
    return quote


def _refuse_unpriced(lines: Sequence[LineIn], quote: Quote) -> None:
    """A SKU nobody knows does not lose an order that brings its price; it waits to be matched."""
    for position, (line, quoted) in enumerate(zip(lines, quote.lines, strict=True), start=1):
        if quoted.problem and (quoted.variant is not None or line.unit_price == "list"):
            field = "sku" if quoted.variant is None else "unit_price"
            raise BadRequest(quoted.problem, field=f"lines.{position}.{field}")


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
        placed_at=_aware(asked.placed_at, channel) if asked.placed_at else now,
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


def _document(
    asked: OrderIn, channel: Channel, quote: Quote | None, now: datetime
) -> OrderDocument:
    shipping = asked.shipping
    is_computed = asked.taxes == "compute"
    rate = quote.shipping_tax_rate if quote and is_computed else shipping.tax_rate
    return replace(
        _buyer_only(asked, channel, now),
        lines=tuple(_line(asked, index, quote) for index in range(len(asked.lines))),
        prices_include_tax=asked.prices_include_tax,
        discount=asked.discount,
        discount_code=asked.discount_code,
        shipping_amount=quote.price.shipping_total if quote else shipping.amount or ZERO,
        shipping_tax=None if is_computed else shipping.tax,
        shipping_tax_rate=rate or ZERO,
        shipping_method=shipping.method,
        payments=tuple(
            MoneyMoved(
                amount=one.amount,
                at=_aware(one.received_at, channel) if one.received_at else now,
                method=one.method,
                reference=one.reference,
            )
            for one in asked.payments
            if one.amount
        ),
        customer_note=asked.customer_note,
        tags=tuple(asked.tags),
    )


def _line(asked: OrderIn, index: int, quote: Quote | None) -> LineDocument:
    line = asked.lines[index]
    quoted = quote.lines[index] if quote else None
    price = _given_price(line)
    if price is None:
        price = quoted.unit_price if quoted else ZERO
    rate = quoted.tax_rate if quoted and asked.taxes == "compute" else line.tax_rate
    return LineDocument(
        sku=quoted.variant.sku if quoted and quoted.variant else line.sku,
        name=line.name,
        quantity=line.quantity,
        unit_price=price,
        discount=line.discount,
        tax=line.tax,
        tax_rate=rate or ZERO,
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
        staff_note=asked.staff_note,
    )
