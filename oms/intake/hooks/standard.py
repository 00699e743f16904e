"""The generic format: order.created, order.updated, order.cancelled and order.refunded, in our words."""

from datetime import datetime
from decimal import Decimal

from core.money import ZERO
from oms.intake.documents import BuyerNamed, Declared, LineDocument, MoneyMoved, OrderDocument
from oms.intake.hooks.addresses import address_at, origin_at
from oms.intake.hooks.flattening import Told
from oms.intake.hooks.telling import Telling
from oms.intake.possible import possible_line, possible_part
from oms.intake.reading import PRICE_STEP, Source, is_currency

ADDRESS = {
    part: part
    for part in (
        "name", "company", "line1", "line2", "postal_code", "city", "region", "country", "phone",
    )
}  # fmt: skip


def read(told: Told, _topic: str, source: Source) -> Telling | None:
    """What the delivery tells; None for a type that tells nothing of orders."""
    kind = told.cells.raw("type")
    if kind == "order.cancelled":
        return _cancelled(told, source)
    if kind == "order.refunded":
        return _refunded(told, source)
    return _order(told, source) if kind in {"order.created", "order.updated"} else None


def _id(told: Told, path: str) -> str:
    external_id = told.cells.key(path, most=100)
    if not external_id:
        told.findings.refuse(0, path, "no_id", "the order has no id.")
    return external_id


def _cancelled(told: Told, source: Source) -> Telling:
    moment = told.cells.moment("data.cancelled_at", zone=source.zone, is_needed=True)
    return Telling(
        external_id=_id(told, "data.id"),
        cancelled_at=moment,
        cancel_reason=told.cells.text("data.reason", most=200) or "Cancelled by its channel",
    )


def _refunded(told: Told, source: Source) -> Telling:
    refund = _refund(told, "data.", source)
    return Telling(external_id=_id(told, "data.order_id"), refunds=(refund,) if refund else ())


def _refund(told: Told, at: str, source: Source) -> tuple[str, MoneyMoved] | None:
    key = told.cells.key(f"{at}id", most=60)
    amount = told.cells.amount(f"{at}amount")
    moment = told.cells.moment(f"{at}at", zone=source.zone, is_needed=True)
    if not key:
        told.findings.refuse(0, f"{at}id", "no_refund_id", "the refund has no id.")
    if not amount:
        told.findings.error(
            0, f"{at}amount", "no_amount", found="", expected="an amount such as 12.50"
        )
    if moment is None or not key or not amount:
        return None
    return key, MoneyMoved(amount=amount, at=moment, reference=key)


def _order(told: Told, source: Source) -> Telling | None:
    cells = told.cells
    external_id = _id(told, "data.id")
    placed_at = cells.moment("data.placed_at", zone=source.zone, is_needed=True)
    version_at = cells.moment("data.updated_at", zone=source.zone) or placed_at
    cancelled_at = cells.moment("data.cancelled_at", zone=source.zone)
    currency = cells.raw("data.currency").upper() or source.currency
    if not is_currency(currency):
        told.findings.error(
            0, "data.currency", "unknown_currency", found=currency, expected="a code such as EUR"
        )
    refunds = tuple(
        refund
        for number in range(told.count("data.refunds"))
        if (refund := _refund(told, f"data.refunds.{number}.", source))
    )
    lines = tuple(_line(told, number) for number in range(told.count("data.lines")))
    if not lines:
        told.findings.refuse(0, "data.lines", "no_lines", "the order has no lines.")
    if told.findings.errors or placed_at is None:
        return None
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
        version_at=version_at,
        cancelled_at=cancelled_at,
        cancel_reason=cells.text("data.cancel_reason", most=200),
        refunds=refunds,
    )


