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
from orders.models import (
    NoteKind,
    Order,
    ShippingService,
)
from orders.selectors.kits import whole_kits
from orders.states import HoldKind, PaymentTerms


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

    own: tuple[str, ...] = ()
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


class HoldForm(forms.Form):
    kind = forms.ChoiceField(label="Kind of hold", choices=HoldKind.choices)
    reason = forms.CharField(label="Reason", max_length=300)
    until = forms.DateTimeField(
        label="Until",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Leave empty to hold it until somebody releases it.",
    )


class NoteForm(forms.Form):
    kind = forms.ChoiceField(label="Kind", choices=NoteKind.choices)
    text = forms.CharField(label="Note", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class OrderDetailsForm(CustomFieldsMixin, forms.ModelForm):  # type: ignore[type-arg]
    """The custom fields of an order."""

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()


class TagForm(forms.Form):
    tags = forms.CharField(
        label="Tags", required=False, max_length=400, help_text="Separated by commas."
    )


class MatchForm(forms.Form):
    sku = forms.CharField(label="SKU of the product", max_length=60)


def units_field(label: str, most: int, hint: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, initial=most, help_text=hint
    )


class CancelForm(forms.Form):
    """How many units of each line to cancel; all that have not left, unless said otherwise."""

    reason = forms.CharField(label="Reason", max_length=300)
    wants_refund = forms.BooleanField(
        label="Give money back that was paid too much", required=False, initial=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = list(order.lines.select_related("kit"))
        self.kits = whole_kits(lines)
        kept = {pk: whole for whole in self.kits for pk in whole.units}
        for whole in self.kits:
            self.fields[whole.field] = units_field(
                f"{whole.kit.name} ({whole.kit.sku})",
                whole.count,
                f"{whole.count} of {whole.kit.quantity} kits have not left yet; each goes whole.",
            )
        self.loose: dict[str, tuple[int, int]] = {}
        for line in lines:
            left = line.open
            if line.pk in kept:
                left -= kept[line.pk].count * kept[line.pk].units[line.pk]
            if left:
                self.loose[f"line-{line.pk}"] = (line.pk, left)
                self.fields[f"line-{line.pk}"] = units_field(
                    f"{line.name} ({line.sku})" if line.sku else line.name,
                    left,
                    f"{left} of {line.quantity} have not left yet.",
                )
        names = [*(whole.field for whole in self.kits), *self.loose]
        self.order_fields(names)  # first of all, what

    def units(self) -> dict[int, int]:
        """The units to cancel, by line id."""
        units = {pk: self.cleaned_data[name] for name, (pk, _) in self.loose.items()}
        for whole in self.kits:
            for pk, each in whole.units.items():
                units[pk] = units.get(pk, 0) + each * self.cleaned_data[whole.field]
        return units


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
