"""What is said of suppliers and their prices."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from core.markup.people import country_codes
from inventory.forms.purchasing import price_field, units_field, unknown, variants_named
from inventory.models import (
    Supplier,
    SupplierItem,
    Variant,
)

MOST_OF = {"lead_time_days": 1000, "over_tolerance": 100, "short_tolerance": 100}


class SupplierForm(forms.ModelForm):  # type: ignore[type-arg]
    """A company that goods are bought from."""

    class Meta:
        model = Supplier
        fields = (
            "code",
            "name",
            "email",
            "phone",
            "line1",
            "postal_code",
            "city",
            "country",
            "currency",
            "lead_time_days",
            "minimum_order",
            "over_tolerance",
            "short_tolerance",
            "inspects_goods",
            "note",
            "is_active",
        )
        labels = {"is_active": "Bought from", "minimum_order": "Smallest order"}
        help_texts = {
            "code": "Short and unique: “nst”.",
            "country": "Two letters, such as NL.",
            "currency": "Its prices are in this; three letters, such as EUR.",
            "lead_time_days": "From order to delivery, where its price list does not tell.",
            "over_tolerance": "Per cent of a line that may come on top without asking anybody.",
            "short_tolerance": "Per cent of a line that the warehouse may give up by itself.",
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["minimum_order"] = f"{self.instance.minimum_order or 0:.2f}"
        for name, most in MOST_OF.items():
            too_much = f"That is too much; at most {most:,}."
            self.fields[name].validators.append(MaxValueValidator(most, too_much))

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).strip().upper()
        if country and country not in country_codes():
            raise forms.ValidationError("Use the two letters of the country, such as NL.")
        return country

    def _post_clean(self) -> None:
        """The verb saves; nothing is built onto the instance here."""


class PriceForm(forms.Form):
    """What a supplier asks for one SKU."""

    sku = forms.CharField(label="SKU or barcode", max_length=60)
    supplier_sku = forms.CharField(label="Supplier’s SKU", max_length=60, required=False)
    price = price_field(label="Price of a unit")
    minimum_quantity = units_field(label="Smallest quantity", initial=1)
    pack_size = units_field(
        label="Units in a pack", initial=1, help_text="Only whole packs are bought."
    )
    lead_time_days = forms.IntegerField(
        label="Days to delivery",
        required=False,
        min_value=0,
        max_value=1000,
        help_text="Empty: as the supplier’s.",
        error_messages={"invalid": "Give a whole number of days."},
    )
    is_preferred = forms.BooleanField(label="Bought here first", required=False)

    def __init__(self, *args: Any, item: SupplierItem | None = None, **kwargs: Any) -> None:
        if item is not None:
            names = ("supplier_sku", "minimum_quantity", "pack_size", "lead_time_days")
            kwargs["initial"] = {
                **{name: getattr(item, name) for name in names},
                "price": f"{item.price.normalize():f}",
                "is_preferred": item.is_preferred,
                "sku": item.variant.sku,
            }
        super().__init__(*args, **kwargs)
        if item is not None:
            self.fields["sku"].disabled = True

    def clean_sku(self) -> Variant:
        text = self.cleaned_data["sku"]
        variant = variants_named([text]).get(text.upper())
        if variant is None:
            raise forms.ValidationError(unknown(text))
        return variant
