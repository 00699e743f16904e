"""From a draft to the rows of an order, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.money import ZERO
from inventory.models import Variant
from inventory.states import VariantKind
from orders.drafts import DraftLine, OrderDraft, Past
from orders.models import Adjustment, Order, OrderKit, OrderLine
from orders.pricing import Adjusted, LineAsked, OrderPrice, price_order
from orders.services.explaining import adjustment_of
from orders.services.kitting import NO_KITS, KitContents, open_up
from orders.states import RiskLevel


@dataclass(frozen=True, slots=True)
class BuiltOrder:
    """An order as it will be stored. `asked` tells for each line which of the draft it comes from,
    counted from one: a kit's line comes as those of its components.
    """

    order: Order
    lines: list[OrderLine]
    kits: list[OrderKit]
    asked: list[int]
    adjustments: list[Adjustment]


def build_order(
    draft: OrderDraft,
    variants: Mapping[str, Variant],
    contents: KitContents = NO_KITS,
    *,
    number: int,
    now: datetime,
) -> BuiltOrder:
    """The order and its lines as they will be stored, unsaved. Unknown SKUs get no variant; neither
    do kits that nobody has said the parts of.
    """
    price = price_of(draft)
    order = _order_of(draft, price, number, now)
    asked = [
        line_of(order, position, line, price, _sold(line.sku, variants, contents))
        for position, line in enumerate(draft.lines, start=1)
    ]
    built = _opened(order, asked, [line.adjustments for line in price.lines], contents)
    built.adjustments.extend(adjustment_of(one, order=order) for one in draft.shipping_adjustments)
    lines = built.lines
    order.unknown_lines = sum(1 for line in lines if is_unmatched(line))
    order.units = sum(line.quantity for line in lines)
    order.units_shipped = order.units_delivered = sum(line.shipped for line in lines)
    return built


def price_of(draft: OrderDraft) -> OrderPrice:
    """What a draft comes to, line by line."""
    return price_order(
        [
            LineAsked(
                quantity=line.quantity,
                unit_price=line.unit_price,
                amount=line.amount,
                discount=line.discount,
                tax_rate=line.tax_rate,
                tax=line.tax,
                adjustments=line.adjustments,
            )
            for line in draft.lines
        ],
        currency=draft.currency,
        prices_include_tax=draft.prices_include_tax,
        order_discount=draft.order_discount,
        discount_label=draft.discount_code and f"Discount {draft.discount_code}",
        shipping=draft.shipping,
        shipping_tax_rate=draft.shipping_tax_rate,
        shipping_tax=draft.shipping_tax,
        tax_rounding=draft.tax_rounding,
    )


def _sold(sku: str, variants: Mapping[str, Variant], contents: KitContents) -> Variant | None:
    variant = variants.get(sku)
    if variant and variant.kind == VariantKind.KIT and not contents.components.get(variant.pk):
        return None
    return variant


def _opened(
    order: Order,
    asked: Sequence[OrderLine],
    reasons: Sequence[Sequence[Adjusted]],
    contents: KitContents,
) -> BuiltOrder:
    """The lines with every kit opened up, numbered anew, and why each costs less."""
    built = BuiltOrder(order, [], [], [], [])
    for position, (line, why) in enumerate(zip(asked, reasons, strict=True), start=1):
        if line.variant is not None and line.variant.kind == VariantKind.KIT:
            kit, lines, explained = open_up(line, why, contents, currency=order.currency)
            built.kits.append(kit)
            built.adjustments.extend(explained)
        else:
            lines = [line]
            built.adjustments.extend(adjustment_of(one, line=line) for one in why)
        built.lines.extend(lines)
        built.asked.extend([position] * len(lines))
    for position, line in enumerate(built.lines, start=1):
        line.position = position
    return built


def _order_of(draft: OrderDraft, price: OrderPrice, number: int, now: datetime) -> Order:
    order = Order(
        number=draft.number or f"{draft.channel.number_prefix}{number}",
        channel=draft.channel,
        external_id=draft.external_id,
        customer_id=draft.customer_id,
        purchase_order=draft.purchase_order,
        customer_name=draft.customer_name,
        email=draft.email,
        phone=draft.phone,
        payment_terms=draft.payment_terms,
        currency=draft.currency,
        prices_include_tax=draft.prices_include_tax,
        tax_rounding=draft.tax_rounding,
        tax_treatment=draft.tax_treatment,
        subtotal=price.subtotal,
        discount_total=price.discount_total,
        shipping_total=price.shipping_total,
        shipping_tax=price.shipping_tax,
        shipping_tax_rate=draft.shipping_tax_rate,
        tax_total=price.tax_total,
        tax_on_top=price.tax_on_top,
        total=price.total,
        captured=draft.past.captured,
        refunded=draft.past.refunded,
        credit_total=_credit_of(draft.past, price.total),
        discount_code=(draft.discount_code or ", ".join(draft.coupons))[:60],
        shipping_service=draft.shipping_service,
        shipping_method=draft.shipping_method,
        billing_address=draft.billing_address.as_json(),
        shipping_address=draft.shipping_address.as_json(),
        ship_country=draft.shipping_address.country,
        tags=sorted({tag_of(word) for word in draft.tags} - {""}),
        first_sku=draft.lines[0].sku,
        risk_level=_risk_level(draft),
        is_historical=draft.is_historical,
        placed_at=draft.placed_at,
        deliver_by=draft.deliver_by,
        created_at=now,
    )
    order.place(now=now)
    return order


def _risk_level(draft: OrderDraft) -> str:
    """What comes in by a channel with a risk check waits for its score; history does not."""
    is_asked = draft.channel.is_screened and not draft.is_historical
    return RiskLevel.UNSCORED if is_asked else ""


def _credit_of(past: Past, total: Decimal) -> Decimal:
    if not past.gives_credit:
        return ZERO
    return max(ZERO, min(past.refunded, total - past.captured + past.refunded))


def is_unmatched(line: OrderLine) -> bool:
    """Whether units are to be sent of something that the catalogue does not know."""
    return line.variant_id is None and line.is_physical and line.open > 0


def tag_of(word: str) -> str:
    """A tag as it is kept: lower case, single blanks, at most 40 characters."""
    return " ".join(word.split()).lower()[:40]


def line_of(
    order: Order, position: int, asked: DraftLine, price: OrderPrice, variant: Variant | None
) -> OrderLine:
    """The line at a position of what was priced, unsaved."""
    money = price.lines[position - 1]
    return OrderLine(
        order=order,
        position=position,
        variant=variant,
        sku=asked.sku,
        name=asked.name or (variant.full_name if variant else asked.sku),
        barcode=variant.barcode if variant else "",
        weight_g=variant.weight_g if variant else 0,
        is_physical=asked.is_physical and (variant is None or variant.kind != VariantKind.SERVICE),
        quantity=asked.quantity,
        shipped=asked.shipped,
        delivered=asked.shipped,
        unit_price=money.unit_price,
        list_price=asked.list_price,
        price_source=asked.price_source[:160],
        price_reason=asked.price_reason[:200],
        amount=money.amount,
        discount=money.discount,
        tax_rate=money.tax_rate,
        tax=money.tax,
        tax_included=order.prices_include_tax,
        total=money.total,
    )
