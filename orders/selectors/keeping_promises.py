"""How many promises were kept: by week, by service and by way, beside what was aimed at."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Sum
from django.db.models.functions import Cast, TruncWeek

from core.markup.people import country_name
from core.models import User
from orders.models import ChannelPolicy, OrderPromise
from orders.promising.wording import day_words
from orders.selectors.expecting import awaits_money
from orders.selectors.promise_tables import USUAL_PERCENTILE
from orders.selectors.reading import orders_seen_by
from orders.states import OrderState, PromiseBasis

PERIODS = (8, 13, 26, 52)


@dataclass
class Tally:
    """Promises whose day has passed: kept, missed (of which some have not arrived yet), and how many a
    person had moved. `aimed` sums the percentiles that were aimed at.
    """

    label: str
    count: int = 0
    kept: int = 0
    open: int = 0
    moved: int = 0
    late_days: int = 0
    aimed: int = 0

    @property
    def missed(self) -> int:
        return self.count - self.kept

    @property
    def share(self) -> float:
        return round(100 * self.kept / self.count, 1) if self.count else 0.0

    @property
    def goal(self) -> float:
        return round(self.aimed / self.count, 1) if self.count else 0.0

    @property
    def off(self) -> float:
        """Points above the goal, or below it."""
        return round(self.share - self.goal, 1)

    @property
    def days_late(self) -> float | None:
        """Of those that arrived late, how many days they were; None where none did."""
        arrived = self.missed - self.open
        return round(self.late_days / arrived, 1) if arrived else None


@dataclass(frozen=True)
class KeptPromises:
    total: Tally
    weeks: list[Tally]
    services: list[Tally]
    ways: list[Tally] = field(default_factory=list)

    @property
    def columns(self) -> list[tuple[str, float]]:
        return [(one.label, one.share) for one in self.weeks]


def kept_promises(user: User, *, weeks: int, today: date) -> KeptPromises:
    """The promises for the days of the last weeks up to yesterday, of the orders a user may see. What
    has not arrived counts as missed; what was cancelled or waits for its money does not count. Two
    queries.
    """
    start = today - timedelta(weeks=weeks)
    start -= timedelta(days=start.weekday())
    goals = dict(ChannelPolicy.objects.values_list("channel_id", "promise_percentile"))
    by_hand = OrderPromise.objects.filter(order=OuterRef("pk"), basis=PromiseBasis.PERSON)
    counted = (
        orders_seen_by(user)
        .filter(promised_on__gte=start, promised_on__lt=today, units_cancelled__lt=F("units"))
        .exclude(awaits_money())
        .exclude(state__in=[OrderState.CANCELLED, OrderState.EXPIRED])
        .annotate(
            week=TruncWeek("promised_on"),
            was_moved=Cast(Exists(by_hand), IntegerField()),
        )
        .values("week", "channel_id", "shipping_service__name", "ship_country")
        .annotate(
            count=Count("id"),
            kept=Count("id", filter=Q(arrived_on__lte=F("promised_on"))),
            open=Count("id", filter=Q(arrived_on=None)),
            moved=Sum("was_moved"),
            late=Sum(F("arrived_on") - F("promised_on"), filter=Q(arrived_on__gt=F("promised_on"))),
        )
        .order_by()
    )
    rows: list[dict[str, Any]] = [
        {**row, "goal": goals.get(row["channel_id"], USUAL_PERCENTILE)} for row in counted
    ]
    (total,) = _by(rows, lambda _: 0, lambda _: "All") or [Tally("All")]
    return KeptPromises(
        total=total,
        weeks=sorted_weeks(rows),
        services=_by(rows, _service, _service),
        ways=_by(rows, _way, _way),
    )


def sorted_weeks(rows: list[dict[str, Any]]) -> list[Tally]:
    """By the week's Monday, the earliest first."""
    found = _by(rows, lambda row: row["week"], lambda row: day_words(row["week"]), is_sorted=True)
    return list(found)


def _service(row: dict[str, Any]) -> str:
    return str(row["shipping_service__name"] or "No service")


def _way(row: dict[str, Any]) -> str:
    return f"{_service(row)} to {country_name(row['ship_country']) or 'nowhere'}"


def _by(
    rows: list[dict[str, Any]],
    key: Callable[[dict[str, Any]], Any],
    label: Callable[[dict[str, Any]], str],
    *,
    is_sorted: bool = False,
) -> list[Tally]:
    """The rows summed by a key; by it in order, else the most promises first."""
    found: dict[Hashable, Tally] = {}
    added: dict[Hashable, int] = defaultdict(int)
    for row in rows:
        tally = found.setdefault(key(row), Tally(label(row)))
        tally.count += row["count"]
        tally.kept += row["kept"]
        tally.open += row["open"]
        tally.moved += row["moved"] or 0
        tally.aimed += row["goal"] * row["count"]
        added[key(row)] += row["late"].days if row["late"] else 0
    for one, tally in found.items():
        tally.late_days = added[one]
    if is_sorted:
        return [found[one] for one in sorted(found)]  # type: ignore[type-var]
    return sorted(found.values(), key=lambda one: (-one.count, one.label))
