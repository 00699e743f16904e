"""Demo work between places: bins, a transfer on the way, an open count, assembly, a partner's count."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from core.actors import acting
from inventory.models import Bin, Category, Location, Product, StockLevel, Variant
from inventory.selectors.counting import CountChoice
from inventory.services.assembling import plan_assembly, start_assembly
from inventory.services.composing import PartWish, set_parts
from inventory.services.cycle_counting import open_count
from inventory.services.premises import NewBin, add_bins, expand
from inventory.services.snapshots import take_snapshot
from inventory.services.transferring import WantedUnits, create_transfer, ship_transfer
from inventory.states import CountMethod
from oms.demo.store import Store
from orders.models import Price

UNITS = 4
LINES = 3


def move(store: Store, *, now: datetime) -> None:
    """Shelves in Hamburg, goods under way to the next place, and a count of one aisle."""
    with acting(store.staff["manager"].actor), transaction.atomic():
        _move(store, now=now)


def _move(store: Store, *, now: datetime) -> None:
    place = store.locations["hamburg"]
    target = next(one for code, one in store.locations.items() if code != "hamburg")
    known = StockLevel.objects.filter(location=place).exclude(bin="").values_list("bin", flat=True)
    codes = dict.fromkeys([*known, *expand("A-{01..06}-{1..4}")])
    add_bins(location=place, bins=[NewBin(code) for code in codes])
    free = [
        level
        for level in StockLevel.objects.filter(location=place, variant__tracking="none")
        .select_related("variant")
        .order_by("variant__sku")
        if level.available > 5 * UNITS
    ][:LINES]
    if not free:
        return
    if target.currency == place.currency:
        transfer = create_transfer(
            source=place,
            target=target,
            wanted=[WantedUnits(level.variant_id, UNITS) for level in free],
            expected_on=(now + timedelta(days=2)).date(),
            note="Shelves for the weekend",
            now=now,
        )
        ship_transfer(transfer_id=transfer.pk, now=now)
    shelf = Bin.objects.filter(location=place).order_by("code").values_list("code", flat=True)
    used = [level.bin for level in free if level.bin in set(shelf)]
    choice = (
        CountChoice(CountMethod.BIN, bins=used[:1])
        if used
        else CountChoice(CountMethod.SKUS, variant_ids=[level.variant_id for level in free])
    )
    open_count(location=place, choice=choice, note="The aisle by the door", now=now)
    _assemble(place, free, now=now)
    _compare(target, now=now)


def _assemble(place: Location, free: Sequence[StockLevel], *, now: datetime) -> None:
    """Gift boxes that are packed ahead from what lies there: planned and begun."""
    if len(free) < 2:
        return
    shelf, _ = Category.objects.get_or_create(name="Gifts")
    product = Product.objects.create(name="Gift box", category=shelf)
    box = Variant.objects.create(product=product, sku="GIFT-BOX", weight_g=900)
    for currency in ("EUR", "GBP", "USD"):
        Price.objects.create(variant=box, currency=currency, amount=Decimal(49))
    set_parts(box, [PartWish(level.variant, 1) for level in free[:2]])
    order = plan_assembly(
        variant=box, location=place, quantity=UNITS, note="For the counter", now=now
    )
    start_assembly(order_id=order.pk, now=now)


def _compare(place: Location, *, now: datetime) -> None:
    """What the partner who packs there counted: a few units off in two SKUs."""
    levels = StockLevel.objects.filter(location=place, sellable__gt=2).order_by("variant__sku")
    counted = dict(levels.values_list("variant_id", "sellable"))
    if not counted:
        return
    for variant_id, units in zip(list(counted), (-2, 1), strict=False):
        counted[variant_id] += units
    take_snapshot(location=place, counted=counted, name="Count of the packing partner", now=now)
