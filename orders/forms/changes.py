"""The shapes of what people enter when they change a placed order."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from django import forms
from django.forms import BaseFormSet, formset_factory

from core.markup.people import country_choices
from core.money import quantise
from orders.drafts import WhenShort
from orders.models import EditRule, Order, ShippingService
from orders.services.changing import ChangeAsked, Outcome, Target, Wanted
from orders.states import ChangeKind

ADDRESS = ("name", "company", "line1", "line2", "postal_code", "city", "region", "country")


class AddedForm(forms.Form):
    """A product to be added; an empty SKU is one that is not there."""

    sku = forms.CharField(label="SKU", max_length=60, required=False)
    quantity = forms.IntegerField(label="Quantity", min_value=1, max_value=1_000_000, initial=1)
    unit_price = forms.DecimalField(
        label="Unit price", min_value=0, max_digits=12, decimal_places=4, required=False
    )


AddedFormSet = formset_factory(AddedForm, extra=0, max_num=100)
Added: TypeAlias = "BaseFormSet[AddedForm]"


class ChangesForm(forms.Form):
    """A placed order as it is to be: quantities and prices by line or kit, and what all of it bears.
    What stays as it is asks for nothing.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    price_reason = forms.CharField(
        label="Why prices change",
        max_length=300,
        required=False,
        help_text="For every price given.",
    )
    discount = forms.DecimalField(
        label="Further discount",
        min_value=0,
        max_digits=12,
        decimal_places=4,
        required=False,
        help_text="Off what has not begun to leave.",
    )
    service = forms.ModelChoiceField(
        ShippingService.objects.filter(is_active=True),
        label="Shipping service",
        required=False,
        empty_label="As it is",
    )
    shipping = forms.DecimalField(
        label="Shipping charge",
        min_value=0,
        max_digits=12,
        decimal_places=4,
        required=False,
        help_text="Leave empty to keep it, or to charge the rate of the service chosen.",
    )
    name = forms.CharField(label="Name", max_length=200, required=False)
    company = forms.CharField(label="Company", max_length=200, required=False)
    line1 = forms.CharField(label="Street and number", max_length=200, required=False)
    line2 = forms.CharField(label="Second line", max_length=200, required=False)
    postal_code = forms.CharField(label="Postal code", max_length=20, required=False)
    city = forms.CharField(label="Town", max_length=100, required=False)
    region = forms.CharField(label="State or region", max_length=100, required=False)
    country = forms.ChoiceField(label="Country", choices=country_choices, required=False)
    when_short = forms.ChoiceField(label="When stock is short", choices=WhenShort.choices)
    ships_anyway = forms.BooleanField(
        label="Send it although money is missing",
        required=False,
        help_text="The rest stays due; nothing waits for it.",
    )
    reason = forms.CharField(label="Reason for the change", max_length=300)

    def __init__(
        self,
        *args: Any,
        order: Order,
        targets: Sequence[Target],
        may_ship_unpaid: bool,
        **kwargs: Any,
    ) -> None:
        initial = {**order.ship_to.as_json(), "version": order.version}
        kwargs["initial"] = {**initial, "when_short": WhenShort.REJECT} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.order = order
        self.targets = targets
        for target in targets:
            self.fields[target.key] = forms.IntegerField(
                label=f"Quantity of {target.name}",
                min_value=0,
                max_value=1_000_000,
                initial=target.wanted,
            )
            self.fields[f"price-{target.key}"] = forms.DecimalField(
                label=f"Unit price of {target.name}",
                min_value=0,
                max_digits=12,
                decimal_places=4,
                required=False,
            )
        if not may_ship_unpaid:
            del self.fields["ships_anyway"]
        self.fields["added"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["lines"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def rows(self) -> list[tuple[Target, Any, Any]]:
        """Each target with its two fields."""
        return [(one, self[one.key], self[f"price-{one.key}"]) for one in self.targets]

    def wanted(self, added: Added) -> Wanted:
        """What the filled form asks for; the form and the rows are valid."""
        data = self.cleaned_data
        return Wanted(
            asked=[*self._asked_of_lines(), *self._asked_of_added(added), *self._asked_of_whole()],
            reason=data["reason"],
            when_short=WhenShort(data["when_short"]),
            ships_anyway=data.get("ships_anyway", False),
        )

    def _asked_of_lines(self) -> list[ChangeAsked]:
        asked = []
        for target in self.targets:
            about: dict[str, Any] = (
                {"kit_id": target.kit.pk} if target.kit else {"line_id": target.lines[0].pk}
            )
            units = self.cleaned_data[target.key]
            price = self.cleaned_data[f"price-{target.key}"]
            if price is not None and price != target.unit_price:
                asked.append(
                    ChangeAsked(
                        kind=ChangeKind.CHANGE_PRICE,
                        amount=price,
                        reason=self.cleaned_data["price_reason"],
                        **about,
                    )
                )
            if units == 0 and target.wanted:
                asked.append(ChangeAsked(kind=ChangeKind.REMOVE_LINE, **about))
            elif units != target.wanted:
                asked.append(ChangeAsked(kind=ChangeKind.CHANGE_QUANTITY, quantity=units, **about))
        return asked

    def _asked_of_added(self, added: Added) -> list[ChangeAsked]:
        return [
            ChangeAsked(
                kind=ChangeKind.ADD_LINE,
                sku=form.cleaned_data["sku"].strip(),
                quantity=form.cleaned_data["quantity"],
                amount=form.cleaned_data["unit_price"],
                reason=self.cleaned_data["price_reason"],
            )
            for form in added.forms
            if form.cleaned_data.get("sku", "").strip()
        ]

    def _asked_of_whole(self) -> list[ChangeAsked]:
        data, asked = self.cleaned_data, []
        if data["discount"]:
            asked.append(
                ChangeAsked(
                    kind=ChangeKind.ORDER_DISCOUNT,
                    amount=data["discount"],
                    reason=data["price_reason"],
                )
            )
        if data["service"] or data["shipping"] is not None:
            asked.append(
                ChangeAsked(
                    kind=ChangeKind.CHANGE_SHIPPING,
                    service_id=data["service"].pk if data["service"] else None,
                    amount=data["shipping"],
                )
            )
        told = {key: data[key] for key in ADDRESS}
        address = replace(self.order.ship_to, **told)
        if address != self.order.ship_to:
            asked.append(ChangeAsked(kind=ChangeKind.CHANGE_ADDRESS, address=address))
        return asked


def figures_shown(carried: str, wanted: Wanted) -> dict[str, str] | None:
    """The figures that a page showed for exactly this, as it carries them; None when it did not yet."""
    try:
        told = json.loads(carried or "{}")
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("asked") != question_of(wanted):
        return None
    figures = told.get("figures")
    return figures if isinstance(figures, dict) else None


def shown_as(wanted: Wanted, outcome: Outcome) -> str:
    """What the page carries along: what was asked, and what it was shown to come to."""
    return json.dumps({"asked": question_of(wanted), "figures": outcome.figures})


def question_of(wanted: Wanted) -> str:
    """What is asked for, in short; reasons left out."""
    told = [[one.kind.value, one.line_id, one.kit_id, one.values()] for one in wanted.asked] + [
        [wanted.when_short.value, wanted.ships_anyway]
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


class DeclineForm(forms.Form):
    """Why a change is not agreed to."""

    reason = forms.CharField(label="Why it is declined", max_length=300)


class EditRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """How far a channel's orders may be edited by one person."""

    class Meta:
        model = EditRule
        fields = ("channel", "amount_limit", "percent_limit", "tolerance")

    def clean_amount_limit(self) -> Decimal | None:
        return self._rounded("amount_limit")

    def clean_tolerance(self) -> Decimal | None:
        return self._rounded("tolerance")

    def _rounded(self, name: str) -> Decimal | None:
        """An amount in the channel's currency, not below zero."""
        amount: Decimal | None = self.cleaned_data[name]
        if amount is not None and amount < 0:
            raise forms.ValidationError("Give an amount of zero or more.")
        channel = self.cleaned_data.get("channel")
        return quantise(amount, channel.currency) if amount is not None and channel else amount
