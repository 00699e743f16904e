"""The choices of an import of orders, as a page asks for them."""

from typing import Any

from django import forms

from core.models import Channel
from oms.intake.mapping import BadMapping, read_mapping
from oms.intake.options import ExistingRule, ProductRule, StockRule


class OrderImportForm(forms.Form):
    """Channel, rules, and the map where the format needs one."""

    channel = forms.ModelChoiceField(
        queryset=Channel.objects.filter(is_active=True),
        to_field_name="code",
        empty_label=None,
        help_text="The shop these orders come from; it also gives their time zone and currency"
        " where the file says nothing of them.",
        error_messages={
            "required": "Choose a channel; where there is none to choose, add one under Settings,"
            " Channels."
        },
    )
    existing = forms.ChoiceField(
        label="Orders that are here already",
        choices=ExistingRule.choices,
        initial=ExistingRule.SKIP,
    )
    products = forms.ChoiceField(
        label="SKUs that are not in the catalogue",
        choices=ProductRule.choices,
        initial=ProductRule.ATTENTION,
    )
    stock = forms.ChoiceField(
        label="Stock of what was sent already", choices=StockRule.choices, initial=StockRule.SKIP
    )
    map = forms.CharField(
        label="Map of the columns",
        required=False,
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "input mono", "spellcheck": "false"}),
        help_text="Only for any CSV: which column is which field, in TOML or JSON. The examples in"
        " docs/examples show how.",
    )

    def clean_map(self) -> str:
        text: str = self.cleaned_data["map"].strip()
        if text:
            try:
                read_mapping(text)
            except BadMapping as refusal:
                raise forms.ValidationError(refusal.message) from refusal
        return text

    def as_options(self) -> dict[str, Any]:
        """The choices as JSON."""
        chosen = self.cleaned_data
        return {
            "channel": chosen["channel"].code,
            "existing": chosen["existing"],
            "products": chosen["products"],
            "stock": chosen["stock"],
            "map": chosen["map"],
        }
