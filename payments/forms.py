"""What people type about money."""

from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_name
from django import forms
from django.utils import timezone

from core.money import ZERO, exponent, in_words, quantise
from orders.models import Order
from payments.models import GoodwillLimit, Payment
from payments.selectors.planning import refundable
from payments.states import Method

CAME, EXPECTED = "came", "expected"
GOODWILL, UNPAID = "goodwill", "unpaid"
STILL_OWED = (UNPAID, "The customer still owes it: the order waits for payment again")


class AmountInput(forms.NumberInput):
    """A field for money: steps by the currency's smallest coin."""

    def __init__(self, currency: str) -> None:
        places = exponent(currency)
        step = f"{Decimal(1).scaleb(-places):f}"
        super().__init__(attrs={"step": step, "min": step, "inputmode": "decimal"})


def amount_field(label: str, currency: str, **more: Any) -> forms.DecimalField:
    """An amount in a currency, no finer than its smallest coin."""
    return forms.DecimalField(
        label=f"{label} ({currency})",
        max_digits=18,
        decimal_places=exponent(currency),
        widget=AmountInput(currency),
        **more,
    )


def day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


class RecordForm(forms.Form):
    """Money that came, or that somebody said would come."""

    standing = forms.ChoiceField(
        label="Has the money arrived?",
        choices=((CAME, "Yes, it is here"), (EXPECTED, "No, it is expected")),
        widget=forms.RadioSelect,
        initial=CAME,
    )
    method = forms.ChoiceField(
        label="Method", choices=[(one.value, one.label) for one in Method.by_hand()]
    )
    reference = forms.CharField(
        label="Reference",
        max_length=120,
        required=False,
        help_text="As on the statement, the receipt or the cheque.",
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        due = quantise(order.outstanding, order.currency) or None
        amount = amount_field("Amount", order.currency, min_value=ZERO, initial=due)
        day = day_field("Date received or expected", initial=timezone.localdate)
        rest = dict(self.fields)
        self.fields.clear()
        self.fields |= {
            "standing": rest["standing"],
            "amount": amount,
            "method": rest["method"],
            "received_on": day,
            "reference": rest["reference"],
        }


class ConfirmForm(forms.Form):
    """Expected money that came."""

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expected = quantise(payment.expected, payment.currency)
        self.fields["amount"] = amount_field(
            "Amount received", payment.currency, min_value=ZERO, initial=expected
        )
        if payment.method == Method.ON_ACCOUNT:
            self.fields["method"] = forms.ChoiceField(
                label="Method", choices=[(one.value, one.label) for one in Method.by_hand()]
            )
        self.fields["received_on"] = day_field("Date received", initial=timezone.localdate)
        self.fields["reference"] = forms.CharField(
            label="Reference", max_length=120, required=False, initial=payment.reference
        )


class CancelPaymentForm(forms.Form):
    """Why money is no longer awaited."""

    reason = forms.CharField(label="Reason", max_length=300)


class CaptureForm(forms.Form):
    """How much to take of what is set aside."""

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = quantise(payment.authorised - payment.pending, payment.currency)
        self.fields["amount"] = amount_field(
            "Amount to take", payment.currency, min_value=ZERO, initial=possible
        )


class RefundForm(forms.Form):
    """How much to give back, why, what goes beyond what is owed, and out of which payments."""

    reason = forms.CharField(
        label="Reason", max_length=300, help_text="Shown in the timeline and on a credit note."
    )
    beyond = forms.ChoiceField(
        label="If this is more than is owed back",
        choices=(
            (GOODWILL, "The rest is goodwill: lower the order’s value"),
            STILL_OWED,
        ),
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        order: Order,
        payments: list[Payment],
        due_back: Decimal,
        may_grant: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.able = refundable(payments)
        due = quantise(due_back, order.currency) or None
        rest = dict(self.fields)
        self.fields.clear()
        self.fields["amount"] = amount_field(
            "Amount to give back", order.currency, min_value=ZERO, initial=due
        )
        self.fields |= rest
        beyond = self.fields["beyond"]
        beyond.initial = GOODWILL if may_grant else UNPAID
        if not may_grant:
            beyond.choices = [STILL_OWED]  # type: ignore[attr-defined]
        for place, payment in enumerate(self.able if len(self.able) > 1 else ()):
            words = f"{in_words(payment.refundable, payment.currency)} of it can be given back."
            more = " Leave all of these empty to let the newest payment give first."
            self.fields[f"share_{payment.pk}"] = amount_field(
                f"Out of {payment.method_label.lower()}",
                payment.currency,
                required=False,
                min_value=ZERO,
                help_text=words + ("" if place else more),
            )

    def chosen(self) -> dict[int, Decimal] | None:
        """Shares by payment id; None when the choice is left to the cascade."""
        shares = {
            payment.pk: part
            for payment in self.able
            if (part := self.cleaned_data.get(f"share_{payment.pk}"))
        }
        return shares or None

    def field_of(self, name: str | None) -> str | None:
        """The field that a refusal concerns."""
        if name == "shares":
            name = next((one for one in self.fields if one.startswith("share_")), "amount")
        return name if name in self.fields else None


class GoodwillLimitForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = GoodwillLimit
        fields = ("role", "currency", "amount")
        help_texts = {"amount": "The most that this role may grant on one order."}

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        if get_currency_name(code, locale="en") == code:
            raise forms.ValidationError(f"“{code}” is no currency; use a code such as EUR.")
        return code
