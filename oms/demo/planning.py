"""Demo replenishment: rules by which the warehouses in Germany and the Netherlands are stocked, and a
first plan with something to decide.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.actors import acting
from inventory.services.planning import plan_replenishment
from inventory.services.reorder_rules import EVERYTHING, RuleWish, set_reorder_rules
from oms.demo.store import Store

# What is always to be there beyond what sells: SKU, location, units
AT_LEAST = (("LN", "hamburg", 300), ("CMP", "hamburg", 260), ("BN", "rotterdam", 90))


def plan(store: Store, *, now: datetime) -> None:
    """Rules for all that two warehouses hold, more of three SKUs, and what follows from them."""
    with acting(store.staff["manager"].actor), transaction.atomic():
        set_reorder_rules(list(_rules(store)))
        plan_replenishment(now=now)


def _rules(store: Store) -> Iterator[RuleWish]:
    known = {variant.sku for variant, _ in store.variants}
    wanted = [(EVERYTHING, place, 0) for place in ("hamburg", "rotterdam")]
    wanted += [one for one in AT_LEAST if one[0] in known]
    for number, (sku, place, minimum) in enumerate(wanted, start=1):
        yield RuleWish(number, sku, place, Decimal(95), 7, minimum, None, is_automatic=False)
