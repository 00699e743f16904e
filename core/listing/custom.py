"""Custom fields in lists: a column and a filter each."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.custom_fields import reader
from core.listing.columns import Column
from core.listing.dates import Days, days_of
from core.listing.filters import AnyOf, Contains, Flag, ListFilter, NumberRange, Period
from core.models import CustomField, CustomKind

PREFIX = "custom-"


def column_of(field: CustomField, path: str) -> Column:
    """The column of a field; it is shown once somebody chooses it."""
    return Column(
        PREFIX + field.code, field.label, value=reader(field.code, path), is_default=False
    )


def filter_of(field: CustomField, path: str) -> Any:
    """The filter of a field, by what it holds."""
    where = f"{path}__{field.code}"
    if field.kind == CustomKind.NUMBER:
        return CustomRange(where, label=field.label)
    if field.kind == CustomKind.DAY:
        return CustomPeriod(where, label=field.label, is_date=True)
    if field.kind == CustomKind.FLAG:
        return CustomFlag(where, label=field.label)
    if field.kind == CustomKind.CHOICE:
        return AnyOf(where, label=field.label, choices=[(one, one) for one in field.choices])
    return Contains(where, label=field.label)


class CustomFlag(Flag):
    """Yes or no; what was never said is no."""

    def filter(self, qs: Any, value: Any) -> Any:
        if value == "yes":
            return qs.filter(**{self.field_name: True})
        if value == "no":
            unsaid = {f"{self.field_name}__isnull": True}
            return qs.filter(Q(**{self.field_name: False}) | Q(**unsaid))
        return qs


class CustomRange(NumberRange):
    """Numbers as JSON holds them."""

    def filter(self, qs: Any, value: Any) -> Any:
        bounds = value and tuple(None if one is None else float(one) for one in value)
        return super().filter(qs, bounds)


class CustomPeriod(Period):
    """Days kept as JSON texts, which sort as days do."""

    def filter(self, qs: Any, value: Any) -> Any:
        if not value:
            return qs
        span, first, last = value
        days = days_of(span, today=timezone.localdate()) if span else Days(first, last)
        for bound, lookup in ((days.first, "gte"), (days.last, "lte")):
            if bound:
                qs = qs.filter(**{f"{self.field_name}__{lookup}": bound.isoformat()})
        return qs


def add_filters(filters: ListFilter, fields: list[CustomField], path: str) -> None:
    """Give a list's filters one more for each field."""
    for field in fields:
        made = filter_of(field, path)
        made.parent, made.model = filters, filters.queryset.model
        filters.filters[PREFIX + field.code] = made
