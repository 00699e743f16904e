"""Forms of lots and serial numbers: well-formed input, no decisions."""

from typing import Any

from django import forms

from core.models import User
from inventory.models import Location, Variant
from inventory.selectors import visible_locations
from inventory.states import Condition, MovementReason, Tracking


class RecallForm(forms.Form):
    """Why a lot is called back, or sold again."""

    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Staff read this wherever the lot turns up; messages to customers may name it.",
    )


class SerialsForm(forms.Form):
    """Numbers of units that lie at a location."""

    variant = forms.ModelChoiceField(
        Variant.objects.filter(tracking=Tracking.SERIAL),
        to_field_name="sku",
        label="SKU",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={
            "required": "Say which SKU it is.",
            "invalid_choice": "No product with serial numbers has this SKU; check it.",
        },
    )
    location = forms.ModelChoiceField(Location.objects.none(), empty_label="Choose a location")
    condition = forms.ChoiceField(choices=Condition.choices, initial=Condition.SELLABLE)
    serials = forms.CharField(
        label="Serial numbers",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocapitalize": "characters"}),
        help_text="One a line: scan them one after the other, or paste a list.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = visible_locations(user).filter(is_active=True)  # type: ignore[attr-defined]

    def codes(self) -> list[str]:
        return [line for line in self.cleaned_data["serials"].splitlines() if line.strip()]


class ScrapForm(forms.Form):
    """Why a unit leaves stock."""

    reason = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (MovementReason.SCRAPPED, MovementReason.LOST)]
    )
    note = forms.CharField(max_length=300, required=False)
