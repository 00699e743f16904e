"""The shapes of what people enter about customers."""

from django import forms

from core.forms.custom import CustomFieldsMixin
from core.markup.people import country_choices
from customers.models import Company, CompanyAddress, Customer, CustomerAddress, CustomerGroup
from customers.states import CompanyRole


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
            "group",
            "is_tax_exempt",
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
    """A company as people enter it; the verb proves its VAT id."""

    class Meta:
        model = Company
        fields = (
            "name",
            "vat_id",
            "group",
            "is_tax_exempt",
            "email",
            "phone",
            "needs_purchase_order",
            "warns_of_repeats",
            "note",
        )
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "vat_id": "With the letters of its country, such as DE123456788; checked as you save.",
            "email": "Where invoices and reminders go.",
        }

    def _post_clean(self) -> None:
        """The verb saves; nothing is built onto the instance here."""


class CompanyAddressForm(AddressForm):
    class Meta(AddressForm.Meta):
        model = CompanyAddress  # type: ignore[assignment]
        fields = (*AddressForm.Meta.fields, "is_for_bills")  # type: ignore[assignment]


class ContactForm(forms.Form):
    """Somebody who buys for a company: found by the e-mail address, or new."""

    email = forms.EmailField(
        label="E-mail", help_text="A customer with this address becomes the contact."
    )
    name = forms.CharField(label="Name", max_length=200, help_text="For somebody new.")
    phone = forms.CharField(label="Phone", max_length=40, required=False)
    role = forms.ChoiceField(label="Role", choices=CompanyRole.choices)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=CompanyRole.choices)


class CreditForm(forms.Form):
    """A company's credit in one currency."""

    currency = forms.CharField(
        label="Currency", min_length=3, max_length=3, help_text="Three letters, such as EUR."
    )
    limit = forms.DecimalField(
        label="Limit",
        min_value=0,
        max_digits=14,
        decimal_places=4,
        help_text="What may be ordered and not yet paid at a time.",
    )
    net_days = forms.IntegerField(
        label="Days to pay", min_value=0, max_value=365, help_text="From the day of the invoice."
    )
    why = forms.CharField(label="Reason", max_length=300)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class BlockForm(forms.Form):
    why = forms.CharField(
        label="Reason", max_length=300, help_text="Shown to whoever tries to order for it."
    )


class CustomerGroupForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CustomerGroup
        fields = ("name",)
