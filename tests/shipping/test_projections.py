"""Where a parcel is: a rule over a set of events, whatever way they came in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipping.projections import RANK, Heard, Whereabouts, reduce_events
from shipping.states import TrackingStatus

START = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)


def at(hours: int, status: str) -> Heard:
    return Heard(status, START + timedelta(hours=hours))


EVENTS = st.builds(at, st.integers(0, 60), st.sampled_from(TrackingStatus.reportable()))


def test_every_status_has_a_rank_of_its_own():
    assert set(RANK) == set(TrackingStatus)
    assert len(set(RANK.values())) == len(TrackingStatus)


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([], "expected"),
        ([at(1, "dispatched")], "dispatched"),
        ([at(2, "in_transit"), at(1, "dispatched")], "in_transit"),
        ([at(1, "dispatched"), at(1, "in_transit")], "in_transit"),
        ([at(3, "problem"), at(4, "in_transit")], "in_transit"),
        ([at(3, "delivered"), at(4, "in_transit")], "delivered"),
        ([at(3, "delivered"), at(5, "returning")], "returning"),
        ([at(3, "returning"), at(9, "out_for_delivery")], "returning"),
        ([at(3, "returning"), at(9, "returned")], "returned"),
        ([at(3, "lost"), at(9, "in_transit")], "in_transit"),
    ],
)
def test_the_latest_event_by_moment_and_rank_decides(events, status):
    assert reduce_events(events).status == status


@given(st.lists(EVENTS, max_size=12), st.randoms())
def test_shuffled_and_doubled_events_end_alike(events, chance):
    told = [*events, *chance.sample(events, len(events) // 2)]
    chance.shuffle(told)
    assert reduce_events(told) == reduce_events(events)


@given(st.lists(EVENTS, min_size=1, max_size=12), EVENTS)
def test_hearing_more_never_moves_a_closed_parcel_back_on_the_road(events, one_more):
    before, after = reduce_events(events), reduce_events([*events, one_more])
    if before.status in TrackingStatus.closing():
        assert after.status in TrackingStatus.closing()
        assert after.since >= before.since


@given(st.lists(EVENTS, min_size=1, max_size=12), EVENTS)
def test_the_status_is_monotone_by_moment_and_rank(events, one_more):
    before, after = reduce_events(events), reduce_events([*events, one_more])

    def key(found: Whereabouts):
        is_closed = found.status in TrackingStatus.closing()
        return is_closed, found.since, RANK[found.status]

    assert key(after) >= key(before)


@given(st.lists(EVENTS, max_size=12))
def test_a_parcel_arrived_when_its_first_delivery_was(events):
    arrivals = [one.occurred_at for one in events if one.status == TrackingStatus.DELIVERED]
    assert reduce_events(events).delivered_at == (min(arrivals) if arrivals else None)
