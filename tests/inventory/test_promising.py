"""Available to promise: against an oracle that hands out every unit by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.models import Part
from inventory.selectors.promising import available_to_promise, kit_steps, promise_steps
from inventory.states import VariantKind
from orders.drafts import WhenShort
from tests.cast import NOON, make_variant
from tests.inventory.test_availability import buy

TODAY = date(2026, 11, 18)
LAST = 8
dated = st.lists(st.tuples(st.integers(0, LAST), st.integers(0, 4)), max_size=5)


def day(offset):
    return TODAY + timedelta(days=offset)


def deadlines(units, promises):
    """The day by which each promised unit is served when each takes the first that is there."""
    free, found = sorted(units), []
    for due in sorted(due for due, count in promises for _ in range(count)):
        if not free:
            break
        found.append(max(due, free.pop(0)))
    return found


def can_serve(units, wanted):
    """Whether every wanted unit finds one that is there by its day."""
    free = sorted(units)
    for deadline in sorted(wanted):
        if not free or free[0] > deadline:
            return False
        free.pop(0)
    return True


def most_by_hand(units, promises, on):
    """The most units that may be promised for a day while every earlier promise is kept."""
    kept, most = deadlines(units, promises), 0
    while can_serve(units, [*kept, *[on] * (most + 1)]):
        most += 1
    return most


@given(on_hand=st.integers(0, 6), supplies=dated, promises=dated)
def test_no_more_is_promised_than_leaves_every_earlier_promise_whole(on_hand, supplies, promises):
    steps = dict(
        promise_steps(
            on_hand,
            [(day(when), count) for when, count in supplies],
            [(day(when), count) for when, count in promises],
            today=TODAY,
        )
    )
    units = [0] * on_hand + [when for when, count in supplies for _ in range(count)]
    figure = None
    for offset in range(LAST + 1):
        figure = steps.get(day(offset), figure)
        assert figure == most_by_hand(units, promises, offset)


def test_promises_do_not_steal_from_later_ones():
    steps = promise_steps(5, [(day(14), 20)], [(day(20), 23)], today=TODAY)
    assert steps == [(TODAY, 2)]


def test_what_was_due_and_did_not_come_is_not_believed():
    assert promise_steps(1, [(day(-1), 20)], [], today=TODAY) == [(TODAY, 1)]


def test_a_kit_may_be_promised_when_its_last_part_may():
    steps = kit_steps([(2, [(TODAY, 2), (day(3), 9)]), (1, [(TODAY, 0), (day(5), 3)])], today=TODAY)
    assert steps == [(TODAY, 0), (day(5), 3)]


@pytest.mark.django_db
def test_the_backlog_is_served_before_anything_new_is_promised(shop):
    shop.order((shop.mug, 4), when_short=WhenShort.BACKORDER)
    buy(shop, shop.mug, 20)
    buy(shop, shop.mug, 9, number="PO-89", days=None)
    assert available_to_promise(shop.mug, shop.web, NOON.date()) == [(TODAY, 0), (day(14), 16)]


@pytest.mark.django_db
def test_a_kit_waits_for_its_parts(shop):
    box = make_variant("BOX", "Box", kind=VariantKind.KIT)
    Part.objects.create(whole=box, part=shop.mug, quantity=2)
    Part.objects.create(whole=box, part=shop.lamp, quantity=1)
    shop.stock(shop.lamp, 7)
    shop.stock(shop.mug, 3)
    buy(shop, shop.mug, 4)
    assert available_to_promise(box, shop.web, NOON.date()) == [(TODAY, 1), (day(14), 3)]
