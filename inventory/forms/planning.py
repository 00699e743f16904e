"""Forms of replenishment: orders made from suggestions, reorder rules, limits, a pasted table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import Q

from inventory.forms.stock import MOST_UNITS, WHOLE
from inventory.models import BuyingLimit, Location, ReorderRule, Suggestion, Variant
from inventory.states import LocationKind, VariantKind

MOST_PASTED = 2_000
PASTED_COLUMNS = ("SKU", "Location", "Served %", "Every days", "At least", "At most", "Automatic")
YES, NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0", ""})


class OrderForm(forms.Form):
    """The suggestions that are ordered now: a tick and a number each."""

    def __init__(self, *args: Any, rows: Sequence[Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"units_{row.pk}"] = forms.IntegerField(
                label=f"Units of {row.variant.sku}",
                initial=row.quantity,
                min_value=0,
                max_value=MOST_UNITS,
                error_messages={
                    "required": "Give a number, or 0 to leave it for later.",
                    "invalid": WHOLE,
                    "min_value": "Units cannot be negative; 0 leaves it for later.",
                    "max_value": f"At most {MOST_UNITS:,} at a time.",
                },
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "class": "input input--qty input--small"}
                ),
            )

    @property
    def quantities(self) -> dict[int, int]:
        """Units by suggestion."""
        return {row.pk: self.cleaned_data[f"units_{row.pk}"] for row in self.rows}


class ReorderRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """How one variant, or everything at a location, is ordered again."""

    sku = forms.CharField(
        label="SKU",
        max_length=60,
        required=False,
        help_text="Empty: everything at the location that has no rule of its own.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    field_order = (
        "sku",
        "location",
        "target_fill",
        "review_days",
        "minimum",
        "maximum",
        "order_cost",
        "is_automatic",
        "is_active",
    )

    class Meta:
        model = ReorderRule
        fields = (
            "location",
            "target_fill",
            "review_days",
            "minimum",
            "maximum",
            "order_cost",
            "is_automatic",
            "is_active",
        )
        labels = {"is_automatic": "Order without asking", "is_active": "Planned"}
        help_texts = {
            "target_fill": "The share of what is wanted that is there when it is wanted.",
            "review_days": "An order lasts until the next one: 1 orders little and often.",
            "minimum": "Units that should always be there or come, whatever is sold.",
            "maximum": "Never order beyond this; empty: no limit.",
            "order_cost": "In the location's currency. With it, orders are of the economic quantity"
            " at least; 0: no matter.",
            "is_automatic": "Within the location's limit a day and an order.",
            "is_active": "Without this it is never suggested.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Location.objects.active().exclude(kind=LocationKind.SUPPLIER)
        self.fields["location"].queryset = places  # type: ignore[attr-defined]
        if self.instance.pk and self.instance.variant:
            self.initial["sku"] = self.instance.variant.sku

    def clean_sku(self) -> Variant | None:
        text = self.cleaned_data["sku"].strip()
        if not text:
            return None
        variant = Variant.objects.filter(Q(sku__iexact=text) | Q(barcode=text)).first()
        if variant is None:
            raise forms.ValidationError(f"No variant has the SKU “{text}”.")
        if variant.kind != VariantKind.STOCKED:
            raise forms.ValidationError(f"{variant.sku} is not stocked; plan its parts instead.")
        return variant

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        least, most = cleaned.get("minimum"), cleaned.get("maximum")
        if least is not None and most is not None and least > most:
            self.add_error("maximum", "At most cannot be lower than at least.")
        place = cleaned.get("location")
        if place is not None and "sku" in cleaned:
            others = ReorderRule.objects.filter(location=place, variant=cleaned["sku"])
            if others.exclude(pk=self.instance.pk).exists():
                self.add_error("sku", "There is a rule for this already; change that one.")
        return cleaned

    def _post_clean(self) -> None:
        self.instance.variant = self.cleaned_data.get("sku")
        super()._post_clean()  # type: ignore[misc]


class BuyingLimitForm(forms.ModelForm):  # type: ignore[type-arg]
    """What may be ordered for a location without asking."""

    class Meta:
        model = BuyingLimit
        fields = ("location", "per_order", "per_day")
        help_texts = {
            "per_order": "In the location's currency. A larger order waits for a person.",
            "per_day": "All such orders of one day together.",
        }


@dataclass(frozen=True)
class PastedRule:
    """One line of a pasted table of rules; `number` is its place, counted from 1."""

    number: int
    sku: str
    location: str
    target_fill: Decimal
    review_days: int
    minimum: int
    maximum: int | None
    is_automatic: bool


class PastedRulesForm(forms.Form):
    """Rules as a spreadsheet holds them: tabs or semicolons between columns, a line each."""

    table = forms.CharField(
        label="Rules",
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 14, "class": "mono", "spellcheck": "false"}),
        help_text=f"{', '.join(PASTED_COLUMNS)}. “*” as SKU means everything at the location.",
        error_messages={"required": "Paste the rows of your spreadsheet here."},
    )

    def clean_table(self) -> list[PastedRule]:
        rows: list[PastedRule] = []
        faults: list[str] = []
        for number, line in enumerate(self.cleaned_data["table"].splitlines(), start=1):
            cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ";")]
            if not any(cells) or cells[0].lower() == "sku":
                continue
            try:
                rows.append(_read(number, cells))
            except ValueError as fault:
                faults.append(f"Line {number}: {fault}")
        if len(rows) > MOST_PASTED:
            faults.append(f"{len(rows):,} rules are too many; paste {MOST_PASTED:,} at a time.")
        if not rows and not faults:
            faults.append("There is no rule in this; paste the rows of your spreadsheet.")
        if faults:
            raise forms.ValidationError(faults[:50])
        return rows


def _read(number: int, cells: list[str]) -> PastedRule:
    """A line as a rule. Raises ValueError with what is wrong with it."""
    if len(cells) < 3:
        raise ValueError("give at least SKU, location and the share to be served.")
    sku, place, served, days, least, most, auto = (*cells, *[""] * 7)[:7]
    if not sku or not place:
        raise ValueError("the SKU or the location is missing.")
    word = auto.lower()
    if word not in YES | NO:
        raise ValueError(f"“{auto}” is neither yes nor no.")
    rule = PastedRule(
        number=number,
        sku=sku,
        location=place,
        target_fill=_share(served),
        review_days=_whole(days or "7", "days", least=1, most=180),
        minimum=_whole(least or "0", "at least"),
        maximum=_whole(most, "at most") if most else None,
        is_automatic=word in YES,
    )
    if rule.maximum is not None and rule.maximum < rule.minimum:
        raise ValueError("at most is lower than at least.")
    return rule


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text.rstrip("% ").replace(",", "."))
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or not Decimal(50) <= share <= Decimal("99.9"):
        raise ValueError(f"“{text}” is no share to be served; give 50 to 99.9.")
    return share.quantize(Decimal("0.01"))


def _whole(text: str, what: str, *, least: int = 0, most: int = MOST_UNITS) -> int:
    if not text.isdecimal() or not least <= int(text[:9]) <= most:
        raise ValueError(f"“{text}” is no number for “{what}”; give {least:,} to {most:,}.")
    return int(text)
