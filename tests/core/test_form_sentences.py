"""What forms say: our own sentences, and numbers that fit their column."""

import importlib
import pkgutil

import pytest
from django import forms
from django.apps import apps
from django.core import validators
from django.db import models

from core.forms.limits import MOST, column_range

OURS = ("core", "customers", "inventory", "orders", "payments", "reports", "returns", "shipping")
THEIRS = ("Ensure ", "Enter ", "Select a valid", "This field", "Value ")


def all_forms():
    """Every form class of ours; their modules are imported first."""
    for app in OURS:
        package = importlib.import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if any(room in found.name.split(".") for room in ("forms", "tables", "filters")):
                importlib.import_module(found.name)
    found, queue = set(), [forms.BaseForm]
    while queue:
        for child in queue.pop().__subclasses__():
            if child not in found:
                found.add(child)
                queue.append(child)
    named = [one for one in found if one.__module__.split(".")[0] in OURS]
    return sorted(named, key=lambda one: (one.__module__, one.__qualname__))


def fields_of(form):
    return getattr(form, "base_fields", {}).items()


def is_whole(field):
    decimals = (forms.DecimalField, forms.FloatField)
    return isinstance(field, forms.IntegerField) and not isinstance(field, decimals)


def said(field, value):
    try:
        field.clean(value)
    except forms.ValidationError as error:
        return " ".join(error.messages)
    return ""


def test_no_field_of_any_form_speaks_in_the_words_of_the_framework():
    foreign = [
        f"{form.__qualname__}.{name}: {sentence}"
        for form in all_forms()
        for name, field in fields_of(form)
        for sentence in map(str, field.error_messages.values())
        if sentence.startswith(THEIRS)
    ]
    assert foreign == []


def test_no_form_takes_a_whole_number_that_no_column_holds():
    taken = [
        f"{form.__qualname__}.{name}"
        for form in all_forms()
        for name, field in fields_of(form)
        if is_whole(field) and not said(field, str(MOST + 1))
    ]
    assert taken == []


def test_a_number_beyond_its_column_is_a_sentence_on_the_field():
    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for column in model._meta.concrete_fields:
            if not isinstance(column, models.IntegerField) or column.choices:
                continue
            field = column.formfield()
            _, most = column_range(column)
            if field and said(field, str(most + 1)) != f"Give {most} or less.":
                wrong.append(str(column))
    assert wrong == []


def test_numbers_that_a_person_types_into_a_form_of_its_own_are_bounded():
    """A plain form knows no column, so it names its limit; ids and versions are hidden or named so."""
    unbounded = [
        f"{form.__qualname__}.{name}"
        for form in all_forms()
        for name, field in form.__dict__.get("declared_fields", {}).items()
        if is_whole(field)
        and field.max_value is None
        and not field.widget.is_hidden
        and name not in {"id", "parcel", "line", "row"}
    ]
    assert unbounded == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (forms.IntegerField(), "two", "Give a whole number, such as 12."),
        (forms.IntegerField(max_value=5), "6", "Give 5 or less."),
        (forms.DecimalField(), "x", "Give a number, such as 12.50."),
        (forms.DecimalField(decimal_places=2), "1.234", "At most 2 decimal places are kept."),
        (forms.DecimalField(max_digits=1), "12", "At most 1 digit fits."),
        (forms.CharField(max_length=3), "four", "At most 3 characters fit; these are 4."),
        (forms.CharField(), "", "Fill this in."),
        (forms.CharField(), "a\0b", "Something in this cannot be kept; type it anew."),
        (forms.DateField(), "x", "Give a day, such as 2026-12-02."),
        (forms.DateField(), "9999-12-31", "Give a day of the years 1900 to 2199."),
        (forms.DateTimeField(), "9999-12-30 10:00", "Give a day of the years 1900 to 2199."),
        (forms.EmailField(), "x", "Give an e-mail address, such as name@example.com."),
        (
            forms.URLField(assume_scheme="https"),
            "x y",
            "Give an address, such as https://example.com.",
        ),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Choose one of the list."),
    ],
)
def test_a_field_says_what_to_do(field, value, sentence):
    assert said(field, value) == sentence


def test_a_slug_that_is_none_is_refused_in_our_words():
    assert said(forms.CharField(validators=[validators.RegexValidator("^a$")]), "b") == (
        "Something in this is not allowed; check it."
    )
