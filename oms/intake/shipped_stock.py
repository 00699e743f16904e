"""Taking units that had left before out of stock, for those whose counts are older than the file."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from core.models import Channel
from inventory.errors import NotEnoughStock
from inventory.locks import lock_levels
from inventory.models import ChannelLocation, Variant
from inventory.selectors.kits import Component, components_of
from inventory.services import StockChange, Take, move_stock
from inventory.states import MovementReason, VariantKind
from oms.intake.documents import OrderDocument
from orders.models import Order
from orders.services.sourcing import take_in_turn
from orders.sourcing.asking import Need


def take_out(
    documents: Sequence[OrderDocument],
    orders: Sequence[Order],
    variants: Mapping[str, int],
    channel: Channel,
    *,
    now: datetime,
) -> None:
    """Move what the documents say was sent out of stock, from the channel's locations in their
    order. Raises NotEnoughStock when the books hold fewer units that nobody else was promised.
    """
    locations = list(
        ChannelLocation.objects.filter(channel=channel, location__is_active=True).values_list(
            "location_id", flat=True
        )
    )
    components = _components(variants)
    parts = {part.variant.pk for some in components.values() for part in some}
    levels = lock_levels({*variants.values(), *parts}, location_ids=locations)
    free = {key: level.sellable - level.allocated - level.reserved for key, level in levels.items()}
    changes: list[StockChange] = []
    for document, order in zip(documents, orders, strict=True):
        needs = _needs(document, variants, components)
        takes = take_in_turn(needs, free, locations, now=now)
        _refuse_if_short(document, needs, takes)
        for take in takes:
            variant_id = needs[take.index].variant_id
            free[variant_id, take.location_id] -= take.quantity
            changes.append(
                StockChange(
                    variant_id=variant_id,
                    location_id=take.location_id,
                    quantity=-take.quantity,
                    reason=MovementReason.SHIPMENT,
                    reference=order.number,
                    note="Sent before it was brought in",
                )
            )
    move_stock(changes, now=now)


def _components(variants: Mapping[str, int]) -> dict[int, list[Component]]:
    """What the kits among the variants are sent as, and nothing for services: neither has stock of
    its own. One query where there is none.
    """
    others = Variant.objects.filter(pk__in=variants.values()).exclude(kind=VariantKind.STOCKED)
    return components_of(list(others.values_list("pk", flat=True)))


def _needs(
    document: OrderDocument,
    variants: Mapping[str, int],
    components: Mapping[int, list[Component]],
) -> list[Need]:
    units: dict[int, int] = defaultdict(int)
    for line in document.lines:
        if not (line.shipped and line.is_physical and line.sku in variants):
            continue
        variant_id = variants[line.sku]
        if variant_id not in components:
            units[variant_id] += line.shipped
        for part in components.get(variant_id, ()):
            if part.variant.kind == VariantKind.STOCKED:
                units[part.variant.pk] += line.shipped * part.quantity
    return [
        Need(index, variant_id, quantity)
        for index, (variant_id, quantity) in enumerate(sorted(units.items()))
    ]


def _refuse_if_short(document: OrderDocument, needs: Sequence[Need], takes: Sequence[Take]) -> None:
    got: dict[int, int] = defaultdict(int)
    for take in takes:
        got[take.index] += take.quantity
    short = {
        need.variant_id: need.quantity - got[need.index]
        for need in needs
        if got[need.index] < need.quantity
    }
    if short:
        raise NotEnoughStock(
            f"{sum(short.values())} units of {document.number} were sent, but the books hold fewer;"
            " correct the stock first, or import with stock left as it is.",
            short=short,
        )
