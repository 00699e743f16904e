"""The shapes of quotes, of standing orders, and of what buyers answer."""

from django import forms

from orders.drafts import Schedule
from orders.forms import EntryForm
from orders.states import StandingUnit


class QuotationForm(EntryForm):
    """The head of a quote being entered: an order's, and until when it holds."""

    own = ("valid_until",)
    left_out = ("deliver_by",)  # it is asked for with the order
    valid_until = forms.DateField(
        label="Valid until",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class StandingOrderForm(EntryForm):
    """The head of a standing order: an order's, and how often it is placed."""

    own = ("every", "unit", "first_on", "ends_on")
    left_out = ("shipping", "discount", "deliver_by")  # each order takes the day's own
    every = forms.IntegerField(label="Every", min_value=1, max_value=366, initial=1)
    unit = forms.ChoiceField(label="Days, weeks or months", choices=StandingUnit.choices)
    first_on = forms.DateField(
        label="First on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="Last on, at the latest",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave empty to repeat it until somebody ends it.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def schedule(self) -> Schedule:
        data = self.cleaned_data
        return Schedule(
            every=data["every"],
            unit=StandingUnit(data["unit"]),
            first_on=data["first_on"],
            ends_on=data["ends_on"],
        )


class AnswerForm(forms.Form):
    """What a buyer says to a quote."""

    name = forms.CharField(label="Your name", max_length=200)
    purchase_order = forms.CharField(
        label="Your purchase-order number",
        max_length=60,
        required=False,
        help_text="It will stand on our papers.",
    )


class DeclineForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=200)
    why = forms.CharField(
        label="Why not", max_length=300, required=False, help_text="It helps us to offer better."
    )


class WhyForm(forms.Form):
    why = forms.CharField(label="Reason", max_length=300)
