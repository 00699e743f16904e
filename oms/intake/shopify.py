"""Shopify's own order export: several rows per order, the order's own cells in the first of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core.address import Address
from core.money import ZERO, trimmed
from oms.intake.cells import SCIENTIFIC, Cells, Row, clean
from oms.intake.documents import (
    BuyerNamed,
    Declared,
    LineDocument,
    MoneyMoved,
    OrderDocument,
    ProductNamed,
)
from oms.intake.findings import Findings
from oms.intake.possible import possible_line, possible_part, possible_refund
from oms.intake.reading import PRICE_STEP, OrderRead, R, Source, is_currency
from oms.intake.shopify_money import Amounts, Reading, read_money

NEEDED = ("Name", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price")
COLUMNS = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at",
    "Accepts Marketing", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code",
    "Discount Amount", "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name",
    "Lineitem price", "Lineitem compare at price", "Lineitem sku", "Lineitem requires shipping",
    "Lineitem taxable", "Lineitem fulfillment status", "Billing Name", "Billing Street",
    "Billing Address1", "Billing Address2", "Billing Company", "Billing City", "Billing Zip",
    "Billing Province", "Billing Country", "Billing Phone", "Shipping Name", "Shipping Street",
    "Shipping Address1", "Shipping Address2", "Shipping Company", "Shipping City", "Shipping Zip",
    "Shipping Province", "Shipping Country", "Shipping Phone", "Notes", "Note Attributes",
    "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor",
    "Outstanding Balance", "Employee", "Location", "Device ID", "Id", "Tags", "Risk Level",
    "Source", "Lineitem discount", "Tax 1 Name", "Tax 1 Value", "Tax 2 Name", "Tax 2 Value",
    "Tax 3 Name", "Tax 3 Value", "Tax 4 Name", "Tax 4 Value", "Tax 5 Name", "Tax 5 Value", "Phone",
    "Receipt Number", "Duties", "Billing Province Name", "Shipping Province Name", "Payment ID",
    "Payment Terms Name", "Next Payment Due At", "Payment References",
)  # fmt: skip
EXTRAS = ("Risk Level", "Source", "Employee", "Location", "Payment Terms Name", "Duties")
PAID = frozenset({"paid", "partially_refunded", "refunded", "partially_paid"})
UNPAID = frozenset({"", "pending", "authorized", "voided", "expired", "unpaid"})
SENT = frozenset({"fulfilled", "shipped"})
NOT_SENT = frozenset(
    {"", "unfulfilled", "pending", "unshipped", "restocked", "on_hold", "scheduled", "partial"}
)


def key_of(row: Row) -> str:
    """What keeps the rows of an order together; empty goes on with the row above."""
    return clean(row.values.get("Name", ""))


@dataclass(frozen=True, slots=True)
class _Statuses:
    """The order's own words for its money and its goods."""

    money: str
    goods: str
    cancelled_at: datetime | None
    paid_at: datetime | None


def read_order(rows: Sequence[R], source: Source) -> OrderRead[R]:
    """Read the rows of one order. Every broken cell is found, not only the first."""
    read = OrderRead(rows)
    head = Cells(rows[0], read.findings, latest=source.latest)
    number = head.key("Name", most=30)
    if not number:
        read.findings.error(
            head.number, "Name", "no_name", found="", expected="the order’s name, such as #1001"
        )
    placed_at = head.moment("Created at", zone=source.zone, is_needed=True)
    currency = _currency(head, source)
    statuses = _statuses(head, source)
    lines, taxable = _lines(rows, read.findings, statuses)
    amounts = _amounts(head, currency)
    if read.findings.errors or placed_at is None:
        return read
    money = read_money(lines, taxable, amounts, included=source.prices_include_tax)
    _refuse_impossible(head, lines, money, amounts)
    document = _document(
        head,
        source,
        number=number,
        placed_at=placed_at,
        statuses=statuses,
        money=money,
        amounts=amounts,
    )
    read.document = None if read.findings.errors else document
    return read


def _currency(head: Cells, source: Source) -> str:
    code = head.raw("Currency").upper() or source.currency
    if not is_currency(code):
        head.findings.error(
            head.number, "Currency", "unknown_currency", found=code, expected="a code such as EUR"
        )
        return source.currency
    return code


def _statuses(head: Cells, source: Source) -> _Statuses:
    money = head.raw("Financial Status").lower().replace(" ", "_")
    goods = head.raw("Fulfillment Status").lower().replace(" ", "_")
    if money not in PAID | UNPAID:
        head.findings.error(
            head.number,
            "Financial Status",
            "unknown_status",
            found=money,
            expected=", ".join(sorted((PAID | UNPAID) - {""})),
        )
    if goods not in SENT | NOT_SENT:
        head.findings.error(
            head.number,
            "Fulfillment Status",
            "unknown_status",
            found=goods,
            expected=", ".join(sorted((SENT | NOT_SENT) - {""})),
        )
    return _Statuses(
        money,
        goods,
        head.moment("Cancelled at", zone=source.zone),
        head.moment("Paid at", zone=source.zone),
    )


