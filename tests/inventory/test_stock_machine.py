"""Stock under any sequence of verbs: after every step the figures are the sums they should be.

Beside the system runs a model of plain numbers: what lies where, and what is under way.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.invariants import all_invariants
from inventory.errors import NotEnoughStock, StockMoved
from inventory.models import Demand, Lot, Part, Reservation, StockLevel, Transfer, TransferLine
from inventory.services import (
    StockChange,
    Wish,
    adjust_stock,
    cancel_demands,
    consume,
    expire_reservations,
    fill_backorders,
    look_first,
    move_stock,
    raise_demands,
    release_at,
    reserve,
)
from inventory.services.allocating import open_at
from inventory.services.assembling import finish_assembly, plan_assembly, start_assembly
from inventory.services.transfer_receiving import receive_transfer
from inventory.services.transferring import WantedUnits, create_transfer, ship_transfer
from inventory.states import Condition, MovementReason, Tracking, TransferState
from orders.services.sourcing import plain_question, source
from orders.sourcing.asking import Need
from tests.cast import NOON, make_shop, make_variant

RUNS, STEPS = 200, 40
CODES = tuple(one for one in all_invariants() if one.code.startswith("S"))
ANY_VARIANT = st.sampled_from(["mug", "lamp", "milk", "set"])
ANY_PLACE = st.sampled_from(["warehouse", "store"])
UNITS = st.integers(1, 6)
CLOSED_ON = NOON + timedelta(minutes=15)


WHERE_IT_LIES = """
    SELECT lower(variant.sku), CASE location.code WHEN 'ber' THEN 'warehouse' ELSE 'store' END,
           level.sellable + level.quality_control + level.damaged
    FROM inventory_stocklevel level
    JOIN inventory_variant variant ON variant.id = level.variant_id
    JOIN inventory_location location ON location.id = level.location_id
    UNION ALL
    SELECT lower(variant.sku), 'road', sum(line.shipped - line.received - line.lost)
    FROM inventory_transferline line JOIN inventory_variant variant ON variant.id = line.variant_id
    GROUP BY 1
"""
WAITING_BESIDE_STOCK = """
    SELECT demand.id, level.id FROM inventory_demand demand
    JOIN inventory_stocklevel level ON level.variant_id = demand.variant_id
    JOIN inventory_variant variant ON variant.id = demand.variant_id AND variant.tracking <> 'lot'
    WHERE demand.quantity > demand.allocated + demand.consumed + demand.cancelled
      AND level.sellable > level.allocated + level.reserved + level.safety
