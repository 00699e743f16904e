"""Orders from any CSV with one row per line, by a mapping file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.address import Address
from core.money import ZERO, quantise
from oms.intake.cells import Cells, Row, clean, country_code
from oms.intake.documents import (
    BuyerNamed,
    Declared,
    LineDocument,
    MoneyMoved,
    OrderDocument,
    ProductNamed,
)
from oms.intake.findings import Findings
from oms.intake.mapping import ADDRESS_FIELDS, WORDS_OF, FileMap
from oms.intake.possible import possible_line, possible_part, possible_refund
from oms.intake.reading import PRICE_STEP, OrderRead, R, Source, is_currency, unit_price_of

MOST = {"postal_code": 20, "city": 100, "region": 100, "phone": 40}


@dataclass(frozen=True, slots=True)
class GenericReader:
    """Reads orders as its map says."""

    map: FileMap

    def key_of(self, row: Row) -> str:
        return clean(row.values.get(self.map.columns["external_id"][0], ""))

    def read_order(self, rows: Sequence[R], source: Source) -> OrderRead[R]:
        """Read the rows of one order. Every broken cell is found, not only the first."""
        read = OrderRead(rows)
        every = [_Mapped(Cells(row, read.findings, latest=source.latest), self.map) for row in rows]
        head = every[0]
        key = head.key("external_id", most=100)
        if not key:
            read.findings.error(
                head.row, head.column("external_id"), "no_key", found="", expected="the order’s key"
            )
        placed_at = head.moment("placed_at", source, is_needed=True)
        currency = _currency(head, source)
        statuses = (head.word("payment_status"), head.word("fulfilment_status"))
        lines = [_line(one, currency, statuses[1]) for one in every]
        document = None
        if placed_at is not None and not read.findings.errors:
            document = _document(
                every,
                source,
                key=key,
                placed_at=placed_at,
                currency=currency,
                payment_status=statuses[0],
                lines=lines,
            )
        read.document = None if read.findings.errors else document
        return read


class _Mapped:
    """The cells of one row by our own fields: from a column, or the constant."""

    __slots__ = ("cells", "map")

    def __init__(self, cells: Cells, file_map: FileMap) -> None:
        self.cells = cells
        self.map = file_map

    @property
    def row(self) -> int:
        return self.cells.number

    @property
    def discount_column(self) -> str:
        """The column that tells a line's discount, as a share or as an amount."""
        return self.column("line.discount") or self.column("line.discount_rate")

    @property
    def findings(self) -> Findings:
        return self.cells.findings

    def column(self, name: str) -> str:
        return (self.map.columns.get(name) or ("",))[0]

    def raw(self, name: str) -> str:
        return self._padded(name, self.cells.raw(self.column(name)) or self._constant(name))

    def _constant(self, name: str) -> str:
        return self.map.constants.get(name, "")

    def _padded(self, name: str, words: str) -> str:
        width = self.map.pad.get(name)
        return words.zfill(width) if width and words.isdigit() else words

    def text(self, name: str, *, most: int = 200, may_break: bool = False) -> str:
        parts = [
            self.cells.text(one, most=most, may_break=may_break)
            for one in self.map.columns.get(name, ())
        ]
        words = " ".join(part for part in parts if part) or self._constant(name)
        return self._padded(name, words[:most])

    def texts(self, name: str, *, most: int) -> tuple[str, ...]:
        """Every column of the field on its own."""
        parts = [self.cells.text(one, most=most) for one in self.map.columns.get(name, ())]
        return tuple(part for part in (*parts, self._constant(name)) if part)

    def key(self, name: str, *, most: int) -> str:
        return self.cells.key(self.column(name), most=most)

    def amount(self, name: str) -> Decimal | None:
        if name in self.map.columns:
            return self.cells.optional_amount(self.column(name), decimal=self.map.decimal)
        words = self._constant(name)
        return Decimal(words) if words else None

    def rate(self, name: str) -> Decimal:
        value = self.amount(name) or ZERO
        rate = value / 100 if self.map.rates_in_percent else value
        if rate > 1:
            self.findings.error(
                self.row,
                self.column(name),
                "not_a_share",
                found=self.raw(name),
                expected="a share from 0 to 1 (or rates_in_percent in the map)",
            )
            return ZERO
        return rate

    def moment(self, name: str, source: Source, *, is_needed: bool = False) -> datetime | None:
        if name not in self.map.columns:
            return None
        return self.cells.moment(
            self.column(name), zone=source.zone, formats=self.map.dates, is_needed=is_needed
        )

    def word(self, name: str) -> str:
        """A status in our words; an unknown word is an error."""
        found = self.raw(name)
        ours = self.map.words.get(name, {}).get(found.lower(), found.lower())
        if ours and ours not in WORDS_OF[name]:
            self.findings.error(
                self.row,
                self.column(name),
                "unknown_status",
                found=found,
                expected=", ".join(WORDS_OF[name]) + " (or a word of the map)",
            )
            return ""
        return ours

    def email(self, name: str) -> str:
        return self.cells.email(self.column(name))

    def flag(self, name: str, *, default: bool) -> bool:
        if name not in self.map.columns:
            return self._constant(name) == "yes" if name in self.map.constants else default
        return self.cells.flag(self.column(name), default=default)

    def country(self, name: str) -> str:
        return self.cells.country(self.column(name)) or country_code(self._constant(name))