def _lines(
    rows: Sequence[Row], findings: Findings, statuses: _Statuses
) -> tuple[list[LineDocument], list[bool]]:
    """The lines, and whether each is taxed. A line of no units was taken off the order."""
    lines: list[LineDocument] = []
    taxable: list[bool] = []
    for row in rows:
        cells = Cells(row, findings)
        if not any(cells.raw(name) for name in ("Lineitem name", "Lineitem sku", "Lineitem price")):
            if cells.raw("Lineitem quantity"):
                findings.error(
                    cells.number, "Lineitem name", "no_product", found="", expected="a product"
                )
            continue
        quantity = cells.whole("Lineitem quantity")
        if quantity == 0:
            findings.warn(
                cells.number,
                "Lineitem quantity",
                "no_units",
                f"{cells.raw('Lineitem name') or cells.raw('Lineitem sku')} has no units; the line"
                " is left out.",
            )
            continue
        lines.append(_line(cells, quantity or 1, statuses))
        taxable.append(cells.flag("Lineitem taxable", default=True))
    if not lines and not findings.errors:
        findings.refuse(
            rows[0].number, "Lineitem name", "no_lines", "the order has no line with units."
        )
    return lines, taxable


def _line(cells: Cells, quantity: int, statuses: _Statuses) -> LineDocument:
    price = cells.amount("Lineitem price").quantize(PRICE_STEP)
    if not cells.raw("Lineitem price"):
        cells.findings.error(
            cells.number, "Lineitem price", "no_price", found="", expected="an amount such as 12.50"
        )
    name = cells.text("Lineitem name", most=300)
    is_physical = cells.flag("Lineitem requires shipping", default=True)
    line = LineDocument(
        sku=cells.key("Lineitem sku", most=60),
        name=name,
        quantity=quantity,
        unit_price=price,
        discount=cells.amount("Lineitem discount"),
        is_physical=is_physical,
        shipped=quantity if _is_sent(cells, statuses, is_physical=is_physical) else 0,
        product=ProductNamed(name=name[:200], brand=cells.text("Vendor", most=100)),
        row=cells.number,
    )
    return possible_line(cells.findings, line, tax="Taxes", discount="Lineitem discount")


def _is_sent(cells: Cells, statuses: _Statuses, *, is_physical: bool) -> bool:
    """Whether the line has left. What needs no shipping is done once it is paid."""
    status = cells.raw("Lineitem fulfillment status").lower()
    if status == "partial":
        cells.findings.warn(
            cells.number,
            "Lineitem fulfillment status",
            "partial_line",
            "part of the line was sent, but the export does not say how many units; none is taken"
            " as sent, so mend the order.",
        )
        return False
    if not is_physical and statuses.money in PAID and statuses.cancelled_at is None:
        return True
    return status in SENT or (not status and statuses.goods in SENT)


def _amounts(head: Cells, currency: str) -> Amounts:
    return Amounts(
        currency=currency,
        subtotal=head.optional_amount("Subtotal"),
        discount=head.amount("Discount Amount"),
        shipping=head.amount("Shipping"),
        taxes=head.amount("Taxes"),
        total=head.optional_amount("Total"),
        tax_names=tuple(head.raw(f"Tax {count} Name") for count in range(1, 6)),
    )


def _refuse_impossible(
    head: Cells, lines: Sequence[LineDocument], money: Reading, amounts: Amounts
) -> None:
    """The order's discount is part of its goods, its taxes of what goods and shipping cost; a discount
    above the goods that the sums do not show is told.
    """
    goods = sum((line.quantity * line.unit_price - line.discount for line in lines), ZERO)
    possible_part(head.findings, money.discount, goods, row=head.number, column="Discount Amount")
    net = max(goods - money.discount, ZERO) + money.shipping
    possible_part(head.findings, amounts.taxes, net, row=head.number, column="Taxes")
    left_out = money.left_out(amounts)
    if left_out > 0 and money.discount + left_out > goods:
        head.findings.warn(
            head.number,
            "Discount Amount",
            "discount_left_out",
            f"the discount is more than the goods, and the order's subtotal and total show"
            f" {trimmed(left_out)} of it nowhere; that much is left out.",
        )


