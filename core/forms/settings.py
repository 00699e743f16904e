"""Forms of the ground's settings: legal entities and channels."""

from babel.numbers import list_currencies
from django import forms

from core.models import Channel, LegalEntity


class LegalEntityForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LegalEntity
        fields = (
            "code",
            "name",
            "line1",
            "postal_code",
            "city",
            "country",
            "vat_id",
            "email",
            "bank_account",
            "invoice_prefix",
        )
        help_texts = {
            "country": "Two letters, such as DE or GB.",
            "invoice_prefix": "Stands before every invoice number; invoices already issued keep theirs.",
        }

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if len(country) != 2 or not country.isalpha():
            raise forms.ValidationError("Use the two letters of the country, such as DE.")
        return country


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Channel
        fields = (
            "code",
            "name",
            "kind",
            "legal_entity",
            "currency",
            "time_zone",
            "number_prefix",
            "prices_include_tax",
            "stock_buffer",
            "unpaid_days",
            "is_active",
        )
        labels = {"is_active": "Takes orders", "unpaid_days": "Days to pay"}
        help_texts = {
            "currency": "Three letters, such as EUR; orders already placed keep theirs.",
            "time_zone": "“Today” on this channel's orders; a name such as Europe/Berlin.",
            "number_prefix": "Stands before the numbers of this channel's new orders.",
        }

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if currency not in list_currencies():
            raise forms.ValidationError(f"“{currency}” is no currency; use a code such as EUR.")
        return currency


class AuditFilterForm(forms.Form):
    """What the audit log is asked for; everything may be left empty."""

    subject = forms.SlugField(required=False, max_length=40)
    id = forms.IntegerField(required=False, min_value=1)
    actor = forms.CharField(required=False, max_length=100)
    name = forms.CharField(required=False, max_length=80)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
