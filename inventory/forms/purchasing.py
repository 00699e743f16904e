"""Forms of suppliers and purchase orders: well-formed input, no decisions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import Q
from django.db.models.functions import Upper

from core.models import User
from inventory.forms.stock import MOST_UNITS, WHOLE
from inventory.models import (
    Location,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierItem,
    Variant,
)
from inventory.selectors import visible_locations
from inventory.services.announcing import Announced
from inventory.services.purchasing import PurchaseWish
from inventory.states import SplitBy

CELLS = re.compile(r"\t|;|,(?!\d)|,\s")
MOST_PASTED = 500


def day_field(**more: Any) -> forms.DateField:
    more.setdefault("error_messages", {})["invalid"] = "Give a day, such as 2026-12-02."
    widget = forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **more)


def units_field(**more: Any) -> forms.IntegerField:
    words = {
        "invalid": WHOLE,
        "min_value": "Give a whole number of units above zero.",
        "max_value": f"That is too many; at most {MOST_UNITS:,} at a time.",
        **more.pop("error_messages", {}),
    }
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "input input--qty"})
    return forms.IntegerField(
        max_value=MOST_UNITS,
        widget=widget,
        error_messages=words,
        **{"min_value": 1, **more},
    )


def price_field(**more: Any) -> forms.DecimalField:
    words = {
        "invalid": "Give a price, such as 4.20.",
        "min_value": "A price cannot be negative.",
        "max_value": "That is too much.",
    }
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "input"})
    return forms.DecimalField(
        min_value=0,
        max_value=10_000_000,
        max_digits=18,
        decimal_places=6,
        widget=widget,
        error_messages=words,
        **more,
    )


def unknown(text: str) -> str:
    return f"No variant has the SKU or barcode “{text}”. Check it, or add the product first."


def variants_named(texts: Iterable[str], supplier: Supplier | None = None) -> dict[str, Variant]:
    """The variants of SKUs, barcodes or the supplier's own SKUs, by upper case. Two queries."""
    wanted = {text.strip().upper() for text in texts if text.strip()}
    if not wanted:
        return {}
    found: dict[str, Variant] = {}
    if supplier is not None:
        items = SupplierItem.objects.filter(supplier=supplier).annotate(upper=Upper("supplier_sku"))
        for item in items.filter(upper__in=wanted).select_related("variant"):
            found[item.supplier_sku.upper()] = item.variant
    variants = Variant.objects.annotate(upper=Upper("sku"))
    for variant in variants.filter(Q(upper__in=wanted) | Q(barcode__in=wanted)):
        found[variant.barcode.upper()] = variant
        found[variant.sku.upper()] = variant
    found.pop("", None)
    return found


