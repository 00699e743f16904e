"""Many reorder rules set at once, as pasted from a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Upper

from core.outbox import publish_all
from inventory.errors import BadRule
from inventory.events import ReorderRuleChanged
from inventory.locks import lock_reorder_rules
from inventory.models import Location, ReorderRule, Variant
from inventory.states import LocationKind, VariantKind

EVERYTHING = "*"


@dataclass(frozen=True)
class RuleWish:
    """What a rule should be; SKU “*” means everything at the location. `number` names the line."""

    number: int
    sku: str
    location: str
    target_fill: Decimal
    review_days: int
    minimum: int
    maximum: int | None
    is_automatic: bool


@transaction.atomic
def set_reorder_rules(wishes: Sequence[RuleWish]) -> int:
    """Make or change rules, all or none; returns how many changed. Raises BadRule with every line
    that names something unknown, or something twice. A constant number of queries.
    """
    variants = {
        variant.sku.upper(): variant
        for variant in Variant.objects.annotate(upper=Upper("sku")).filter(
            upper__in={wish.sku.upper() for wish in wishes}
        )
    }
    places = {
        place.code.lower(): place
        for place in Location.objects.active().exclude(kind=LocationKind.SUPPLIER)
    }
    chosen = _matched(wishes, variants, places)
    known = {
        (rule.variant_id, rule.location_id): rule for rule in lock_reorder_rules(places.values())
    }
    changed = [
        rule for key, wish in chosen.items() if (rule := _changed(known.get(key), key, wish))
    ]
    new = [rule for rule in changed if rule.pk is None]
    old = [rule for rule in changed if rule.pk is not None]
    ReorderRule.objects.bulk_create(new)
    if old:
        ReorderRule.objects.bulk_update(
            old, ["target_fill", "review_days", "minimum", "maximum", "is_automatic", "is_active"]
        )
    fresh = {id(rule) for rule in new}
    publish_all(
        [
            ReorderRuleChanged(
                reorderrule_id=rule.pk,
                label=_label(chosen[rule.variant_id, rule.location_id]),
                what="created by paste" if id(rule) in fresh else "changed by paste",
            )
            for rule in changed
        ]
    )
    return len(changed)


def _matched(
    wishes: Sequence[RuleWish], variants: dict[str, Variant], places: dict[str, Location]
) -> dict[tuple[int | None, int], RuleWish]:
    faults: list[str] = []
    chosen: dict[tuple[int | None, int], RuleWish] = {}
    for wish in wishes:
        variant = variants.get(wish.sku.upper())
        place = places.get(wish.location.lower())
        if place is None:
            faults.append(f"Line {wish.number}: no location has the code “{wish.location}”.")
        elif wish.sku != EVERYTHING and variant is None:
            faults.append(f"Line {wish.number}: no variant has the SKU “{wish.sku}”.")
        elif variant is not None and variant.kind != VariantKind.STOCKED:
            faults.append(f"Line {wish.number}: {variant.sku} is not stocked; plan its parts.")
        else:
            key = (variant.pk if variant else None, place.pk)
            if key in chosen:
                faults.append(
                    f"Line {wish.number}: {_label(wish)} stands in line {chosen[key].number} too."
                )
            chosen[key] = wish
    if faults:
        raise BadRule(" ".join(faults[:20]), field="table")
    return chosen


def _changed(
    rule: ReorderRule | None, key: tuple[int | None, int], wish: RuleWish
) -> ReorderRule | None:
    """The rule as it is wanted; None where it is so already."""
    wanted = {
        "target_fill": wish.target_fill,
        "review_days": wish.review_days,
        "minimum": wish.minimum,
        "maximum": wish.maximum,
        "is_automatic": wish.is_automatic,
        "is_active": True,
    }
    if rule is None:
        return ReorderRule(variant_id=key[0], location_id=key[1], **wanted)
    if all(getattr(rule, name) == value for name, value in wanted.items()):
        return None
    for name, value in wanted.items():
        setattr(rule, name, value)
    return rule


def _label(wish: RuleWish) -> str:
    return f"{'Everything' if wish.sku == EVERYTHING else wish.sku} at {wish.location}"
