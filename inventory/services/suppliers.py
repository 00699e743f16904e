"""Suppliers and their prices, made and edited."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from core import outbox
from core.editing import refuse_stale
from core.errors import NotPossible
from core.money import exponent, trimmed
from inventory.errors import BadPurchase
from inventory.events import SupplierChanged
from inventory.locks import lock_supplier
from inventory.models import Supplier, SupplierItem, Variant

MOST_COST = Decimal(10_000_000)


def check_cost(cost: Decimal, *, field: str = "unit_cost") -> None:
    """Refuse what is no sensible price. Raises BadPurchase."""
    if not cost.is_finite() or not 0 <= cost <= MOST_COST:
        raise BadPurchase(
            f"{cost} is no possible price; give an amount from 0 to {MOST_COST:,}.", field=field
        )


def save_supplier(
    *, supplier_id: int | None, values: Mapping[str, Any], version: int = 0
) -> Supplier:
    """Make a supplier, or change one. Raises StaleEdit, BadPurchase, UnknownCurrency."""
    exponent(values["currency"])
    with transaction.atomic():
        supplier = Supplier()
        if supplier_id:
            supplier = lock_supplier(supplier_id)
            refuse_stale(supplier, version)
        changes = {
            name: (getattr(supplier, name), value)
            for name, value in values.items()
            if getattr(supplier, name) != value
        }
        for name, value in values.items():
            setattr(supplier, name, value)
        if not changes and supplier_id:
            return supplier
        try:
            with transaction.atomic():
                supplier.save()
        except IntegrityError as error:
            raise BadPurchase(
                f"The code “{supplier.code}” belongs to another supplier; choose another.",
                field="code",
            ) from error
        _tell(
            supplier,
            "changed" if supplier_id else "created",
            {_label(name): pair for name, pair in changes.items()} if supplier_id else {},
        )
    return supplier


@transaction.atomic
def set_price(
    *, supplier: Supplier, variant: Variant, values: Mapping[str, Any]
) -> SupplierItem | None:
    """What the supplier asks for a variant; `values` are columns of the price list. None when that
    changes nothing. Raises BadPurchase.

    Bought here first, it is no longer bought first elsewhere.
    """
    if "price" in values:
        check_cost(values["price"], field="price")
    lock_supplier(supplier.pk)
    item = SupplierItem.objects.filter(supplier=supplier, variant=variant).first()
    is_new = item is None
    item = item or SupplierItem(supplier=supplier, variant=variant)
    changes = {
        f"{variant.sku} {_item_label(name)}": (None if is_new else getattr(item, name), value)
        for name, value in values.items()
        if is_new or getattr(item, name) != value
    }
    if not changes:
        return None
    for name, value in values.items():
        setattr(item, name, value)
    if item.is_preferred:
        SupplierItem.objects.filter(variant=variant).exclude(pk=item.pk).update(is_preferred=False)
    item.save()
    _tell(supplier, f"price of {variant.sku}", changes)
    return item


@transaction.atomic
def remove_price(*, item_id: int) -> None:
    """The supplier no longer sells the variant. Raises NotPossible when it is gone already."""
    item = SupplierItem.objects.select_related("supplier", "variant").filter(pk=item_id).first()
    if item is None or not lock_supplier(item.supplier_id).items.filter(pk=item_id).exists():
        raise NotPossible("This price is gone already; reload the page.")
    sku, price = item.variant.sku, item.price
    item.delete()
    _tell(item.supplier, f"{sku} taken off the price list", {f"{sku} price": (price, None)})


def _tell(supplier: Supplier, what: str, changes: Mapping[str, tuple[Any, Any]]) -> None:
    shown = {name: (_plain(before), _plain(after)) for name, (before, after) in changes.items()}
    fact = SupplierChanged(supplier_id=supplier.pk, label=supplier.name, what=what)
    outbox.publish(fact, changes=shown)


def _plain(value: Any) -> Any:
    return str(trimmed(value)) if isinstance(value, Decimal) else value


def _label(name: str) -> str:
    return str(Supplier._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _item_label(name: str) -> str:
    return str(SupplierItem._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
