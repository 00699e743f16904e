"""Forms of the ground's settings: legal entities and channels."""

from typing import Any

from babel.numbers import list_currencies
from django import forms

from core.markup.people import country_codes
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
            "credit_note_prefix",
        )
        help_texts = {
            "country": "Two letters, such as DE or GB.",
            "invoice_prefix": "Stands before every invoice number; invoices already issued keep theirs.",
            "credit_note_prefix": "The same for credit notes.",
        }

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if country not in country_codes():
            raise forms.ValidationError("Use the two letters of the country, such as DE.")
        return country

    def clean(self) -> dict[str, Any]:
        """No two papers may share a number, whoever issued them."""
        entered = super().clean() or self.cleaned_data
        others = LegalEntity.objects.exclude(pk=self.instance.pk)
        taken = {
            prefix: str(other)
            for other in others
            for prefix in (other.invoice_prefix, other.credit_note_prefix)
        }
        for name in ("invoice_prefix", "credit_note_prefix"):
            prefix = entered.get(name, "")
            if prefix[-1:].isdigit():
                self.add_error(
                    name, f"End it with a letter or a mark, such as {prefix}-, before the digits."
                )
            elif prefix in taken:
                self.add_error(
                    name, f"{taken[prefix]} numbers its papers with {prefix}; choose another."
                )
        if entered.get("invoice_prefix") == entered.get("credit_note_prefix"):
            self.add_error("credit_note_prefix", "Invoices begin so already; choose another.")
        return entered


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
            "is_screened",
            "is_active",
        )
        labels = {
            "is_active": "Takes orders",
            "unpaid_days": "Days to pay",
            "is_screened": "Checked for risk",
        }
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
