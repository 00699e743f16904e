"""The shapes of sending terms, of sourcing rules, and of a choice by hand where to send from."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField

from core.forms.grouped import GroupedMixin
from core.markup.people import country_codes
from core.money import in_words
from inventory.models import Location
from orders.forms.pricing import clean_currency
from orders.models import OrderLine, SendingTerms, SourcingRule
from orders.services.building import tag_of
from orders.sourcing import Criterion
from orders.states import GoodsKind, KeepTogether, Places

CRITERIA = {
    Criterion.PROMISE: "in time",
    Criterion.FILL: "most units",
    Criterion.COST: "cheapest",
    Criterion.BALANCE: "where most is left",
    Criterion.PARCELS: "fewest parcels",
    Criterion.PRIORITY: "the channel’s order",
}
ORDERS = {
    "": "Nothing said",
    "promise,fill,cost,balance,parcels,priority": "In time, then cheapest",
    "fill,cost,promise,parcels,priority": "Cheapest, then in time",
    "promise,fill,parcels,cost,priority": "Fewest parcels, then cheapest",
    "promise,fill,parcels,priority": "The channel’s order of locations",
    "promise,fill,balance,cost,priority": "Where most is left, then cheapest",
}


def criteria_words(criteria: list[str]) -> str:
    """The criteria of a rule in words."""
    words = ORDERS.get(",".join(criteria)) if criteria else ""
    return words or ", ".join(CRITERIA[Criterion(one)] for one in criteria)


def countries_field(help_text: str) -> "SimpleArrayField":
    return SimpleArrayField(
        forms.CharField(max_length=2), label="Countries", required=False, help_text=help_text
    )


def clean_countries(codes: list[str]) -> list[str]:
    """Two capital letters each, known ones, without doubles."""
    found = sorted({str(code).strip().upper() for code in codes})
    if unknown := [code for code in found if code not in country_codes()]:
        raise forms.ValidationError(f"“{unknown[0]}” is no country; use two letters such as DE.")
    return found


class SendingTermsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a location takes for sending and whom it may send to."""

    location = forms.ModelChoiceField(Location.objects.order_by("name"), label="Location")
    countries = countries_field("Two letters each, such as AT, CH; empty: anywhere.")
    per_parcel = forms.DecimalField(
        label="Each parcel costs", min_value=0, max_digits=12, decimal_places=4, initial=0,
        help_text="Handling, packing, and what it takes to split an order.",
    )  # fmt: skip
    per_unit = forms.DecimalField(
        label="Each unit costs", min_value=0, max_digits=12, decimal_places=4, initial=0
    )

    class Meta:
        model = SendingTerms
        fields = (
            "location",
            "currency",
            "per_parcel",
            "per_unit",
            "service",
            "countries",
            "sends_hazardous",
        )
        labels = {"service": "Sends with", "sends_hazardous": "May send hazardous goods"}
        help_texts = {
            "currency": "Three letters, such as EUR.",
            "service": "Whose rates are its freight; empty: what the customer chose.",
        }

    def clean_currency(self) -> str:
        return clean_currency(self.cleaned_data["currency"])

    def clean_countries(self) -> list[str]:
        return clean_countries(self.cleaned_data["countries"])


