"""Forms of stock, the catalogue and places: well-formed input, no decisions."""

from typing import Any

from django import forms
from django.db.models import Q

from core.models import User
from inventory.models import Location, Lot, Variant
from inventory.selectors import visible_locations
from inventory.services import Mode
from inventory.states import Condition, MovementReason

MOST_UNITS = 1_000_000
WHOLE = "Give a whole number of units, such as 12."


class AdjustForm(forms.Form):
    """A count, or units found or lost, at one location."""

    sku = forms.CharField(
        label="SKU or barcode",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "Say which SKU you counted."},
    )
    location = forms.ModelChoiceField(
        Location.objects.none(),
        empty_label="Choose a location",
        error_messages={"required": "Say where the units lie."},
    )
    condition = forms.ChoiceField(choices=Condition.choices, initial=Condition.SELLABLE)
    mode = forms.ChoiceField(label="What you found", choices=Mode.choices, initial=Mode.SET)
    units = forms.IntegerField(
        label="Units",
        min_value=0,
        max_value=MOST_UNITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Say how many units.",
            "invalid": WHOLE,
            "min_value": "Units cannot be negative. To book fewer, choose “Take away”.",
            "max_value": f"That is too many; at most {MOST_UNITS:,} at a time.",
        },
    )
    reason = forms.ChoiceField(
        choices=(), error_messages={"required": "Say why: every movement has a reason."}
    )
    lot = forms.CharField(
        max_length=60,
        required=False,
        help_text="Where lots are told apart; empty: units go from those that expire first.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("sku", "location", "lot", "condition", "mode", "units", "reason", "note", "seen")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = visible_locations(user).filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a reason"),
            *((one.value, one.label) for one in MovementReason.for_adjustment()),
        ]

    def clean_sku(self) -> Variant:
        text = self.cleaned_data["sku"]
        variant = (
            Variant.objects.select_related("product")
            .filter(Q(sku__iexact=text) | Q(barcode=text))
            .order_by("pk")
            .first()
        )
        if variant is None:
            raise forms.ValidationError(
                f"No variant has the SKU or barcode “{text}”. Check it, or add the product first."
            )
        return variant

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("mode") != Mode.SET and cleaned.get("units") == 0:
            self.add_error("units", "Nothing would change; give at least 1.")
        cleaned["lot"] = self._lot(cleaned.get("sku"), cleaned.get("lot") or "")
        return cleaned

    def _lot(self, variant: Variant | None, code: str) -> Lot | None:
        """The lot of the variant with that number, whatever the case of its letters."""
        if variant is None or not code:
            return None
        lot = Lot.objects.filter(variant=variant, code__iexact=code).first()
        if lot is None:
            self.add_error(
                "lot",
                f"{variant.sku} has no lot “{code}”. Check the number, or receive the goods first.",
            )
        return lot


class ThresholdForm(forms.Form):
    """The safety stock and the bin of a variant at a location."""

    safety = forms.IntegerField(
        label="Safety stock",
        min_value=0,
        max_value=MOST_UNITS,
        help_text="Units that are never sold from here.",
        error_messages={
            "invalid": WHOLE,
            "min_value": "Safety stock cannot be negative.",
            "max_value": "That is too many.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    bin = forms.CharField(max_length=30, required=False, help_text="Where it lies: “A-01-2”.")


class ChannelPlacesForm(forms.Form):
    """The locations that a channel sells from: a rank each, empty for none; and how long goods must
    still keep when they are set aside for its orders.
    """

    shelf_life_days = forms.IntegerField(
        label="Days goods must still keep",
        required=False,
        min_value=0,
        max_value=3650,
        help_text="Lots that expire sooner are not sold here; a customer may ask for more. Empty: none.",
    )

    def __init__(
        self, *args: Any, ranks: dict[int, int], shelf_life_days: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shelf_life_days"].initial = shelf_life_days
        self.places = list(Location.objects.active())
        for place in self.places:
            self.fields[f"place_{place.pk}"] = forms.IntegerField(
                label=place.name,
                required=False,
                min_value=1,
                max_value=99,
                initial=ranks.get(place.pk),
                help_text="Lowest is asked first; empty: not from here.",
                error_messages={"invalid": "Give a rank from 1 to 99, or leave it empty."},
            )
        self.fields["shelf_life_days"] = self.fields.pop("shelf_life_days")  # after the places

    @property
    def chosen(self) -> list[Location]:
        """The places with a rank, lowest first."""
        ranked = [
            (rank, place.name, place)
            for place in self.places
            if (rank := self.cleaned_data.get(f"place_{place.pk}")) is not None
        ]
        return [place for _, _, place in sorted(ranked, key=lambda one: one[:2])]


class LocationAccessForm(forms.Form):
    """Where a member of the warehouse works."""

    locations = forms.ModelMultipleChoiceField(
        Location.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
