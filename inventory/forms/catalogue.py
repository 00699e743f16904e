"""Forms of products and variants, and of what hangs on them."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import Q

from core.forms.custom import CustomFieldsMixin
from core.markup.people import country_codes
from inventory.forms.lines import LinesField, find_variants
from inventory.forms.stock import MOST_UNITS
from inventory.models import Barcode, Category, Product, Variant
from inventory.services.composing import CodeWish, PartWish, StandIn
from inventory.states import Tracking, VariantKind

MOST_OF = {  # more of these is a slip of the hand
    "weight_g": 100_000_000,
    "length_mm": 100_000,
    "width_mm": 100_000,
    "height_mm": 100_000,
    "shelf_life_days": 36_500,
    "preorder_limit": MOST_UNITS,
    "backorder_limit": MOST_UNITS,
}
HS_CODE = re.compile(r"^\d{6,12}$")
MOST_ROWS = 200


class RetiringMixin(forms.BaseForm):
    """Before a ModelForm of what is sold: “Stop selling all the same”, asked once it was refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["despite"] = forms.BooleanField(
            label="Stop selling all the same", required=False, widget=forms.HiddenInput
        )

    def ask_despite(self) -> None:
        """Show the box, from now on."""
        self.fields["despite"].widget = forms.CheckboxInput()

    @property
    def values(self) -> dict[str, Any]:
        """What was entered of the thing itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "despite"}


class ProductForm(RetiringMixin, CustomFieldsMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A product as shoppers know it."""

    category = forms.CharField(
        max_length=100,
        required=False,
        help_text="A new name makes a new category.",
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )

    class Meta:
        model = Product
        fields = ("name", "brand", "category", "description", "tax_class", "is_active")
        labels = {"is_active": "Sold", "tax_class": "Tax class"}
        help_texts = {"tax_class": "Which tax rates apply, such as standard or reduced."}
        widgets = {"description": forms.Textarea(attrs={"rows": 4, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.category:
            self.initial["category"] = self.instance.category.name

    @property
    def categories(self) -> Sequence[str]:
        return list(Category.objects.values_list("name", flat=True))

    def clean_category(self) -> str:
        return " ".join(self.cleaned_data["category"].split())

    def _post_clean(self) -> None:
        """The verb saves; nothing is built onto the instance here."""


class VariantForm(RetiringMixin, CustomFieldsMixin, forms.ModelForm):  # type: ignore[type-arg]
    """One SKU."""

    cost = forms.DecimalField(
        label="Standard cost",
        min_value=0,
        max_digits=12,
        decimal_places=6,
        required=False,
        help_text="What a unit costs where no purchase tells it.",
    )

    class Meta:
        model = Variant
        fields = (
            "sku",
            "name",
            "kind",
            "tracking",
            "barcode",
            "cost",
            "weight_g",
            "length_mm",
            "width_mm",
            "height_mm",
            "hs_code",
            "origin_country",
            "shelf_life_days",
            "available_from",
            "preorder_limit",
            "backorder_limit",
            "can_backorder",
            "order_minimum",
            "order_multiple",
            "tax_class",
            "is_hazardous",
            "is_active",
        )
        labels = {
            "length_mm": "Length in mm",
            "width_mm": "Width in mm",
            "height_mm": "Height in mm",
            "origin_country": "Country of origin",
            "is_active": "Sold",
            "tracking": "Told apart",
            "shelf_life_days": "Shelf life in days",
            "available_from": "On pre-order until",
            "preorder_limit": "Pre-orders at most",
            "backorder_limit": "Backorders at most",
            "order_minimum": "Companies take at least",
            "order_multiple": "Companies take it in steps of",
            "tax_class": "Tax class of its own",
        }
        help_texts = {
            "origin_country": "Two letters, such as DE.",
            "hs_code": "Six to twelve digits.",
            "can_backorder": "Orders are taken although nothing is free; they wait for stock.",
            "available_from": "Sold before it is there, up to this day.",
            "preorder_limit": "Units; empty: no limit.",
            "backorder_limit": "Units that may wait for stock; empty: no limit.",
            "shelf_life_days": "From making to expiry, where units are told apart by lot.",
        }
        widgets = {"available_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cost = self.instance.cost
        self.initial["cost"] = f"{cost.normalize():f}" if cost else ""
        for name in ("kind", "tracking", "order_minimum", "order_multiple"):
            self.fields[name].required = False  # files may leave it out
            self.fields[name].has_default = True  # type: ignore[attr-defined]
        for name, most in MOST_OF.items():
            too_much = f"That is too much; at most {most:,}."
            self.fields[name].validators.append(MaxValueValidator(most, too_much))

    def clean_kind(self) -> str:
        return str(self.cleaned_data["kind"] or VariantKind.STOCKED)

    def clean_tracking(self) -> str:
        return str(self.cleaned_data["tracking"] or Tracking.NONE)

    def clean_order_minimum(self) -> int:
        return int(self.cleaned_data["order_minimum"] or 1)

    def clean_order_multiple(self) -> int:
        return int(self.cleaned_data["order_multiple"] or 1)

    def clean_cost(self) -> Any:
        return self.cleaned_data["cost"] or 0

    def clean_sku(self) -> str:
        sku = str(self.cleaned_data["sku"]).strip()
        others = Variant.objects.filter(sku__iexact=sku).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(f"“{sku}” belongs to another variant already.")
        return sku

    def clean_barcode(self) -> str:
        barcode = str(self.cleaned_data["barcode"]).strip()
        if not barcode:
            return ""
        others = Variant.objects.filter(barcode=barcode).exclude(pk=self.instance.pk)
        if others.exists() or Barcode.objects.filter(code=barcode).exists():
            raise forms.ValidationError(
                f"“{barcode}” belongs to another variant, or to a case, already."
            )
        return barcode

    def clean_hs_code(self) -> str:
        code = re.sub(r"[ .]", "", str(self.cleaned_data["hs_code"]))
        if code and not HS_CODE.match(code):
            raise forms.ValidationError("An HS code has six to twelve digits, such as 691200.")
        return code

    def clean_origin_country(self) -> str:
        country = str(self.cleaned_data["origin_country"]).strip().upper()
        if country and country not in country_codes():
            raise forms.ValidationError("Use the two letters of the country, such as DE.")
        return country

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        if entered.get("kind") != VariantKind.STOCKED and entered.get("tracking") != Tracking.NONE:
            self.add_error(
                "tracking", "Only what lies in stock is told apart by lot or serial number."
            )
        if entered.get("shelf_life_days") and entered.get("tracking") != Tracking.LOT:
            self.add_error("shelf_life_days", "Shelf life is kept by lot; tell units apart by lot.")
        if entered.get("preorder_limit") is not None and not entered.get("available_from"):
            self.add_error("available_from", "Say until when it is on pre-order.")
        if entered.get("backorder_limit") is not None and not entered.get("can_backorder"):
            self.add_error("can_backorder", "A limit of backorders needs that they are allowed.")
        return entered

    def _post_clean(self) -> None:
        """The verb saves; nothing is built onto the instance here."""


def _rows(text: str) -> list[list[str]]:
    """Rows of cells, apart at tabs or semicolons; blank lines fall away."""
    rows = [
        [cell.strip() for cell in re.split(r"[\t;]", line)]
        for line in text.replace("\0", "").splitlines()
        if line.strip()
    ]
    if len(rows) > MOST_ROWS:
        raise forms.ValidationError(f"{len(rows)} lines are too many; give at most {MOST_ROWS}.")
    return rows


class RowsField(forms.CharField):
    """A text area with a thing a line, its cells apart at semicolons or tabs."""

    def __init__(self, **more: Any) -> None:
        attrs = {"rows": 4, "spellcheck": "false", "autocomplete": "off", "class": "mono"}
        super().__init__(
            widget=forms.Textarea(attrs=attrs), max_length=20_000, required=False, **more
        )


class VariantLinksForm(forms.Form):
    """What a variant is made of, its further barcodes and what stands in for it."""

    parts = LinesField(
        label="Parts",
        required=False,
        help_text="A line each: SKU, then units. They are sent in a kit’s place; of anything else"
        " they are what an assembly uses.",
    )
    barcodes = RowsField(
        label="Further barcodes",
        help_text="A line each: barcode; units; on what. A case of six: 14006381333938; 6; case",
    )
    substitutes = RowsField(
        label="Substitutes",
        help_text="The best first, a line each: SKU; why it will do.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_parts(self) -> list[PartWish]:
        return [PartWish(one.variant, one.units) for one in self.cleaned_data["parts"] or ()]

    def clean_barcodes(self) -> list[CodeWish]:
        wishes = []
        for row in _rows(self.cleaned_data["barcodes"]):
            code, units, label = (*row, "", "")[:3]
            if len(code) > 40 or (units and not re.match(r"^\d{1,6}$", units)):
                raise forms.ValidationError(
                    f"“{code}; {units}” is not understood; write the barcode, then how many units"
                    " it stands for."
                )
            wishes.append(CodeWish(code, int(units or 1), label[:60]))
        return wishes

    def clean_substitutes(self) -> list[StandIn]:
        rows = _rows(self.cleaned_data["substitutes"])
        found = find_variants([row[0] for row in rows])
        unknown = [row[0] for row in rows if row[0].upper() not in found]
        if unknown:
            raise forms.ValidationError(f"No variant has the SKU “{unknown[0]}”.")
        return [StandIn(found[row[0].upper()], "; ".join(row[1:])) for row in rows]


class RelatedForm(forms.Form):
    """The products that go with a product, named by any SKU of theirs."""

    related = RowsField(label="Goes with", help_text="A SKU of each product, a line each.")

    def clean_related(self) -> list[Product]:
        skus = [row[0] for row in _rows(self.cleaned_data["related"])]
        wanted = Q(pk__in=[one.pk for one in find_variants(skus).values()])
        found = {
            one.sku.upper(): one for one in Variant.objects.filter(wanted).select_related("product")
        }
        unknown = [sku for sku in skus if sku.upper() not in found]
        if unknown:
            raise forms.ValidationError(f"No variant has the SKU “{unknown[0]}”.")
        return [found[sku.upper()].product for sku in skus]


class PictureForm(forms.Form):
    """A picture to keep; the verb looks at its bytes."""

    picture = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG or WebP, at most 8 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": "Choose a file."},
    )
    variant = forms.ModelChoiceField(
        Variant.objects.none(), label="Shows", required=False, empty_label="The whole product"
    )
    description = forms.CharField(
        label="What it shows",
        max_length=200,
        required=False,
        help_text="For those who cannot see it.",
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["variant"].queryset = product.variants.all()  # type: ignore[attr-defined]


class PasteForm(forms.Form):
    """Rows from a spreadsheet, their header first."""

    rows = forms.CharField(
        label="Rows",
        max_length=500_000,
        strip=False,
        help_text="Copy them from your spreadsheet with their header. Needed: sku.",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "mono"}),
        error_messages={"required": "Paste some rows first."},
    )
