"""What people enter for a what-if."""

from decimal import Decimal

from django import forms

from inventory.models import Location
from orders.forms.sourcing import ORDERS
from orders.models import ShippingService, SourcingRule
from orders.sourcing import Criterion
from orders.sourcing.scenario import Scenario


class WhatIfForm(forms.Form):
    """Which orders are decided again, and what is otherwise."""

    name = forms.CharField(label="Name", max_length=100, help_text="To be found by.")
    days = forms.IntegerField(
        label="Over the orders of the last days", min_value=1, max_value=365, initial=30
    )
    without = forms.ModelMultipleChoiceField(
        Location.objects.filter(is_active=True).order_by("name"),
        label="Locations left out",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    added = forms.ModelMultipleChoiceField(
        Location.objects.filter(is_active=True).order_by("name"),
        label="Locations that send for every channel",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="They come last in the order of each channel that does not have them.",
    )
    stock = forms.DecimalField(
        label="Times the stock", min_value=0, max_value=100, decimal_places=2, initial=1
    )
    levelled = forms.BooleanField(label="Stock spread evenly over the locations", required=False)
    receipts_first = forms.BooleanField(
        label="What came later is there from the start", required=False
    )
    rates = forms.DecimalField(
        label="Times what carriers take", min_value=0, max_value=100, decimal_places=3, initial=1
    )
    service = forms.ModelChoiceField(
        ShippingService.objects.order_by("name"),
        label="All is sent with",
        required=False,
        empty_label="As it was",
    )
    no_rules = forms.BooleanField(label="Without sourcing rules", required=False)
    rules_off = forms.ModelMultipleChoiceField(
        SourcingRule.objects.filter(is_active=True),
        label="Rules that do not count",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    criteria = forms.ChoiceField(
        label="What counts first",
        required=False,
        choices=[(key, label if key else "As it is") for key, label in ORDERS.items()],
    )
    most_parcels = forms.IntegerField(
        label="Parcels at most",
        required=False,
        min_value=1,
        max_value=20,
        help_text="Empty: as it is.",
    )
    worth = forms.BooleanField(label="The worth of stock counts as a cost", required=False)

    @property
    def scenario(self) -> Scenario:
        """What was entered, as values."""
        told = self.cleaned_data
        service = told["service"]
        return Scenario(
            without=frozenset(one.pk for one in told["without"]),
            added=frozenset(one.pk for one in told["added"]),
            rates=Decimal(told["rates"]),
            service_id=service.pk if service else None,
            stock=Decimal(told["stock"]),
            levelled=told["levelled"],
            receipts_first=told["receipts_first"],
            rules=not told["no_rules"],
            rules_off=frozenset(one.name for one in told["rules_off"]),
            criteria=tuple(Criterion(one) for one in told["criteria"].split(",") if one),
            most_parcels=told["most_parcels"],
            worth=told["worth"],
        )
