"""How many working days a carrier takes: a percentile of what was measured, else its own table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LEAST_DELIVERIES = 30
UNMEASURED = 1  # days added to what a carrier publishes, as long as nobody has measured it
MILLION = 1_000_000
STEP = 618_034  # of a million, the golden section: days spread evenly whichever of them are taken


class Basis(StrEnum):
    """What a number of days rests on."""

    LANE = "lane"  # deliveries by this service from this location to this country
    ZONE = "zone"  # deliveries by this service to this zone, from anywhere
    TABLE = "table"  # what the carrier publishes, and one day more


@dataclass(frozen=True, slots=True)
class Transit:
    """Working days on the way. On `spare` of a million dispatch days one day less is enough: whole
    days alone would keep more promises than were asked for, by giving later ones.
    """

    days: int
    spare: int = 0

    def on(self, day: date) -> int:
        """The days for what sets out on a working day; the same day always has the same answer. The
        next one is never answered with more than one day less, so that nothing overtakes.
        """
        if self.days and day.toordinal() * STEP % MILLION < self.spare:
            return self.days - 1
        return self.days


@dataclass(frozen=True, slots=True)
class Spread:
    """How many deliveries took how many working days: `counts[3]` took three."""

    counts: tuple[int, ...]

    @property
    def deliveries(self) -> int:
        return sum(self.counts)

    def at(self, percentile: int) -> Transit:
        """The days within which that many in a hundred further deliveries come. Of n deliveries the
        k-th longest is passed by (n + 1 - k) in n + 1 of those that follow, hence the one more.
        """
        wanted = percentile * (self.deliveries + 1)  # in hundredths of a delivery
        before = 0
        for days, count in enumerate(self.counts):
            reached = before + count * 100
            if reached >= wanted:
                return Transit(days, (reached - wanted) * MILLION // (count * 100))
            before = reached
        return Transit(len(self.counts) - 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """The days on a way, what they rest on and how many deliveries that is."""

    transit: Transit
    basis: Basis
    deliveries: int = 0


def choose_transit(
    spreads: Sequence[tuple[Basis, Spread | None]], *, published: int, percentile: int
) -> Measured:
    """The percentile of the first spread that holds enough deliveries, else the published days and
    one more. Trailing zeros in a spread do not matter.
    """
    for basis, spread in spreads:
        if spread is not None and spread.deliveries >= LEAST_DELIVERIES:
            return Measured(spread.at(percentile), basis, spread.deliveries)
    return Measured(Transit(published + UNMEASURED), Basis.TABLE)
