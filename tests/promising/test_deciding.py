"""The decision by which day an order arrives: what must hold whatever the clocks and calendars say."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.promising import (
    Basis,
    Inputs,
    Leg,
    Measured,
    Part,
    Sender,
    Spread,
    Transit,
    Way,
    WorkDays,
    choose_transit,
    moment_of,
    promise,
)

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "UTC")
SPRING_2026 = date(2026, 3, 29)  # in Berlin 02:00 is followed by 03:00
AUTUMN_2026 = date(2026, 10, 25)  # in Berlin 03:00 is followed by 02:00
FIRST = date(2026, 1, 1)

days = st.integers(0, 500).map(lambda ahead: FIRST + timedelta(days=ahead))
calendars = st.builds(
    WorkDays,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(days, max_size=30),
)
moments = st.integers(0, 460 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
senders = st.builds(
    Sender,
    st.integers(1, 9),
    st.just("Here"),
    st.sampled_from(ZONES),
    times,
    calendars,
    st.integers(0, 3),
)
transits = st.builds(Transit, st.integers(0, 9), st.integers(0, 999_999))
measured = st.builds(Measured, transits, st.sampled_from(Basis), st.integers(0, 500))
parts = st.builds(Part, senders, st.none() | days)
legs = st.builds(Leg, measured, calendars, calendars)


@st.composite
def inputs(draw):
    chosen = draw(st.lists(parts, min_size=1, max_size=3))
    ways = draw(st.integers(1, 3))
    return Inputs(
        ordered_at=draw(moments),
        percentile=90,
        country="DE",
        parts=tuple(chosen),
        ways=tuple(
            Way(number, f"Way {number}", tuple(draw(legs) for _ in chosen))
            for number in range(1, ways + 1)
        ),
    )


def day_of(asked: Inputs) -> date:
    found = promise(asked).chosen
    assert found is not None
    return found.promised_on


@given(inputs(), st.integers(0, 40 * 24 * 60))
def test_who_orders_later_is_never_promised_an_earlier_day(asked, minutes):
    later = replace(asked, ordered_at=asked.ordered_at + timedelta(minutes=minutes))
    assert day_of(asked) <= day_of(later)


@given(inputs(), times)
def test_a_later_cut_off_never_makes_a_later_day(asked, cut_off):
    part = asked.parts[0]
    early, late = sorted([part.sender.cut_off, cut_off])
    days = [
        day_of(
            replace(
                asked,
                parts=(replace(part, sender=replace(part.sender, cut_off=at)), *asked.parts[1:]),
            )
        )
        for at in (early, late)
    ]
    assert days[1] <= days[0]


@given(inputs())
def test_no_part_leaves_or_arrives_on_a_closed_day(asked):
    found = promise(asked).chosen
    for leg, leaves in zip(asked.ways[0].legs, found.parts, strict=True):
        assert leaves.part.sender.work.is_open(leaves.ships_on)
        assert leg.pickup.is_open(leaves.picked_up_on)
        assert leg.delivery.is_open(leaves.arrives_on)
        assert leaves.ships_on <= leaves.picked_up_on <= leaves.arrives_on
    assert found.promised_on == max(leaves.arrives_on for leaves in found.parts)


@given(inputs())
def test_what_is_kept_of_a_promise_decides_alike(asked):
    found = promise(asked)
    last = max(one.promised_on for one in (found.chosen, *found.alternatives))
    kept = Inputs.from_json(asked.until(last).as_json())
    again = promise(kept)
    assert again.chosen.why == found.chosen.why
    assert again.chosen.promised_on == found.chosen.promised_on
    assert [one.promised_on for one in again.alternatives] == [
        one.promised_on for one in found.alternatives
    ]


@given(inputs())
def test_other_ways_stand_with_the_earliest_first_and_ties_by_id(asked):
    others = promise(asked).alternatives
    assert list(others) == sorted(others, key=lambda one: (one.promised_on, one.service_id))
    assert len(others) == len(asked.ways) - 1


@given(st.sampled_from(ZONES), days, times, times)
def test_a_later_time_on_the_wall_is_never_an_earlier_moment(zone, day, one, other):
    early, late = sorted([one, other])
    clock = ZoneInfo(zone)
    assert moment_of(day, early, clock) <= moment_of(day, late, clock)


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        ("Europe/Berlin", SPRING_2026, time(1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("Europe/Berlin", SPRING_2026, time(2, 30), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Europe/Berlin", SPRING_2026, time(14, 0), datetime(2026, 3, 29, 12, 0, tzinfo=UTC)),
        ("Europe/Berlin", AUTUMN_2026, time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Europe/Berlin", AUTUMN_2026, time(14, 0), datetime(2026, 10, 25, 13, 0, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 8), time(2, 30), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        (
            "America/New_York",
            date(2026, 11, 1),
            time(1, 30),
            datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        ),
        (
            "America/New_York",
            date(2026, 11, 1),
            time(14, 0),
            datetime(2026, 11, 1, 19, 0, tzinfo=UTC),
        ),
    ],
)
def test_cut_offs_follow_the_clock_on_the_days_it_is_changed(zone, day, at, moment):
    assert moment_of(day, at, ZoneInfo(zone)) == moment


def one_part(at: datetime, **more) -> Inputs:
    """An order of one part, from a place in Berlin that works every day, two days on the way."""
    every_day = WorkDays(frozenset(range(7)))
    values = {"zone": "Europe/Berlin", "cut_off": time(14, 0), "work": every_day, **more}
    sender = Sender(1, "Berlin", **values)
    leg = Leg(Measured(Transit(2), Basis.LANE, 400), every_day, every_day)
    return Inputs(at, 90, "DE", (Part(sender),), (Way(1, "Standard", (leg,)),))


@pytest.mark.parametrize(
    ("at", "arrives"),
    [
        (datetime(2026, 3, 29, 12, 0, tzinfo=UTC), date(2026, 3, 31)),  # 14:00 summer time
        (datetime(2026, 3, 29, 12, 0, 1, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 3, 28, 13, 0, tzinfo=UTC), date(2026, 3, 30)),  # 14:00 winter time
        (datetime(2026, 3, 28, 13, 0, 1, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 10, 25, 13, 0, tzinfo=UTC), date(2026, 10, 27)),
        (datetime(2026, 10, 25, 13, 0, 1, tzinfo=UTC), date(2026, 10, 28)),
    ],
)
def test_the_last_second_before_the_cut_off_counts_on_both_clocks(at, arrives):
    assert day_of(one_part(at)) == arrives


def test_an_hour_that_comes_twice_closes_once():
    """Half past two comes twice; what is ordered between the two is late."""
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 once more
    asked = [one_part(at, cut_off=time(2, 30)) for at in (between, second)]
    assert [day_of(one) for one in asked] == [date(2026, 10, 28), date(2026, 10, 28)]


def test_every_step_is_told():
    at = datetime(2026, 12, 23, 15, 0, tzinfo=UTC)
    weekdays = WorkDays(frozenset(range(5)), frozenset({date(2026, 12, 25)}))
    sender = Sender(1, "Berlin", "Europe/Berlin", time(14, 0), weekdays, handling_days=1)
    leg = Leg(Measured(Transit(2, 400_000), Basis.LANE, 1_412), weekdays, weekdays)
    found = promise(Inputs(at, 90, "AT", (Part(sender),), (Way(1, "Standard", (leg,)),))).chosen
    assert found.promised_on == date(2026, 12, 30)
    assert found.why == (
        "Ordered Wed 23 Dec 16:00 in Berlin, after its cut-off at 14:00, so it counts from Thu 24 Dec.",
        "Berlin sends it on Mon 28 Dec after 1 working day of handling.",
        "90 in 100 of 1,412 deliveries on this way took up to 2 working days.",
        "It arrives by Wed 30 Dec.",
    )


def test_without_a_part_or_a_way_nothing_is_promised():
    asked = one_part(datetime(2026, 3, 28, 13, 0, tzinfo=UTC))
    assert promise(replace(asked, parts=())).chosen is None
    assert promise(replace(asked, ways=())).chosen is None


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=9).filter(lambda found: sum(found) >= 30),
    st.integers(50, 98),
    days,
)
def test_more_promises_to_keep_never_make_an_earlier_day(counts, percentile, day):
    spread = Spread(tuple(counts))
    days_on_the_way = [spread.at(one).on(day) for one in (percentile, percentile + 1)]
    assert days_on_the_way[0] <= days_on_the_way[1]


@pytest.mark.parametrize("percentile", [50, 80, 90, 95, 99])
def test_over_all_days_as_many_arrive_in_time_as_were_asked_for(percentile):
    """Two, three or four days in shares that no whole day meets: the share comes out all the same."""
    spread = Spread((0, 0, 600, 300, 90, 10))
    transit = spread.at(percentile)
    kept = [
        sum(spread.counts[: transit.on(FIRST + timedelta(days=ahead)) + 1]) for ahead in range(2000)
    ]
    assert abs(sum(kept) / len(kept) / 10 - percentile) < 0.5


@pytest.mark.parametrize(
    ("lane", "zone", "basis", "transit_days"),
    [
        ((0, 0, 30), (0, 0, 0, 500), Basis.LANE, 2),
        ((0, 0, 29), (0, 0, 0, 500), Basis.ZONE, 3),
        ((0, 0, 29), (0, 0, 0, 29), Basis.TABLE, 6),
        (None, None, Basis.TABLE, 6),
    ],
)
def test_what_too_few_deliveries_say_is_not_believed(lane, zone, basis, transit_days):
    found = choose_transit(
        [
            (Basis.LANE, Spread(lane) if lane else None),
            (Basis.ZONE, Spread(zone) if zone else None),
        ],
        published=5,
        percentile=90,
    )
    assert (found.basis, found.transit.days) == (basis, transit_days)


@given(calendars, days, days)
def test_days_on_the_way_are_counted_as_they_are_added(calendar, one, other):
    start, end = sorted([one, other])
    count = calendar.days_until(start, end)
    assert calendar.after(start, count) >= end
    assert count == 0 or calendar.after(start, count - 1) < end