class SourcingRuleForm(GroupedMixin, forms.ModelForm):  # type: ignore[type-arg]
    """Which orders a rule speaks of, and what it says of where they are sent from."""

    parts = (
        ("The rule", ("name", "is_active")),
        (
            "Which orders",
            ("channel", "countries", "tags", "group", "category", "goods", "total_from",
             "total_below", "currency"),
        ),
        ("From where", ("places", "locations", "criteria")),
        ("How they leave", ("most_parcels", "is_complete", "keep_together", "leaves_within")),
    )  # fmt: skip
    countries = countries_field("Sent to one of these, such as AT, CH; empty: anywhere.")
    tags = SimpleArrayField(
        forms.CharField(max_length=40),
        label="Tags",
        required=False,
        help_text="One of these, separated by commas; empty: any.",
    )
    criteria = forms.ChoiceField(label="What counts", choices=list(ORDERS.items()), required=False)
    most_parcels = forms.IntegerField(
        label="Parcels at most", min_value=1, max_value=20, required=False
    )
    leaves_within = forms.IntegerField(
        label="Leaves within days", min_value=0, max_value=60, required=False,
        help_text="A location that would send later counts as late; 0: today.",
    )  # fmt: skip
    is_complete = forms.NullBooleanField(
        label="Leaves whole",
        required=False,
        widget=forms.Select(
            choices=[("unknown", "Nothing said"), ("true", "All or nothing"), ("false", "In part")]
        ),
    )

    class Meta:
        model = SourcingRule
        fields = (
            "name",
            "channel",
            "countries",
            "tags",
            "group",
            "category",
            "goods",
            "total_from",
            "total_below",
            "currency",
            "places",
            "locations",
            "criteria",
            "most_parcels",
            "is_complete",
            "keep_together",
            "leaves_within",
            "is_active",
        )
        labels = {
            "channel": "Orders of channel",
            "group": "Customers of group",
            "category": "With goods of category",
            "goods": "With goods that are",
            "total_from": "Worth at least",
            "total_below": "Worth less than",
            "places": "Sent",
            "keep_together": "Keep together",
            "is_active": "In force",
        }
        help_texts = {"currency": "Of the worth, such as EUR."}
        widgets = {"locations": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = ",".join(self.instance.criteria)
        self.initial["criteria"] = told
        criteria = self.fields["criteria"]
        assert isinstance(criteria, forms.ChoiceField)  # noqa: S101  (declared above)
        if told not in ORDERS:
            criteria.choices = [*ORDERS.items(), (told, criteria_words(self.instance.criteria))]
        for name in ("channel", "group", "category"):
            self.fields[name].empty_label = "Any"  # type: ignore[attr-defined]
        for name, choices in (
            ("goods", [("", "Anything"), *GoodsKind.choices]),
            ("places", [("", "Nothing said"), *Places.choices]),
            ("keep_together", [("", "Nothing said"), *KeepTogether.choices]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (choices of the model)
            field.choices = choices

    def clean_countries(self) -> list[str]:
        return clean_countries(self.cleaned_data["countries"])

    def clean_tags(self) -> list[str]:
        return sorted({tag_of(str(tag)) for tag in self.cleaned_data["tags"]} - {""})

    def clean_currency(self) -> str:
        return clean_currency(self.cleaned_data["currency"])

    def clean_criteria(self) -> list[str]:
        told = str(self.cleaned_data["criteria"])
        return told.split(",") if told else []

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        lowest, highest = entered.get("total_from"), entered.get("total_below")
        if (lowest is not None or highest is not None) and not entered.get("currency"):
            self.add_error("currency", "Say in which currency the order is worth that.")
        if lowest is not None and highest is not None and lowest >= highest:
            self.add_error("total_below", "This is below the least worth; give more.")
        if bool(entered.get("places")) != bool(entered.get("locations")):
            self.add_error("locations", "Say “only from” or “not from”, and choose the locations.")
        says = ("places", "criteria", "most_parcels", "keep_together", "leaves_within")
        if entered.get("is_complete") is None and not any(
            entered.get(name) not in (None, "", []) for name in says
        ):
            self.add_error(
                None, "The rule says nothing yet: fill in one of the fields from “Sent” on."
            )
        return entered

    def save(self, commit: bool = True) -> Any:
        if self.instance.position is None:
            last = SourcingRule.objects.order_by("-position").first()
            self.instance.position = last.position + 1 if last else 1
        return super().save(commit)


def rule_words(rule: SourcingRule) -> tuple[str, str]:
    """What a rule asks and what it says, in words. Reads its channel, group, category, locations."""
    asks, says = list(_asks(rule)), list(_says(rule))
    return f"Orders {', '.join(asks)}" if asks else "Every order", "; ".join(says) or "nothing"


def _asks(rule: SourcingRule) -> Iterator[str]:
    if rule.channel:
        yield f"of {rule.channel}"
    if rule.countries:
        yield f"to {', '.join(rule.countries)}"
    if rule.tags:
        yield f"tagged {' or '.join(rule.tags)}"
    if rule.group:
        yield f"by {rule.group}"
    if rule.category:
        yield f"with {rule.category}"
    if rule.goods:
        yield f"with {GoodsKind(rule.goods).label.lower()}"
    if rule.total_from is not None:
        yield f"worth {in_words(rule.total_from, rule.currency)} and more"
    if rule.total_below is not None:
        yield f"worth less than {in_words(rule.total_below, rule.currency)}"


def _says(rule: SourcingRule) -> Iterator[str]:
    if rule.places:
        places = ", ".join(str(place) for place in rule.locations.all())
        yield f"{Places(rule.places).label.lower()} {places}"
    if rule.criteria:
        yield criteria_words(rule.criteria).lower()
    if rule.most_parcels:
        yield f"{rule.most_parcels} parcel{'s' if rule.most_parcels > 1 else ''} at most"
    if rule.is_complete is not None:
        yield "all or nothing" if rule.is_complete else "in part"
    if rule.keep_together:
        yield f"{KeepTogether(rule.keep_together).label.lower()} kept together"
    if rule.leaves_within is not None:
        yield f"leaves within {rule.leaves_within} days" if rule.leaves_within else "leaves today"


class OverrideForm(forms.Form):
    """Another plan, or a location for each line, with the reason."""

    plan = forms.TypedChoiceField(
        label="Plan", required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Reason", max_length=300)

    field_order = ("plan",)

    def __init__(
        self,
        *args: Any,
        plans: Sequence[tuple[int, str]],
        lines: Sequence[OrderLine],
        places: Sequence[Location],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        plan = self.fields["plan"]
        assert isinstance(plan, forms.ChoiceField)  # noqa: S101  (declared above)
        plan.choices = [("", "By line, below"), *((str(number), words) for number, words in plans)]
        self.initial.setdefault("plan", "")
        named = [("", "As it is"), *((str(place.pk), place.name) for place in places)]
        for line in lines:
            self.fields[f"line-{line.pk}"] = forms.ChoiceField(
                label=f"{line.open} × {line.name}", choices=named, required=False
            )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if entered.get("plan") is None and not self.places():
            self.add_error("plan", "Choose a plan, or a location for a line.")
        return entered

    def places(self) -> dict[int, int]:
        """The locations chosen, by line id."""
        return {
            int(name.removeprefix("line-")): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("line-") and value
        }