def _line(told: Told, number: int) -> LineDocument:
    cells, at = told.cells, f"data.lines.{number}."
    line = LineDocument(
        sku=cells.key(f"{at}sku", most=60),
        name=cells.text(f"{at}name", most=300),
        quantity=cells.whole(f"{at}quantity", least=1) or 1,
        unit_price=_price(told, f"{at}unit_price"),
        discount=cells.amount(f"{at}discount"),
        tax=cells.optional_amount(f"{at}tax"),
        tax_rate=_rate(told, f"{at}tax_rate"),
        is_physical=cells.flag(f"{at}is_physical", default=True),
        row=number + 1,
    )
    return possible_line(told.findings, line, tax=f"{at}tax", discount=f"{at}discount")


def _price(told: Told, path: str) -> Decimal:
    """The price of a unit: 0 is one, none would give the goods away."""
    price = told.cells.optional_amount(path)
    if price is None and not told.cells.raw(path):
        told.findings.error(0, path, "no_price", found="", expected="an amount such as 12.50")
    return (price or ZERO).quantize(PRICE_STEP)


def _rate(told: Told, path: str) -> Decimal:
    """A tax rate as a share of one; 19 for 19 % would be taken for nineteen times the price."""
    rate = told.cells.amount(path)
    if rate < 1:
        return rate
    told.findings.error(
        0, path, "not_a_rate", found=told.cells.raw(path), expected="a rate such as 0.19"
    )
    return ZERO


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
    shipping = address_at(told, "data.shipping_address", ADDRESS)
    billing = address_at(told, "data.billing_address", ADDRESS)
    charge, tax = _shipping(told)
    return OrderDocument(
        channel=source.channel,
        external_id=external_id,
        number=cells.key("data.number", most=30) or external_id[:30],
        placed_at=placed_at,
        currency=currency,
        lines=lines,
        origin=origin_at(told, "data.origin.network_address", "data.origin.user_agent"),
        buyer=BuyerNamed(
            external_id=cells.key("data.customer.id", most=100),
            email=cells.email("data.customer.email"),
            name=cells.text("data.customer.name") or billing.name or shipping.name,
            phone=cells.text("data.customer.phone", most=40),
        ),
        billing=shipping if billing.is_empty else billing,
        shipping=shipping,
        prices_include_tax=cells.flag("data.prices_include_tax", default=source.prices_include_tax),
        discount=_discount(told, lines),
        discount_code=cells.text("data.discount_code", most=60),
        shipping_amount=charge,
        shipping_tax=tax,
        shipping_tax_rate=_rate(told, "data.shipping.tax_rate"),
        shipping_method=cells.text("data.shipping.method", most=100),
        payments=_payments(told, source, placed_at),
        deliver_by=cells.day(
            "data.deliver_by", zone=source.zone, since=placed_at.astimezone(source.zone).date()
        ),
        customer_note=cells.text("data.note", most=4000, may_break=True),
        tags=tuple(
            tag
            for number in range(told.count("data.tags"))
            if (tag := cells.text(f"data.tags.{number}", most=40))
        ),
        declared=Declared(total=cells.optional_amount("data.total")),
    )


def _shipping(told: Told) -> tuple[Decimal, Decimal | None]:
    """What is paid for shipping, and its tax where that is told."""
    charge = told.cells.amount("data.shipping.amount")
    tax = told.cells.optional_amount("data.shipping.tax")
    possible_part(told.findings, tax, charge, column="data.shipping.tax")
    return charge, tax


def _discount(told: Told, lines: tuple[LineDocument, ...]) -> Decimal:
    """What comes off the whole order."""
    discount = told.cells.amount("data.discount")
    goods = sum((one.quantity * one.unit_price - one.discount for one in lines), ZERO)
    possible_part(told.findings, discount, goods, column="data.discount")
    return discount


def _payments(told: Told, source: Source, placed_at: datetime) -> tuple[MoneyMoved, ...]:
    """What was paid: all of it as one payment."""
    cells = told.cells
    amount = cells.amount("data.paid")
    if not amount:
        return ()
    return (
        MoneyMoved(
            amount=amount,
            at=cells.moment("data.paid_at", zone=source.zone) or placed_at,
            method=cells.text("data.payment_method", most=100),
            reference=cells.text("data.payment_reference", most=100),
        ),
    )
