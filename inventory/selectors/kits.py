"""What kits are put together from, and how many of them that gives."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Sum
from django.db.models.functions import Greatest

from core.models import User
from inventory.models import Part, Variant
from inventory.selectors.scope import visible_levels
from inventory.states import VariantKind


@dataclass(frozen=True, slots=True)
class Component:
    """What one kit takes of a variant that is no kit itself."""

    variant: Variant
    quantity: int


def components_of(kit_ids: Collection[int]) -> dict[int, list[Component]]:
    """What each kit is sent as: kits inside it are taken apart too, and a variant that comes up twice
    is summed. A kit without parts has none. A query for each level of kits within kits.
    """
    parts = _parts_below(kit_ids)
    return {kit_id: _flat(kit_id, parts) for kit_id in kit_ids}


def _parts_below(kit_ids: Collection[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    frontier = set(kit_ids)
    while frontier:
        found.update({kit_id: [] for kit_id in frontier})
        rows = Part.objects.filter(whole_id__in=frontier).select_related("part__product")
        for row in rows.order_by("whole_id", "position", "id"):
            found[row.whole_id].append(row)
        inner = {row.part_id for kit_id in frontier for row in found[kit_id] if _is_kit(row.part)}
        frontier = inner - set(found)
    return found


def _is_kit(variant: Variant) -> bool:
    return variant.kind == VariantKind.KIT


def _flat(kit_id: int, parts: Mapping[int, list[Part]]) -> list[Component]:
    units: dict[int, int] = defaultdict(int)
    variants: dict[int, Variant] = {}

    def walk(whole_id: int, times: int) -> None:
        for row in parts[whole_id]:
            if _is_kit(row.part):
                walk(row.part_id, times * row.quantity)
            else:
                variants[row.part_id] = row.part
                units[row.part_id] += times * row.quantity

    walk(kit_id, 1)
    return [Component(variants[pk], quantity) for pk, quantity in units.items()]


def kits_to_sell(user: User, kit_ids: Collection[int]) -> dict[int, int]:
    """How many of each kit the user's locations together could put together, by kit id: as many as
    the scarcest part allows. Parts that are services are always to be had; without kits, no query.
    """
    if not kit_ids:
        return {}
    components = components_of(kit_ids)
    needed = {one.variant.pk for rows in components.values() for one in rows}
    free = F("sellable") - F("allocated") - F("reserved") - F("safety")
    levels = visible_levels(user).filter(variant__in=needed).order_by().values("variant_id")
    units = {
        row["variant_id"]: row["units"] for row in levels.annotate(units=Sum(Greatest(free, 0)))
    }
    return {
        kit_id: min(
            (
                units.get(one.variant.pk, 0) // one.quantity
                for one in rows
                if one.variant.kind != VariantKind.SERVICE
            ),
            default=0,
        )
        for kit_id, rows in components.items()
    }


def wholes_of(variant: Variant) -> list[Part]:
    """What the variant is part of. One query."""
    return list(variant.part_of.select_related("whole__product").order_by("whole__sku"))


def wholes_above(variant_ids: Iterable[int]) -> set[int]:
    """Everything that has one of these as a part, at any depth. A query for each level."""
    found: set[int] = set()
    frontier = set(variant_ids)
    while frontier:
        above = set(Part.objects.filter(part_id__in=frontier).values_list("whole_id", flat=True))
        frontier = above - found
        found |= above
    return found