def _currency(head: _Mapped, source: Source) -> str:
    code = head.raw("currency").upper() or source.currency
    if not is_currency(code):
        head.findings.error(
            head.row,
            head.column("currency"),
            "unknown_currency",
            found=code,
            expected="a code such as EUR",
        )
        return source.currency
    return code


def _line(one: _Mapped, currency: str, order_status: str) -> LineDocument:
    quantity = one.cells.whole(one.column("line.quantity"), least=1) or 1
    sku = one.key("line.sku", most=60)
    name = one.text("line.name", most=300)
    if not sku and not name:
        one.findings.error(
            one.row, one.column("line.sku"), "no_product", found="", expected="a SKU"
        )
    price, amount, discount = _line_money(one, quantity, currency)
    status = one.word("line.status") or order_status
    line = LineDocument(
        sku=sku,
        name=name,
        quantity=quantity,
        unit_price=price,
        amount=amount,
        discount=discount,
        tax=one.amount("line.tax"),
        tax_rate=one.rate("line.tax_rate"),
        is_physical=one.flag("line.needs_shipping", default=True),
        shipped=quantity if status == "fulfilled" else 0,
        product=ProductNamed(
            name=one.text("product.name") or name[:200],
            brand=one.text("product.brand", most=100),
            category=one.text("product.category", most=100),
            barcode=one.text("product.barcode", most=40),
        ),
        row=one.row,
    )
    return possible_line(
        one.findings, line, tax=one.column("line.tax"), discount=one.discount_column
    )


def _line_money(
    one: _Mapped, quantity: int, currency: str
) -> tuple[Decimal, Decimal | None, Decimal]:
    """Unit price, amount before discount (where the file gives no price) and discount of a line.

    A total after discount is rounded to the currency first and stays exactly that; what stood
    before the discount is found from the rate or the amount of it.
    """
    rate = one.rate("line.discount_rate")
    discount = one.amount("line.discount") or ZERO
    if one.map.has("line.unit_price"):
        price = _needed(one, "line.unit_price").quantize(PRICE_STEP)
        return price, None, discount or quantise(quantity * price * rate, currency)
    if one.map.has("line.amount"):
        amount = quantise(_needed(one, "line.amount"), currency)
        discount = discount or quantise(amount * rate, currency)
        return unit_price_of(amount, quantity), amount, discount
    total = quantise(_needed(one, "line.total"), currency)
    if rate and rate < 1:
        amount = quantise(total / (1 - rate), currency)
    else:
        amount = total + quantise(discount, currency)
    return unit_price_of(amount, quantity), amount, amount - total


def _needed(one: _Mapped, name: str) -> Decimal:
    value = one.amount(name)
    if value is None and not one.raw(name):
        one.findings.error(
            one.row, one.column(name), "no_price", found="", expected="an amount such as 12.50"
        )
    return value or ZERO


def _document(
    every: Sequence[_Mapped],
    source: Source,
    *,
    key: str,
    placed_at: datetime,
    currency: str,
    payment_status: str,
    lines: Sequence[LineDocument],
) -> OrderDocument:
    head = every[0]
    billing, shipping = _address(head, "billing"), _address(head, "shipping_address")
    amounts = _order_amounts(every)
    included = head.map.prices_include_tax
    _refuse_impossible(head, lines, amounts)
    worth = _worth(lines, amounts, included, source, currency)
    payments, refunds = _money_moved(
        head, source, placed_at=placed_at, amounts=amounts, worth=worth, status=payment_status
    )
    return OrderDocument(
        channel=source.channel,
        external_id=key,
        number=head.text("number", most=30) if head.map.has("number") else key[:30],
        placed_at=placed_at,
        currency=currency,
        lines=tuple(lines),
        buyer=_buyer(head, billing, shipping),
        billing=billing if not billing.is_empty else shipping,
        shipping=shipping if not shipping.is_empty else billing,
        prices_include_tax=included,
        discount=amounts["discount"] or ZERO,
        discount_code=head.text("discount_code", most=60),
        shipping_amount=amounts["shipping"] or ZERO,
        shipping_tax=amounts["shipping_tax"] or ZERO,
        shipping_method=head.text("shipping_method", most=100),
        payments=payments,
        refunds=refunds,
        shipped_at=head.moment("shipped_at", source),
        cancelled_at=head.moment("cancelled_at", source),
        cancel_reason="Cancelled in the source",
        customer_note=head.text("note", most=4000, may_break=True),
        tags=head.texts("tags", most=40),
        declared=Declared(
            subtotal=amounts["subtotal"], tax=amounts["tax_total"], total=amounts["total"]
        ),
        row=head.row,
    )


