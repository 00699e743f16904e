"""Forms of stock, the catalogue and places: well-formed input, no decisions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q

from core.models import User
from inventory.models import Category, Location, Product, Variant
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
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Say how many units.", "invalid": WHOLE},
    )
    reason = forms.ChoiceField(
        choices=(), error_messages={"required": "Say why: every movement has a reason."}
    )
    note = forms.CharField(
        max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("sku", "location", "condition", "mode", "units", "reason", "note", "seen")

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

    def clean_units(self) -> int:
        units: int = self.cleaned_data["units"]
        if units < 0:
            raise forms.ValidationError(
                "Units cannot be negative. To book fewer, choose “Take away”."
            )
        if units > MOST_UNITS:
            raise forms.ValidationError(f"{units:,} is too many; at most {MOST_UNITS:,} at a time.")
        return units

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("mode") != Mode.SET and cleaned.get("units") == 0:
            self.add_error("units", "Nothing would change; give at least 1.")
        return cleaned


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


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]
    """A product as shoppers know it."""

    category = forms.CharField(
        max_length=100,
        required=False,
        help_text="A new name makes a new category.",
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )

    class Meta:
        model = Product
        fields = ("name", "brand", "category", "description", "tax_class", "is_active")
        labels = {"is_active": "Sold", "tax_class": "Tax class"}
        help_texts = {"tax_class": "Which tax rates apply, such as standard or reduced."}
        widgets = {"description": forms.Textarea(attrs={"rows": 4, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.category:
            self.initial["category"] = self.instance.category.name

    @property
    def categories(self) -> Sequence[str]:
        return list(Category.objects.values_list("name", flat=True))

    def clean_category(self) -> str:
        return " ".join(self.cleaned_data["category"].split())

    def _post_clean(self) -> None:
        """The verb saves; nothing is built onto the instance here."""


class VariantForm(forms.ModelForm):  # type: ignore[type-arg]
    """One SKU."""

    class Meta:
        model = Variant
        fields = (
            "sku",
            "name",
            "barcode",
            "weight_g",
            "length_mm",
            "width_mm",
            "height_mm",
            "hs_code",
            "origin_country",
            "can_backorder",
            "is_active",
        )
        labels = {
            "length_mm": "Length in mm",
            "width_mm": "Width in mm",
            "height_mm": "Height in mm",
            "origin_country": "Country of origin",
            "is_active": "Sold",
        }
        help_texts = {
            "origin_country": "Two letters, such as DE.",
            "can_backorder": "Orders are taken although nothing is free; they wait for stock.",
        }

    def clean_sku(self) -> str:
        sku = str(self.cleaned_data["sku"]).strip()
        others = Variant.objects.filter(sku__iexact=sku).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(f"“{sku}” belongs to another variant already.")
        return sku

    def clean_barcode(self) -> str:
        barcode = str(self.cleaned_data["barcode"]).strip()
        others = Variant.objects.filter(barcode=barcode).exclude(pk=self.instance.pk)
        if barcode and others.exists():
            raise forms.ValidationError(f"“{barcode}” belongs to another variant already.")
        return barcode

    def clean_origin_country(self) -> str:
        country = str(self.cleaned_data["origin_country"]).strip().upper()
        if country and (len(country) != 2 or not country.isalpha()):
            raise forms.ValidationError("Use the two letters of the country, such as DE.")
        return country

    def _post_clean(self) -> None:
        """The verb saves; nothing is built onto the instance here."""


class LocationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A place with stock."""

    class Meta:
        model = Location
        fields = (
            "code",
            "name",
            "kind",
            "line1",
            "postal_code",
            "city",
            "country",
            "time_zone",
            "cut_off",
            "is_active",
        )
        help_texts = {
            "country": "Two letters, such as DE.",
            "time_zone": "Its clock; a name such as Europe/Berlin.",
            "cut_off": "Orders that come in before this still leave the same working day.",
        }
        widgets = {"cut_off": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if len(country) != 2 or not country.isalpha():
            raise forms.ValidationError("Use the two letters of the country, such as DE.")
        return country


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
