"""The shapes of what people enter about customers."""

from django import forms

from core.markup.people import country_choices
from customers.models import Company, Customer, CustomerAddress


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Customer
        fields = ("name", "email", "phone", "language", "company", "accepts_marketing", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        labels = {"email": "E-mail"}


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
