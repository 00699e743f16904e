"""The shapes of what people enter about orders."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory

from core.address import Address
from core.forms.custom import CustomFieldsMixin
from core.markup.people import country_choices
from core.models import Channel
from core.money import exponent, quantise
from orders.drafts import WhenShort
from orders.forms.control import (
    AssignForm,
    CancelForm,
    HoldForm,
    MatchForm,
    MergeForm,
    NoteForm,
    ReshipForm,
    SplitForm,
    TagForm,
)
from orders.models import (
    Order,
    ShippingService,
)
from orders.states import PaymentTerms

__all__ = [
    "MOST_LINES",
    "AddressForm",
    "AssignForm",
    "CancelForm",
    "EntryForm",
    "HoldForm",
    "LineForm",
    "LineFormSet",
    "MatchForm",
    "MergeForm",
    "NoteForm",
    "OrderDetailsForm",
    "PricesForm",
    "ReshipForm",
    "SplitForm",
    "TagForm",
]


class LineForm(forms.Form):
    """One line of an order being entered. An empty SKU is a line that is not there."""

    sku = forms.CharField(label="SKU", max_length=60, required=False)
    quantity = forms.IntegerField(label="Quantity", min_value=1, max_value=1_000_000, initial=1)
    unit_price = forms.DecimalField(
        label="Unit price", min_value=0, max_digits=12, decimal_places=4, required=False
    )
    reason = forms.CharField(label="Why this price", max_length=200, required=False)


MOST_LINES = 500  # on the page where orders are entered by hand
LineFormSet = formset_factory(LineForm, extra=0, max_num=MOST_LINES)


class AddressForm(forms.Form):
    """A postal address."""

    name = forms.CharField(label="Name", max_length=200)
    company = forms.CharField(label="Company", max_length=200, required=False)
    line1 = forms.CharField(label="Street and number", max_length=200)
    line2 = forms.CharField(label="Second line", max_length=200, required=False)
    postal_code = forms.CharField(label="Postal code", max_length=20, required=False)
    city = forms.CharField(label="Town", max_length=100)
    region = forms.CharField(label="State or region", max_length=100, required=False)
    country = forms.ChoiceField(label="Country", choices=country_choices)
    phone = forms.CharField(label="Phone", max_length=40, required=False)

    def address(self) -> Address:
        return Address(**{key: self.cleaned_data[key] for key in AddressForm.base_fields})


class EntryForm(forms.Form):
    """The head of an order being entered by phone: who, where to, how it is sent and paid."""

    own: tuple[str, ...] = ("deliver_by",)
    left_out: tuple[str, ...] = ()
    channel = forms.ModelChoiceField(
        Channel.objects.filter(is_active=True).select_related("legal_entity"), empty_label=None
    )
    customer_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="E-mail", required=False)
    phone = forms.CharField(label="Phone", max_length=40, required=False)
    company = forms.CharField(label="Company", max_length=200, required=False)
    line1 = forms.CharField(label="Street and number", max_length=200)
    line2 = forms.CharField(label="Second line", max_length=200, required=False)
    postal_code = forms.CharField(label="Postal code", max_length=20, required=False)
    city = forms.CharField(label="Town", max_length=100)
    region = forms.CharField(label="State or region", max_length=100, required=False)
    country = forms.ChoiceField(label="Country", choices=country_choices)
    service = forms.ModelChoiceField(
        ShippingService.objects.filter(is_active=True),
        label="Shipping service",
        required=False,
        empty_label="None",
    )
    shipping = forms.DecimalField(
        label="Shipping charge",
        min_value=0,
        max_digits=12,
        decimal_places=4,
        required=False,
        help_text="Leave empty to charge the service’s rate.",
    )
    discount = forms.DecimalField(
        label="Discount on the order", min_value=0, max_digits=12, decimal_places=4, required=False
    )
    coupon = forms.CharField(
        label="Coupon", max_length=200, required=False, help_text="Several: separated by blanks."
    )
    payment_terms = forms.ChoiceField(label="Payment", choices=PaymentTerms.choices)
    purchase_order = forms.CharField(
        label="Purchase-order number",
        max_length=60,
        required=False,
        help_text="What the company calls the order.",
    )
    deliver_by = forms.DateField(
        label="To arrive by",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="If the buyer asks for a day.",
    )
    when_short = forms.ChoiceField(label="When stock is short", choices=WhenShort.choices)
    note = forms.CharField(
        label="Customer’s note",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.left_out:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        empty = {name: "" if name == "coupon" else None for name in self.left_out}
        return {**entered, **empty}

    @property
    def own_fields(self) -> list[Any]:
        """The fields that only this kind of entry has, as they are shown."""
        return [self[name] for name in self.own]

    def address(self) -> Address:
        names = set(AddressForm.base_fields)
        return Address(**{key: self.cleaned_data[key] for key in names})


class OrderDetailsForm(CustomFieldsMixin, forms.ModelForm):  # type: ignore[type-arg]
    """The custom fields of an order."""

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()


class PricesForm(forms.Form):
    """What a variant costs: a field per currency, empty for no price."""

    def __init__(self, *args: Any, prices: Mapping[str, Decimal | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currencies = list(prices)
        for currency, amount in prices.items():
            self.fields[f"price_{currency}"] = forms.DecimalField(
                label=currency,
                required=False,
                min_value=0,
                max_digits=12,
                decimal_places=exponent(currency),
                initial=None if amount is None else quantise(amount, currency),
                help_text="Leave empty if it has no price in this currency.",
            )

    @property
    def amounts(self) -> dict[str, Decimal | None]:
        """The amounts by currency."""
        return {currency: self.cleaned_data[f"price_{currency}"] for currency in self.currencies}
