"""Whole numbers in forms stay within what their column holds: a slip is a sentence on the field."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models

MOST = 2**63 - 1


def column_range(field: models.IntegerField) -> tuple[int | None, int | None]:  # type: ignore[type-arg]
    """The smallest and the largest number that the column of a model's field holds."""
    return connection.ops.integer_field_range(field.get_internal_type())


def _formfield(field: models.IntegerField, **kwargs: Any) -> forms.Field | None:  # type: ignore[type-arg]
    least, most = column_range(field)
    limits = {"min_value": least, "max_value": most, **kwargs}
    of_every_field = {"min_value": -MOST - 1, "max_value": MOST}
    narrower = {
        name: value
        for name, value in limits.items()
        if name not in of_every_field or value != of_every_field[name]
    }
    return super(models.IntegerField, field).formfield(
        **{"form_class": forms.IntegerField, **narrower}
    )


def keep_within_columns() -> None:
    """Give every integer field that a form makes of a model's field the limits of its column, and
    every other one those of the widest column there is.
    """
    models.IntegerField.formfield = _formfield  # type: ignore[assignment, method-assign]
    for inherits in (forms.DecimalField, forms.FloatField):
        inherits.default_validators = []
    forms.IntegerField.default_validators = [MinValueValidator(-MOST - 1), MaxValueValidator(MOST)]
