"""The promise calendar and the page of promises kept."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import StoredFact
from core.rights import Role
from inventory.models import Closure, Location
from orders.models import CarrierClosure, ChannelPolicy, Order, OrderPromise
from orders.selectors.country_days import country_days
from orders.states import PaymentTerms
from tests.cast import make_user

pytestmark = pytest.mark.django_db
CALENDAR = reverse("orders:promise_calendar")
KEPT = reverse("orders:promises_kept")
DECEMBER = {"month": "2026-12"}
CHRISTMAS = date(2026, 12, 25)


@pytest.fixture
def as_admin(client, promising):
    client.force_login(make_user(Role.ADMIN))
    return client


def do(client, **data):
    return client.post(f"{CALENDAR}?month=2026-12&of=", data)


def test_countries_propose_their_holidays():
    assert country_days("DE", date(2026, 12, 1), date(2026, 12, 31)) == [
        (CHRISTMAS, "Christmas Day"),
        (date(2026, 12, 26), "Second Day of Christmas"),
    ]
    assert (date(2026, 11, 26), "Thanksgiving Day") in country_days(
        "US", date(2026, 11, 1), date(2026, 11, 30)
    )
    assert country_days("XX", date(2026, 1, 1), date(2026, 12, 31)) == []


def test_a_month_shows_who_is_closed_and_proposes_holidays(as_admin):
    CarrierClosure.objects.create(carrier="own", country="DE", day=date(2026, 12, 24), name="Eve")
    Closure.objects.create(location=None, day=date(2026, 12, 31), name="Stocktaking")
    page = as_admin.get(CALENDAR, DECEMBER)
    assert [(one.day.day, one.who) for one in page.context["month"].closed] == [
        (24, "Own delivery in Germany"),
        (31, "Every location"),
    ]
    assert [(one.day.day, one.who) for one in page.context["month"].proposed] == [
        (25, "Berlin"),
        (25, "Every carrier in Germany"),
        (25, "Munich store"),
        (26, "Every carrier in Germany"),
    ]  # the locations never work on a Saturday


def test_the_holidays_that_are_chosen_are_closed_and_promises_go_around_them(as_admin, promising):
    proposed = as_admin.get(CALENDAR, DECEMBER).context["month"].proposed
    answer = do(as_admin, do="propose", proposed=[one.key for one in proposed])
    assert answer.status_code == 302
    assert as_admin.get(CALENDAR, DECEMBER).context["month"].proposed == []
    order = promising.order(at=timezone.make_aware(timezone.datetime(2026, 12, 23, 10)))
    assert order.promised_on == date(2026, 12, 29)  # 24, 28 and 29 are the three days
    assert StoredFact.objects.filter(name="orders.CarrierClosureSet").count() == 2


def test_a_day_is_closed_for_a_carrier_or_a_location_and_opened_again(as_admin):
    berlin = Location.objects.get(code="ber")
    do(as_admin, do="close", who="carrier:own", country="AT", day="2026-12-08", name="Conception")
    do(as_admin, do="close", who=f"location:{berlin.pk}", day="2026-12-09", name="Move")
    do(as_admin, do="close", who="location:", day="2026-12-10", name="Party")
    closed = as_admin.get(CALENDAR, DECEMBER).context["month"].closed
    assert [one.who for one in closed] == ["Own delivery in Austria", "Berlin", "Every location"]
    for one in closed:
        assert do(as_admin, do=f"reopen:{one.key}").status_code == 302
    assert not CarrierClosure.objects.exists()
    assert not Closure.objects.exists()
    gone = as_admin.post(CALENDAR, {"do": f"reopen:{closed[0].key}"}, follow=True)
    assert b"not closed any more" in gone.content


def test_what_is_wrong_comes_back_on_its_field(as_admin):
    answer = do(as_admin, do="close", who="carrier:none", day="2026-12-09", name="x")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["who"])
    assert do(as_admin, do="close", who="carrier:", day="", name="").status_code == 422
    assert do(as_admin, do="nonsense").status_code == 422


@pytest.mark.parametrize("query", ["month=9999-12", "month=0001-01", "month=x", "of=country:XX"])
def test_whatever_is_asked_for_a_month_is_shown(as_admin, query):
    assert as_admin.get(f"{CALENDAR}?{query}").status_code == 200


def test_the_month_is_narrowed_to_one_of_them(as_admin):
    CarrierClosure.objects.create(carrier="", country="AT", day=date(2026, 12, 8), name="Day")
    Closure.objects.create(location=None, day=date(2026, 12, 31), name="Stocktaking")
    for of, days in (("country:DE", [31]), ("carrier:own", [8]), ("", [8, 31])):
        month = as_admin.get(CALENDAR, {**DECEMBER, "of": of}).context["month"]
        assert [one.day.day for one in month.closed] == days


def test_a_manager_closes_carriers_but_no_locations(as_manager, promising):
    page = as_manager.get(CALENDAR, DECEMBER)
    assert {one.key.partition(":")[0] for one in page.context["month"].proposed} == {"carrier"}
    answer = do(as_manager, do="close", who="location:", day="2026-12-10", name="Party")
    assert answer.status_code == 422
    closure = Closure.objects.create(location=None, day=date(2026, 12, 31), name="Stocktaking")
    do(as_manager, do=f"reopen:location:{closure.pk}")
    assert Closure.objects.exists()


def test_sales_do_not_open_the_calendar(client, promising):
    client.force_login(make_user(Role.SALES))
    assert client.get(CALENDAR).status_code == 403


def test_a_full_month_asks_as_often_as_an_empty_one(as_admin):
    counts = []
    for days in (range(1, 2), range(2, 31)):
        CarrierClosure.objects.bulk_create(
            CarrierClosure(country="DE", day=date(2026, 12, day), name="x") for day in days
        )
        with CaptureQueriesContext(connection) as captured:
            as_admin.get(CALENDAR, DECEMBER)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def came_due(promising, days_ago: int, *, arrived: int | None, **more) -> Order:
    """An order whose promised day has passed; `arrived` days after it, or not yet."""
    order = promising.order(at=timezone.now(), **more)
    day = timezone.localdate() - timedelta(days=days_ago)
    OrderPromise.objects.create(
        order=order,
        promised_on=day,
        percentile=90,
        ship_by=timezone.now(),
        basis="table",
        made_at=timezone.now(),
        made_by="test",
    )
    found = {"promised_on": day, "expected_on": day}
    if arrived is not None:
        found |= {
            "arrived_on": day + timedelta(days=arrived),
            "units_shipped": 1,
            "units_delivered": 1,
        }
    else:
        found |= {"payment_terms": PaymentTerms.NET}
    Order.objects.filter(pk=order.pk).update(**found)
    return order


@pytest.mark.breaks_invariants
def test_what_came_in_time_is_counted_beside_what_was_aimed_at(as_manager, promising):
    ChannelPolicy.objects.create(channel=promising.shop.web, promise_percentile=80)
    for ago, arrived in ((3, 0), (3, -1), (4, 2), (5, None), (400, 0)):
        came_due(promising, ago, arrived=arrived)
    came_due(promising, 4, arrived=0, shipping_service=promising.express)
    unpaid = came_due(promising, 3, arrived=None)
    Order.objects.filter(pk=unpaid.pk).update(payment_terms=PaymentTerms.PREPAID)
    kept = as_manager.get(KEPT).context["kept"]
    total = kept.total
    assert (total.count, total.kept, total.missed, total.open) == (5, 3, 2, 1)
    assert (total.share, total.goal, total.off, total.days_late) == (60.0, 80.0, -20.0, 2.0)
    assert [(one.label, one.count) for one in kept.services] == [("Standard", 4), ("Express", 1)]
    assert [one.days_late for one in kept.services] == [2.0, None]
    assert [one.label for one in kept.ways] == ["Standard to Germany", "Express to Germany"]
    assert sum(one.count for one in kept.weeks) == 5
    page = as_manager.get(KEPT, {"weeks": "13"}).content.decode()
    assert "<svg" in page


@pytest.mark.breaks_invariants
def test_many_promises_are_counted_with_as_many_questions_as_one(as_manager, promising):
    counts = []
    for many in (1, 29):
        for number in range(many):
            came_due(promising, 1 + number % 20, arrived=number % 3)
        with CaptureQueriesContext(connection) as captured:
            as_manager.get(KEPT)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_before_any_promise_has_come_due_the_page_says_so(as_manager, promising):
    promising.order(at=timezone.now())
    assert b"No promise has come due" in as_manager.get(KEPT, {"weeks": "x"}).content
