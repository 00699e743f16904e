"""Forms of assembly orders."""

from typing import Any

from django import forms

from core.models import User
from inventory.forms.stock import WHOLE
from inventory.models import AssemblyOrder, Location, Variant
from inventory.selectors import visible_locations
from inventory.selectors.codes import read_code
from inventory.states import Tracking


class AssemblyForm(forms.Form):
    """What is to be made, or taken apart."""

    variant = forms.CharField(
        label="SKU or barcode",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "Say which SKU is made."},
    )
    location = forms.ModelChoiceField(
        Location.objects.none(),
        empty_label="Choose a location",
        error_messages={"required": "Say where it is made."},
    )
    quantity = forms.IntegerField(
        label="Units",
        min_value=1,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Say how many units.",
            "invalid": WHOLE,
            "min_value": "Make at least 1.",
        },
    )
    is_disassembly = forms.BooleanField(
        label="Take apart instead",
        required=False,
        help_text="The whole goes out, its parts come in.",
    )
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = visible_locations(user).filter(is_active=True)  # type: ignore[attr-defined]

    def clean_variant(self) -> Variant:
        read = read_code(self.cleaned_data["variant"])
        if read is None:
            raise forms.ValidationError(
                f"No variant has the SKU or barcode “{self.cleaned_data['variant']}”."
            )
        return read.variant


class FinishForm(forms.Form):
    """How many came out, and of what lot."""

    made = forms.IntegerField(
        label="Units made",
        min_value=1,
        max_value=1_000_000,
        error_messages={"required": "Say how many.", "invalid": WHOLE},
    )
    lot_code = forms.CharField(label="Lot number", max_length=60, required=False)
    expires_on = forms.DateField(
        label="Expires on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, order: AssemblyOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made"].initial = order.quantity
        if order.is_disassembly or order.variant.tracking != Tracking.LOT:
            del self.fields["lot_code"], self.fields["expires_on"]
        if order.is_disassembly:
            del self.fields["made"]
