"""Shopify's webhooks: orders/create, orders/updated, orders/cancelled and refunds/create."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from core.money import ZERO
from oms.intake.documents import (
    BuyerNamed,
    Declared,
    LineDocument,
    MoneyMoved,
    OrderDocument,
    ProductNamed,
)
from oms.intake.hooks.addresses import address_at, origin_at, words_of
from oms.intake.hooks.flattening import Told
from oms.intake.hooks.telling import Telling
from oms.intake.possible import possible_line, possible_part
from oms.intake.reading import PRICE_STEP, Source, is_currency

ORDER_TOPICS = frozenset({"orders/create", "orders/updated", "orders/cancelled", "orders/paid"})
REFUND_TOPICS = frozenset({"refunds/create"})
PAID = frozenset({"paid", "partially_refunded", "refunded", "partially_paid"})
ADDRESS = {
    "name": "name",
    "company": "company",
    "line1": "address1",
    "line2": "address2",
    "postal_code": "zip",
    "city": "city",
    "region": "province_code",
    "country": "country_code",
    "phone": "phone",
}


def read(told: Told, topic: str, source: Source) -> Telling | None:
    """What the delivery tells; None for a topic that tells nothing of orders."""
    if topic in REFUND_TOPICS:
        return _refund_alone(told, source)
    return _order(told, source) if topic in ORDER_TOPICS else None


def _refund_alone(told: Told, source: Source) -> Telling:
    order_id = told.cells.key("order_id", most=100)
    if not order_id:
        told.findings.refuse(0, "order_id", "no_order", "the refund names no order.")
    refund = _refund(told, "", source)
    return Telling(external_id=order_id, refunds=(refund,) if refund else ())


def _refund(told: Told, path: str, source: Source) -> tuple[str, MoneyMoved] | None:
    """One refund: the money that its successful transactions gave back."""
    cells = told.cells
    amount = ZERO
    for number in range(told.count(f"{path}transactions")):
        at = f"{path}transactions.{number}."
        is_done = cells.raw(f"{at}status").lower() in {"", "success"}
        if is_done and cells.raw(f"{at}kind").lower() in {"", "refund"}:
            amount += cells.amount(f"{at}amount")
    moment = cells.moment(f"{path}created_at", zone=source.zone, is_needed=True)
    key = cells.key(f"{path}id", most=60)
    if not key:
        told.findings.refuse(0, f"{path}id", "no_refund_id", "the refund has no id.")
    if moment is None or not amount:
        return None
    return key, MoneyMoved(amount=amount, at=moment, reference=key)


def _order(told: Told, source: Source) -> Telling | None:
    cells = told.cells
    external_id = cells.key("id", most=100)
    if not external_id:
        told.findings.refuse(0, "id", "no_id", "the order has no id.")
    placed_at = cells.moment("created_at", zone=source.zone, is_needed=True)
    version_at = cells.moment("updated_at", zone=source.zone)
    cancelled_at = cells.moment("cancelled_at", zone=source.zone)
    currency = cells.raw("currency").upper() or source.currency
    if not is_currency(currency):
        told.findings.error(
            0, "currency", "unknown_currency", found=currency, expected="a code such as EUR"
        )
    refunds = tuple(
        refund
        for number in range(told.count("refunds"))
        if (refund := _refund(told, f"refunds.{number}.", source))
    )
    lines = _lines(told)
    if not lines and not told.findings.errors:
        told.findings.refuse(0, "line_items", "no_lines", "the order has no line with units.")
    if told.findings.errors or placed_at is None:
        return None
    document = _document(
        told,
        source,
        external_id=external_id,
        placed_at=placed_at,
        currency=currency,
        lines=lines,
    )
    return Telling(
        external_id=external_id,
        document=document,
        version_at=version_at or placed_at,
        cancelled_at=cancelled_at,
        cancel_reason=_reason(told) if cancelled_at else "",
        refunds=refunds,
    )


def _reason(told: Told) -> str:
    words = told.cells.text("cancel_reason", most=100)
    return f"Cancelled in the shop: {words}" if words else "Cancelled in the shop"


def _lines(told: Told) -> tuple[LineDocument, ...]:
    """Lines with the units that are on the order; those that a refund took off are still on it."""
    back = _units_given_back(told)
    lines = []
    for number in range(told.count("line_items")):
        line = _line(told, f"line_items.{number}.", back, number)
        if line is not None:
            lines.append(line)
    return tuple(lines)


def _line(told: Told, at: str, back: dict[str, int], number: int) -> LineDocument | None:
    cells = told.cells
    whole = cells.whole(f"{at}quantity")
    now = cells.whole(f"{at}current_quantity") if told.has(f"{at}current_quantity") else whole
    if whole is None or now is None:
        return None
    units = min(whole, now + back.get(cells.raw(f"{at}id"), 0))
    if not units:
        return None
    rest = cells.whole(f"{at}fulfillable_quantity") if _is_partly_sent(told, at) else None
    sent = max(0, now - rest) if rest is not None else 0
    if cells.raw(f"{at}fulfillment_status").lower() == "fulfilled":
        sent = units
    share = Decimal(units) / whole
    line = LineDocument(
        sku=cells.key(f"{at}sku", most=60),
        name=cells.text(f"{at}name", most=300) or cells.text(f"{at}title", most=300),
        quantity=units,
        unit_price=cells.amount(f"{at}price").quantize(PRICE_STEP),
        discount=_sum(told, f"{at}discount_allocations", "amount") * share,
        tax=_sum(told, f"{at}tax_lines", "price") * share,
        tax_rate=_sum(told, f"{at}tax_lines", "rate"),
        is_physical=cells.flag(f"{at}requires_shipping", default=True),
        shipped=sent,
        product=ProductNamed(
            name=cells.text(f"{at}title", most=200), brand=cells.text(f"{at}vendor", most=100)
        ),
        row=number + 1,
    )
    return possible_line(
        told.findings, line, tax=f"{at}tax_lines", discount=f"{at}discount_allocations"
    )


def _is_partly_sent(told: Told, at: str) -> bool:
    return told.cells.raw(f"{at}fulfillment_status").lower() == "partial"


def _units_given_back(told: Told) -> dict[str, int]:
    """Units that refunds took off, by line."""
    units: dict[str, int] = {}
    for refund in range(told.count("refunds")):
        for number in range(told.count(f"refunds.{refund}.refund_line_items")):
            at = f"refunds.{refund}.refund_line_items.{number}."
            line = told.cells.raw(f"{at}line_item_id")
            units[line] = units.get(line, 0) + (told.cells.whole(f"{at}quantity") or 0)
    return units


def _units_not_to_send(told: Told) -> int:
    """Units that were refunded before they left."""
    return sum(
        told.cells.whole(f"{at}quantity") or 0
        for refund in range(told.count("refunds"))
        for number in range(told.count(f"refunds.{refund}.refund_line_items"))
        if told.cells.raw(
            f"{(at := f'refunds.{refund}.refund_line_items.{number}.')}restock_type"
        ).lower()
        == "cancel"
    )


def _sum(told: Told, path: str, name: str) -> Decimal:
    return sum(
        (told.cells.amount(f"{path}.{number}.{name}") for number in range(told.count(path))), ZERO
    )


def _shipping(told: Told) -> tuple[Decimal, Decimal, Decimal]:
    """What is paid for shipping, its tax and its rate."""
    amount = tax = rate = ZERO
    for number in range(told.count("shipping_lines")):
        at = f"shipping_lines.{number}."
        amount += told.cells.amount(f"{at}price") - _sum(
            told, f"{at}discount_allocations", "amount"
        )
        tax += _sum(told, f"{at}tax_lines", "price")
        rate = max(rate, _sum(told, f"{at}tax_lines", "rate"))
    return amount, tax, rate


def _document(
    told: Told,
    source: Source,
    *,
    external_id: str,
    placed_at: datetime,
    currency: str,
    lines: tuple[LineDocument, ...],
) -> OrderDocument:
    cells = told.cells
    billing = address_at(told, "billing_address", ADDRESS)
    shipping = address_at(told, "shipping_address", ADDRESS)
    amount, tax, rate = _shipping(told)
    possible_part(told.findings, tax, amount, column="shipping_lines")
    held_back = _units_not_to_send(told)
    document = OrderDocument(
        channel=source.channel,
        external_id=external_id,
        number=cells.key("name", most=30) or external_id[:30],
        placed_at=placed_at,
        currency=currency,
        lines=lines,
        origin=origin_at(told, "browser_ip", "client_details.user_agent"),
        buyer=BuyerNamed(
            external_id=cells.key("customer.id", most=100),
            email=cells.email("email"),
            name=billing.name or shipping.name,
            phone=cells.text("phone", most=40) or billing.phone or shipping.phone,
            accepts_marketing=cells.flag("buyer_accepts_marketing"),
        ),
        billing=billing,
        shipping=shipping,
        prices_include_tax=cells.flag("taxes_included"),
        discount_code=cells.text("discount_codes.0.code", most=60),
        shipping_amount=amount,
        shipping_tax=tax,
        shipping_tax_rate=rate,
        shipping_method=cells.text("shipping_lines.0.title", most=100),
        customer_note=cells.text("note", most=4000, may_break=True),
        tags=words_of(cells.raw("tags")),
        hold_reason=f"{held_back} units were refunded in the shop before they left; take them off"
        if held_back and not told.has("cancelled_at")
        else "",
        declared=Declared(total=cells.optional_amount("total_price")),
    )
    return replace(document, payments=_payments(told, document, placed_at))


def _payments(told: Told, document: OrderDocument, placed_at: datetime) -> tuple[MoneyMoved, ...]:
    """What was paid: all of the total but what is outstanding, once the shop says that it was."""
    status = told.cells.raw("financial_status").lower()
    if status not in PAID:
        return ()
    taken = document.declared.total or ZERO
    if status == "partially_paid":
        taken = max(ZERO, taken - told.cells.amount("total_outstanding", may_be_negative=True))
    methods = told.cells.text("payment_gateway_names.0", most=100)
    return (MoneyMoved(amount=taken, at=placed_at, method=methods),) if taken else ()
