"""On which days a location works, and by when it sends."""

from datetime import UTC, date, datetime, time

import pytest

from inventory.models import Closure
from inventory.selectors.calendar import working_day, working_days_between
from orders.services.promising import ship_by
from tests.cast import NOON

pytestmark = pytest.mark.django_db

FRIDAY_NIGHT = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def as_stored(shop):
    """The cast as it stands in the database: a cut-off is a time."""
    shop.warehouse.refresh_from_db()
    shop.store.refresh_from_db()


def test_an_order_before_the_cut_off_leaves_the_same_day(shop):
    assert ship_by(shop.warehouse, now=NOON).date() == date(2026, 11, 18)


def test_a_late_order_waits_for_the_next_working_day(shop):
    assert ship_by(shop.warehouse, now=FRIDAY_NIGHT).date() == date(2026, 11, 23)


def test_closed_days_here_and_everywhere_are_left_out(shop):
    Closure.objects.create(location=shop.warehouse, day=date(2026, 11, 23), name="Stocktaking")
    Closure.objects.create(location=None, day=date(2026, 11, 24), name="Holiday")
    Closure.objects.create(location=shop.store, day=date(2026, 11, 25), name="Elsewhere")
    assert ship_by(shop.warehouse, now=FRIDAY_NIGHT).date() == date(2026, 11, 25)


def test_a_shop_that_works_on_saturdays_sends_on_saturdays(shop):
    shop.store.working_days = [1, 5]
    shop.store.cut_off = time(14)
    assert ship_by(shop.store, now=FRIDAY_NIGHT).date() == date(2026, 11, 21)
    assert working_days_between(shop.store, date(2026, 11, 16), date(2026, 11, 30)) == 4


def test_the_closed_days_of_a_location_are_asked_once(shop, django_assert_num_queries):
    with django_assert_num_queries(1):
        for day in (18, 19, 20):
            working_day(shop.warehouse, date(2026, 11, day))
