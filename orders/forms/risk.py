"""What people enter about risk: verdicts, what rules weigh, days of a back-test, entries of lists."""

from typing import Any

from django import forms
from django.utils import timezone

from core.models import Channel
from orders.models import Order, RiskListEntry, RiskRuleSet
from orders.risk import RULES
from orders.selectors.risk.listed import blockable, hint_of
from orders.services.screening import list_value
from orders.states import RiskListKind, RiskVerdict

MOST_POINTS = 2_000
VERDICTS = (
    (RiskVerdict.APPROVED.value, "Release it: the order goes on"),
    (RiskVerdict.REFUSED.value, "Cancel it: what was paid goes back"),
)


class VerdictForm(forms.Form):
    """Whether a risky order goes on, why, and what of it is held against later ones."""

    verdict = forms.ChoiceField(
        label="What happens to it", choices=VERDICTS, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Why", max_length=300, help_text="Stands on the timeline, for whoever looks later."
    )
    blocks = forms.MultipleChoiceField(
        label="Block for later orders",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Every later order with one of these is scored as blocked.",
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(blockable(order))
        if kinds:
            self.fields["blocks"].choices = [  # type: ignore[attr-defined]
                (kind.value, kind.label.removeprefix("Blocked ").capitalize()) for kind in kinds
            ]
        else:
            del self.fields["blocks"]

    @property
    def kinds(self) -> list[RiskListKind]:
        return [RiskListKind(one) for one in self.cleaned_data.get("blocks", ())]


class DraftForm(forms.Form):
    """For whom a new version is to be."""

    channel = forms.ModelChoiceField(
        Channel.objects.all(),
        label="For",
        required=False,
        empty_label="All channels",
        help_text="A channel’s own version goes before the one for all.",
    )
    note = forms.CharField(
        label="What is new in it", max_length=200, required=False, help_text="For the list."
    )


class RulesForm(forms.Form):
    """What every rule of a draft weighs, and from where on orders wait."""

    note = forms.CharField(label="What is new in it", max_length=200, required=False)
    review_at = forms.IntegerField(
        label="Look at orders from, in points", min_value=1, max_value=MOST_POINTS
    )
    hold_at = forms.IntegerField(
        label="Hold orders from, in points", min_value=2, max_value=MOST_POINTS
    )
    review_hours = forms.IntegerField(
        label="Hours to decide in",
        min_value=1,
        max_value=720,
        help_text="The clock of a review; it ends earlier where the money’s authorisation does.",
    )

    def __init__(self, *args: Any, rule_set: RiskRuleSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("note", "review_at", "hold_at", "review_hours"):
            self.initial[name] = getattr(rule_set, name)
        for rule in RULES:
            told = rule_set.weights.get(rule.code, {"points": 0, "limit": rule.limit})
            is_for = rule.points < 0
            self.fields[f"points_{rule.code}"] = forms.IntegerField(
                label=rule.label,
                min_value=-200 if is_for else 0,
                max_value=0 if is_for else 200,
                initial=told["points"],
                help_text="Points below zero: it speaks for the order. 0: off." if is_for else "",
            )
            if rule.limit:
                self.fields[f"limit_{rule.code}"] = forms.IntegerField(
                    label=f"{rule.label}: {rule.limit_label.lower()}",
                    min_value=1,
                    max_value=10_000,
                    initial=told.get("limit", rule.limit),
                )

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField | None, str]]:
        """Each rule with its fields: what it looks at, points, limit and what the limit means."""
        return [
            (
                rule.label,
                self[f"points_{rule.code}"],
                self[f"limit_{rule.code}"] if rule.limit else None,
                rule.limit_label,
            )
            for rule in RULES
        ]

    @property
    def weights(self) -> dict[str, dict[str, int]]:
        told = self.cleaned_data
        return {
            rule.code: {
                "points": told[f"points_{rule.code}"],
                "limit": told.get(f"limit_{rule.code}") or 0,
            }
            for rule in RULES
        }


class BacktestForm(forms.Form):
    days = forms.IntegerField(
        label="Over the orders of the last days", min_value=1, max_value=365, initial=30
    )


class RiskListEntryForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry of a list that rules look things up in, kept as it is compared."""

    class Meta:
        model = RiskListEntry
        fields = ("kind", "value", "reason")
        labels = {"kind": "List", "value": "What", "reason": "Why"}
        help_texts = {
            "value": "A domain, words of an address, a SKU, a service’s code, a customer’s id, an"
            " e-mail address, a phone number or a network address, as the list asks. Of the last three"
            " and of addresses only a keyed hash is kept.",
        }

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if "kind" in entered and "value" in entered:
            kind, told = RiskListKind(entered["kind"]), entered["value"]
            if told != self.initial.get("value"):
                entered["value"] = list_value(kind, told)
                self.instance.hint = hint_of(kind, told)
            elif kind != self.initial.get("kind"):
                self.add_error("value", "Another list compares it otherwise: type it anew.")
                return entered
            same = RiskListEntry.objects.filter(kind=kind, value=entered["value"])
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error("value", "This stands on the list already.")
        return entered

    def save(self, commit: bool = True) -> Any:
        self.instance.added_at = self.instance.added_at or timezone.now()
        return super().save(commit)
