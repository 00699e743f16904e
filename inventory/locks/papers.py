"""Locks on what verbs of stock are about: orders to suppliers, transfers, counts, suggestions."""

from collections.abc import Collection, Iterable

from inventory.errors import (
    CannotAssemble,
    CannotBuy,
    CannotCount,
    CannotDecide,
    CannotTransfer,
)
from inventory.models import (
    AssemblyOrder,
    BuyingLimit,
    CountSession,
    Location,
    PurchaseOrder,
    ReorderRule,
    Serial,
    StockSnapshot,
    Suggestion,
    Supplier,
    Transfer,
    Variant,
)
from inventory.states import SuggestionState


def lock_transfer(transfer_id: int) -> Transfer:
    """Lock one transfer, before the levels that it moves units of."""
    found = Transfer.objects.select_for_update(of=("self",)).filter(pk=transfer_id)
    transfer = found.select_related("source", "target").first()
    if transfer is None:
        raise CannotTransfer("This transfer does not exist; look it up by its number.")
    return transfer


def lock_count(session_id: int) -> CountSession:
    """Lock one count, before the levels that it books on."""
    found = CountSession.objects.select_for_update(of=("self",)).filter(pk=session_id)
    session = found.select_related("location").first()
    if session is None:
        raise CannotCount("This count does not exist; look it up by its number.")
    return session


def lock_assembly(order_id: int) -> AssemblyOrder:
    """Lock one assembly order, before the levels that it moves units of."""
    found = AssemblyOrder.objects.select_for_update(of=("self",)).filter(pk=order_id)
    order = found.select_related("variant__product", "location").first()
    if order is None:
        raise CannotAssemble("This assembly order does not exist; look it up by its number.")
    return order


def lock_location(location_id: int) -> Location:
    """Lock one location while its bins and closed days change."""
    return Location.objects.select_for_update().get(pk=location_id)


def lock_variants(variant_ids: Iterable[int]) -> None:
    """Hold off others who would sell units of these variants that are not there, after the levels
    were locked: stock that never was has none.
    """
    rows = Variant.objects.select_for_update(no_key=True).filter(pk__in=set(variant_ids))
    list(rows.order_by("pk").values_list("pk"))


def lock_serials(serial_ids: Iterable[int]) -> list[Serial]:
    """Lock units by their numbers' ids, after the levels where they lie."""
    rows = Serial.objects.filter(pk__in=list(serial_ids)).select_for_update(of=("self",))
    return list(rows.select_related("variant", "level").order_by("pk"))


def lock_serials_at(level_ids: Iterable[int]) -> list[Serial]:
    """Lock the units that lie at these levels and have numbers, after the levels."""
    rows = Serial.objects.filter(level__in=list(level_ids)).select_for_update(of=("self",))
    return list(rows.select_related("variant", "level__location").order_by("pk"))


def lock_snapshot(snapshot_id: int) -> StockSnapshot:
    """Lock one count of a third party, before the levels that it is booked on."""
    found = StockSnapshot.objects.select_for_update(of=("self",)).filter(pk=snapshot_id)
    snapshot = found.select_related("location").first()
    if snapshot is None:
        raise CannotDecide("This count does not exist any more; look it up in the list.")
    return snapshot


def lock_purchase(order_id: int) -> PurchaseOrder:
    """Lock a purchase order, and with it its lines and receipts. Raises CannotBuy."""
    order = (
        PurchaseOrder.objects.select_related("supplier", "location")
        .select_for_update(of=("self",))
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise CannotBuy("This purchase order does not exist; go back to the list.")
    return order


def lock_supplier(supplier_id: int) -> Supplier:
    """Lock a supplier, and with it its price list."""
    return Supplier.objects.select_for_update().get(pk=supplier_id)


def lock_suggestions(suggestion_ids: Collection[int] | None = None) -> list[Suggestion]:
    """Lock suggestions by id (None: all that are open), in one order for everybody."""
    rows = Suggestion.objects.select_related("variant", "location", "source")
    if suggestion_ids is None:
        rows = rows.filter(state=SuggestionState.OPEN)
    else:
        rows = rows.filter(pk__in=list(suggestion_ids))
    return list(
        rows.select_related("supplier_item__supplier")
        .select_for_update(of=("self",))
        .order_by("pk")
    )


def lock_reorder_rules(locations: Iterable[Location]) -> list[ReorderRule]:
    """Lock the reorder rules of these locations."""
    rules = ReorderRule.objects.filter(location__in=list(locations))
    return list(rules.select_for_update(of=("self",)).order_by("pk"))


def lock_buying_limit(location: Location) -> BuyingLimit | None:
    """Lock what may be ordered for a location without asking, and with it the day's sum."""
    return BuyingLimit.objects.select_for_update().filter(location=location).first()
