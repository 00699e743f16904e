"""The shapes of price lists, promotions, coupons and of how channels price."""

from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils import timezone

from core.forms.grouped import GroupedMixin
from core.forms.settings import ChannelForm
from core.models import Channel
from core.money import exponent, quantise, trimmed
from inventory.models import Location
from orders.models import ChannelPolicy, Coupon, PriceList, Promotion
from orders.selectors.policies import places_of, policy_of
from orders.services.channels import set_places, set_policy
from orders.states import PaymentTerms, PromotionKind, TaxRounding

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def clean_currency(text: str) -> str:
    """A currency's code in capitals; empty stays empty."""
    currency = text.upper()
    if currency and currency not in list_currencies():
        raise forms.ValidationError(f"“{currency}” is no currency; use a code such as EUR.")
    return currency


def check_days(form: forms.ModelForm, entered: dict[str, Any]) -> None:  # type: ignore[type-arg]
    """The last day is none before the first."""
    begins, ends = entered.get("valid_from"), entered.get("valid_until")
    if begins and ends and ends < begins:
        form.add_error("valid_until", "The last day is before the first; swap them.")


class PriceListForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom a price list is for; its prices are pasted or imported."""

    class Meta:
        model = PriceList
        fields = (
            "name",
            "currency",
            "channels",
            "groups",
            "priority",
            "valid_from",
            "valid_until",
            "is_active",
        )
        labels = {
            "groups": "Customer groups",
            "valid_from": "First day",
            "valid_until": "Last day",
            "is_active": "In force",
        }
        widgets = {
            "valid_from": DAY,
            "valid_until": DAY,
            "channels": forms.CheckboxSelectMultiple,
            "groups": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "currency": "Three letters. Prices contain tax where those of the channel do.",
            "channels": "A list that names no channel and no group holds only where a channel’s"
            " settings name it.",
            "groups": "A list for a group goes before one for a channel.",
            "priority": "Between two lists that are meant as closely, the higher number goes first.",
        }

    def clean_currency(self) -> str:
        return clean_currency(self.cleaned_data["currency"])

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        check_days(self, entered)
        return entered


class PromotionForm(GroupedMixin, forms.ModelForm):  # type: ignore[type-arg]
    """What a promotion takes off, and for whom."""

    parts = (
        (
            "The promotion",
            (
                "name",
                "kind",
                "percent",
                "amount",
                "currency",
                "cap",
                "buy_quantity",
                "get_quantity",
            ),
        ),
        ("For which products", ("skus", "minimum", "categories")),
        ("For whom", ("channels", "groups", "needs_coupon")),
        ("When", ("valid_from", "valid_until", "is_stackable", "priority", "is_active")),
    )
    skus = SimpleArrayField(
        forms.CharField(max_length=60),
        label="Only these SKUs",
        required=False,
        help_text="Separated by commas; empty: all products, or those of the categories.",
    )

    class Meta:
        model = Promotion
        fields = (
            "name",
            "kind",
            "percent",
            "amount",
            "currency",
            "buy_quantity",
            "get_quantity",
            "cap",
            "minimum",
            "skus",
            "categories",
            "channels",
            "groups",
            "valid_from",
            "valid_until",
            "needs_coupon",
            "is_stackable",
            "priority",
            "is_active",
        )
        labels = {
            "kind": "What it gives",
            "percent": "Percent off",
            "amount": "Amount off",
            "buy_quantity": "Units to buy",
            "get_quantity": "Units to get",
            "cap": "At most, an order",
            "minimum": "Products for at least",
            "categories": "Only these categories",
            "groups": "Only these customer groups",
            "channels": "Only these channels",
            "valid_from": "First day",
            "valid_until": "Last day",
            "needs_coupon": "Only with a coupon",
            "is_stackable": "Adds up with others",
            "is_active": "In force",
        }
        help_texts = {
            "percent": "Of the units to get, where some are bought and some given; 100 is free.",
            "currency": "Needed where an amount is given.",
            "priority": "The higher number is taken off first; the next looks at what is left.",
            "is_active": "Orders already placed keep what they got.",
        }
        widgets = {
            "valid_from": DAY,
            "valid_until": DAY,
            "channels": forms.CheckboxSelectMultiple,
            "groups": forms.CheckboxSelectMultiple,
            "categories": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("percent", "amount", "buy_quantity", "get_quantity", "minimum"):
            self.fields[name].required = False
        for name in ("percent", "amount", "cap", "minimum"):
            if isinstance(kept := self.initial.get(name), Decimal):
                self.initial[name] = trimmed(kept)

    def clean_currency(self) -> str:
        return clean_currency(self.cleaned_data["currency"])

    def clean_skus(self) -> list[str]:
        return sorted({sku.strip().upper() for sku in self.cleaned_data["skus"] if sku.strip()})

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        for name in ("percent", "amount", "buy_quantity", "get_quantity", "minimum"):
            if entered.get(name) is None and name not in self.errors:
                entered[name] = 0
        check_days(self, entered)
        self._check_gift(entered)
        self._check_amounts(entered)
        return entered

    def _check_gift(self, entered: dict[str, Any]) -> None:
        needed = {
            PromotionKind.PERCENT: ("percent",),
            PromotionKind.FIXED: ("amount",),
            PromotionKind.BUY_X_GET_Y: ("buy_quantity", "get_quantity", "percent"),
        }
        for name in needed.get(entered.get("kind", ""), ()):
            if name not in self.errors and not entered.get(name):
                self.add_error(name, "Say how much; it would give nothing otherwise.")
        for name, most in (("percent", 100), ("amount", None), ("minimum", None), ("cap", None)):
            value = entered.get(name)
            if value is not None and (value < 0 or (most is not None and value > most)):
                self.add_error(name, "Give a positive number" + (" up to 100." if most else "."))

    def _check_amounts(self, entered: dict[str, Any]) -> None:
        currency = entered.get("currency")
        for name in ("amount", "minimum", "cap"):
            value = entered.get(name)
            if value is None or (not value and name != "cap"):
                continue
            if not currency:
                if "currency" not in self.errors:
                    self.add_error("currency", "Say in which currency the amounts are.")
            elif value != quantise(value, currency):
                places = exponent(currency)
                self.add_error(name, f"{currency} has {places} decimal places; round the amount.")


class CouponForm(forms.ModelForm):  # type: ignore[type-arg]
    """A code, what it asks for and how often."""

    class Meta:
        model = Coupon
        fields = ("code", "promotion", "total_limit", "customer_limit", "is_active")
        labels = {
            "total_limit": "Uses in all",
            "customer_limit": "Uses a customer",
            "is_active": "In force",
        }
        help_texts = {
            "code": "Capitals and digits, such as AHOY10; customers may type it in any hand.",
            "total_limit": "Empty: without limit. An order that is cancelled whole gives its use back.",
            "customer_limit": "Empty: without limit.",
        }

    def clean_code(self) -> str:
        code = "".join(str(self.cleaned_data["code"]).split()).upper()
        if Coupon.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is a coupon of this code already; choose another.")
        return code

    def clean_total_limit(self) -> int | None:
        limit: int | None = self.cleaned_data["total_limit"]
        if limit is not None and limit < self.instance.used:
            raise forms.ValidationError(
                f"{self.instance.used} orders hold it already; give at least as many."
            )
        return limit

    def save(self, commit: bool = True) -> Any:
        if self.instance.created_at is None:
            self.instance.created_at = timezone.now()
        return super().save(commit)


class SellingChannelForm(ChannelForm):
    """A channel with everything that hangs on it: prices, taxes, terms and where it sells from."""

    price_list = forms.ModelChoiceField(
        PriceList.objects.all(),
        required=False,
        empty_label="Everybody’s prices",
        help_text="Lists for a customer’s group go before it.",
    )
    payment_terms = forms.ChoiceField(
        label="Payment, if nothing else is said", choices=PaymentTerms.choices
    )
    tax_rounding = forms.ChoiceField(label="Taxes are rounded on", choices=TaxRounding.choices)
    override_limit = forms.DecimalField(
        label="Prices by hand may differ by percent",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text="Of the list price; beyond it takes the right to.",
    )
    promise_percentile = forms.IntegerField(
        label="Promised days that are kept, of a hundred",
        min_value=50,
        max_value=99,
        help_text="More of a hundred makes later days. It holds for orders placed from now on.",
    )
    places = forms.ModelMultipleChoiceField(
        Location.objects.active(),
        label="Sells from",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="In which order they are asked is set under Where channels sell from.",
    )
    policy_fields = (
        "price_list",
        "payment_terms",
        "tax_rounding",
        "override_limit",
        "promise_percentile",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy_of(self.instance) if self.instance.pk else ChannelPolicy()
        for name in self.policy_fields:
            self.initial[name] = getattr(self.policy, name)
        self.initial["override_limit"] = trimmed(Decimal(self.policy.override_limit))
        self.initial["places"] = places_of(self.instance) if self.instance.pk else []

    def save(self, commit: bool = True) -> Channel:
        channel: Channel = super().save(commit)
        set_policy(
            channel=channel, values={name: self.cleaned_data[name] for name in self.policy_fields}
        )
        set_places(channel=channel, locations=list(self.cleaned_data["places"]))
        return channel
