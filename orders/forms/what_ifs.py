"""What people enter for a what-if."""

from decimal import Decimal
from typing import Any

from django import forms

from core.forms.grouped import GroupedMixin
from inventory.models import Location, Variant
from orders.forms.sourcing import ORDERS
from orders.models import ShippingService, SourcingRule
from orders.sourcing import Criterion
from orders.sourcing.scenario import Move, Scenario

MOVED = ("moved_from", "moved_to", "moved_sku", "moved_units", "moved_share")


class WhatIfForm(GroupedMixin, forms.Form):
    """Which orders are decided again, and what is otherwise."""

    parts = (
        ("Which orders", ("name", "days")),
        ("Locations", ("without", "added")),
        (
            "Stock",
            ("stock", "levelled", "moved_from", "moved_to", "moved_sku", "moved_units",
             "moved_share", "receipts_first"),
        ),
        ("Carriers", ("rates", "service")),
        ("How it is decided", ("criteria", "most_parcels", "rules_off", "no_rules", "worth")),
    )  # fmt: skip
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
    moved_from = forms.ModelChoiceField(
        Location.objects.filter(is_active=True).order_by("name"),
        label="Stock moved from",
        required=False,
        empty_label="Nothing is moved",
    )
    moved_to = forms.ModelChoiceField(
        Location.objects.filter(is_active=True).order_by("name"),
        label="Stock moved to",
        required=False,
        empty_label="Nowhere",
    )
    moved_sku = forms.CharField(
        label="SKU that is moved", required=False, max_length=60, help_text="Empty: everything."
    )
    moved_units = forms.IntegerField(
        label="Units moved",
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text="Of each, as far as they are there; or a share instead.",
    )
    moved_share = forms.DecimalField(
        label="Share moved, in percent",
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
    )
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

    def clean_moved_sku(self) -> Variant | None:
        sku = self.cleaned_data["moved_sku"].strip()
        if not sku:
            return None
        found = Variant.objects.filter(sku=sku).first()
        if found is None:
            raise forms.ValidationError(f"There is no SKU “{sku}”.")
        return found

    def clean(self) -> dict[str, Any]:
        """What is moved needs a location at both ends, and units or a share."""
        told = self.cleaned_data
        if not any(told.get(name) for name in MOVED):
            return told
        for name in ("moved_from", "moved_to"):
            if name in told and not told[name]:
                self.add_error(name, "Choose the location, or move nothing.")
        if told.get("moved_from") and told.get("moved_from") == told.get("moved_to"):
            self.add_error("moved_to", "Choose another location than the stock is moved from.")
        if bool(told.get("moved_units")) == bool(told.get("moved_share")) and not self.errors:
            self.add_error("moved_units", "Give either units or a share.")
        return told

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
            moves=self._moves(),
            receipts_first=told["receipts_first"],
            rules=not told["no_rules"],
            rules_off=frozenset(one.name for one in told["rules_off"]),
            criteria=tuple(Criterion(one) for one in told["criteria"].split(",") if one),
            most_parcels=told["most_parcels"],
            worth=told["worth"],
        )

    def _moves(self) -> tuple[Move, ...]:
        told = self.cleaned_data
        if not told["moved_from"]:
            return ()
        share = told["moved_share"]
        return (
            Move(
                source=told["moved_from"].pk,
                target=told["moved_to"].pk,
                variant_id=told["moved_sku"].pk if told["moved_sku"] else None,
                units=told["moved_units"],
                share=None if share is None else share / 100,
            ),
        )
