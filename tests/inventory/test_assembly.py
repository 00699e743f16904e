"""Assembly: components out, product in, cost rolled up; taken apart again; circles refused."""

from decimal import Decimal

import pytest
from django.db import transaction
from django_fsm import can_proceed

from inventory.errors import CannotAssemble, NotEnoughStock
from inventory.models import AssemblyOrder, Movement, Part
from inventory.selectors.assembly import circle_through, needs_of
from inventory.services import StockChange, move_stock
from inventory.services.assembling import (
    cancel_assembly,
    finish_assembly,
    plan_assembly,
    start_assembly,
)
from inventory.states import AssemblyState, MovementReason
from tests.cast import NOON, make_variant

pytestmark = pytest.mark.django_db

MOVES = {
    "start": {AssemblyState.DRAFT},
    "finish": {AssemblyState.STARTED},
    "cancel": {AssemblyState.DRAFT, AssemblyState.STARTED},
}


@pytest.mark.parametrize("state", AssemblyState.values)
@pytest.mark.parametrize("move", MOVES)
def test_every_move_is_allowed_in_its_states_alone(state, move):
    assert can_proceed(getattr(AssemblyOrder(state=state), move)) is (state in MOVES[move])


@pytest.fixture
def hamper(shop):
    """A hamper of two mugs (3.00 each) and a shirt (8.00), ten of each in the warehouse."""
    whole = make_variant("HAMPER", "Hamper")
    Part.objects.create(whole=whole, part=shop.mug, quantity=2)
    Part.objects.create(whole=whole, part=shop.shirt, quantity=1)
    with transaction.atomic():
        for variant, cost in ((shop.mug, "3.00"), (shop.shirt, "8.00")):
            change = StockChange(
                variant.pk,
                shop.warehouse.pk,
                10,
                MovementReason.RECEIPT,
                unit_cost=Decimal(cost),
            )
            move_stock([change], now=NOON)
    return whole


def plan(shop, whole, quantity, **more):
    return plan_assembly(
        variant=whole, location=shop.warehouse, quantity=quantity, now=NOON, **more
    )


def test_components_go_out_and_the_product_comes_in_at_their_cost(shop, hamper):
    order = plan(shop, hamper, 3)
    start_assembly(order_id=order.pk, now=NOON)
    assert (shop.level(shop.mug).sellable, shop.level(shop.shirt).sellable) == (4, 7)
    order = finish_assembly(order_id=order.pk, now=NOON)
    level = shop.level(hamper)
    assert (order.state, level.sellable, level.average_cost) == ("done", 3, Decimal("14.000000"))


def test_fewer_than_planned_cost_more_each(shop, hamper):
    order = plan(shop, hamper, 4)
    start_assembly(order_id=order.pk, now=NOON)
    order = finish_assembly(order_id=order.pk, made=2, now=NOON)
    assert (order.unit_cost, shop.level(hamper).sellable) == (Decimal("28.000000"), 2)


def test_short_components_are_shown_and_nothing_starts(shop, hamper):
    shop.order((shop.mug, 6))
    order = plan(shop, hamper, 3)
    assert [(need.variant.sku, need.units, need.free, need.short) for need in needs_of(order)] == [
        ("MUG", 6, 4, 2),
        ("SHIRT-M", 3, 10, 0),
    ]
    with pytest.raises(NotEnoughStock, match="MUG: 4 free, 6 needed"):
        start_assembly(order_id=order.pk, now=NOON)
    assert not Movement.objects.filter(reason=MovementReason.USED).exists()


def test_what_was_taken_is_put_back_when_it_is_called_off(shop, hamper):
    order = plan(shop, hamper, 3)
    start_assembly(order_id=order.pk, now=NOON)
    cancel_assembly(order_id=order.pk, now=NOON)
    level = shop.level(shop.mug)
    assert (level.sellable, level.average_cost) == (10, Decimal("3.000000"))
    with pytest.raises(CannotAssemble, match="cannot be finished now"):
        finish_assembly(order_id=order.pk, now=NOON)


def test_a_whole_is_taken_apart_and_its_worth_shared_out(shop, hamper):
    made = plan(shop, hamper, 2)
    start_assembly(order_id=made.pk, now=NOON)
    finish_assembly(order_id=made.pk, now=NOON)
    order = plan(shop, hamper, 2, is_disassembly=True)
    start_assembly(order_id=order.pk, now=NOON)
    assert shop.level(hamper).sellable == 0
    finish_assembly(order_id=order.pk, now=NOON)
    mug, shirt = shop.level(shop.mug), shop.level(shop.shirt)
    assert (mug.sellable, mug.average_cost) == (10, Decimal("3.000000"))
    assert (shirt.sellable, shirt.average_cost) == (10, Decimal("8.000000"))


def test_a_variant_without_a_parts_list_is_refused(shop):
    with pytest.raises(CannotAssemble, match="MUG has no parts list"):
        plan(shop, shop.mug, 1)


def test_a_parts_list_in_a_circle_is_refused(shop, hamper):
    Part.objects.create(whole=shop.mug, part=hamper, quantity=1)
    assert circle_through(hamper.pk) == ["HAMPER", "MUG", "HAMPER"]
    with pytest.raises(CannotAssemble, match="goes in a circle"):
        plan(shop, hamper, 1)
