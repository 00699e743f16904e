"""The shapes of what people enter about orders."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.forms import formset_factory

from core.address import Address
from core.forms.custom import CustomFieldsMixin
from core.markup.people import country_choices, country_name
from core.models import Channel
from core.money import exponent, quantise
from orders.drafts import WhenShort
from orders.models import (
    NoteKind,
    Order,
    ShippingRate,
    ShippingService,
    ShippingZone,
    TaxRate,
)
from orders.models.shipping_services import EVERYWHERE
from orders.selectors.kits import whole_kits
from orders.sockets import CARRIERS
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


class TaxRateForm(forms.ModelForm):  # type: ignore[type-arg]
    """The tax on a class of goods sent to a country, in percent."""

    country = forms.ChoiceField(label="Country", choices=country_choices)
    percent = forms.DecimalField(
        label="Rate in percent",
        min_value=0,
        max_value=Decimal("99.999"),
        decimal_places=3,
        help_text="19 for 19 %. Orders already placed keep their rate.",
    )

    class Meta:
        model = TaxRate
        fields = ("country", "region", "tax_class", "name")
        labels = {
            "region": "State or region",
            "tax_class": "Class of goods",
            "name": "Name of the tax",
        }
        help_texts = {
            "region": "As addresses write it, such as NY; empty: the whole country.",
            "tax_class": "The tax class of products, such as standard or reduced.",
            "name": "As it stands on invoices, such as VAT.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["percent"] = self.instance.percent

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        country, tax_class = entered.get("country", ""), entered.get("tax_class", "")
        where = ", ".join(filter(None, (entered.get("region"), country_name(country))))
        same = TaxRate.objects.filter(
            country=country, tax_class=tax_class, region__iexact=entered.get("region", "")
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "tax_class",
                f"{where} has a rate for {tax_class} goods already;"
                " change that one, or name another class.",
            )
        return entered

    def save(self, commit: bool = True) -> Any:
        self.instance.rate = self.cleaned_data["percent"] / 100
        return super().save(commit)


class ShippingServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A way to send and the carrier it is bought from."""

    carrier = forms.ChoiceField(label="Carrier")

    class Meta:
        model = ShippingService
        fields = ("name", "code", "carrier", "is_active")
        labels = {"is_active": "Offered"}
        help_texts = {
            "code": "What files and programs call it, such as express.",
            "is_active": "A service that is not offered stays on orders that have it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(carrier for answer in CARRIERS.ask() for carrier in answer)
        if self.instance.pk:
            known.setdefault(self.instance.carrier, self.instance.carrier)
        carrier = self.fields["carrier"]
        assert isinstance(carrier, forms.ChoiceField)  # noqa: S101  (declared above)
        carrier.choices = list(known.items())


class ShippingZoneForm(forms.ModelForm):  # type: ignore[type-arg]
    """The countries that cost the same to reach with a service."""

    service = forms.ModelChoiceField(ShippingService.objects.all(), label="Service")
    countries = SimpleArrayField(
        forms.CharField(max_length=2),
        label="Countries",
        help_text="Two letters each, separated by commas, such as AT, CH; or * for all others.",
        error_messages={
            "item_invalid": "Use the two letters of each country, separated by commas: AT, CH."
        },
    )

    class Meta:
        model = ShippingZone
        fields = ("service", "name", "countries", "transit_days")
        labels = {"transit_days": "Days on the way"}
        help_texts = {"transit_days": "Working days from leaving to arriving, as a rule."}

    def clean_countries(self) -> list[str]:
        codes = sorted({str(code).strip().upper() for code in self.cleaned_data["countries"]})
        known = {code for code, _ in country_choices() if code} | {EVERYWHERE}
        if unknown := [code for code in codes if code not in known]:
            raise forms.ValidationError(
                f"“{unknown[0]}” is no country; use two letters such as DE, or * for all others."
            )
        if EVERYWHERE in codes and len(codes) > 1:
            raise forms.ValidationError(
                "“*” already stands for all countries that no other zone names; leave the rest out."
            )
        return codes

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        service, codes = entered.get("service"), entered.get("countries", [])
        others = ShippingZone.objects.filter(service=service).exclude(pk=self.instance.pk)
        if service and others.filter(name=entered.get("name")).exists():
            self.add_error("name", f"{service} has a zone of this name already; choose another.")
        taken = others.filter(countries__overlap=codes).first() if service and codes else None
        if taken:
            both = [code for code in codes if code in taken.countries]
            words = "All others" if EVERYWHERE in both else ", ".join(map(country_name, both))
            self.add_error(
                "countries",
                f"{words}: in zone {taken.name} of {service} already; a country stands in one zone.",
            )
        return entered


class ShippingRateForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a parcel up to a weight costs in a zone, in one currency."""

    zone = forms.ModelChoiceField(
        ShippingZone.objects.select_related("service").order_by("service__name", "name"),
        label="Zone",
    )
    up_to_g = forms.IntegerField(label="Up to grams", min_value=1, max_value=10_000_000)
    amount = forms.DecimalField(label="Customer pays", min_value=0, max_digits=12, decimal_places=4)
    cost = forms.DecimalField(label="Carrier takes", min_value=0, max_digits=12, decimal_places=4)

    class Meta:
        model = ShippingRate
        fields = ("zone", "up_to_g", "currency", "amount", "cost")
        help_texts = {"currency": "Three letters, such as EUR."}

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if currency not in list_currencies():
            raise forms.ValidationError(f"“{currency}” is no currency; use a code such as EUR.")
        return currency

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        zone, currency = entered.get("zone"), entered.get("currency")
        if not zone or not currency:
            return entered
        for name in ("amount", "cost"):
            value = entered.get(name)
            if value is not None and value != quantise(value, currency):
                self.add_error(
                    name, f"{currency} has {exponent(currency)} decimal places; round the amount."
                )
        same = zone.rates.filter(currency=currency, up_to_g=entered.get("up_to_g"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "up_to_g",
                f"{zone} has a rate up to this weight in {currency} already; change that one.",
            )
        return entered
