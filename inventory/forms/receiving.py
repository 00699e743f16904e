"""Forms of receiving: what was counted, and why it differs."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inventory.forms.purchasing import day_field, units_field
from inventory.models import PurchaseOrderLine, ReceiptLine
from inventory.selectors.receiving import LineCount
from inventory.services.posting import Explained
from inventory.services.receiving import Goods
from inventory.states import Condition, Difference, Tracking


class CodeForm(forms.Form):
    """One code; a scanner fills it, or a person. `row` is what is being worked on."""

    code = forms.CharField(max_length=100)
    row = forms.IntegerField(required=False, min_value=1)


class CountForm(forms.Form):
    """What was counted of one line, in one condition and of one lot."""

    quantity = units_field(
        label="Counted",
        min_value=0,
        error_messages={
            "required": "Say how many units.",
            "min_value": "Units are never negative.",
        },
    )
    condition = forms.ChoiceField(choices=Condition.choices, initial=Condition.SELLABLE)
    lot_code = forms.CharField(label="Lot number", max_length=60)
    made_on = day_field(label="Made on", required=False)
    expires_on = day_field(label="Expires on", required=False)
    serials = forms.CharField(
        label="Serial numbers",
        required=False,
        help_text="One a line.",
        widget=forms.Textarea(attrs={"rows": 5, "class": "mono"}),
    )
    bin = forms.CharField(label="Put away in", max_length=30, required=False)
    note = forms.CharField(
        max_length=300, required=False, help_text="What is wrong with it, where something is."
    )

    def __init__(
        self,
        *args: Any,
        line: PurchaseOrderLine,
        row: ReceiptLine | None = None,
        **kwargs: Any,
    ) -> None:
        if row is not None:
            names = ("quantity", "condition", "lot_code", "made_on", "expires_on", "bin", "note")
            kwargs["initial"] = {
                **{name: getattr(row, name) for name in names},
                "serials": "\n".join(row.serials),
            }
        super().__init__(*args, **kwargs)
        tracking = line.variant.tracking
        if tracking != Tracking.LOT:
            del self.fields["lot_code"], self.fields["made_on"], self.fields["expires_on"]
        if tracking == Tracking.SERIAL:
            self.fields["quantity"].required = False
            self.fields["quantity"].widget = forms.HiddenInput()
        else:
            del self.fields["serials"]

    def goods(self) -> Goods:
        values = self.cleaned_data
        serials = tuple(
            row.strip() for row in values.get("serials", "").splitlines() if row.strip()
        )
        return Goods(
            quantity=len(serials) if "serials" in self.fields else values["quantity"],
            condition=Condition(values["condition"]),
            lot_code=values.get("lot_code", ""),
            made_on=values.get("made_on"),
            expires_on=values.get("expires_on"),
            serials=serials,
            bin=values["bin"],
            note=values["note"],
        )


class ReviewForm(forms.Form):
    """Why lines differ from what was expected, and of which the rest is not waited for."""

    def __init__(self, *args: Any, counts: Sequence[LineCount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differing = [one for one in counts if not one.is_matched or one.over]
        for one in self.differing:
            key, sku = one.line.pk, one.line.sku
            reasons = Difference.of_over() if one.over else Difference.of_short()
            first = "Choose why" if one.over else "Still to come"
            self.fields[f"reason-{key}"] = forms.ChoiceField(
                label=f"Why, {sku}",
                choices=[("", first), *((reason.value, reason.label) for reason in reasons)],
                required=bool(one.over),
                error_messages={"required": "Say why more came than was ordered."},
            )
            self.fields[f"note-{key}"] = forms.CharField(
                label=f"Note, {sku}", max_length=300, required=False
            )
            if one.missing:
                self.fields[f"ends-{key}"] = forms.BooleanField(
                    label=f"Do not wait for the {one.missing} that are missing", required=False
                )

    def rows(self) -> list[dict[str, Any]]:
        """Each differing line with its fields, for the page."""
        return [
            {
                "count": one,
                "fields": [
                    self[f"{name}-{one.line.pk}"]
                    for name in ("reason", "note", "ends")
                    if f"{name}-{one.line.pk}" in self.fields
                ],
            }
            for one in self.differing
        ]

    def explained(self) -> dict[int, Explained]:
        found = {}
        for one in self.differing:
            key = one.line.pk
            reason = self.cleaned_data[f"reason-{key}"]
            found[key] = Explained(
                Difference(reason) if reason else None,
                self.cleaned_data[f"note-{key}"],
                self.cleaned_data.get(f"ends-{key}", False),
            )
        return found
