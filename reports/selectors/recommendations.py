"""What was suggested and what of it was bought: by product, by place and over time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncWeek

from core.listing.dates import Days
from orders.models import RecommendationShown
from orders.states import RecommendationPlace

MOST_PRODUCTS = 50
MOST_COLUMNS = 31
FIGURES = {"baskets": Count("pk"), "bought": Count("taken"), "amount": Sum("taken__amount")}


@dataclass(slots=True)
class Row:
    """How often something was shown and bought, and what that came to when it was ordered."""

    label: str
    sku: str = ""
    variant_id: int | None = None
    shown: int = 0
    taken: int = 0
    revenue: dict[str, Decimal] = field(default_factory=dict)

    @property
    def rate(self) -> str:
        """“12.5%”; a dash where nothing was shown."""
        return f"{Decimal(100 * self.taken) / self.shown:.1f} %" if self.shown else "–"

    def take(self, found: dict[str, Any]) -> None:
        """Add figures of one currency, or of what was not bought."""
        self.shown += found["baskets"]
        self.taken += found["bought"]
        if currency := found["taken__currency"]:
            self.revenue[currency] = self.revenue.get(currency, Decimal(0)) + found["amount"]


@dataclass(frozen=True, slots=True)
class Report:
    """Sums of different currencies are never added up. `products` are those bought most, then shown
    most; `more` were left out. `over_time` are those bought, by the day or week they were shown in.
    """

    total: Row
    places: Sequence[Row]
    products: Sequence[Row]
    more: int
    over_time: Sequence[tuple[str, int]]


def recommendation_report(
    days: Days, *, place: str = "", channel_id: int | None = None, today: date
) -> Report:
    """The figures of what was suggested in these days. Three queries."""
    shown = RecommendationShown.objects.filter(days.within("shown_at")).order_by()
    if place:
        shown = shown.filter(place=place)
    if channel_id is not None:
        shown = shown.filter(channel=channel_id)
    by_place: list[Any] = list(shown.values("place", "taken__currency").annotate(**FIGURES))
    by_variant: Iterable[Any] = shown.values(
        "variant_id", "variant__sku", "variant__name", "variant__product__name", "taken__currency"
    ).annotate(**FIGURES)
    places = _rows(by_place, "place", lambda one: Row(RecommendationPlace(one["place"]).label))
    products = _rows(by_variant, "variant_id", _product)
    products.sort(key=lambda row: (-row.taken, -row.shown, row.sku))
    total = Row("All")
    for found in by_place:
        total.take(found)
    return Report(
        total=total,
        places=sorted(places, key=lambda row: row.label),
        products=products[:MOST_PRODUCTS],
        more=max(0, len(products) - MOST_PRODUCTS),
        over_time=_over_time(shown, days, today=today),
    )


def _rows(
    found: Iterable[dict[str, Any]], key: str, begin: Callable[[dict[str, Any]], Row]
) -> list[Row]:
    rows: dict[Any, Row] = {}
    for one in found:
        rows.setdefault(one[key], begin(one)).take(one)
    return list(rows.values())


def _product(found: dict[str, Any]) -> Row:
    names = (found["variant__product__name"], found["variant__name"])
    return Row(", ".join(filter(None, names)), found["variant__sku"], found["variant_id"])


def _over_time(
    shown: QuerySet[RecommendationShown], days: Days, *, today: date
) -> list[tuple[str, int]]:
    """By day where they are few, else by week; empty ones are there, too."""
    first, last = days.first or today, days.last or today
    by_day = (last - first).days < MOST_COLUMNS
    step = timedelta(days=1 if by_day else 7)
    start = first if by_day else first - timedelta(days=first.weekday())
    truncated = TruncDate("shown_at") if by_day else TruncWeek("shown_at", output_field=DateField())
    counted = shown.exclude(taken=None).annotate(begins=truncated).values_list("begins")
    found: dict[date, int] = dict(counted.annotate(count=Count("pk")))
    columns = []
    while start <= last:
        columns.append((f"{start:%-d %b}", found.get(start, 0)))
        start += step
    return columns