def _buyer(head: _Mapped, billing: Address, shipping: Address) -> BuyerNamed:
    return BuyerNamed(
        external_id=head.text("customer.external_id", most=100),
        email=head.email("customer.email"),
        name=head.text("customer.name") or billing.name or shipping.name,
        phone=head.text("customer.phone", most=40),
    )


def _address(head: _Mapped, kind: str) -> Address:
    parts = {
        part: head.text(f"{kind}.{part}", most=MOST.get(part, 200))
        for part in ADDRESS_FIELDS
        if part != "country" and head.map.has(f"{kind}.{part}")
    }
    country = head.country(f"{kind}.country") if head.map.has(f"{kind}.country") else ""
    return Address(**parts, country=country)


def _order_amounts(every: Sequence[_Mapped]) -> dict[str, Decimal | None]:
    """The order's own amounts: from its first filled row, or added up over its rows."""
    names = ("shipping", "shipping_tax", "discount", "subtotal", "tax_total", "total",
             "paid", "refunded")  # fmt: skip
    rows = every if len(every) > 1 else every[:1]
    gather: Callable[[list[Decimal]], Decimal] = (
        (lambda found: sum(found, ZERO)) if every[0].map.adds_up_rows else (lambda found: found[0])
    )
    amounts: dict[str, Decimal | None] = {}
    for name in names:
        if not every[0].map.has(name):
            amounts[name] = None
            continue
        found = [value for one in rows if (value := one.amount(name)) is not None]
        amounts[name] = gather(found) if found else None
    return amounts


def _refuse_impossible(
    head: _Mapped, lines: Sequence[LineDocument], amounts: dict[str, Decimal | None]
) -> None:
    """The order's discount is part of its goods, a tax on shipping of what shipping costs."""
    goods = sum((_amount(line) - line.discount for line in lines), ZERO)
    charge = amounts["shipping"] or ZERO
    for name, price in (("discount", goods), ("shipping_tax", charge)):
        column = head.column(name)
        possible_part(head.findings, amounts[name], price, row=head.row, column=column)


def _amount(line: LineDocument) -> Decimal:
    return line.quantity * line.unit_price if line.amount is None else line.amount


def _worth(
    lines: Sequence[LineDocument],
    amounts: dict[str, Decimal | None],
    included: bool | None,
    source: Source,
    currency: str,
) -> Decimal:
    """What the order comes to by its own lines, for sources that name no total."""
    total = (amounts["shipping"] or ZERO) - (amounts["discount"] or ZERO)
    for line in lines:
        net = quantise(_amount(line), currency) - quantise(line.discount, currency)
        total += net
        if not (source.prices_include_tax if included is None else included):
            tax = net * line.tax_rate if line.tax is None else line.tax
            total += quantise(tax, currency)
    return total + (ZERO if included else amounts["shipping_tax"] or ZERO)


def _money_moved(
    head: _Mapped,
    source: Source,
    *,
    placed_at: datetime,
    amounts: dict[str, Decimal | None],
    worth: Decimal,
    status: str,
) -> tuple[tuple[MoneyMoved, ...], tuple[MoneyMoved, ...]]:
    taken, back = amounts["paid"], amounts["refunded"] or ZERO
    total = worth if amounts["total"] is None else amounts["total"]
    if taken is None:
        taken = total if status in {"paid", "partially_refunded", "refunded"} else ZERO
    if status == "refunded" and not back:
        back = taken
    possible_refund(head.findings, back, taken, row=head.row, column=head.column("refunded"))
    if not taken:
        return (), ()
    at = head.moment("paid_at", source) or placed_at
    method = head.text("payment_method", most=80)
    reference = head.text("payment_reference", most=120)
    paid = MoneyMoved(amount=taken, at=at, method=method, reference=reference)
    if not back:
        return (paid,), ()
    return (paid,), (MoneyMoved(amount=back, at=at, method=method),)
