"""The shapes of taxes and of what it costs to send."""

from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.contrib.postgres.forms import SimpleArrayField

from core.markup.people import country_choices, country_codes, country_name
from core.money import exponent, quantise
from orders.models import ShippingRate, ShippingService, ShippingZone, TaxRate
from orders.models.shipping_services import EVERYWHERE
from orders.sockets import CARRIERS


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
        known = country_codes() | {EVERYWHERE}
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("amount", "cost"):
                self.initial[name] = quantise(getattr(self.instance, name), self.instance.currency)

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
