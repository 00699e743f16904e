"""Demo work between places: bins, a transfer on the way and a count that is open."""

from datetime import datetime, timedelta

from django.db import transaction

from core.actors import acting
from inventory.models import Bin, StockLevel
from inventory.selectors.counting import CountChoice
from inventory.services.cycle_counting import open_count
from inventory.services.premises import NewBin, add_bins, expand
from inventory.services.transferring import WantedUnits, create_transfer, ship_transfer
from inventory.states import CountMethod
from oms.demo.store import Store

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
