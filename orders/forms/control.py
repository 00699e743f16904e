"""What people enter about an order in hand: holds, notes, tags, who takes it, and which units."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms

from core.models import User
from core.money import in_words
from orders.models import NoteKind, Order
from orders.selectors.control import known_tags, may_take_orders
from orders.selectors.kits import whole_kits
from orders.states import CancelReason, HoldKind, ReshipReason

LASTS = (
    ("", "Until it is released"),
    ("4", "4 hours"),
    ("24", "1 day"),
    ("72", "3 days"),
    ("168", "1 week"),
)


def person_field(label: str, *, empty: str, help_text: str = "") -> "forms.ModelChoiceField[User]":
    return forms.ModelChoiceField(
        may_take_orders(), label=label, required=False, empty_label=empty, help_text=help_text
    )


class HoldForm(forms.Form):
    kind = forms.ChoiceField(label="Kind of hold", choices=HoldKind.choices)
    reason = forms.CharField(label="Reason", max_length=300)
    owner = person_field("Who settles it", empty="Whoever comes first")
    lasts = forms.ChoiceField(label="For", choices=LASTS, required=False)
    until = forms.DateTimeField(
        label="Until",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Instead of a span: it goes on by itself then.",
    )

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if entered.get("lasts") and entered.get("until"):
            self.add_error("until", "Give a span or a moment, not both.")
        return entered

    def ends_at(self, now: datetime) -> datetime | None:
        """When it goes on by itself; None: when somebody releases it."""
        if self.cleaned_data["lasts"]:
            return now + timedelta(hours=int(self.cleaned_data["lasts"]))
        until: datetime | None = self.cleaned_data["until"]
        return until


class NoteForm(forms.Form):
    kind = forms.ChoiceField(label="Kind", choices=NoteKind.choices)
    text = forms.CharField(
        label="Note",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Write @ada to let the colleague with ada@… watch the order.",
    )


class TagForm(forms.Form):
    """Tags to add, offered from those there are, and those to take away."""

    add = forms.CharField(
        label="Add tags",
        required=False,
        max_length=400,
        help_text="Separated by commas.",
        widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off"}),
    )
    remove = forms.MultipleChoiceField(
        label="Take away", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = [tag for tag in known_tags() if tag not in order.tags]
        if order.tags:
            self.fields["remove"].choices = [(tag, tag) for tag in order.tags]  # type: ignore[attr-defined]
        else:
            del self.fields["remove"]


class MatchForm(forms.Form):
    sku = forms.CharField(label="SKU of the product", max_length=60)


class AssignForm(forms.Form):
    user = person_field("Who takes care of it", empty="Nobody")


def units_field(label: str, most: int, hint: str, *, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, initial=initial, help_text=hint, required=False
    )


class UnitsForm(forms.Form):
    """How many units of each line that have not left; kits go whole, what is left of them loose."""

    starts_full = True

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = list(order.lines.select_related("kit"))
        self.kits = whole_kits(lines)
        kept = {pk: whole for whole in self.kits for pk in whole.units}
        for whole in self.kits:
            self.fields[whole.field] = units_field(
                f"{whole.kit.name} ({whole.kit.sku})",
                whole.count,
                f"{whole.count} of {whole.kit.quantity} kits have not left yet; each goes whole.",
                initial=whole.count if self.starts_full else 0,
            )
        self.loose: dict[str, tuple[int, int]] = {}
        for line in lines:
            left = line.open
            if line.pk in kept:
                left -= kept[line.pk].count * kept[line.pk].units[line.pk]
            if left:
                self.loose[f"line-{line.pk}"] = (line.pk, left)
                self.fields[f"line-{line.pk}"] = units_field(
                    f"{line.name} ({line.sku})" if line.sku else line.name,
                    left,
                    f"{left} of {line.quantity} have not left yet.",
                    initial=left if self.starts_full else 0,
                )
        self.order_fields(
            [*(whole.field for whole in self.kits), *self.loose]
        )  # first of all, what

    def units(self) -> dict[int, int]:
        """The units chosen, by line id."""
        units = {pk: self.cleaned_data[name] or 0 for name, (pk, _) in self.loose.items()}
        for whole in self.kits:
            for pk, each in whole.units.items():
                units[pk] = units.get(pk, 0) + each * (self.cleaned_data[whole.field] or 0)
        return units


class CancelForm(UnitsForm):
    """How many units of each line to cancel; all that have not left, unless said otherwise."""

    why = forms.ChoiceField(label="Why", choices=CancelReason.choices, required=False)
    reason = forms.CharField(label="In your words", max_length=250, required=False)
    wants_refund = forms.BooleanField(
        label="Give back what was paid too much", required=False, initial=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if entered.get("why") in {"", None, CancelReason.OTHER} and not entered.get("reason"):
            self.add_error("reason", "Say why the units are not sent.")
        return entered

    def words(self) -> str:
        """The reason as it is kept."""
        return reason_words(self.cleaned_data)


def reason_words(entered: Mapping[str, Any]) -> str:
    """A reason chosen and what was said about it, in one sentence."""
    label = CancelReason(entered["why"]).label if entered.get("why") else ""
    words = str(entered.get("reason") or "").strip()
    return ": ".join(part for part in (label, words) if part) or CancelReason.OTHER.label


class SplitForm(UnitsForm):
    """The units that get an order of their own."""

    starts_full = False
    reason = forms.CharField(label="Reason", max_length=300, required=False)


class ReshipForm(forms.Form):
    """The units that are sent once more."""

    reason = forms.ChoiceField(label="What happened", choices=ReshipReason.choices)
    note = forms.CharField(label="In your words", max_length=250, required=False)

    def __init__(
        self, *args: Any, order: Order, possible: Mapping[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.chosen: dict[str, int] = {}
        for line in order.lines.all():
            if most := possible.get(line.pk, 0):
                self.chosen[f"line-{line.pk}"] = line.pk
                self.fields[f"line-{line.pk}"] = units_field(
                    f"{line.name} ({line.sku})" if line.sku else line.name,
                    most,
                    f"{most} may be sent again.",
                    initial=0,
                )
        self.order_fields([*self.chosen])

    def units(self) -> dict[int, int]:
        return {pk: self.cleaned_data[name] or 0 for name, pk in self.chosen.items()}


class MergeForm(forms.Form):
    """Which other orders are folded into this one."""

    orders = forms.MultipleChoiceField(label="Orders", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, others: list[Order], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["orders"].choices = [  # type: ignore[attr-defined]
            (
                str(one.pk),
                f"{one.number}: {one.units_open} units, {in_words(one.owed, one.currency)}",
            )
            for one in others
        ]
        self.fields["orders"].initial = [str(one.pk) for one in others]
