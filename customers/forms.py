"""The shapes of what people enter about customers."""

from django import forms

from core.forms.custom import CustomFieldsMixin
from core.markup.people import country_choices
from customers.models import Company, Customer, CustomerAddress


class CustomerForm(CustomFieldsMixin, forms.ModelForm):  # type: ignore[type-arg]
    shelf_life_days = forms.IntegerField(
        label="Days goods must still keep",
        required=False,
        min_value=0,
        max_value=3650,
        help_text="What expires is only sent when it keeps this long; empty: no wish.",
    )

    class Meta:
        model = Customer
        fields = (
            "name",
            "email",
            "phone",
            "language",
            "company",
            "accepts_marketing",
            "shelf_life_days",
            "note",
        )
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        labels = {"email": "E-mail"}

    def clean_shelf_life_days(self) -> int:
        """Left empty, nothing is asked."""
        return self.cleaned_data.get("shelf_life_days") or 0


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    country = forms.ChoiceField(choices=country_choices)

    class Meta:
        model = CustomerAddress
        fields = (
            "name",
            "company",
            "line1",
            "line2",
            "postal_code",
            "city",
            "region",
            "country",
            "phone",
        )


class CompanyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Company
        fields = ("name", "vat_id")
