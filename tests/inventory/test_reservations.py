"""Units kept for a cart: they expire, and an order takes them over."""

from datetime import timedelta

import pytest

from inventory.errors import BadQuantity, NotEnoughStock
from inventory.models import Reservation
from inventory.services import (
    adjust_stock,
    expire_reservations,
    release_reservation,
    reserve,
)
from inventory.states import MovementReason, ReservationEnd
from orders.drafts import WhenShort
from orders.errors import OutOfStock
from tests.cast import NOON

pytestmark = pytest.mark.django_db

SOON = NOON + timedelta(minutes=15)


def keep(shop, units, *, key="cart-1", now=NOON, until=SOON):
    return reserve(
        key=key, channel=shop.web, quantities={shop.mug.pk: units}, expires_at=until, now=now
    )


def test_what_is_reserved_is_not_for_sale_to_others(shop):
    shop.stock(shop.mug, 5)
    keep(shop, 3)
    level = shop.level(shop.mug)
    assert (level.sellable, level.reserved, level.available) == (5, 3, 2)
    with pytest.raises(OutOfStock):
        shop.order((shop.mug, 3))
    assert shop.order((shop.mug, 2)).units_allocated == 2


def test_it_is_all_or_nothing_and_says_what_is_missing(shop):
    shop.stock(shop.mug, 2)
    with pytest.raises(NotEnoughStock, match="MUG: 2 of 3") as refusal:
        keep(shop, 3)
    assert refusal.value.short == {shop.mug.pk: 1}
    assert not Reservation.objects.exists()
    assert shop.level(shop.mug).reserved == 0


def test_the_same_cart_sent_again_replaces_what_it_held(shop):
    shop.stock(shop.mug, 5)
    keep(shop, 4)
    keep(shop, 5)
    assert shop.level(shop.mug).reserved == 5
    assert list(Reservation.objects.order_by("id").values_list("quantity", "end")) == [
        (4, "released"),
        (5, ""),
    ]


def test_the_same_cart_sent_again_with_less_serves_who_waits(shop):
    shop.stock(shop.mug, 2)
    keep(shop, 2)
    waiting = shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    keep(shop, 1)
    demand = waiting.lines.get().demand
    demand.refresh_from_db()
    assert (demand.allocated, shop.level(shop.mug).reserved) == (1, 1)


def test_it_takes_from_several_places_in_the_channels_order(shop):
    shop.stock(shop.mug, 2)
    shop.stock(shop.mug, 2, shop.store)
    keep(shop, 3)
    assert shop.level(shop.mug).reserved == 2
    assert shop.level(shop.mug, shop.store).reserved == 1


def test_when_its_time_is_over_who_waits_is_served(shop):
    shop.stock(shop.mug, 2)
    keep(shop, 2)
    waiting = shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    assert expire_reservations(now=SOON - timedelta(seconds=1)) == 0
    assert expire_reservations(now=SOON) == 2
    assert expire_reservations(now=SOON) == 0
    demand = waiting.lines.get().demand
    demand.refresh_from_db()
    assert demand.allocated == 2
    assert Reservation.objects.get().end == ReservationEnd.EXPIRED


def test_an_order_takes_over_what_was_kept_for_it(shop):
    shop.stock(shop.mug, 3)
    keep(shop, 3)
    order = shop.order((shop.mug, 3), reservation="cart-1")
    level = shop.level(shop.mug)
    assert (order.units_allocated, level.allocated, level.reserved) == (3, 3, 0)
    assert Reservation.objects.get().end == ReservationEnd.ORDERED
    assert release_reservation("cart-1", now=NOON) == 0


def test_an_order_after_the_time_is_over_gets_what_is_left_or_a_refusal(shop):
    shop.stock(shop.mug, 3)
    keep(shop, 3)
    expire_reservations(now=SOON)
    shop.order((shop.mug, 2))
    with pytest.raises(OutOfStock):
        shop.order((shop.mug, 3), reservation="cart-1")


def test_a_count_below_what_is_reserved_gives_up_the_youngest_first(shop):
    shop.stock(shop.mug, 5)
    keep(shop, 2, key="old")
    keep(shop, 2, key="young")
    adjust_stock(
        variant=shop.mug, location=shop.warehouse, counted=3, reason=MovementReason.COUNT, now=NOON
    )
    assert dict(Reservation.objects.values_list("key", "end")) == {"old": "", "young": "released"}
    assert shop.level(shop.mug).reserved == 2


@pytest.mark.parametrize(
    ("units", "until"),
    [(0, SOON), (-1, SOON), (1_000_001, SOON), (1, NOON), (1, NOON + timedelta(days=31))],
)
def test_impossible_figures_are_refused(shop, units, until):
    shop.stock(shop.mug, 5)
    with pytest.raises(BadQuantity):
        keep(shop, units, until=until)
