"""Forms of custom fields: their definition, and the mixin that shows them in a thing's own form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import JSONField

from core import custom_fields
from core.custom_fields import Value
from core.errors import DomainError
from core.models import CustomField, CustomKind

PREFIX = "custom_"
YES_NO = [("", "–"), ("yes", "Yes"), ("no", "No")]


class BadCustomValue(DomainError):
    code = "bad_custom_value"


def form_field(field: CustomField) -> forms.Field:
    """The form field that a custom field is entered in."""
    common: dict[str, Any] = {
        "label": field.label,
        "help_text": field.hint,
        "required": field.is_required,
    }
    if field.kind == CustomKind.NUMBER:
        return forms.DecimalField(max_digits=15, decimal_places=6, **common)
    if field.kind == CustomKind.DAY:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], **common)
    if field.kind == CustomKind.FLAG:
        return forms.ChoiceField(choices=YES_NO, **common)
    if field.kind == CustomKind.CHOICE:
        return forms.ChoiceField(
            choices=[("", "–"), *((one, one) for one in field.choices)], **common
        )
    if field.kind == CustomKind.URL:
        return forms.URLField(max_length=500, assume_scheme="https", **common)
    return forms.CharField(max_length=500, **common)


def told_by_machine(subject: str, values: Mapping[str, Any]) -> dict[str, Value]:
    """Values that a program sent, by code, as they are kept: judged as the forms judge them. Raises
    BadCustomValue for a code that is no field and for a value that does not fit.
    """
    fields = {field.code: field for field in custom_fields.fields_of(subject)}
    told: dict[str, Value] = {}
    for code, value in values.items():
        field = fields.get(code)
        if field is None:
            known = ", ".join(fields) or "none is set up"
            raise BadCustomValue(f"“{code}” is no custom field; known: {known}.", field=code)
        entered = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        try:
            told[code] = custom_fields.stored(field.kind, form_field(field).clean(entered))
        except forms.ValidationError as error:
            raise BadCustomValue(f"{field.label}: {error.messages[0]}", field=code) from error
    return told


class CustomFieldsMixin(forms.BaseForm):
    """Put before ModelForm: the thing's custom fields follow its own, and `cleaned_data["custom"]`
    holds all of its values. Files name a field by its code, so `custom_values` may preset some.
    """

    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.custom = custom_fields.fields_of(type(self.instance)._meta.label_lower)
        for field in self.custom:
            self.fields[PREFIX + field.code] = form_field(field)
            kept = self.instance.custom.get(field.code)
            if isinstance(kept, bool):
                kept = "yes" if kept else "no"
            self.initial.setdefault(PREFIX + field.code, kept)

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        told: dict[str, Value] = {}
        for field in self.custom:
            if PREFIX + field.code in entered:
                told[field.code] = custom_fields.stored(
                    field.kind, entered.pop(PREFIX + field.code)
                )
        entered["custom"] = custom_fields.merged(self.instance.custom, told)
        return entered

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "custom" in self.cleaned_data:
            self.instance.custom = self.cleaned_data["custom"]


class CustomFieldForm(forms.ModelForm):  # type: ignore[type-arg]
    """One field, as admins define it."""

    subject = forms.ChoiceField(label="Belongs to", choices=custom_fields.subjects)
    choices = forms.CharField(
        label="Choices",
        required=False,
        max_length=5000,
        help_text="For one of a list: a choice a line.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = CustomField
        fields = ("subject", "label", "code", "kind", "choices", "hint", "is_required", "position")
        help_texts = {"position": "Lower stands first.", "is_required": "Forms ask for it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["choices"] = "\n".join(self.instance.choices)
            for name in ("subject", "code", "kind"):  # values are kept under these
                self.fields[name].disabled = True

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in JSONField().get_lookups():
            raise forms.ValidationError(f"“{code}” is a word of the database; choose another.")
        return code

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        choices = list(dict.fromkeys(line for line in lines if line))
        if any(len(choice) > 100 for choice in choices):
            raise forms.ValidationError("A choice has at most 100 characters; shorten it.")
        return choices

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if entered.get("kind") == CustomKind.CHOICE and not entered.get("choices"):
            self.add_error("choices", "Give at least one choice, each on a line of its own.")
        return entered
