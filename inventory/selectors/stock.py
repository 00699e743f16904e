"""What lies where, what of it may be sold, and who waits for more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Greatest
from django.http import Http404

from core.models import User
from inventory.models import Allocation, Demand, Product, StockLevel, Variant
from inventory.selectors.kits import kits_to_sell
from inventory.selectors.scope import visible_levels, visible_locations
from inventory.sockets import DEMAND_LINKS
from inventory.states import VariantKind


def variant_with_product(variant_id: int) -> Variant:
    """One variant with its product; the catalogue is everybody's. Http404 when it is not there."""
    variant = Variant.objects.select_related("product__category").filter(pk=variant_id).first()
    if variant is None:
        raise Http404("No such variant.")
    return variant


def variants_with_stock(user: User, product: Product) -> list[Variant]:
    """The product's variants with `on_hand` and `free` units at the user's locations; kits are worked
    out from their parts. One query, and those of kits where there are any.
    """
    here = visible_levels(user).filter(variant=OuterRef("pk")).order_by().values("variant")
    on_hand = here.annotate(units=Sum(F("sellable") + F("quality_control") + F("damaged")))
    claimed = F("allocated") + F("reserved") + F("safety")
    free = here.annotate(units=Sum(Greatest(F("sellable") - claimed, 0)))
    variants = list(
        product.variants.annotate(
            on_hand=Subquery(on_hand.values("units")), free=Subquery(free.values("units"))
        )
    )
    kits = kits_to_sell(user, [one.pk for one in variants if one.kind == VariantKind.KIT])
    for one in variants:
        one.free = kits.get(one.pk, one.free)  # type: ignore[attr-defined]
    return variants


@dataclass
class Place:
    """One location on a variant's page; `level` is None where the variant never lay."""

    location: Any
    level: StockLevel | None
    sentence: str = ""


def places_of(user: User, variant: Variant) -> list[Place]:
    """The variant at each location that the user sees. Two queries."""
    levels = {level.location_id: level for level in visible_levels(user).filter(variant=variant)}
    return [
        Place(location, level, breakdown(level) if level else "")
        for location in visible_locations(user).order_by("name")
        if (level := levels.get(location.pk)) or location.is_active
    ]


def breakdown(level: StockLevel) -> str:
    """How the figure to sell comes about: “12 sellable − 5 allocated − 2 safety stock = 5 to sell.”
    Empty where all that lies there may be sold.
    """
    parts = [f"{level.sellable} sellable"]
    if level.allocated:
        parts.append(f"{level.allocated} allocated")
    if level.reserved:
        parts.append(f"{level.reserved} reserved")
    if level.safety:
        parts.append(f"{level.safety} safety stock")
    said = []
    if len(parts) > 1:
        said.append(f"{' − '.join(parts)} = {level.available} to sell")
        missing = level.safety - (level.sellable - level.allocated - level.reserved)
        if missing > 0 and level.safety:
            said[0] += f" ({missing} short of the safety stock)"
    aside = []
    if level.quality_control:
        aside.append(f"{level.quality_control} in quality control")
    if level.damaged:
        aside.append(f"{level.damaged} damaged")
    if aside:
        said.append(f"not for sale: {' and '.join(aside)}")
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""


@dataclass(frozen=True)
class Waiting:
    """One demand that holds or wants units of a variant; `url` leads to what wished it."""

    demand: Demand
    held: tuple[tuple[str, int], ...]
    label: str
    url: str


def waiting_for(user: User, variant: Variant, *, limit: int = 50) -> list[Waiting]:
    """Open demand in the order in which it is served, with what is set aside for it where. Warehouse
    staff see what is held at their locations. Three queries at most.
    """
    held: dict[int, dict[str, int]] = {}
    rows = Allocation.objects.filter(
        level__in=visible_levels(user).filter(variant=variant),
        quantity__gt=F("consumed") + F("released"),
    ).select_related("level__location")
    for row in rows:
        places = held.setdefault(row.demand_id, {})
        name = row.level.location.name
        places[name] = places.get(name, 0) + row.open
    demands = list(
        Demand.objects.filter(variant=variant, quantity__gt=F("consumed") + F("cancelled"))
        .select_related("channel")
        .order_by("priority", "since", "id")[:limit]
    )
    links = references_of(demands)
    return [
        Waiting(
            demand,
            tuple(sorted(held.get(demand.pk, {}).items())),
            *links.get(demand.pk, (demand.reference, "")),
        )
        for demand in demands
    ]


def references_of(demands: Sequence[Demand]) -> dict[int, tuple[str, str]]:
    """Words and an address for what wished each demand, as upper apps tell, by demand id."""
    found: dict[int, tuple[str, str]] = {}
    if demands:
        for answer in DEMAND_LINKS.ask([demand.pk for demand in demands]):
            found.update(answer)
    return found


def waiting_units(variant_ids: Iterable[int]) -> dict[int, int]:
    """Units that wait for stock, by variant id. One query."""
    wanted = Demand.objects.backordered().filter(variant_id__in=list(variant_ids)).order_by()
    missing = F("quantity") - F("allocated") - F("consumed") - F("cancelled")
    return {
        row["variant_id"]: row["units"]
        for row in wanted.values("variant_id").annotate(units=Sum(missing))
    }
