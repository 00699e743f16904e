"""What people enter about promises: another day for an order, carriers' days and closures."""

from typing import Any

from django import forms

from core.markup.people import country_choices
from inventory.forms.places import WEEKDAYS
from inventory.models import Location
from orders.models import CarrierDays, ShippingZone, TransitTime
from orders.sockets import CARRIERS


class PromiseForm(forms.Form):
    """Another day for an order."""

    promised_on = forms.DateField(
        label="Arrives by", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Such as: the customer is away until then. It stands in the order’s timeline.",
    )


class DeliverByForm(forms.Form):
    """The day by which its buyer asks for an order."""

    deliver_by = forms.DateField(
        label="To arrive by",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="As the buyer asks; leave empty for no day. What was promised stays as it is.",
    )


def carrier_choices() -> list[tuple[str, str]]:
    """The carriers that are set up."""
    return [carrier for answer in CARRIERS.ask() for carrier in answer]


class TransitTimeForm(forms.ModelForm):  # type: ignore[type-arg]
    """How long the way from one location to a zone takes."""

    zone = forms.ModelChoiceField(
        ShippingZone.objects.select_related("service").order_by("service__name", "name"),
        label="Zone",
    )
    location = forms.ModelChoiceField(Location.objects.order_by("name"), label="From")

    class Meta:
        model = TransitTime
        fields = ("zone", "location", "days")
        labels = {"days": "Days on the way"}
        help_texts = {"days": "Working days as the carrier publishes them."}


class CarrierDaysForm(forms.ModelForm):  # type: ignore[type-arg]
    """On which weekdays a carrier collects and delivers."""

    carrier = forms.ChoiceField(label="Carrier")
    working_days = forms.TypedMultipleChoiceField(
        label="Collects and delivers on",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day on which it works."},
    )

    class Meta:
        model = CarrierDays
        fields = ("carrier", "working_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(carrier_choices())
        if self.instance.pk:
            known.setdefault(self.instance.carrier, self.instance.carrier)
        carrier = self.fields["carrier"]
        assert isinstance(carrier, forms.ChoiceField)  # noqa: S101  (declared above)
        carrier.choices = list(known.items())


class CloseForm(forms.Form):
    """A day on which a carrier or location is closed; `who` is carrier:own or location:3, without a
    name every one of them.
    """

    who = forms.ChoiceField(label="Who is closed")
    country = forms.ChoiceField(
        label="In which country",
        choices=lambda: [("", "Everywhere"), *country_choices()[1:]],
        required=False,
        help_text="For carriers only.",
    )
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(label="Reason", max_length=100)

    def __init__(self, *args: Any, who: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = who
