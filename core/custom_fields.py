"""Fields that admins add: which things may have them, and how values are read, shown and compared.

A model joins by standing on core.models.HasCustomFields; its form stands on
core.forms.custom.CustomFieldsMixin, its list names `custom_subject`, its page shows
`{% custom_facts thing %}`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps

from core.models import CustomField, CustomKind, HasCustomFields

Value = str | int | float | bool | None


def subjects() -> list[tuple[str, str]]:
    """What may have custom fields: (model label, what people call them), by words."""
    found = [
        (model._meta.label_lower, str(model._meta.verbose_name_plural).capitalize())
        for model in apps.get_models()
        if issubclass(model, HasCustomFields)
    ]
    return sorted(found, key=lambda pair: pair[1])


def label_of(subject: str) -> str:
    return dict(subjects()).get(subject, subject)


def fields_of(subject: str) -> list[CustomField]:
    """The fields of one kind of thing, in their order. One query."""
    return list(CustomField.objects.filter(subject=subject).order_by("position", "label", "id"))


def stored(kind: str, value: Any) -> Value:
    """A cleaned form value as it is kept in JSON; None where nothing was said."""
    if value in (None, ""):
        return None
    if kind == CustomKind.FLAG:
        return value in (True, "yes", "True")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def words(value: Value) -> str:
    """A kept value in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def reader(code: str, path: str = "custom") -> Callable[[Any], str]:
    """A function that reads one field's words off a row; `path` leads to the JSON column."""
    steps = path.split("__")

    def read(row: Any) -> str:
        for step in steps:
            row = getattr(row, step, None)
            if row is None:
                return ""
        return words(row.get(code))

    return read


def merged(before: Mapping[str, Value], told: Mapping[str, Value]) -> dict[str, Value]:
    """Kept values with new ones put over them; None takes one away."""
    return {key: value for key, value in {**before, **told}.items() if value is not None}


def differences(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> dict[str, tuple[str, str]]:
    """What changed, by code: (before, after) in words."""
    return {
        key: (words(before.get(key)), words(after.get(key)))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    }


def shown_on(subject: str, values: Mapping[str, Value]) -> list[tuple[CustomField, str]]:
    """A thing's fields with their words, for its page. One query."""
    return [(field, words(values.get(field.code))) for field in fields_of(subject)]
