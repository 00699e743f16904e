"""Filters of list pages: django-filter with chips, periods in the store's zone and kind refusals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from core.listing.dates import EARLIEST, LATEST, Days, Span, days_of

RESERVED = frozenset({"q", "sort", "per", "after", "before", "view", "cols", "go", "newer"})


@dataclass(frozen=True)
class Chip:
    """One filter in force; `without` are the parameters as they stand once it is removed."""

    label: str
    text: str
    without: Mapping[str, list[str]]


class Choices(forms.CheckboxSelectMultiple):
    """Checkboxes from one flat template: lists show many of them on every page."""

    template_name = "core/listing/choices.html"
    counts: Mapping[str, int] = {}  # rows behind a choice, where the list counts them

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if self.counts:
            option["count"] = self.counts.get(str(option["value"]), 0)
        return option


class AnyOf(django_filters.Filter):  # type: ignore[misc]
    """Rows whose column holds one of the chosen values. Choices may be a function."""

    field_class = forms.MultipleChoiceField

    def __init__(self, field_name: str | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Choices)
        super().__init__(field_name, **kwargs)

    def filter(self, qs: "QuerySet[Any]", value: Sequence[str]) -> "QuerySet[Any]":
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class OneOf(django_filters.Filter):  # type: ignore[misc]
    """Rows whose column holds the chosen value; shown as a select that starts with “Any”."""

    field_class = forms.ChoiceField

    def __init__(self, field_name: str | None = None, **kwargs: Any) -> None:
        choices = kwargs.pop("choices")
        kwargs["choices"] = lambda: [
            ("", "Any"),
            *(choices() if callable(choices) else choices),
        ]
        super().__init__(field_name, **kwargs)


class Flag(django_filters.Filter):  # type: ignore[misc]
    """Yes or no; `condition` is what yes means (default: the column is true)."""

    field_class = forms.ChoiceField
    CHOICES = (("", "Any"), ("yes", "Yes"), ("no", "No"))

    def __init__(self, field_name: str | None = None, condition: Q | None = None, **kwargs: Any):
        self.condition = condition
        super().__init__(field_name, choices=self.CHOICES, **kwargs)

    def filter(self, qs: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        if not value:
            return qs
        meant = self.condition if self.condition is not None else Q(**{self.field_name: True})
        return qs.filter(meant if value == "yes" else ~meant)


class Contains(django_filters.Filter):  # type: ignore[misc]
    """Rows whose column contains the text; `lookup_expr="iexact"` for equality."""

    field_class = forms.CharField

    def __init__(self, field_name: str | None = None, lookup_expr: str = "icontains", **kw: Any):
        super().__init__(field_name, lookup_expr, max_length=100, **kw)


class LinkedField(forms.IntegerField):
    """The id of a thing; `named` says to a reader what it is called."""

    widget = forms.HiddenInput

    def __init__(self, *, named: Callable[[Any, int], str], **kwargs: Any) -> None:
        self.named = named
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)


class Linked(django_filters.Filter):  # type: ignore[misc]
    """Rows of the one thing that a link came from. Nobody types its id, and its chip says its name:
    `named(user, id)`.
    """

    field_class = LinkedField


class PeriodWidget(forms.MultiWidget):
    """A relative span, or two days."""

    template_name = "core/listing/period.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        days = {"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()}
        super().__init__(
            widgets={
                "": forms.Select(choices=[("", "Any time"), *Span.choices]),
                "from": forms.DateInput(attrs=days, format="%Y-%m-%d"),
                "to": forms.DateInput(attrs=days, format="%Y-%m-%d"),
            },
            attrs=attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None, None, None]


class PeriodField(forms.MultiValueField):
    """A relative span, or a first and a last day; cleaned to (span, first, last) or None."""

    widget = PeriodWidget

    def __init__(self, **kwargs: Any) -> None:
        days = [
            forms.DateField(required=False, input_formats=["%Y-%m-%d"], error_messages=message)
            for message in (
                {"invalid": "the first day is no date; write 2026-11-01."},
                {"invalid": "the last day is no date; write 2026-11-30."},
            )
        ]
        span = forms.ChoiceField(required=False, choices=[("", ""), *Span.choices])
        super().__init__(fields=(span, *days), require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> tuple[str, date | None, date | None] | None:
        span, first, last = data_list or ("", None, None)
        if not (span or first or last):
            return None
        if any(day and not EARLIEST <= day <= LATEST for day in (first, last)):
            raise forms.ValidationError("that day is too far away.")
        if first and last and first > last:
            raise forms.ValidationError("the first day lies after the last.")
        return span, first, last


class Period(django_filters.Filter):  # type: ignore[misc]
    """Rows of certain days: `placed=last-7-days`, or `placed_from=2026-11-01&placed_to=2026-11-30`.

    Days are the store's and the last one counts. `is_date` for columns that hold days.
    """

    field_class = PeriodField

    def __init__(self, field_name: str | None = None, *, is_date: bool = False, **kwargs: Any):
        self.is_date = is_date
        super().__init__(field_name, **kwargs)

    def filter(self, qs: "QuerySet[Any]", value: Any) -> "QuerySet[Any]":
        if not value:
            return qs
        span, first, last = value
        days = days_of(span, today=timezone.localdate()) if span else Days(first, last)
        return qs.filter(days.within(self.field_name, is_date=self.is_date))


class RangeField(forms.MultiValueField):
    """A least and a greatest number."""

    def __init__(self, **kwargs: Any) -> None:
        limits: dict[str, Any] = {"max_digits": 14, "decimal_places": 4, "required": False}
        numbers = (forms.DecimalField(**limits), forms.DecimalField(**limits))
        widget = forms.MultiWidget(
            widgets={name: forms.NumberInput(attrs={"step": "any"}) for name in ("min", "max")}
        )
        widget.decompress = lambda value: list(value) if value else [None, None]  # type: ignore[method-assign]
        widget.template_name = "core/listing/range.html"
        kwargs["widget"] = widget
        super().__init__(fields=numbers, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> tuple[Any, Any] | None:
        least, most = data_list or (None, None)
        return None if least is None and most is None else (least, most)


class NumberRange(django_filters.Filter):  # type: ignore[misc]
    """Rows between two numbers, both included: `total_min=10&total_max=20`."""

    field_class = RangeField

    def filter(self, qs: "QuerySet[Any]", value: Any) -> "QuerySet[Any]":
        if value:
            for bound, lookup in zip(value, ("gte", "lte"), strict=True):
                if bound is not None:
                    qs = qs.filter(**{f"{self.field_name}__{lookup}": bound})
        return qs


class ListFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Base of a list's filters. What cannot be understood becomes a hint and filters nothing."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        taken = RESERVED & set(cls.declared_filters)
        if taken:
            raise ValueError(
                f"a list's address uses these names itself: {', '.join(sorted(taken))}"
            )

    def __init__(self, data: QueryDict, queryset: "QuerySet[Any]", *, user: Any) -> None:
        self.user = user
        super().__init__(data, queryset)

    @property
    def qs(self) -> "QuerySet[Any]":
        """The rows that all understood filters leave."""
        self.form.is_valid()
        found: QuerySet[Any] = self.filter_queryset(self.queryset.all())
        return found

    @property
    def hints(self) -> list[str]:
        return [
            f"{self.form.fields[name].label}: {' '.join(errors)} The filter was left out."
            for name, errors in self.form.errors.items()
            if name in self.form.fields
        ]

    def show_counts(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Let choices say how many rows are behind them: by filter and value."""
        for name, by_value in counts.items():
            self.form.fields[name].widget.counts = by_value

    def params_of(self, name: str) -> list[str]:
        """The names that a filter has in the URL."""
        widget = self.form.fields[name].widget
        if isinstance(widget, forms.MultiWidget):
            return [name + suffix for suffix in widget.widgets_names]  # type: ignore[attr-defined]
        return [name]

    def params(self) -> list[tuple[str, str]]:
        """Everything of the URL that belongs to these filters, in a fixed order, empties left out."""
        return [
            (param, value)
            for name in self.form.fields
            for param in self.params_of(name)
            for value in self.data.getlist(param)
            if value
        ]

    def chips(self) -> list[Chip]:
        """The filters in force, each with what remains when it is removed."""
        self.form.is_valid()
        found: list[Chip] = []
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if value in (None, "", []):
                continue
            label = str(field.label or name)
            if isinstance(field, forms.MultipleChoiceField):
                labels = _labels(field)
                found.extend(
                    Chip(label, labels.get(one, one), {name: [v for v in value if v != one]})
                    for one in value
                )
            else:
                without: dict[str, list[str]] = {param: [] for param in self.params_of(name)}
                found.append(Chip(label, self._words(field, value), without))
        return found

    def _words(self, field: forms.Field, value: Any) -> str:
        if isinstance(field, LinkedField):
            return field.named(self.user, value)
        return _shown(field, value)


def _labels(field: forms.ChoiceField) -> dict[str, str]:
    pairs: Any = field.choices
    return {str(value): str(label) for value, label in pairs}


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, PeriodField):
        span, first, last = value
        if span:
            return str(Span(span).label)
        return _between(first, last)
    if isinstance(field, RangeField):
        return _between(*value)
    if isinstance(field, forms.ChoiceField):
        return _labels(field).get(str(value), str(value))
    return str(value)


def _between(first: Any, last: Any) -> str:
    if first is not None and last is not None:
        return f"{first} to {last}"
    return f"from {first}" if first is not None else f"up to {last}"
