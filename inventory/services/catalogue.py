"""Products and variants made and edited; nobody overwrites what somebody else changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, Sum

from core import outbox
from core.custom_fields import differences
from core.errors import StaleEdit
from core.facts import Fact
from core.models import StoredFact
from inventory.errors import HasStock, SkuTaken, StillWanted
from inventory.events import ProductChanged, VariantChanged
from inventory.locks import Levels, lock_levels
from inventory.models import Category, Demand, Product, StockLevel, Variant


def version_of(row: Product | Variant) -> int:
    """What a form carries so that a stale one is noticed: the newest change of this thing."""
    fact = _fact_of(row)
    newest = StoredFact.objects.filter(
        name=fact.name, subject_type=fact.subject, subject_id=row.pk
    ).order_by("-id")
    return newest.values_list("id", flat=True).first() or 0


def save_product(
    *,
    product_id: int | None,
    values: Mapping[str, Any],
    version: int = 0,
    may_leave_units: bool = False,
) -> Product:
    """Make a product, or change one. `category` is a name: a new one is made. Raises StaleEdit, and
    StillWanted where it is no longer to be sold while units are left, unless `may_leave_units`.
    """
    with transaction.atomic():
        product = _locked(Product, product_id) if product_id else Product()
        _refuse_stale(product, version)
        if product_id and not may_leave_units:
            variants = Variant.objects.filter(product=product, is_active=True)
            _refuse_retiring(product, values, list(variants.values_list("pk", flat=True)))
        wanted = {**values, "category": _category(values.get("category", ""))}
        _save(product, wanted)
    return product


def save_variant(
    *,
    variant_id: int | None,
    product: Product,
    values: Mapping[str, Any],
    version: int = 0,
    may_leave_units: bool = False,
) -> Variant:
    """Make a variant of the product, or change one. Raises StaleEdit, SkuTaken, HasStock where units
    lie in stock or are wanted and would have to be told apart otherwise than they are, and
    StillWanted where it is no longer to be sold while units are left, unless `may_leave_units`.
    """
    with transaction.atomic():
        levels = lock_levels([variant_id]) if variant_id else {}
        variant = _locked(Variant, variant_id) if variant_id else Variant(product=product)
        _refuse_stale(variant, version)
        _refuse_other_nature(variant, values, levels)
        if variant_id and not may_leave_units:
            _refuse_retiring(variant, values, [variant_id])
        try:
            with transaction.atomic():
                _save(variant, values)
        except IntegrityError as error:
            field = "barcode" if "barcode" in str(error) else "sku"
            shown = values.get(field, "")
            raise SkuTaken(f"“{shown}” belongs to another variant already.", field=field) from error
    return variant


def _refuse_other_nature(variant: Variant, values: Mapping[str, Any], levels: Levels) -> None:
    """What a variant is, and by what its units are told apart, is settled while there are any."""
    changed = [
        name
        for name in ("kind", "tracking")
        if variant.pk and name in values and values[name] != getattr(variant, name)
    ]
    if not changed:
        return
    wanted = Demand.objects.filter(variant=variant, quantity__gt=F("consumed") + F("cancelled"))
    if any(level.on_hand for level in levels.values()) or wanted.exists():
        raise HasStock(
            f"Units of {variant.sku} lie in stock or are wanted by orders; book them out and finish"
            " the orders first, or add a new SKU.",
            field=changed[0],
        )


def _refuse_retiring(
    row: Product | Variant, values: Mapping[str, Any], variant_ids: Sequence[int]
) -> None:
    """What is no longer to be sold leaves units behind only where somebody says so."""
    if not row.is_active or values.get("is_active", True):
        return
    levels = StockLevel.objects.filter(variant__in=variant_ids)
    there = sum(level.on_hand for level in levels)
    open_units = F("quantity") - F("consumed") - F("cancelled")
    demands = Demand.objects.filter(variant__in=variant_ids)
    wanted = demands.aggregate(units=Sum(open_units))["units"] or 0
    if there or wanted:
        raise StillWanted(
            f"{row} still has {there:,} units in stock, and open orders want {wanted:,}. Sell or book"
            " them out first, or tick “Stop selling all the same”.",
            field="is_active",
        )


def _locked(model: type[models.Model], pk: int) -> Any:
    return model._default_manager.select_for_update().get(pk=pk)


def _category(name: str) -> Category | None:
    return Category.objects.get_or_create(name=name)[0] if name else None


def _save(row: Product | Variant, values: Mapping[str, Any]) -> None:
    """Write what differs and state it."""
    is_new = row.pk is None
    labels: dict[str, str] = {
        field.name: str(field.verbose_name) for field in row._meta.concrete_fields
    }
    changes = {
        labels[name]: (_words(getattr(row, name)), _words(value))
        for name, value in values.items()
        if name != "custom" and (is_new or getattr(row, name) != value)
    }
    if "custom" in values:
        changes |= differences(row.custom, values["custom"])
    for name, value in values.items():
        setattr(row, name, value)
    if not changes and not is_new:
        return
    row.save()
    what = "created" if is_new else "changed"
    fact = _fact_of(row)(**{f"{_fact_of(row).subject}_id": row.pk, "label": str(row), "what": what})
    outbox.publish(fact, changes={} if is_new else changes)


def _words(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value


def _fact_of(row: Product | Variant) -> type[Fact]:
    return ProductChanged if isinstance(row, Product) else VariantChanged


def _refuse_stale(row: Product | Variant, version: int) -> None:
    if not row.pk:
        return
    fact = _fact_of(row)
    since = StoredFact.objects.filter(
        name=fact.name, subject_type=fact.subject, subject_id=row.pk, id__gt=version
    ).order_by("id")[:20]
    sentences = [
        f"{one.actor_label}: "
        + "; ".join(f"{name}: {before} → {after}" for name, (before, after) in one.changes.items())
        for one in since
    ]
    if sentences:
        raise StaleEdit(
            "Your changes were not saved. Reload to see what is there now, then make them again.",
            changes=sentences,
        )
