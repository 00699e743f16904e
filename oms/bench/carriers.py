"""A carrier's simulated year: parcels on many ways, handed over on its days, and when each arrived.

What it does is nowhere told to those who promise: days on the way by chances of its own for each way,
slower in weeks of congestion, late when a hub stands still, never on a country's public holidays.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from orders.promising import WorkDays
from orders.selectors.country_days import country_days

FIRST = date(2025, 1, 1)
DAYS = 720
A_DAY = 10  # parcels on each way, on average
CONGESTED = 0.12  # of weeks, by way: every parcel has this to fear
MORE_WHEN_CONGESTED = 0.35
STANDSTILLS = 0.015  # of days, by way: what sets out then takes a day more
WEEKDAYS = frozenset({0, 1, 2, 3, 4})
TO_SATURDAY = WEEKDAYS | {5}


@dataclass(frozen=True, slots=True)
class SimulatedWay:
    """From an origin to a country; `chances[2]` is the chance of two working days."""

    number: int
    origin: str
    country: str
    weekdays: frozenset[int]
    published: int
    chances: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SimulatedParcel:
    handed_over_on: date
    delivered_on: date


WAYS = (
    SimulatedWay(0, "DE", "DE", TO_SATURDAY, 2, (0, 0.42, 0.44, 0.10, 0.03, 0.01)),
    SimulatedWay(1, "DE", "DE", WEEKDAYS, 1, (0.02, 0.83, 0.11, 0.03, 0.01)),
    SimulatedWay(2, "DE", "AT", TO_SATURDAY, 3, (0, 0.05, 0.52, 0.29, 0.09, 0.04, 0.01)),
    SimulatedWay(3, "DE", "FR", WEEKDAYS, 4, (0, 0.01, 0.16, 0.41, 0.26, 0.10, 0.04, 0.02)),
    SimulatedWay(
        4, "DE", "IT", WEEKDAYS, 4, (0, 0, 0.08, 0.22, 0.31, 0.20, 0.11, 0.05, 0.02, 0.01)
    ),
    SimulatedWay(5, "NL", "NL", TO_SATURDAY, 1, (0, 0.71, 0.22, 0.05, 0.02)),
    SimulatedWay(6, "NL", "GB", WEEKDAYS, 4, (0, 0, 0.11, 0.33, 0.28, 0.16, 0.07, 0.03, 0.02)),
    SimulatedWay(7, "NL", "DE", TO_SATURDAY, 2, (0, 0.20, 0.55, 0.19, 0.05, 0.01)),
    SimulatedWay(
        8, "US", "US", TO_SATURDAY, 5, (0, 0.02, 0.18, 0.27, 0.25, 0.16, 0.08, 0.03, 0.01)
    ),
    SimulatedWay(9, "US", "US", WEEKDAYS, 2, (0, 0.28, 0.61, 0.08, 0.03)),
    SimulatedWay(
        10, "US", "CA", WEEKDAYS, 6, (0, 0, 0.02, 0.09, 0.21, 0.26, 0.20, 0.12, 0.07, 0.03)
    ),
    SimulatedWay(
        11,
        "DE",
        "US",
        WEEKDAYS,
        8,
        (0, 0, 0, 0.02, 0.07, 0.14, 0.20, 0.20, 0.15, 0.10, 0.06, 0.04, 0.02),
    ),
)


def days_of(way: SimulatedWay, country: str) -> WorkDays:
    """The carrier's working days in a country, its public holidays closed."""
    last = FIRST + timedelta(days=DAYS + 90)
    closed = frozenset(day for day, _ in country_days(country, FIRST, last))
    return WorkDays(way.weekdays, closed)


def parcels_of(way: SimulatedWay, seed: int) -> list[SimulatedParcel]:
    """What happened on a way, by the day of handing over."""
    random = Random(seed * 1_000 + way.number)  # noqa: S311  (the same year in every run)
    pickup, delivery = days_of(way, way.origin), days_of(way, way.country)
    congested = {week for week in range(DAYS // 7 + 1) if random.random() < CONGESTED}
    parcels = []
    for ahead in range(DAYS):
        day = FIRST + timedelta(days=ahead)
        if not pickup.is_open(day):
            continue
        stands_still = random.random() < STANDSTILLS
        for _ in range(random.randint(A_DAY // 2, A_DAY * 3 // 2)):
            took = random.choices(range(len(way.chances)), way.chances)[0] + stands_still
            if ahead // 7 in congested and random.random() < MORE_WHEN_CONGESTED:
                took += 1
            parcels.append(SimulatedParcel(day, delivery.after(day, took)))
    return parcels
