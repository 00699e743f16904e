"""What rules buy or move for orders that wait: drafts of purchase orders and of transfers."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import F

from core.rules.errors import BadRule
from core.rules.kinds import ValueKind
from core.rules.registry import Action, ActionField, Doing, plug_actions
from inventory.events import PurchaseCreated, TransferPlanned
from inventory.models import Location, StockLevel, SupplierItem
from inventory.services import PurchaseWish, create_purchase
from inventory.services.replenishing import last_rate
from inventory.services.transferring import WantedUnits, create_transfer
from orders.errors import CannotFulfil
from orders.models import OrderLine

Values = Mapping[str, str]


def locations() -> list[tuple[str, str]]:
    rows = Location.objects.filter(is_active=True).order_by("name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def _waiting(order_id: int) -> dict[int, int]:
    """The units that an order waits for, by variant."""
    units: dict[int, int] = defaultdict(int)
    for line in OrderLine.objects.filter(order=order_id).select_related("demand"):
        if line.demand and line.demand.backordered and line.variant_id:
            units[line.variant_id] += line.demand.backordered
    return dict(units)


def draft_purchase(doing: Doing, values: Values) -> str:
    """A draft for each supplier of what the order waits for, in whole packs."""
    waiting = _waiting(doing.subject_id)
    if not waiting:
        return "Nothing to buy: it waits for no stock"
    location = Location.objects.get(pk=values["location"])
    by_supplier: dict[int, list[SupplierItem]] = defaultdict(list)
    for item in _items(waiting):
        by_supplier[item.supplier_id].append(item)
    numbers = [
        create_purchase(
            supplier=items[0].supplier,
            location=location,
            wishes=[
                PurchaseWish(one.variant_id, _packs(one, waiting[one.variant_id])) for one in items
            ],
            exchange_rate=last_rate(supplier_id, location.pk),
            note=f"For order {doing.label}, by the rule “{doing.rule_name}”.",
            now=doing.now,
        ).number
        for supplier_id, items in sorted(by_supplier.items())
    ]
    return f"Purchase drafted: {', '.join(numbers)}"


def _items(waiting: Mapping[int, int]) -> list[SupplierItem]:
    """Where each variant is bought: the preferred supplier, else the cheapest. Raises CannotFulfil."""
    rows = (
        SupplierItem.objects.filter(variant__in=list(waiting), supplier__is_active=True)
        .select_related("supplier", "variant")
        .order_by("variant", F("is_preferred").desc(), "price", "pk")
    )
    found: dict[int, SupplierItem] = {}
    for item in rows:
        found.setdefault(item.variant_id, item)
    if missing := set(waiting) - set(found):
        line = OrderLine.objects.filter(variant__in=missing).first()
        raise CannotFulfil(
            f"Nobody is known to sell {line.sku if line else 'it'}: add it to a supplier’s price"
            " list."
        )
    return list(found.values())


def _packs(item: SupplierItem, units: int) -> int:
    wanted = max(units, item.minimum_quantity)
    return -(-wanted // item.pack_size) * item.pack_size


def draft_transfer(doing: Doing, values: Values) -> str:
    """A draft of what the order waits for, as far as it is free where it would come from."""
    waiting = _waiting(doing.subject_id)
    free = dict(
        StockLevel.objects.filter(location=int(values["source"]), variant__in=list(waiting))
        .annotate(free=F("sellable") - F("allocated") - F("reserved"))
        .values_list("variant_id", "free")
    )
    wanted = [
        WantedUnits(variant, min(units, free.get(variant, 0)))
        for variant, units in sorted(waiting.items())
        if free.get(variant, 0) > 0
    ]
    if not wanted:
        return "No transfer: nothing that it waits for is free there"
    places = Location.objects.in_bulk([int(values["source"]), int(values["target"])])
    transfer = create_transfer(
        source=places[int(values["source"])],
        target=places[int(values["target"])],
        wanted=wanted,
        note=f"For order {doing.label}, by the rule “{doing.rule_name}”.",
        now=doing.now,
    )
    return f"Transfer drafted: {transfer.number}"


def _check_way(values: Values) -> None:
    if values["source"] == values["target"]:
        raise BadRule("Goods are sent from one location to another.", field="target")


plug_actions(
    "order",
    Action(
        "orders.purchase",
        "Draft purchase orders",
        draft_purchase,
        fields=(
            ActionField(
                "location",
                "Delivered to",
                ValueKind.CHOICE,
                locations,
                hint="Of what waits for stock, from each supplier.",
            ),
        ),
        causes=(PurchaseCreated,),
    ),
    Action(
        "orders.transfer",
        "Draft a transfer",
        draft_transfer,
        fields=(
            ActionField("source", "From", ValueKind.CHOICE, locations),
            ActionField("target", "To", ValueKind.CHOICE, locations),
        ),
        causes=(TransferPlanned,),
        check=_check_way,
    ),
)
