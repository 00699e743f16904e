"""Promised days on a carrier's held-out months: how many were kept, how soon, how long one takes."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from random import Random
from statistics import mean, median
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Channel
from inventory.models import Location
from oms.bench.capture import draft_of
from oms.bench.carriers import (
    DAYS,
    FIRST,
    WAYS,
    SimulatedParcel,
    SimulatedWay,
    days_of,
    parcels_of,
)
from oms.bench.goods import LINES, SKUS, fill, sku_of
from orders.models import LaneStatistic, ShippingRate, ShippingService, ShippingZone
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
    promise,
)
from orders.selectors import promise_tables, quote_order
from orders.selectors.quoting import LineWish
from orders.services import place_order, promise_basket
from orders.services.measuring import COUNTED, RIPENS

PERCENTILES = (50, 75, 80, 90, 95, 98)
SEEDS = 2
HELD_OUT = FIRST + timedelta(days=DAYS // 2)
LAST = FIRST + timedelta(days=DAYS - 60)  # what sets out later may not have arrived in the year
REFRESH = timedelta(days=7)
AROUND_THE_CLOCK = WorkDays(frozenset(range(7)))
TIMED = 2_000
PLACED = 400
Choose = Callable[[SimulatedWay, Spread, int], Measured]


@dataclass
class Kept:
    """Promises of one way: how many, how many were kept, and how many days they were away."""

    count: int = 0
    in_time: int = 0
    days: int = 0

    @property
    def share(self) -> float:
        return 100 * self.in_time / self.count


def run(*, seconds: float, connections: tuple[int, ...]) -> dict[str, Any]:
    """Kept promises by percentile and way beside what the carrier publishes and one day more; then the
    time of one promise in a shop.
    """
    del seconds, connections
    years = [(way, parcels_of(way, seed)) for seed in range(SEEDS) for way in WAYS]
    published = _kept(years, _published, 90)
    return {
        "ways": len(WAYS),
        "seeds": SEEDS,
        "held_out_parcels": sum(one.count for one in published.values()),
        "published_and_one_day": _told(published),
        "percentiles": {
            str(percentile): _beside(_kept(years, measured, percentile), published, percentile)
            for percentile in PERCENTILES
        },
        "whole_days_only": {
            str(percentile): _told(_kept(years, _whole, percentile)) for percentile in (80, 90, 95)
        },
        "time_ms": _timed(),
        "placing_ms": _placing(),
    }


def measured(way: SimulatedWay, spread: Spread, percentile: int) -> Measured:
    return choose_transit([(Basis.LANE, spread)], published=way.published, percentile=percentile)


def _whole(way: SimulatedWay, spread: Spread, percentile: int) -> Measured:
    """The same percentile rounded up to whole days, to show what that costs."""
    found = measured(way, spread, percentile)
    return Measured(Transit(found.transit.days), found.basis, found.deliveries)


def _published(way: SimulatedWay, _spread: Spread, _percentile: int) -> Measured:
    return Measured(Transit(way.published + 1), Basis.TABLE)


def _kept(
    years: list[tuple[SimulatedWay, list[SimulatedParcel]]], choose: Choose, percentile: int
) -> dict[int, Kept]:
    found: dict[int, Kept] = {way.number: Kept() for way in WAYS}
    for way, parcels in years:
        judge(way, parcels, choose, percentile, found[way.number])
    return found


def judge(
    way: SimulatedWay,
    parcels: list[SimulatedParcel],
    choose: Choose,
    percentile: int,
    kept: Kept,
) -> None:
    """Promise every parcel of the held-out months from what had arrived by its week, and look."""
    pickup, delivery = days_of(way, way.origin), days_of(way, way.country)
    sender = Sender(1, "Bench", "UTC", clock_time(14), AROUND_THE_CLOCK)
    learnt = date.min
    leg: Leg | None = None
    for parcel in parcels:
        day = parcel.handed_over_on
        if not HELD_OUT <= day < LAST:
            continue
        if day - learnt >= REFRESH or leg is None:
            learnt = day
            leg = Leg(choose(way, _spread(parcels, delivery, day), percentile), pickup, delivery)
        inputs = Inputs(
            ordered_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            percentile=percentile,
            country=way.country,
            parts=(Part(sender),),
            ways=(Way(1, "Bench", (leg,)),),
        )
        found = promise(inputs).chosen
        assert found is not None  # noqa: S101  (there is one part and one way)
        kept.count += 1
        kept.in_time += parcel.delivered_on <= found.promised_on
        kept.days += (found.promised_on - day).days


def _spread(parcels: list[SimulatedParcel], delivery: WorkDays, today: date) -> Spread:
    """What had arrived by a day of what set out in the half year before it."""
    counts = Counter(
        delivery.days_until(one.handed_over_on, one.delivered_on)
        for one in parcels
        if today - COUNTED <= one.handed_over_on <= today - RIPENS and one.delivered_on < today
    )
    return Spread(tuple(counts[days] for days in range(max(counts) + 1)))


def _told(kept: dict[int, Kept]) -> dict[str, float]:
    count = sum(one.count for one in kept.values())
    return {
        "on_time_percent": round(100 * sum(one.in_time for one in kept.values()) / count, 2),
        "mean_days": round(sum(one.days for one in kept.values()) / count, 2),
    }


def _beside(kept: dict[int, Kept], published: dict[int, Kept], percentile: int) -> dict[str, Any]:
    off = {number: one.share - percentile for number, one in kept.items()}
    worst = max(off, key=lambda number: abs(off[number]))
    told = _told(kept)
    return {
        **told,
        "off_by_points": round(told["on_time_percent"] - percentile, 2),
        "worst_way_off_by_points": round(off[worst], 2),
        "mean_way_off_by_points": round(mean(abs(one) for one in off.values()), 2),
        "days_earlier_than_published": round(_told(published)["mean_days"] - told["mean_days"], 2),
        "by_way": {str(number): round(one.share, 1) for number, one in kept.items()},
    }


def _timed() -> dict[str, Any]:
    """One promise by four services for a basket of three lines, in a shop of three locations."""
    fill()
    _services()
    channel = Channel.objects.select_related("legal_entity").get(code="bench")
    now = datetime.now(UTC)
    wishes = [LineWish(sku_of(number), 1) for number in range(3)]

    def quoted() -> Any:
        return quote_order(
            wishes, channel=channel, country="DE", service=None, shipping=Decimal(0), now=now
        )

    def promised(quote: Any) -> None:
        promise_basket(quote, country="DE", service_id=None, now=now)

    quote = quoted()
    promise_tables.promise_tables(now=now)
    with CaptureQueriesContext(connection) as captured:
        promised(quote)
    return {
        "promise_by_four_services": _times(lambda: promised(quote), TIMED),
        "its_statements": len(captured),
        "with_prices_and_stock_looked_up": _times(lambda: promised(quoted()), 300),
        "reading_the_tables_anew": _times(_read, 100),
    }


def _placing() -> dict[str, Any]:
    """What promising adds to placing: orders of five lines, with and without a service by turns."""
    channel = Channel.objects.select_related("legal_entity").get(code="bench")
    service = ShippingService.objects.get(code="bench-0")
    random = Random(1)  # noqa: S311  (the same orders in every run)
    took: dict[str, list[float]] = {"without": [], "promised": []}
    for turn in range(PLACED * 2):
        draft = draft_of(channel, random.sample(range(SKUS), LINES))
        name = "promised" if turn % 2 else "without"
        if turn % 2:
            draft = replace(draft, shipping_service=service)
        began = time.perf_counter()
        place_order(draft, now=datetime.now(UTC))
        took[name].append((time.perf_counter() - began) * 1000)
    found = {name: round(median(times), 3) for name, times in took.items()}
    return {"orders": PLACED, **found, "ratio": round(found["without"] / found["promised"], 3)}


def _read() -> None:
    promise_tables.forget()
    promise_tables.promise_tables(now=datetime.now(UTC))


def _services() -> None:
    """Four services, each measured on its way from every location to thirty countries."""
    countries = [f"{first}{second}" for first in "ABCDE" for second in "STUVWX"]
    counts = [0, 40, 50, 10, 3]
    for number in range(4):
        service = ShippingService.objects.create(code=f"bench-{number}", name=f"Bench {number}")
        zone = ShippingZone.objects.create(
            service=service, name="All", countries=["*"], transit_days=number + 1
        )
        ShippingRate.objects.create(
            zone=zone, up_to_g=30_000, currency="EUR", amount=Decimal(5), cost=Decimal(4)
        )
        LaneStatistic.objects.bulk_create(
            LaneStatistic(
                service=service,
                location=place,
                country=country,
                counts=counts,
                deliveries=sum(counts),
                refreshed_at=datetime.now(UTC),
            )
            for place in Location.objects.all()
            for country in [*countries, "DE"]
        )


def _times(act: Callable[[], None], count: int) -> dict[str, float]:
    took = []
    for _ in range(count):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return {
        "p50": round(took[count // 2], 2),
        "p99": round(took[int(count * 0.99)], 2),
        "worst": round(took[-1], 2),
    }
