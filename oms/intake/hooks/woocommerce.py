"""WooCommerce's webhooks: order.created, order.updated and order.deleted."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.money import ZERO, quantise
from oms.intake.documents import BuyerNamed, Declared, LineDocument, MoneyMoved, OrderDocument
from oms.intake.hooks.addresses import address_at, origin_at
from oms.intake.hooks.flattening import Told
from oms.intake.hooks.telling import Telling
from oms.intake.possible import possible_line, possible_part
from oms.intake.reading import Source, is_currency, unit_price_of

ORDER_TOPICS = frozenset({"order.created", "order.updated", "order.restored"})
GONE_TOPICS = frozenset({"order.deleted"})
DRAFTS = frozenset({"checkout-draft", "auto-draft"})
CANCELLED = frozenset({"cancelled", "failed", "trash"})
UTC = ZoneInfo("UTC")
RATE_STEP = Decimal("0.00001")
ADDRESS = {
    "company": "company",
    "line1": "address_1",
    "line2": "address_2",
    "postal_code": "postcode",
    "city": "city",
    "region": "state",
    "country": "country",
    "phone": "phone",
}


def read(told: Told, topic: str, source: Source) -> Telling | None:
    """What the delivery tells; None for a topic, or a draft, that tells nothing of orders."""
    if topic in GONE_TOPICS:
        external_id = told.cells.key("id", most=100)
        if not external_id:
            told.findings.refuse(0, "id", "no_id", "the order has no id.")
        return Telling(external_id=external_id, cancel_reason="Deleted in the shop")
    if topic not in ORDER_TOPICS or told.cells.raw("status") in DRAFTS:
        return None
    return _order(told, source)


def _moment(told: Told, name: str, source: Source, *, is_needed: bool = False) -> datetime | None:
    """A moment: `<name>_gmt` where there is one, else `<name>` in the shop's zone."""
    if told.has(f"{name}_gmt"):
        return told.cells.moment(f"{name}_gmt", zone=UTC)
    return told.cells.moment(name, zone=source.zone, is_needed=is_needed)


def _order(told: Told, source: Source) -> Telling | None:
    cells = told.cells
    external_id = cells.key("id", most=100)
    if not external_id:
        told.findings.refuse(0, "id", "no_id", "the order has no id.")
    currency = cells.raw("currency").upper() or source.currency
    if not is_currency(currency):
        told.findings.error(
            0, "currency", "unknown_currency", found=currency, expected="a code such as EUR"
        )
        return None
    placed_at = _moment(told, "date_created", source, is_needed=True)
    changed_at = _moment(told, "date_modified", source) or placed_at
    lines = _lines(told, currency)
    if not lines and not told.findings.errors:
        told.findings.refuse(0, "line_items", "no_lines", "the order has no line with units.")
    if told.findings.errors or placed_at is None or changed_at is None:
        return None
    is_cancelled = cells.raw("status") in CANCELLED
    return Telling(
        external_id=external_id,
        document=_document(
            told,
            source,
            external_id=external_id,
            placed_at=placed_at,
            currency=currency,
            lines=lines,
        ),
        version_at=changed_at,
        cancelled_at=changed_at if is_cancelled else None,
        cancel_reason="Cancelled in the shop" if is_cancelled else "",
        refunds=_refunds(told, changed_at),
    )


def _refunds(told: Told, at: datetime) -> tuple[tuple[str, MoneyMoved], ...]:
    """Refunds carry a negative total and no date of their own."""
    found = []
    for number in range(told.count("refunds")):
        key = told.cells.key(f"refunds.{number}.id", most=60)
        amount = abs(told.cells.amount(f"refunds.{number}.total", may_be_negative=True))
        if key and amount:
            found.append((key, MoneyMoved(amount=amount, at=at, reference=key)))
    return tuple(found)


def _lines(told: Told, currency: str) -> tuple[LineDocument, ...]:
    """Lines; fees are lines of their own. All amounts come without tax, the tax beside them."""
    lines = []
    for number in range(told.count("line_items")):
        at = f"line_items.{number}."
        units = told.cells.whole(f"{at}quantity")
        if units:
            lines.append(_line(told, at, units, number, currency, is_fee=False))
    fees = (
        _line(told, f"fee_lines.{number}.", 1, number, currency, is_fee=True)
        for number in range(told.count("fee_lines"))
    )
    return (*lines, *fees)


def _line(
    told: Told, at: str, units: int, number: int, currency: str, *, is_fee: bool
) -> LineDocument:
    cells = told.cells
    total = cells.amount(f"{at}total")
    amount = total if is_fee else max(cells.amount(f"{at}subtotal"), total)
    tax = quantise(cells.amount(f"{at}total_tax"), currency)
    rate = (tax / total).quantize(RATE_STEP) if total else ZERO
    line = LineDocument(
        sku="" if is_fee else cells.key(f"{at}sku", most=60),
        name=cells.text(f"{at}name", most=300),
        quantity=units,
        unit_price=unit_price_of(amount, units),
        amount=quantise(amount, currency),
        discount=quantise(amount, currency) - quantise(total, currency),
        tax=tax,
        tax_rate=min(rate, Decimal("9.99999")),
        is_physical=not is_fee,
        row=number + 1,
    )
    return possible_line(told.findings, line, tax=f"{at}total_tax", discount=f"{at}subtotal")


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
    billing = address_at(told, "billing", ADDRESS)
    shipping = address_at(told, "shipping", ADDRESS)
    amount = quantise(cells.amount("shipping_total"), currency)
    tax = quantise(cells.amount("shipping_tax"), currency)
    possible_part(told.findings, tax, amount, column="shipping_tax")
    document = OrderDocument(
        channel=source.channel,
        external_id=external_id,
        number=cells.key("number", most=30) or external_id[:30],
        placed_at=placed_at,
        currency=currency,
        lines=lines,
        origin=origin_at(told, "customer_ip_address", "customer_user_agent"),
        buyer=BuyerNamed(
            external_id=""
            if cells.raw("customer_id") == "0"
            else cells.key("customer_id", most=100),
            email=cells.email("billing.email"),
            name=billing.name or shipping.name,
            phone=billing.phone,
        ),
        billing=billing,
        shipping=billing if shipping.is_empty else shipping,
        prices_include_tax=False,
        discount_code=cells.text("coupon_lines.0.code", most=60),
        shipping_amount=amount,
        shipping_tax=tax,
        shipping_tax_rate=(tax / amount).quantize(RATE_STEP) if amount else ZERO,
        shipping_method=cells.text("shipping_lines.0.method_title", most=100),
        customer_note=cells.text("customer_note", most=4000, may_break=True),
        declared=Declared(total=cells.optional_amount("total")),
    )
    return replace(document, payments=_payments(told, document, source))


def _payments(told: Told, document: OrderDocument, source: Source) -> tuple[MoneyMoved, ...]:
    """WooCommerce dates the payment; what was paid then is the whole order."""
    paid_at = _moment(told, "date_paid", source)
    amount = document.declared.total or ZERO
    if paid_at is None or not amount:
        return ()
    return (
        MoneyMoved(
            amount=amount,
            at=paid_at,
            method=told.cells.text("payment_method_title", most=100),
            reference=told.cells.text("transaction_id", most=100),
        ),
    )
