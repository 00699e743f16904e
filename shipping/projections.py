"""Where a parcel is, computed from the events heard of it: the only room that knows this rule.

Events come late, twice and out of order. The reduction looks at them as a set, so whatever way they
came in, the same events end alike (invariants F2 and E3).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shipping.states import TrackingStatus

# of two events of the same moment, the one further along is the later
RANK = {
    TrackingStatus.EXPECTED: 0,
    TrackingStatus.DISPATCHED: 10,
    TrackingStatus.IN_TRANSIT: 20,
    TrackingStatus.PROBLEM: 25,
    TrackingStatus.OUT_FOR_DELIVERY: 30,
    TrackingStatus.ATTEMPTED: 35,
    TrackingStatus.PICKUP_READY: 40,
    TrackingStatus.LOST: 50,
    TrackingStatus.DELIVERED: 60,
    TrackingStatus.RETURNING: 70,
    TrackingStatus.RETURNED: 80,
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One event, as far as the reduction looks at it."""

    status: str
    occurred_at: datetime

    @property
    def key(self) -> tuple[datetime, int]:
        return self.occurred_at, RANK[TrackingStatus(self.status)]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a parcel is: `since` when it is there, `delivered_at` when it first arrived."""

    status: TrackingStatus = TrackingStatus.EXPECTED
    since: datetime | None = None
    delivered_at: datetime | None = None


def reduce_events(events: Iterable[Heard]) -> Whereabouts:
    """The status of a parcel: that of its latest event by (moment, rank).

    Once it was delivered, or is on its way back, only events of that kind count: a scan that comes
    in late does not set a delivered parcel on the road again.
    """
    heard = list(events)
    closing = [event for event in heard if event.status in TrackingStatus.closing()]
    latest = max(closing or heard, key=lambda event: event.key, default=None)
    if latest is None:
        return Whereabouts()
    arrivals = [event.occurred_at for event in heard if event.status == TrackingStatus.DELIVERED]
    return Whereabouts(
        TrackingStatus(latest.status), latest.occurred_at, min(arrivals, default=None)
    )
