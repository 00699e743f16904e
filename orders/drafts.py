"""An order before it is placed: what a page, a file or a machine asks for, as plain values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from core.address import Address
from core.models import Channel
from core.money import ZERO
from orders.models import ShippingService
from orders.pricing import Adjusted
from orders.states import PaymentTerms, StandingUnit, TaxRounding, TaxTreatment


class WhenShort(models.TextChoices):
    """What to do when stock does not cover an order."""

    REJECT = "reject", "Refuse the order"
    BACKORDER = "backorder", "Take it, the rest waits for stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One line asked for. `amount` (before discount) wins over quantity × unit price; `tax` None
    means compute from `tax_rate`; `shipped` units left before this system knew the order. What a
    quote says of the price (list price, where it comes from, why by hand, what comes off and why)
    is kept as it is.
    """

    sku: str
    quantity: int
    unit_price: Decimal
    name: str = ""
    amount: Decimal | None = None
    discount: Decimal = ZERO
    tax_rate: Decimal = ZERO
    tax: Decimal | None = None
    is_physical: bool = True
    shipped: int = 0
    list_price: Decimal | None = None
    price_source: str = ""
    price_reason: str = ""
    adjustments: tuple[Adjusted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often something is ordered again: every so many days, weeks or months from a first day."""

    every: int
    unit: StandingUnit
    first_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What happened to an order before this system knew it, so that it is born with it. Whoever
    states money here writes the rows behind it (payments) in the same transaction. `gives_credit`:
    what was given back lowers what the order is worth, unless it was paid too much.
    """

    captured: Decimal = ZERO
    refunded: Decimal = ZERO
    gives_credit: bool = True
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """From where an order was asked for, as its channel tells it; only a keyed hash of the network
    address is kept.
    """

    network_address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """One order asked for; amounts are in `currency`. `number` empty: the next of the sequence.

    `was_announced`: the customer was told of it elsewhere, so no confirmation is sent.
    `reservation` is the key under which units were kept for this order; `shelf_life_days` how long
    its goods must still be usable; `deliver_by` the day by which its buyer asked for it. `shipping` is
    what is charged after `shipping_adjustments`; `coupons` are taken for good as the order is placed,
    `discount_code` is only a word.
    """

    channel: Channel
    currency: str
    lines: tuple[DraftLine, ...]
    external_id: str = ""
    number: str = ""
    customer_id: int | None = None
    purchase_order: str = ""
    customer_name: str = ""
    email: str = ""
    phone: str = ""
    billing_address: Address = field(default_factory=Address)
    shipping_address: Address = field(default_factory=Address)
    prices_include_tax: bool = True
    tax_rounding: TaxRounding = TaxRounding.LINE
    tax_treatment: TaxTreatment = TaxTreatment.TAXED
    order_discount: Decimal = ZERO
    discount_code: str = ""
    coupons: tuple[str, ...] = ()
    shipping: Decimal = ZERO
    shipping_tax_rate: Decimal = ZERO
    shipping_tax: Decimal | None = None
    shipping_adjustments: tuple[Adjusted, ...] = ()
    shipping_service: ShippingService | None = None
    shipping_method: str = ""
    payment_terms: PaymentTerms = PaymentTerms.PREPAID
    when_short: WhenShort = WhenShort.REJECT
    placed_at: datetime | None = None
    is_historical: bool = False
    was_announced: bool = False
    past: Past = field(default_factory=Past)
    takes_stock: bool = True
    reservation: str = ""
    shelf_life_days: int = 0
    deliver_by: date | None = None
    tags: tuple[str, ...] = ()
    customer_note: str = ""
    staff_note: str = ""
    origin: Origin | None = None
