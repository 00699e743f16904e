"""Kits on their way into an order: one line asked for becomes the lines of its components."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.money import split
from inventory.models import Variant
from inventory.selectors.kits import Component, components_of
from inventory.states import VariantKind
from orders.errors import BadLine
from orders.models import OrderKit, OrderLine, Price

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
    line: OrderLine, contents: KitContents, *, currency: str
) -> tuple[OrderKit, list[OrderLine]]:
    """A kit's row and the lines of its components in place of its line; nothing is saved.

    Units are multiplied; discounted amount, discount and tax are each shared to the cent (largest
    remainder), so that every sum stays what it was. Raises BadLine when that is too many units.
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
    shares = zip(
        parts,
        nets,
        split(line.discount, _or_equal(nets, weights), currency),
        split(line.tax, _or_equal(nets, weights), currency),
        strict=True,
    )
    return kit, [
        _component_line(line, kit, part, net=net, discount=discount, tax=tax)
        for part, net, discount, tax in shares
    ]


def _or_equal(nets: Sequence[Decimal], weights: Sequence[Decimal]) -> Sequence[Decimal]:
    return nets if any(nets) else weights


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
        unit_price=(amount / units).quantize(Decimal("0.0001")),
        amount=amount,
        discount=discount,
        tax_rate=line.tax_rate,
        tax=tax,
        tax_included=line.tax_included,
        total=net if line.tax_included else net + tax,
    )