class PurchaseForm(forms.Form):
    """The head of a purchase order; supplier and location only while it is new."""

    supplier = forms.ModelChoiceField(
        Supplier.objects.none(),
        empty_label="Choose a supplier",
        error_messages={"required": "Say from whom you buy."},
    )
    location = forms.ModelChoiceField(
        Location.objects.none(),
        empty_label="Choose a location",
        error_messages={"required": "Say where the goods go."},
    )
    expected_on = day_field(
        label="Expected on", required=False, help_text="Empty: by the lead time."
    )
    exchange_rate = forms.DecimalField(
        label="Exchange rate",
        required=False,
        min_value=Decimal("0.00000001"),
        max_digits=18,
        decimal_places=8,
        help_text="What one unit of the supplier’s currency is worth in the location’s.",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "Give a rate, such as 0.92."},
    )
    supplier_reference = forms.CharField(label="Supplier’s number", max_length=60, required=False)
    note = forms.CharField(
        label="Note to the supplier",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    pasted = forms.CharField(
        label="Paste lines",
        required=False,
        help_text="From a spreadsheet: SKU, quantity and, if you like, the price; one line each.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono"}),
    )

    def __init__(
        self, *args: Any, user: User, order: PurchaseOrder | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if order is not None:
            del self.fields["supplier"], self.fields["location"]
            if order.currency == order.location.currency:
                del self.fields["exchange_rate"]
            return
        self.fields["supplier"].queryset = Supplier.objects.filter(is_active=True)  # type: ignore[attr-defined]
        places = visible_locations(user).filter(is_active=True)
        self.fields["location"].queryset = places  # type: ignore[attr-defined]

    def clean_pasted(self) -> list["PastedLine"]:
        return read_pasted(self.cleaned_data["pasted"])


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line of a paste: what it names, how many, and a price where there is one."""

    number: int
    sku: str
    quantity: int
    price: Decimal | None = None


def read_pasted(text: str) -> list[PastedLine]:
    """Read “SKU, quantity[, price]” a line, by tab, semicolon or comma. Raises ValidationError that
    names the line.
    """
    rows = [row for row in enumerate(text.splitlines(), start=1) if row[1].strip()]
    if len(rows) > MOST_PASTED:
        raise forms.ValidationError(f"Paste {MOST_PASTED} lines at most.")
    found = []
    for number, row in rows:
        cells = [cell.strip() for cell in CELLS.split(row.strip())]
        units = cells[1] if len(cells) > 1 else ""
        is_whole = units.isascii() and units.isdecimal() and len(units) < 10
        if not is_whole or not 0 < int(units) <= MOST_UNITS:
            raise forms.ValidationError(
                f"Line {number}: “{units}” is no possible quantity; write a whole number behind the"
                " SKU, such as “MUG, 12”."
            )
        found.append(PastedLine(number, cells[0], int(units), _price(number, cells[2:3])))
    return found


def _price(number: int, cells: Sequence[str]) -> Decimal | None:
    text = cells[0].lstrip("€$£ ") if cells else ""
    if not text:
        return None
    try:
        price = Decimal(text.replace(",", "."))
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        raise forms.ValidationError(f"Line {number}: “{text}” is no price; write it as 4.20.")
    return price


class PurchaseLineForm(forms.Form):
    """One line; empty rows are passed over."""

    sku = forms.CharField(
        label="SKU",
        max_length=60,
        widget=forms.TextInput(attrs={"list": "goods", "autocomplete": "off", "class": "input"}),
    )
    quantity = units_field(label="Units", error_messages={"required": "Say how many units."})
    unit_cost = price_field(label="Price", required=False)
    expected_on = day_field(label="Expected on", required=False)


class BasePurchaseLines(forms.BaseFormSet):  # type: ignore[type-arg]
    """The lines of an order, each named by a SKU that is known."""

    supplier: Supplier | None = None

    def clean(self) -> None:
        filled = [one for one in self.forms if one.cleaned_data.get("sku")]
        known = variants_named((one.cleaned_data["sku"] for one in filled), self.supplier)
        for one in filled:
            text = one.cleaned_data["sku"].strip()
            one.cleaned_data["variant"] = known.get(text.upper())
            if one.cleaned_data["variant"] is None:
                one.add_error("sku", unknown(text))

    def wishes(self) -> list[PurchaseWish]:
        return [
            PurchaseWish(
                variant_id=one.cleaned_data["variant"].pk,
                quantity=one.cleaned_data["quantity"],
                unit_cost=one.cleaned_data.get("unit_cost"),
                expected_on=one.cleaned_data.get("expected_on"),
            )
            for one in self.forms
            if one.cleaned_data.get("variant") and not one.cleaned_data.get("DELETE")
        ]


PurchaseLines: type[BasePurchaseLines] = forms.formset_factory(  # type: ignore[assignment]
    PurchaseLineForm,
    formset=BasePurchaseLines,
    extra=3,
    max_num=MOST_PASTED,
    absolute_max=MOST_PASTED,
    can_delete=True,
)


class SendForm(forms.Form):
    """How the order reaches the supplier."""

    by_mail = forms.ChoiceField(
        label="How",
        choices=[("yes", "By mail, with the PDF"), ("no", "I hand it over myself")],
        widget=forms.RadioSelect,
    )


class WhyForm(forms.Form):
    reason = forms.CharField(
        label="Why", max_length=300, error_messages={"required": "Say why, for the record."}
    )


class ExpectForm(forms.Form):
    """What the supplier said about the day."""

    day = day_field(label="Expected on", error_messages={"required": "Say on which day."})
    supplier_reference = forms.CharField(label="Supplier’s number", max_length=60, required=False)
    reason = forms.CharField(label="What they say", max_length=300, required=False)


class LandedCostForm(forms.Form):
    label = forms.CharField(
        label="What it is", max_length=60, help_text="“Freight”, “Duty”, “Insurance”."
    )
    amount = price_field(label="Amount")
    split_by = forms.ChoiceField(
        label="Spread over the goods", choices=SplitBy.choices, initial=SplitBy.VALUE
    )


class NoticeForm(forms.Form):
    """What the supplier says is on its way; typed a line at a time, or pasted."""

    reference = forms.CharField(label="Delivery note", max_length=60)
    expected_on = day_field(label="Arrives on")
    carrier = forms.CharField(max_length=60, required=False)
    tracking_number = forms.CharField(max_length=80, required=False)
    pasted = forms.CharField(
        label="Paste lines",
        required=False,
        help_text="From a spreadsheet: SKU and quantity, one line each. They add to those below.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono"}),
    )

    def __init__(self, *args: Any, lines: Sequence[PurchaseOrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.open]
        for line in self.lines:
            self.fields[f"quantity-{line.pk}"] = units_field(
                label=f"{line.name} ({line.sku})",
                min_value=0,
                required=False,
                help_text=f"{line.open} still to come.",
            )

    def clean_pasted(self) -> list[PastedLine]:
        pasted = read_pasted(self.cleaned_data["pasted"])
        known = {name.upper() for line in self.lines for name in (line.sku, line.supplier_sku)}
        for row in pasted:
            if row.sku.upper() not in known:
                raise forms.ValidationError(
                    f"Line {row.number}: nothing of “{row.sku}” is still to come on this order."
                )
        return pasted

    def goods(self) -> list[Announced]:
        named = {
            name.upper(): line.pk
            for line in reversed(self.lines)
            for name in (line.supplier_sku, line.sku)
        }
        typed = [
            Announced(line.pk, units)
            for line in self.lines
            if (units := self.cleaned_data.get(f"quantity-{line.pk}"))
        ]
        pasted = self.cleaned_data["pasted"]
        return [*typed, *(Announced(named[row.sku.upper()], row.quantity) for row in pasted)]
