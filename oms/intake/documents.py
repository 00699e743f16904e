"""The order document: what any source says about one order, as plain values before any verb runs."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.address import Address
from core.money import ZERO
from orders.drafts import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerNamed:
    """The customer as the source names them."""

    external_id: str = ""
    email: str = ""
    name: str = ""
    phone: str = ""
    accepts_marketing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductNamed:
    """What the source says about the product behind a line, for those who let products be added."""

    name: str = ""
    brand: str = ""
    category: str = ""
    barcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDocument:
    """One line. `amount` (before discount) stands where the source gives totals, `unit_price` where
    it gives prices; `shipped` units have left already. `row` is where the source says it.
    """

    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    amount: Decimal | None = None
    discount: Decimal = ZERO
    tax: Decimal | None = None
    tax_rate: Decimal = ZERO
    is_physical: bool = True
    shipped: int = 0
    product: ProductNamed = field(default_factory=ProductNamed)
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyMoved:
    """Money taken (or given back) before this system knew the order."""

    amount: Decimal
    at: datetime
    method: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the source itself says the order comes to; None where it says nothing. The lines decide,
    and what differs is reported.
    """

    subtotal: Decimal | None = None
    discount: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocument:
    """One order as its source tells it. Amounts are in `currency`, moments are aware.

    (`channel`, `external_id`) is its key for good: the same key again is the same order, told later.
    `hold_reason`: why people must look at it before more of it is sent.
    """

    channel: str
    external_id: str
    number: str
    placed_at: datetime
    currency: str
    lines: tuple[LineDocument, ...]
    buyer: BuyerNamed = field(default_factory=BuyerNamed)
    origin: Origin | None = None
    billing: Address = field(default_factory=Address)
    shipping: Address = field(default_factory=Address)
    prices_include_tax: bool | None = None
    discount: Decimal = ZERO
    discount_code: str = ""
    shipping_amount: Decimal = ZERO
    shipping_tax: Decimal | None = ZERO
    shipping_tax_rate: Decimal = ZERO
    shipping_method: str = ""
    payments: tuple[MoneyMoved, ...] = ()
    refunds: tuple[MoneyMoved, ...] = ()
    shipped_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    deliver_by: date | None = None
    customer_note: str = ""
    tags: tuple[str, ...] = ()
    risk: str = ""
    hold_reason: str = ""
    declared: Declared = field(default_factory=Declared)
    extras: tuple[tuple[str, str], ...] = ()
    row: int = 0

    @property
    def paid(self) -> Decimal:
        return sum((one.amount for one in self.payments), ZERO)

    @property
    def refunded(self) -> Decimal:
        return sum((one.amount for one in self.refunds), ZERO)

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def units_shipped(self) -> int:
        return sum(line.shipped for line in self.lines)

    @property
    def is_finished(self) -> bool:
        """Nothing of it is left to send: it is history."""
        return self.cancelled_at is not None or self.units_shipped == self.units
