"""Suggestions put together as the orders that they would become, and those of one variant."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from django.db.models import Q

from core.models import User
from inventory.models import Forecast, Suggestion, Variant
from inventory.selectors.planning import forecasts_of, suggestions_seen_by
from inventory.selectors.reasoning import reasoning

MOST_WEEKS_AHEAD = 8
ORDERABLE = Q(source__isnull=False) | Q(supplier_item__isnull=False)


@dataclass
class Line:
    """One suggestion, why it is made, and the field in which its number is changed."""

    suggestion: Suggestion
    why: str
    field: Any = None


@dataclass
class OrderToBe:
    """The suggestions that become one purchase order or transfer; `lacking` is what is missing to the
    smallest order that the supplier takes.
    """

    origin: str
    location: str
    is_transfer: bool
    currency: str
    minimum: Decimal = Decimal(0)
    lines: list[Line] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((line.suggestion.value for line in self.lines), Decimal(0))

    @property
    def lacking(self) -> Decimal:
        return max(Decimal(0), self.minimum - self.total)


def grouped(rows: Sequence[Suggestion]) -> list[OrderToBe]:
    """The orders that rows would become, in the order of their most urgent line."""
    groups: dict[tuple[bool, int | None, int], OrderToBe] = {}
    for row in rows:
        item = row.supplier_item
        origin_id = item.supplier_id if item else row.source_id
        key = (item is None, origin_id, row.location_id)
        if key not in groups:
            groups[key] = OrderToBe(
                origin=item.supplier.name if item else str(row.source),
                location=row.location.name,
                is_transfer=item is None,
                currency=row.currency,
                minimum=item.supplier.minimum_order if item else Decimal(0),
            )
        groups[key].lines.append(Line(row, reasoning(row)))
    return list(groups.values())


@dataclass
class PlaceOutlook:
    """What is foretold of a variant at one location, and what is suggested there."""

    forecast: Forecast
    past: list[tuple[str, int]]
    ahead: list[tuple[str, float]]
    suggestions: list[Line] = field(default_factory=list)


def outlooks_of(user: User, variant: Variant) -> list[PlaceOutlook]:
    """The outlook of a variant at the user's locations, where most is sold first. Two queries."""
    found = {one.location_id: _outlook(one) for one in forecasts_of(user, variant)}
    rows = suggestions_seen_by(user).open().filter(variant=variant)
    for row in rows.select_related("source", "location", "supplier_item__supplier"):
        if row.location_id in found:
            found[row.location_id].suggestions.append(Line(row, reasoning(row)))
    return list(found.values())


def _outlook(forecast: Forecast) -> PlaceOutlook:
    monday = forecast.made_at.date()
    weeks = len(forecast.weeks)
    past = [
        (f"Week to {monday - timedelta(days=1 + 7 * (weeks - 1 - n)):%-d %b}", units)
        for n, units in enumerate(forecast.weeks)
    ]
    count = min(MOST_WEEKS_AHEAD, max(1, ceil(forecast.lead_days / 7)))
    ahead = [
        (
            f"Foretold, week from {monday + timedelta(days=7 * n):%-d %b}",
            round(forecast.rate * 7, 1),
        )
        for n in range(count)
    ]
    return PlaceOutlook(forecast, past, ahead)