"""


class World:
    """The shop that every run starts from: two places, four things, one of them by lot."""

    def __init__(self) -> None:
        self.shop = make_shop()
        self.shop.milk = make_variant("MILK", "Milk", tracking=Tracking.LOT)
        self.shop.set = make_variant("SET", "Set")
        Part.objects.create(whole=self.shop.set, part=self.shop.mug, quantity=2)
        Part.objects.create(whole=self.shop.set, part=self.shop.lamp, quantity=1)
        self.lots = [
            Lot.objects.create(
                variant=self.shop.milk,
                code=str(days),
                expires_on=NOON.date() + timedelta(days=days),
            )
            for days in (-1, 3, 30)
        ]


class Stock(RuleBasedStateMachine):
    """Each run happens within a savepoint that is taken back, so that the next starts afresh."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.run = transaction.atomic()
        self.run.__enter__()
        self.lies: Counter[tuple[str, str]] = Counter()
        self.asked = 0

    def teardown(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
        self.run.__exit__(None, None, None)

    def thing(self, name):
        return getattr(self.world.shop, name)

    def move(self, name, place, units, reason, *, condition=Condition.SELLABLE, lot=None):
        change = StockChange(
            self.thing(name).pk,
            self.thing(place).pk,
            units,
            reason,
            condition=condition,
            lot_id=self.world.lots[lot].pk if lot is not None and name == "milk" else None,
        )
        with transaction.atomic():
            move_stock([change], now=NOON)
        self.lies[name, place] += units

    # --- what may happen ------------------------------------------------------------------------
    @rule(name=ANY_VARIANT, place=ANY_PLACE, units=UNITS, lot=st.integers(0, 2))
    def receive(self, name, place, units, lot):
        self.move(name, place, units, MovementReason.RECEIPT, lot=lot)

    @rule(name=ANY_VARIANT, place=ANY_PLACE, units=UNITS, lot=st.integers(0, 2))
    def come_back_damaged(self, name, place, units, lot):
        self.move(name, place, units, MovementReason.RETURN, condition=Condition.DAMAGED, lot=lot)

    @rule(name=ANY_VARIANT, place=ANY_PLACE, units=UNITS)
    def come_back(self, name, place, units):
        self.move(name, place, units, MovementReason.RETURN)

    @rule(
        wanted=st.lists(st.tuples(ANY_VARIANT, UNITS), min_size=1, max_size=3),
        days=st.integers(0, 9),
    )
    def allocate(self, wanted, days):
        shop = self.world.shop
        wishes = [
            Wish(
                self.thing(name).pk,
                units,
                shop.web.pk,
                f"W-{self.asked}",
                since=NOON + timedelta(seconds=self.asked),
                shelf_life_days=days,
            )
            for name, units in wanted
        ]
        self.asked += 1
        places = [shop.warehouse.pk, shop.store.pk]
        needs = [Need(at, wish.variant_id, wish.quantity) for at, wish in enumerate(wishes)]

        def set_aside(read_levels):
            levels = read_levels(need.variant_id for need in needs)
            takes = source(
                plain_question(needs, places, now=NOON),
                levels=levels,
                buffer=0,
                usable_on=NOON.date() + timedelta(days),
            ).takes
            is_short = sum(take.quantity for take in takes) < sum(need.quantity for need in needs)
            if is_short and not all(level.is_locked for level in levels.values()):
                raise StockMoved
            raise_demands(wishes, takes, levels=levels, now=NOON)

        look_first(set_aside)

    @rule(data=st.data(), share=st.floats(0.1, 1))
    def release(self, data, share):
        demand = self._some(data, [one for one in Demand.objects.order_by("pk") if _open(one)])
        if demand:
            with transaction.atomic():
                freed = cancel_demands({demand.pk: max(1, int(_open(demand) * share))})
                fill_backorders(freed, now=NOON)

    @rule(data=st.data(), place=ANY_PLACE, share=st.floats(0.1, 1))
    def ship(self, data, place, share):
        held = open_at(self.thing(place).pk, Demand.objects.values_list("pk", flat=True))
        demand = self._some(
            data, [Demand.objects.get(pk=pk) for pk, units in sorted(held.items()) if units]
        )
        if demand:
            units = max(1, int(held[demand.pk] * share))
            with transaction.atomic():
                consume(self.thing(place).pk, {demand.pk: units}, reference="S", now=NOON)
            self.lies[self._name(demand.variant_id), place] -= units

    @rule(data=st.data(), place=ANY_PLACE)
    def miss_one_while_picking(self, data, place):
        held = open_at(self.thing(place).pk, Demand.objects.values_list("pk", flat=True))
        demand = self._some(
            data, [Demand.objects.get(pk=pk) for pk, units in sorted(held.items()) if units]
        )
        if demand:
            name = self._name(demand.variant_id)
            with transaction.atomic():
                release_at(self.thing(place).pk, {demand.pk: 1})
                level = StockLevel.objects.get(
                    variant=demand.variant_id, location=self.thing(place)
                )
                self.set_count(name, place, level.sellable - 1)

    @rule(name=ANY_VARIANT, place=ANY_PLACE, counted=st.integers(0, 8))
    def count(self, name, place, counted):
        self.set_count(name, place, counted)

    def set_count(self, name, place, counted):
        level = StockLevel.objects.filter(
            variant=self.thing(name), location=self.thing(place)
        ).first()
        before = level.sellable if level else 0
        with transaction.atomic():
            booked = adjust_stock(
                variant=self.thing(name),
                location=self.thing(place),
                counted=counted,
                reason=MovementReason.COUNT,
                now=NOON,
            )
        assert booked == counted - before
        self.lies[name, place] += booked

    @rule(name=ANY_VARIANT, units=UNITS, key=st.sampled_from(["a", "b"]))
    def keep_for_a_cart(self, name, units, key):
        try:
            reserve(
                key=key,
                channel=self.world.shop.web,
                quantities={self.thing(name).pk: units},
                expires_at=CLOSED_ON,
                now=NOON,
            )
        except NotEnoughStock as refusal:
            assert refusal.short[self.thing(name).pk] > 0

    @rule()
    def let_the_time_pass(self):
        expire_reservations(now=CLOSED_ON)
        assert not Reservation.objects.open().exists()

    @rule(name=ANY_VARIANT, units=UNITS)
    def send_to_the_store(self, name, units):
        shop = self.world.shop
        try:
            with transaction.atomic():
                transfer = create_transfer(
                    source=shop.warehouse,
                    target=shop.store,
                    wanted=[WantedUnits(self.thing(name).pk, units)],
                    now=NOON,
                )
                ship_transfer(transfer_id=transfer.pk, now=NOON)
        except NotEnoughStock:
            return
        self.lies[name, "warehouse"] -= units
        self.lies[name, "road"] += units

    @rule(data=st.data(), share=st.floats(0.1, 1))
    def arrive_at_the_store(self, data, share):
        lines = TransferLine.objects.filter(transfer__state=TransferState.SHIPPED)
        line = self._some(data, [one for one in lines.order_by("pk") if one.on_the_way])
        if line:
            units = max(1, int(line.on_the_way * share))
            receive_transfer(transfer_id=line.transfer_id, received={line.pk: units}, now=NOON)
            name = self._name(line.variant_id)
            self.lies[name, "road"] -= units
            self.lies[name, "store"] += units

    @rule(place=ANY_PLACE, units=st.integers(1, 2))
    def assemble(self, place, units):
        shop = self.world.shop
        try:
            with transaction.atomic():
                order = plan_assembly(
                    variant=shop.set, location=self.thing(place), quantity=units, now=NOON
                )
                start_assembly(order_id=order.pk, now=NOON)
                finish_assembly(order_id=order.pk, now=NOON)
        except NotEnoughStock:
            return
        self.lies["mug", place] -= 2 * units
        self.lies["lamp", place] -= units
        self.lies["set", place] += units

    # --- what must hold after each of it --------------------------------------------------------
    @invariant()
    def sums_hold(self):
        assert [(one.code, broken) for one in CODES if (broken := one.check())] == []

    @invariant()
    def it_lies_where_the_model_says(self):
        with connection.cursor() as cursor:
            cursor.execute(WHERE_IT_LIES)
            found = Counter({(name, place): units for name, place, units in cursor.fetchall()})
        assert +found == +self.lies

    @invariant()
    def nobody_waits_while_there_is_stock(self):
        with connection.cursor() as cursor:
            cursor.execute(WAITING_BESIDE_STOCK)
            assert cursor.fetchall() == []

    def _name(self, variant_id):
        return next(
            name for name in ("mug", "lamp", "milk", "set") if self.thing(name).pk == variant_id
        )

    @staticmethod
    def _some(data, rows):
        return data.draw(st.sampled_from(rows)) if rows else None


def _open(demand):
    return demand.quantity - demand.consumed - demand.cancelled


@pytest.mark.django_db
def test_whatever_happens_the_sums_hold():
    Stock.world = World()
    run_state_machine_as_test(
        Stock,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
    assert not Transfer.objects.exists()  # every run was taken back
