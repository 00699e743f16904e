"""The shapes of what people enter about returns."""

from typing import Any

from django import forms

from core.models import User
from inventory.models import Location
from inventory.selectors import visible_locations
from orders.models import Order
from returns.models import ReturnLine, ReturnRequest
from returns.services import Inspected, Wanted
from returns.services.numbering import is_numbered
from returns.states import ReturnReason


class RequestForm(forms.Form):
    """How many units of each line come back, and why."""

    note = forms.CharField(label="Note", max_length=500, required=False)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in order.lines.all() if line.returnable]
        for line in self.lines:
            self.fields[f"quantity-{line.pk}"] = forms.IntegerField(
                label=f"{line.name} ({line.sku})" if line.sku else line.name,
                min_value=0,
                max_value=line.returnable,
                initial=0,
                help_text=f"{line.returnable} can come back.",
            )
            self.fields[f"reason-{line.pk}"] = forms.ChoiceField(
                label="Reason", choices=ReturnReason.choices
            )
        self.fields["note"] = self.fields.pop("note")  # after the lines it speaks of

    def wanted(self) -> list[Wanted]:
        return [
            Wanted(
                line.pk,
                self.cleaned_data[f"quantity-{line.pk}"],
                ReturnReason(self.cleaned_data[f"reason-{line.pk}"]),
            )
            for line in self.lines
        ]


class RejectForm(forms.Form):
    why = forms.CharField(label="Why", max_length=500, help_text="The customer reads this.")


class ReceiveForm(forms.Form):
    """What came, counted from zero."""

    location = forms.ModelChoiceField(Location.objects.none(), empty_label=None)

    def __init__(self, *args: Any, request: ReturnRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = visible_locations(user).filter(  # type: ignore[attr-defined]
            is_active=True
        )
        self.lines = list(request.lines.select_related("order_line__variant"))
        for line in self.lines:
            self.fields[f"received-{line.pk}"] = forms.IntegerField(
                label=_name(line),
                min_value=0,
                max_value=line.quantity,
                initial=0,
                help_text=f"{line.quantity} expected: {line.get_reason_display().lower()}.",
            )
            if is_numbered(line):
                self.fields[f"serials-{line.pk}"] = forms.CharField(
                    label=f"{_name(line)}: serial numbers",
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 3}),
                    help_text="One a line: scan the number on each unit.",
                )

    def received(self) -> dict[int, int]:
        return {line.pk: self.cleaned_data[f"received-{line.pk}"] for line in self.lines}

    def serials(self) -> dict[int, list[str]]:
        return {
            line.pk: self.cleaned_data.get(f"serials-{line.pk}", "").splitlines()
            for line in self.lines
        }


class InspectForm(forms.Form):
    """What becomes of what came."""

    def __init__(self, *args: Any, request: ReturnRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = request.lines.select_related("order_line")
        self.lines = [line for line in lines if line.received]
        for line in self.lines:
            for name, label, initial in (
                ("restocked", "Back on sale", line.received),
                ("scrapped", "Scrapped", 0),
                ("credited", "Credited to the customer", line.received),
            ):
                self.fields[f"{name}-{line.pk}"] = forms.IntegerField(
                    label=f"{_name(line)}: {label.lower()}",
                    min_value=0,
                    max_value=line.received,
                    initial=initial,
                    help_text=f"Of {line.received} received.",
                )

    def results(self) -> dict[int, Inspected]:
        return {
            line.pk: Inspected(
                restocked=self.cleaned_data[f"restocked-{line.pk}"],
                scrapped=self.cleaned_data[f"scrapped-{line.pk}"],
                credited=self.cleaned_data[f"credited-{line.pk}"],
            )
            for line in self.lines
        }


class RefundForm(forms.Form):
    amount = forms.DecimalField(label="Amount", min_value=0, max_digits=14, decimal_places=4)


def _name(line: ReturnLine) -> str:
    return f"{line.order_line.name} ({line.order_line.sku})"
