"""Forms of locations: address, clock and calendar, closed days, bins."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core.errors import DomainError
from core.forms.custom import CustomFieldsMixin
from core.markup.people import country_codes
from inventory.models import Location
from inventory.services.premises import NewBin, expand

WEEKDAYS = (
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
)


class LocationForm(CustomFieldsMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A place with stock."""

    working_days = forms.TypedMultipleChoiceField(
        label="Works on",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day on which it works."},
    )

    class Meta:
        model = Location
        fields = (
            "code",
            "name",
            "kind",
            "line1",
            "line2",
            "postal_code",
            "city",
            "region",
            "country",
            "latitude",
            "longitude",
            "currency",
            "time_zone",
            "cut_off",
            "working_days",
            "handling_days",
            "capacity_per_day",
            "is_pickup",
            "is_active",
        )
        help_texts = {
            "country": "Two letters, such as DE.",
            "latitude": "Degrees north, such as 52.52; with both, distances to customers are known.",
            "longitude": "Degrees east, such as 13.405.",
            "currency": "What its stock costs is told in this; three letters, such as EUR.",
            "time_zone": "Its clock; a name such as Europe/Berlin.",
            "cut_off": "Orders that come in before this still leave the same working day.",
        }
        widgets = {"cut_off": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("working_days", [0, 1, 2, 3, 4])
        self.fields["handling_days"].required = False

    def clean_handling_days(self) -> int:
        return self.cleaned_data["handling_days"] or 0

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if country not in country_codes():
            raise forms.ValidationError("Use the two letters of the country, such as DE.")
        return country

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
            raise forms.ValidationError("Use the three letters of the currency, such as EUR.")
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"latitude", "longitude"} & set(self.errors):
            north, east = cleaned.get("latitude"), cleaned.get("longitude")
            if (north is None) != (east is None):
                self.add_error(
                    "longitude" if east is None else "latitude",
                    "Give both coordinates, or neither.",
                )
        return cleaned


class ClosureForm(forms.Form):
    """A day on which a location does not work."""

    day = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Say on which day.", "invalid": "Give a day: 2026-12-24."},
    )
    name = forms.CharField(
        label="Reason",
        max_length=100,
        error_messages={"required": "Say why, such as “Christmas”."},
    )
    is_everywhere = forms.BooleanField(label="Every location is closed", required=False)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError("That day is over; give one from today on.")
        return day


class BinsForm(forms.Form):
    """Bins by pattern, or pasted: a code a line, then zone, aisle and shelf."""

    bins = forms.CharField(
        label="Bins to add",
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "mono", "spellcheck": "false"}),
        help_text="One a line, or by pattern: “A-{01..12}-{1..4}”. From a spreadsheet: code, zone,"
        " aisle, shelf.",
        error_messages={"required": "Name at least one bin, such as A-01-2."},
    )

    def clean_bins(self) -> list[NewBin]:
        made: list[NewBin] = []
        for raw in self.cleaned_data["bins"].replace("\0", "").splitlines():
            if not raw.strip():
                continue
            mark = next((one for one in "\t;," if one in raw), "\t")
            code, *rest = [cell.strip() for cell in raw.split(mark)]
            zone, aisle, shelf = (*rest, "", "", "")[:3]
            try:
                made += [NewBin(one, zone, aisle, shelf) for one in expand(code)]
            except DomainError as error:
                raise forms.ValidationError(error.message) from error
        return made
