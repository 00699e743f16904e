"""What an assembly order needs, what of it is free, and parts lists that go in a circle."""

from dataclasses import dataclass

from django.db import connection

from inventory.models import AssemblyOrder, StockLevel, Variant

FIND_CIRCLE = """
    WITH RECURSIVE walk(variant_id, path) AS (
        SELECT part_id, ARRAY[whole_id, part_id] FROM inventory_part WHERE whole_id = %s
        UNION ALL
        SELECT part.part_id, walk.path || part.part_id
        FROM inventory_part part JOIN walk ON part.whole_id = walk.variant_id
        WHERE NOT part.whole_id = ANY(walk.path[:cardinality(walk.path) - 1])
    )
    SELECT path FROM walk WHERE variant_id = ANY(path[:cardinality(path) - 1]) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Need:
    """Units of one variant that go into an order, and how many of them are free at its location."""

    variant: Variant
    units: int
    free: int
    bin: str = ""

    @property
    def short(self) -> int:
        return max(0, self.units - self.free)


def needs_of(order: AssemblyOrder) -> list[Need]:
    """What goes into the order, with what is free at its location now. Two queries."""
    wanted: dict[int, int] = {}
    variants: dict[int, Variant] = {}
    if order.is_disassembly:
        wanted, variants = {order.variant_id: order.quantity}, {order.variant_id: order.variant}
    else:
        for part in order.parts.select_related("variant__product"):
            wanted[part.variant_id] = wanted.get(part.variant_id, 0) + part.quantity
            variants[part.variant_id] = part.variant
    levels = {
        level.variant_id: level
        for level in StockLevel.objects.filter(location=order.location_id, variant__in=wanted)
    }
    return [
        Need(variants[variant_id], units, *_free(levels.get(variant_id)))
        for variant_id, units in wanted.items()
    ]


def _free(level: StockLevel | None) -> tuple[int, str]:
    if level is None:
        return 0, ""
    return max(0, level.sellable - level.allocated - level.reserved), level.bin


def circle_through(variant_id: int) -> list[str]:
    """The SKUs of a circle that the parts of a variant run into, in order; empty where there is
    none. Two queries at most.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIND_CIRCLE, [variant_id])
        row = cursor.fetchone()
    if row is None:
        return []
    path: list[int] = row[0]
    skus = dict(Variant.objects.filter(pk__in=path).values_list("pk", "sku"))
    start = path.index(path[-1])
    return [skus[one] for one in path[start:]]
