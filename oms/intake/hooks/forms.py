"""Forms of sources: which shop, which channel, which secret."""

from typing import Any

from django import forms

from core.models import Channel
from oms.models import SourceKind

WHERE_FROM = (
    "Shopify shows it below its list of webhooks. For other shops leave it empty: one is made and"
    " shown once, to be entered there."
)


class SourceForm(forms.Form):
    """A new source."""

    name = forms.CharField(max_length=100, help_text="Such as the name of the shop.")
    kind = forms.ChoiceField(label="Kind of shop", choices=SourceKind.choices)
    channel = forms.ModelChoiceField(
        queryset=Channel.objects.filter(is_active=True),
        empty_label=None,
        help_text="Its orders come in by this channel.",
    )
    secret = forms.CharField(
        required=False, max_length=200, help_text=WHERE_FROM, widget=forms.PasswordInput
    )

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if entered.get("kind") == SourceKind.SHOPIFY and not entered.get("secret"):
            self.add_error("secret", "Copy the secret that Shopify shows below its webhooks.")
        return entered


class SourceChangeForm(forms.Form):
    """What of a source can be changed."""

    name = forms.CharField(max_length=100)
    is_active = forms.BooleanField(
        label="Takes orders",
        required=False,
        help_text="Otherwise what it sends is kept, and taken in once this is ticked again.",
    )


class SecretForm(forms.Form):
    """A new secret."""

    secret = forms.CharField(
        label="New secret",
        required=False,
        max_length=200,
        help_text=WHERE_FROM,
        widget=forms.PasswordInput,
    )
