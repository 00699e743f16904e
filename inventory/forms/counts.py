"""Forms of counts."""

from typing import Any

from django import forms

from core.models import User
from inventory.forms.lines import LinesField
from inventory.forms.stock import WHOLE
from inventory.models import Category, Location
from inventory.selectors import visible_locations
from inventory.selectors.counting import CLASSES, CountChoice
from inventory.states import Condition, CountMethod

NEEDED = {
    CountMethod.BIN: ("bins", "Say which bins: “A-01-2”, or “A-*” for all that begin with A-."),
    CountMethod.CATEGORY: ("category", "Choose the category to count."),
    CountMethod.SAMPLE: ("sample", "Say how many SKUs are drawn."),
    CountMethod.ABC: ("abc", "Choose the class to count."),
    CountMethod.SKUS: ("skus", "Say which SKUs are counted, one a line."),
}


class CountForm(forms.Form):
    """What is to be counted where, and how."""

    location = forms.ModelChoiceField(
        Location.objects.none(),
        empty_label="Choose a location",
        error_messages={"required": "Say where you count."},
    )
    method = forms.ChoiceField(
        label="What to count", choices=CountMethod.choices, initial=CountMethod.BIN
    )
    bins = forms.CharField(
        required=False,
        max_length=300,
        help_text="For bins: names with commas between; “A-*” is every bin that begins with A-.",
    )
    category = forms.ModelChoiceField(
        Category.objects.all(), required=False, help_text="For a category."
    )
    sample = forms.IntegerField(
        label="SKUs drawn",
        required=False,
        min_value=1,
        max_value=2000,
        help_text="For a random sample.",
        error_messages={"invalid": "Give a whole number of SKUs, such as 20."},
    )
    abc = forms.ChoiceField(
        label="Class",
        required=False,
        choices=[("", "–"), *((one, one) for one in CLASSES)],
        help_text="For a class: A is the few SKUs that make up 80 % of what left in a year.",
    )
    skus = LinesField(
        label="SKUs", required=False, has_units=False, help_text="For a list: one a line."
    )
    condition = forms.ChoiceField(choices=Condition.choices, initial=Condition.SELLABLE)
    is_blind = forms.BooleanField(
        label="Blind",
        required=False,
        initial=True,
        help_text="Who counts does not see what should be there.",
    )
    tolerance_units = forms.IntegerField(
        label="Booked unseen up to, in units",
        min_value=0,
        max_value=1_000_000,
        initial=2,
        error_messages={"invalid": WHOLE},
    )
    tolerance_percent = forms.IntegerField(
        label="or up to, in per cent of what should be there",
        min_value=0,
        max_value=100,
        initial=5,
        error_messages={"invalid": "Give a whole number of per cent, such as 5."},
    )
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = visible_locations(user).filter(is_active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if needed := NEEDED.get(cleaned.get("method", "")):
            field, words = needed
            if field not in self.errors and not cleaned.get(field):
                self.add_error(field, words)
        return cleaned

    @property
    def choice(self) -> CountChoice:
        values = self.cleaned_data
        return CountChoice(
            method=CountMethod(values["method"]),
            bins=[one.strip() for one in values["bins"].split(",") if one.strip()],
            category=values["category"],
            sample=values["sample"] or 0,
            abc=values["abc"],
            variant_ids=[one.variant.pk for one in values["skus"]],
        )


class CountedForm(forms.Form):
    """How many units of one line were counted."""

    line = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    counted = forms.IntegerField(
        label="Counted",
        min_value=0,
        max_value=1_000_000,
        error_messages={
            "required": "Say how many you counted; 0 for none.",
            "invalid": WHOLE,
            "min_value": "A count cannot be negative.",
            "max_value": "At most 1,000,000 units can be counted.",
        },
    )
