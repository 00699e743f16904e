"""What every form says of what was typed: our sentences in the place of the framework's own."""

from datetime import date
from typing import Any, Final

from django import forms
from django.core import validators
from django.db import models
from django.utils.translation import ngettext_lazy

from core.clock import refuse_beyond_reach

DAY: Final = "Give a day, such as 2026-12-02."
NUMBER: Final = "Give a number, such as 12.50."
CHOICE: Final = "Choose one of the list."
SEVERAL: Final = "Choose from the list."

FORM_FIELDS: Final[tuple[tuple[type[Any], dict[str, str]], ...]] = (
    (forms.Field, {"required": "Fill this in."}),
    (forms.IntegerField, {"invalid": "Give a whole number, such as 12."}),
    (forms.FloatField, {"invalid": NUMBER}),
    (forms.DecimalField, {"invalid": NUMBER}),
    (forms.DateField, {"invalid": DAY}),
    (forms.TimeField, {"invalid": "Give a time, such as 16:30."}),
    (forms.DateTimeField, {"invalid": "Give a day and a time, such as 2026-12-02 16:30."}),
    (forms.DurationField, {"invalid": "Give a length of time, such as 01:30:00."}),
    (
        forms.FileField,
        {
            "invalid": "Choose a file.",
            "missing": "Choose a file.",
            "empty": "The file is empty; choose another.",
            "contradiction": "Either choose a file or tick the box to remove it, not both.",
        },
    ),
    (forms.ImageField, {"invalid_image": "This is no picture, or it is damaged; choose another."}),
    (forms.URLField, {"invalid": "Give an address, such as https://example.com."}),
    (forms.ChoiceField, {"invalid_choice": CHOICE}),
    (forms.MultipleChoiceField, {"invalid_choice": SEVERAL, "invalid_list": SEVERAL}),
    (forms.ModelChoiceField, {"invalid_choice": CHOICE}),
    (
        forms.ModelMultipleChoiceField,
        {"invalid_choice": SEVERAL, "invalid_list": SEVERAL, "invalid_pk_value": SEVERAL},
    ),
    (forms.JSONField, {"invalid": "This is no JSON; check brackets, commas and quotes."}),
    (forms.UUIDField, {"invalid": "This is no identifier; copy it again."}),
    (
        forms.formsets.BaseFormSet,
        {"missing_management_form": "Part of the form is missing; reload the page and try again."},
    ),
    (
        models.Field,
        {
            "blank": "Fill this in.",
            "null": "Fill this in.",
            "invalid_choice": CHOICE,
            "unique": "Another one has this already; choose something else.",
        },
    ),
)
RULES: Final[tuple[tuple[type[Any], str], ...]] = (
    (validators.MaxValueValidator, "Give %(limit_value)s or less."),
    (validators.MinValueValidator, "Give %(limit_value)s or more."),
    (validators.StepValueValidator, "Give a multiple of %(limit_value)s."),
    (validators.RegexValidator, "Something in this is not allowed; check it."),
    (validators.EmailValidator, "Give an e-mail address, such as name@example.com."),
    (validators.URLValidator, "Give an address, such as https://example.com."),
    (validators.DomainNameValidator, "Give a domain, such as example.com."),
    (validators.ProhibitNullCharactersValidator, "Something in this cannot be kept; type it anew."),
    (
        validators.FileExtensionValidator,
        "A file ending in “%(extension)s” is not taken; choose one of: %(allowed_extensions)s.",
    ),
)
COUNTED: Final[tuple[tuple[type[Any], str, str], ...]] = (
    (
        validators.MaxLengthValidator,
        "At most %(limit_value)d character fits; these are %(show_value)d.",
        "At most %(limit_value)d characters fit; these are %(show_value)d.",
    ),
    (
        validators.MinLengthValidator,
        "At least %(limit_value)d character is needed; these are %(show_value)d.",
        "At least %(limit_value)d characters are needed; these are %(show_value)d.",
    ),
)
FILE_NAME: Final = (
    "The name of the file has %(length)d characters, at most %(max)d fits; rename it.",
    "The name of the file has %(length)d characters, at most %(max)d fit; rename it.",
)
DIGITS: Final = {
    "max_digits": ("At most %(max)s digit fits.", "At most %(max)s digits fit."),
    "max_decimal_places": (
        "At most %(max)s decimal place is kept.",
        "At most %(max)s decimal places are kept.",
    ),
    "max_whole_digits": (
        "At most %(max)s digit fits before the decimal point.",
        "At most %(max)s digits fit before the decimal point.",
    ),
}


def _within_reach(day: date) -> None:
    try:
        refuse_beyond_reach(day)
    except ValueError as error:
        raise forms.ValidationError(str(error), code="out_of_reach") from error


def say_it_our_way() -> None:
    """Put our sentences in the place of the framework's own, for every form and every app."""
    for field, words in FORM_FIELDS:
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **words}
    for field in (forms.DateField, forms.DateTimeField):
        field.default_validators = [_within_reach]
    for rule, sentence in RULES:
        rule.message = sentence
    for rule, one, many in COUNTED:
        rule.message = ngettext_lazy(one, many, "limit_value")
    forms.FileField.default_error_messages["max_length"] = ngettext_lazy(*FILE_NAME, "max")
    forms.FileField.default_error_messages["max_length"] = ngettext_lazy(*FILE_NAME, "max")
    told: dict[str, Any] = {
        code: ngettext_lazy(one, many, "max") for code, (one, many) in DIGITS.items()
    }
    validators.DecimalValidator.messages = {"invalid": NUMBER, **told}
