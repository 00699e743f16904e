"""What stands on an invoice: an order's worth as it is now, by line and by tax rate. Pure.

Every part is read from the order's stored shares, so that an invoice and its credit notes always
come to exactly what the order came to.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from core.money import ZERO, quantise, split
from orders.models import Order, OrderLine

SHIPPING, CREDIT = "shipping", "credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the paper. `gross` is with tax; `unit_price` and `discount` as the order has them."""

    key: str
    name: str
    sku: str = ""
    kit: str = ""
    quantity: int = 0
    unit_price: Decimal = ZERO
    discount: Decimal = ZERO
    rate: Decimal = ZERO
    tax: Decimal = ZERO
    gross: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        return self.gross - self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxSum:
    """What is taxed at one rate."""

    rate: Decimal
    tax: Decimal
    gross: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.tax


@dataclass(frozen=True, slots=True)
class Composition:
    """Rows and their taxes; the sums of both are the same."""

    rows: tuple[Row, ...] = ()
    taxes: tuple[TaxSum, ...] = ()

    @property
    def total(self) -> Decimal:
        return sum((row.gross for row in self.rows), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((one.tax for one in self.taxes), ZERO)

    @property
    def net(self) -> Decimal:
        return self.total - self.tax

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": [_plain(asdict(row)) for row in self.rows],
            "taxes": [_plain(asdict(one)) for one in self.taxes],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Composition":
        """Read what `as_json` wrote."""
        amounts = {"unit_price", "discount", "rate", "tax", "gross"}
        return cls(
            tuple(Row(**_with_decimals(row, amounts)) for row in kept["rows"]),
            tuple(TaxSum(**_with_decimals(one, amounts)) for one in kept["taxes"]),
        )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: str(v) if isinstance(v, Decimal) else v for key, v in values.items()}


def _with_decimals(values: Mapping[str, Any], amounts: set[str]) -> dict[str, Any]:
    return {key: Decimal(v) if key in amounts else v for key, v in values.items()}


def compose(order: Order, lines: Iterable[OrderLine]) -> Composition:
    """The order as it is worth now: `total` is exactly `order.owed`."""
    if order.owed == ZERO:
        return Composition()
    lines = list(lines)
    rows = [row for line in lines if (row := _line_row(line, order)) is not None]
    if order.shipping_total:
        rows.append(_shipping_row(order))
    other = order.credit_total - sum((line.credited for line in lines), ZERO)
    taxes = _by_rate(rows)
    if other:
        lowered = _less(taxes, other, order.currency)
        tax = sum((one.tax for one in lowered), ZERO) - sum((one.tax for one in taxes), ZERO)
        rows.append(Row(key=CREDIT, name="Credit", tax=tax, gross=-other))
        taxes = lowered
    return Composition(tuple(rows), tuple(taxes))


def _line_row(line: OrderLine, order: Order) -> Row | None:
    units = line.quantity - line.cancelled - line.returned
    gross = line.total - line.credited
    if not units and not gross:
        return None
    tax = line.tax
    if line.credited:
        tax = quantise(line.tax * gross / line.total, order.currency) if line.total else ZERO
    shown = gross if line.tax_included else gross - tax
    full = quantise(line.unit_price * units, order.currency)
    return Row(
        key=f"line:{line.pk}",
        name=line.name,
        sku=line.sku,
        kit=f"{line.kit.name} ({line.kit.sku})" if line.kit else "",
        quantity=units,
        unit_price=line.unit_price,
        discount=max(ZERO, full - shown),
        rate=line.tax_rate,
        tax=tax,
        gross=gross,
    )


def _shipping_row(order: Order) -> Row:
    on_top = ZERO if order.prices_include_tax else order.shipping_tax
    return Row(
        key=SHIPPING,
        name=order.shipping_method or "Shipping",
        quantity=1,
        unit_price=order.shipping_total,
        rate=order.shipping_tax_rate,
        tax=order.shipping_tax,
        gross=order.shipping_total + on_top,
    )


def _by_rate(rows: Iterable[Row]) -> list[TaxSum]:
    tax: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    gross: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        tax[row.rate] += row.tax
        gross[row.rate] += row.gross
    return [
        TaxSum(rate=rate, tax=tax[rate], gross=gross[rate]) for rate in sorted(gross, reverse=True)
    ]


def _less(taxes: list[TaxSum], amount: Decimal, currency: str) -> list[TaxSum]:
    """A credit that no line bears lowers every rate's share alike, and its tax with it."""
    parts = split(amount, [one.gross for one in taxes], currency)
    lowered = []
    for one, part in zip(taxes, parts, strict=True):
        tax = quantise(one.tax * part / one.gross, currency) if one.gross else ZERO
        lowered.append(replace(one, tax=one.tax - tax, gross=one.gross - part))
    return lowered


def difference(before: Composition, now: Composition) -> Composition:
    """What a credit note says: what the order was worth less than `before`, row by row."""
    rows_now = {row.key: row for row in now.rows}
    rows_before = {row.key: row for row in before.rows}
    rows = []
    for key, named in (rows_before | rows_now).items():
        old = rows_before.get(key, Row(key=key, name=named.name, rate=named.rate))
        new = rows_now.get(key, Row(key=key, name=named.name, rate=named.rate))
        if old.gross != new.gross or old.quantity != new.quantity:
            rows.append(
                replace(
                    old,
                    quantity=old.quantity - new.quantity,
                    discount=ZERO,
                    tax=old.tax - new.tax,
                    gross=old.gross - new.gross,
                )
            )
    taxes_before = {one.rate: one for one in before.taxes}
    taxes_now = {one.rate: one for one in now.taxes}
    taxes = []
    for rate in sorted(taxes_before | taxes_now, reverse=True):
        zero = TaxSum(rate=rate, tax=ZERO, gross=ZERO)
        was, still = taxes_before.get(rate, zero), taxes_now.get(rate, zero)
        if was != still:
            taxes.append(TaxSum(rate=rate, tax=was.tax - still.tax, gross=was.gross - still.gross))
    return Composition(tuple(rows), tuple(taxes))
