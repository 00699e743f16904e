"""Kits on their way into an order: one line asked for becomes the lines of its components."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.money import ZERO, split
from inventory.models import Variant
from inventory.selectors.kits import Component, components_of
from inventory.states import VariantKind
from orders.errors import BadLine
from orders.models import Adjustment, OrderKit, OrderLine, Price
from orders.pricing import Adjusted
from orders.services.explaining import adjustment_of

MOST_UNITS = 1_000_000


@dataclass(frozen=True, slots=True)
class KitContents:
    """What the kits of a batch are sent as, and what each component costs by itself."""

    components: Mapping[int, list[Component]] = field(default_factory=dict)
    prices: Mapping[tuple[int, str], Decimal] = field(default_factory=dict)

    def weights(self, kit_id: int, currency: str) -> list[Decimal]:
        """By what the kit's money is shared: list prices, or units where one has no price."""
        parts = self.components[kit_id]
        prices = [self.prices.get((part.variant.pk, currency)) for part in parts]
        if any(price is None for price in prices):
            return [Decimal(part.quantity) for part in parts]
        return [
            (price or Decimal(0)) * part.quantity for price, part in zip(prices, parts, strict=True)
        ]


NO_KITS = KitContents()


def contents_of(variants: Iterable[Variant], currencies: Collection[str]) -> KitContents:
    """What the kits among the variants are sent as. No query where there is none."""
    kits = [variant.pk for variant in variants if variant.kind == VariantKind.KIT]
    if not kits:
        return NO_KITS
    components = components_of(kits)
    ids = {part.variant.pk for parts in components.values() for part in parts}
    prices = Price.objects.filter(variant_id__in=ids, currency__in=currencies)
    return KitContents(
        components,
        {(price.variant_id, price.currency): price.amount for price in prices},
    )


def open_up(
    line: OrderLine, reasons: Sequence[Adjusted], contents: KitContents, *, currency: str
) -> tuple[OrderKit, list[OrderLine], list[Adjustment]]:
    """A kit's row, the lines of its components in place of its line, and why each costs less;
    nothing is saved.

    Units are multiplied; discounted amount, each reason of the discount, and tax are each shared to
    the cent (largest remainder), so that every sum stays what it was. Raises BadLine when that is
    too many units.
    """
    assert line.variant is not None  # noqa: S101  (a line of a kit has it)
    parts = contents.components[line.variant.pk]
    kit = OrderKit(
        order=line.order,
        variant=line.variant,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        discount=line.discount,
        total=line.total,
    )
    most = max(part.quantity for part in parts) * line.quantity
    if most > MOST_UNITS:
        raise BadLine(
            f"{line.quantity} × {line.sku} takes {most:,} units of one component; an order line"
            f" holds at most {MOST_UNITS:,}. Order fewer.",
            field="lines",
        )
    weights = contents.weights(line.variant.pk, currency)
    nets = split(line.amount - line.discount, weights, currency)
    by_net = nets if any(nets) else weights
    shared = [split(one.amount, by_net, currency) for one in reasons]
    taxes = split(line.tax, by_net, currency)
    lines, explained = [], []
    for index, part in enumerate(parts):
        discount = sum((shares[index] for shares in shared), ZERO)
        component = _component_line(
            line, kit, part, net=nets[index], discount=discount, tax=taxes[index]
        )
        lines.append(component)
        explained += [
            adjustment_of(replace(one, amount=shares[index]), line=component)
            for one, shares in zip(reasons, shared, strict=True)
            if shares[index]
        ]
    return kit, lines, explained


def _component_line(
    line: OrderLine,
    kit: OrderKit,
    part: Component,
    *,
    net: Decimal,
    discount: Decimal,
    tax: Decimal,
) -> OrderLine:
    units = part.quantity * line.quantity
    variant = part.variant
    amount = net + discount
    return OrderLine(
        order=line.order,
        kit=kit,
        variant=variant,
        sku=variant.sku,
        name=variant.full_name,
        barcode=variant.barcode,
        weight_g=variant.weight_g,
        is_physical=line.is_physical and variant.kind != VariantKind.SERVICE,
        quantity=units,
        shipped=part.quantity * line.shipped,
        delivered=part.quantity * line.delivered,
        price_source=line.price_source,
        price_reason=line.price_reason,
        unit_price=(amount / units).quantize(Decimal("0.0001")),
        amount=amount,
        discount=discount,
        tax_rate=line.tax_rate,
        tax=tax,
        tax_included=line.tax_included,
        total=net if line.tax_included else net + tax,
    )
