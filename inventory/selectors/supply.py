"""What there is and what comes, against what is claimed, per variant and location."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q, Sum

from inventory.models import AssemblyOrder, PurchaseOrderLine, StockLevel, TransferLine
from inventory.selectors.demand_history import Pair
from inventory.selectors.purchasing import open_purchase_lines
from inventory.states import AssemblyState, PurchaseState, TransferState


@dataclass
class Standing:
    """One variant at one location, in units.

    `free` may still be promised: sellable less what is set aside and the safety stock (may be
    negative); `unclaimed` leaves the safety stock in. `checking` is in quality control. `waiting`
    units are wanted and not there. `coming` maps a day (None: nobody knows) to units on their way or
    decided on. `leaving` units are planned to be sent elsewhere. `cost` is what a unit costs there,
    0 where nobody knows.
    """

    free: int = 0
    unclaimed: int = 0
    on_hand: int = 0
    checking: int = 0
    waiting: int = 0
    leaving: int = 0
    cost: Decimal = Decimal(0)
    coming: dict[date | None, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def on_the_way(self) -> int:
        return sum(self.coming.values())

    @property
    def position(self) -> int:
        """All that is there and comes, less all that is wanted already."""
        return self.free + self.checking + self.on_the_way - self.waiting - self.leaving

    def coming_by(self, day: date) -> int:
        """Units that come up to a day; where no day is known, they are counted."""
        return sum(units for due, units in self.coming.items() if due is None or due <= day)


def standings(variant_ids: Collection[int]) -> dict[Pair, Standing]:
    """How variants stand at every location. A constant number of queries."""
    found: dict[Pair, Standing] = defaultdict(Standing)
    for level in StockLevel.objects.filter(variant__in=variant_ids).select_related("variant"):
        one = found[level.variant_id, level.location_id]
        one.unclaimed = level.sellable - level.allocated - level.reserved
        one.free = one.unclaimed - level.safety
        one.on_hand, one.checking = level.on_hand, level.quality_control
        one.cost = level.average_cost or level.variant.cost
    for pair, units in _waiting(variant_ids).items():
        found[pair].waiting = units
    _add_purchases(found, variant_ids)
    _add_transfers(found, variant_ids)
    _add_assembly(found, variant_ids)
    return found


_WAITING = """
SELECT wish.variant_id, place.location_id,
    sum(wish.quantity - wish.allocated - wish.consumed - wish.cancelled)::int
FROM inventory_demand wish
JOIN LATERAL (
    SELECT link.location_id
    FROM inventory_channellocation link
    JOIN inventory_location place ON place.id = link.location_id AND place.is_active
    WHERE link.channel_id = wish.channel_id
    ORDER BY link.priority, link.location_id LIMIT 1
) place ON true
WHERE wish.variant_id = ANY(%s)
    AND wish.quantity > wish.allocated + wish.consumed + wish.cancelled
GROUP BY 1, 2
"""


def _waiting(variant_ids: Collection[int]) -> dict[Pair, int]:
    """Units that wait for stock, at the location that their channel asks first."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [list(variant_ids)])
        return {(variant, place): units for variant, place, units in cursor.fetchall()}


def _add_purchases(found: dict[Pair, Standing], variant_ids: Collection[int]) -> None:
    lines = open_purchase_lines().filter(variant__in=variant_ids)
    for line in lines.select_related("order"):
        found[line.variant_id, line.order.location_id].coming[line.due_on] += line.open_units
    drafts = PurchaseOrderLine.objects.filter(
        variant__in=variant_ids, order__state=PurchaseState.DRAFT, order__ship_to_reference=""
    )
    for variant, place, day, units in drafts.values_list(
        "variant_id", "order__location_id", "order__expected_on", "quantity"
    ):
        found[variant, place].coming[day] += units


def _add_transfers(found: dict[Pair, Standing], variant_ids: Collection[int]) -> None:
    """What is on its way, and of drafts what can be sent: the older draft takes what is free first, and
    what is not there neither leaves nor comes.
    """
    lines = TransferLine.objects.filter(
        variant__in=variant_ids, transfer__state__in=TransferState.open_states()
    ).select_related("transfer")
    for line in lines.order_by("transfer_id", "pk"):
        units = line.shipped - line.received - line.lost
        if line.transfer.state == TransferState.DRAFT:
            source = found[line.variant_id, line.transfer.source_id]
            units = min(line.quantity, max(0, source.unclaimed - source.leaving))
            source.leaving += units
        found[line.variant_id, line.transfer.target_id].coming[line.transfer.expected_on] += units


def _add_assembly(found: dict[Pair, Standing], variant_ids: Collection[int]) -> None:
    planned = AssemblyOrder.objects.filter(
        Q(state=AssemblyState.DRAFT) | Q(state=AssemblyState.STARTED),
        variant__in=variant_ids,
        is_disassembly=False,
    )
    rows = planned.values("variant_id", "location_id").annotate(units=Sum(F("quantity")))
    for row in rows.order_by():
        found[row["variant_id"], row["location_id"]].coming[None] += row["units"]
