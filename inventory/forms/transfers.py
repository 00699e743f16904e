"""Forms of transfers."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.models import User
from inventory.forms.lines import LinesField
from inventory.forms.stock import WHOLE
from inventory.models import Location, TransferLine
from inventory.selectors import visible_locations
from inventory.states import LossReason

LINES_HINT = (
    "A SKU or barcode and a number a line, as copied from a spreadsheet: “MUG 12”."
    " A lot may follow."
)


class TransferForm(forms.Form):
    """What is to be sent from where to where."""

    source = forms.ModelChoiceField(
        Location.objects.none(),
        label="From",
        empty_label="Choose a location",
        error_messages={"required": "Say from where the goods leave."},
    )
    target = forms.ModelChoiceField(
        Location.objects.none(),
        label="To",
        empty_label="Choose a location",
        error_messages={"required": "Say where the goods go."},
    )
    expected_on = forms.DateField(
        label="Expected on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    exchange_rate = forms.DecimalField(
        label="Exchange rate",
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=8,
        help_text="Only between two currencies: how much of the target’s currency one unit of the"
        " source’s is worth.",
    )
    lines = LinesField(
        label="What is sent",
        help_text=LINES_HINT,
        error_messages={"required": "Say what is to be sent: a SKU and a number a line."},
    )
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = visible_locations(user).filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["target"].queryset = Location.objects.active()  # type: ignore[attr-defined]


class TransferPlanForm(forms.Form):
    """A draft, planned anew: its way stays."""

    expected_on = TransferForm.base_fields["expected_on"]
    lines = LinesField(
        label="What is sent",
        help_text=LINES_HINT,
        error_messages={"required": "Say what is to be sent, or cancel the transfer."},
    )
    note = forms.CharField(max_length=300, required=False)


class ShipForm(forms.Form):
    """How many units of each line leave."""

    def __init__(self, *args: Any, lines: Sequence[TransferLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"line_{line.pk}"] = forms.IntegerField(
                label=f"Units of {line.variant.sku} that leave",
                min_value=0,
                max_value=line.quantity,
                initial=line.quantity,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages={
                    "required": "Say how many leave; 0 for none.",
                    "invalid": WHOLE,
                    "min_value": "Fewer than none cannot leave.",
                    "max_value": f"Only {line.quantity} were planned; change the transfer first.",
                },
            )

    @property
    def quantities(self) -> dict[int, int]:
        return {int(name.removeprefix("line_")): units for name, units in self.cleaned_data.items()}


class UnitsForm(forms.Form):
    """So many units of one line."""

    line = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    units = forms.IntegerField(
        min_value=0,
        max_value=1_000_000,
        error_messages={"required": "Say how many units.", "invalid": WHOLE},
    )


class LossForm(UnitsForm):
    """Units of one line that will not come, and why."""

    why = forms.ChoiceField(choices=LossReason.choices)


class CodeForm(forms.Form):
    """One scanned or typed code."""

    code = forms.CharField(
        max_length=100, error_messages={"required": "Scan a code, or type a SKU."}
    )