def _document(
    head: Cells,
    source: Source,
    *,
    number: str,
    placed_at: datetime,
    statuses: _Statuses,
    money: Reading,
    amounts: Amounts,
) -> OrderDocument:
    billing, shipping = _address(head, "Billing"), _address(head, "Shipping")
    payments, refunds = _money_moved(head, statuses, placed_at, amounts, money.total)
    document = OrderDocument(
        channel=source.channel,
        external_id=_external_id(head, number),
        number=number,
        placed_at=placed_at,
        currency=amounts.currency,
        lines=money.lines,
        buyer=_buyer(head, billing, shipping),
        billing=billing,
        shipping=shipping,
        prices_include_tax=money.prices_include_tax,
        discount=money.discount,
        discount_code=head.text("Discount Code", most=60),
        shipping_amount=money.shipping,
        shipping_tax=money.shipping_tax,
        shipping_tax_rate=money.shipping_tax_rate,
        shipping_method=head.text("Shipping Method", most=100),
        payments=payments,
        refunds=refunds,
        shipped_at=head.moment("Fulfilled at", zone=source.zone),
        cancelled_at=statuses.cancelled_at,
        cancel_reason="Cancelled in the shop" if statuses.cancelled_at else "",
        customer_note=_note(head),
        tags=tuple(tag for part in head.raw("Tags").split(",") if (tag := part.strip()[:40])),
        risk=head.raw("Risk Level").lower()[:40],
        declared=Declared(
            subtotal=amounts.subtotal,
            tax=amounts.taxes if head.raw("Taxes") else None,
            total=amounts.total,
        ),
        extras=tuple((name, words) for name in EXTRAS if (words := head.raw(name)[:200])),
        row=head.number,
    )
    return _with_full_refund(document, statuses)


def _external_id(head: Cells, number: str) -> str:
    """Shopify's own id, else the name. Digits that a spreadsheet took away are not to be had back."""
    words = head.key("Id", most=100)
    if SCIENTIFIC.match(words):
        head.findings.error(
            head.number,
            "Id",
            "shortened_number",
            found=words,
            expected="all digits of the order’s id: a spreadsheet shortened it, so export again or"
            " empty the column",
        )
    return words or number


def _buyer(head: Cells, billing: Address, shipping: Address) -> BuyerNamed:
    return BuyerNamed(
        email=head.email("Email"),
        name=billing.name or shipping.name,
        phone=head.text("Phone", most=40) or billing.phone or shipping.phone,
        accepts_marketing=head.flag("Accepts Marketing"),
    )


def _address(head: Cells, kind: str) -> Address:
    return Address(
        name=head.text(f"{kind} Name"),
        company=head.text(f"{kind} Company"),
        line1=head.text(f"{kind} Address1") or head.text(f"{kind} Street"),
        line2=head.text(f"{kind} Address2"),
        postal_code=head.text(f"{kind} Zip", most=20),
        city=head.text(f"{kind} City", most=100),
        region=head.text(f"{kind} Province", most=100)
        or head.text(f"{kind} Province Name", most=100),
        country=head.country(f"{kind} Country"),
        phone=head.text(f"{kind} Phone", most=40),
    )


def _note(head: Cells) -> str:
    parts = (head.raw("Notes"), head.raw("Note Attributes"))
    return "\n\n".join(part for part in parts if part)[:4000]


def _money_moved(
    head: Cells, statuses: _Statuses, placed_at: datetime, amounts: Amounts, worth: Decimal
) -> tuple[tuple[MoneyMoved, ...], tuple[MoneyMoved, ...]]:
    """What was paid and given back, from the status, the total and what is still owed."""
    refund = abs(head.amount("Refunded Amount", may_be_negative=True))
    if statuses.money not in PAID:
        return (), ()
    total = worth if amounts.total is None else amounts.total
    taken = total
    if statuses.money == "partially_paid":
        taken = max(total - head.amount("Outstanding Balance", may_be_negative=True), ZERO)
    at = statuses.paid_at or placed_at
    method = head.text("Payment Method", most=100)
    reference = head.text("Payment Reference", most=100)
    paid = (MoneyMoved(amount=taken, at=at, method=method, reference=reference),) if taken else ()
    back = total if statuses.money == "refunded" and not refund else refund
    possible_refund(head.findings, back, taken, row=head.number, column="Refunded Amount")
    if not back:
        return paid, ()
    given_at = statuses.cancelled_at or at
    return paid, (MoneyMoved(amount=back, at=given_at, method=method, reference=reference),)


def _with_full_refund(document: OrderDocument, statuses: _Statuses) -> OrderDocument:
    """What was refunded in full is not sent any more: cancelled where nothing has left, held where
    part of it has, since what came back of that is for people to say.
    """
    if statuses.money != "refunded" or document.is_finished:
        return document
    if any(line.shipped for line in document.lines):
        return replace(document, hold_reason="Refunded in full in the shop after part was sent")
    return replace(
        document,
        cancelled_at=document.refunds[-1].at if document.refunds else document.placed_at,
        cancel_reason="Refunded in full before anything was sent",
    )
