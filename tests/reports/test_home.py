"""The figures on Home: each is the count of the list it opens, in the store's days."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.listing.lists import all_listings
from core.rights import Role
from orders.drafts import WhenShort
from orders.models import Order
from orders.services import cancel_order, place_order
from reports.selectors import fill_rate, home_tiles, orders_per_day, revenue_today
from returns.services import Wanted, request_return
from returns.states import ReturnReason
from shipping.services import dispatch_shipment
from tests.cast import make_user, pay
from tests.shipping.factories import labelled, make_service

pytestmark = pytest.mark.django_db


def moment(day_shift: int = 0, hour: int = 12) -> datetime:
    """A moment of a day of the store, seen from today."""
    day = timezone.localdate() + timedelta(days=day_shift)
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo("Europe/Berlin"))


def placed(shop, *, at: datetime, **more) -> Order:
    return place_order(shop.draft((shop.mug, 1), **more), now=at)


def tiles_of(user):
    today = timezone.localdate()
    return {
        tile.label: tile
        for tile in home_tiles(user, orders_per_day(user, today=today), today=today)
    }


def list_behind(tile, user):
    path, _, query = tile.url.partition("?")
    (listing,) = [one for one in all_listings() if one.for_user(user, query).path == path]
    assert listing.for_user(user, query).hints == []
    return listing.for_user(user, query)


@pytest.fixture
def busy(shop):
    """Orders of today and before, paid and not, late and due, sent and coming back."""
    shop.stock(shop.mug, 50)
    make_service()
    now = timezone.now()
    for at in (moment(-20), moment(-7), moment(-1, 23), moment(0, 0), moment(0, 0)):
        placed(shop, at=at)
    soon, late, sent, gone = (pay(placed(shop, at=moment(0, 0))) for _ in range(4))
    Order.objects.update(ship_by=now + timedelta(days=3))
    Order.objects.filter(pk=soon.pk).update(ship_by=now + timedelta(minutes=90))
    Order.objects.filter(pk=late.pk).update(ship_by=now - timedelta(hours=1))
    for order in (sent, gone):
        shipment = labelled(order)
        dispatch_shipment(shipment_id=shipment.pk, now=now)
    wanted = [Wanted(gone.lines.get().pk, 1, ReturnReason.UNWANTED)]
    request_return(order_id=gone.pk, wanted=wanted, now=now)
    return shop


def test_every_figure_is_the_count_of_the_list_it_opens(busy, manager):
    tiles = tiles_of(manager)
    counts = {
        label: int(tile.value)
        for label, tile in tiles.items()
        if label not in {"Revenue today, EUR", "Fill rate"}
    }
    assert counts == {
        "Orders in today": 6,
        "To ship now": 2,
        "Late orders": 1,
        "Due within 2 h": 1,
        "Shipped today": 2,
        "Returns waiting": 1,
    }
    for label, count in counts.items():
        assert list_behind(tiles[label], manager).count == count, label


def test_the_chart_counts_the_stores_days_and_its_link_lists_the_same_orders(busy, manager):
    per_day = orders_per_day(manager, today=timezone.localdate())
    assert per_day.counts == [0] * 6 + [1] + [0] * 5 + [1, 6]
    tile = type("Link", (), {"url": per_day.url})
    assert list_behind(tile, manager).count == per_day.total == 8


def test_revenue_is_told_by_currency_and_never_added_up(shop, manager):
    shop.stock(shop.mug, 50)
    placed(shop, at=moment(0, 0))
    placed(shop, at=moment(0, 0), currency="JPY", external_id="a")
    placed(shop, at=moment(-1))
    cancelled = placed(shop, at=moment(0, 0))
    cancel_order(order_id=cancelled.pk, reason="Changed their mind", now=timezone.now())
    assert revenue_today(manager) == [("EUR", Decimal("10")), ("JPY", Decimal("10"))]
    tiles = tiles_of(manager)
    assert "¥10" in tiles["Revenue today, JPY"].value
    assert list_behind(tiles["Revenue today, JPY"], manager).count == 2


def test_the_fill_rate_is_the_share_sent_or_set_aside(shop, manager):
    assert fill_rate(manager, today=timezone.localdate()) is None
    shop.stock(shop.mug, 3)
    place_order(shop.draft((shop.mug, 4), when_short=WhenShort.BACKORDER), now=timezone.now())
    assert fill_rate(manager, today=timezone.localdate()) == Decimal(75)


def test_figures_are_those_of_what_one_may_see(busy, client):
    picker = make_user(Role.WAREHOUSE)
    tiles = tiles_of(picker)
    assert {label for label in tiles if label.startswith("Revenue")} == set()
    assert tiles["Orders in today"].value == tiles["Shipped today"].value == "0"
    client.force_login(picker)
    assert client.get("/").status_code == 200


def test_home_shows_them_at_the_same_cost_for_one_order_and_many(shop, as_manager):
    shop.stock(shop.mug, 50)

    def cost() -> int:
        as_manager.get("/")
        with CaptureQueriesContext(connection) as captured:
            assert "Orders in today" in as_manager.get("/").content.decode()
        return len(captured)

    placed(shop, at=timezone.now().astimezone(UTC))
    one = cost()
    for _ in range(29):
        placed(shop, at=timezone.now())
    assert cost() == one
    assert one <= 22


@pytest.mark.parametrize("broken", ["fill_rate", "revenue_today"])
def test_a_figure_that_fails_costs_its_own_tile_alone(as_manager, monkeypatch, caplog, broken):
    def fail(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(f"reports.selectors.home.{broken}", fail)
    answer = as_manager.get("/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("could not be worked out") == 1
    assert "Shipped today" in page
    assert f"the figure “{broken.capitalize().replace('_', ' ')}” could not" in caplog.text


def test_home_opens_without_the_orders_of_the_last_days(as_manager, monkeypatch):
    def fail(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("reports.panels.orders_per_day", fail)
    page = as_manager.get("/").content.decode()
    assert page.count("could not be worked out") == 1
    assert "Orders of the last" not in page
