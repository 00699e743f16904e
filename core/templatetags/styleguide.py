"""What the style guide shows its components with: made-up values, the same every time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms, template
from django.contrib.staticfiles import finders
from django.utils import timezone

from core.markup.icons import SPRITE

register = template.Library()


class SampleForm(forms.Form):
    """One of every kind of field; filled in wrongly on purpose."""

    name = forms.CharField(label="Name", help_text="As it should stand on the parcel.")
    email = forms.EmailField(label="E-mail", required=False)
    reason = forms.ChoiceField(
        label="Reason", choices=[("", "Choose a reason"), ("damaged", "Damaged"), ("late", "Late")]
    )
    quantity = forms.IntegerField(label="Quantity", min_value=1, max_value=1000)
    due_on = forms.DateField(
        label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    how = forms.ChoiceField(
        label="How to send it",
        choices=[("standard", "Standard, 3 to 5 days"), ("express", "Express, next day")],
        widget=forms.RadioSelect,
        initial="standard",
    )
    is_gift = forms.BooleanField(
        label="This is a gift", required=False, help_text="Leaves the prices off the packing slip."
    )


@dataclass(frozen=True)
class Row:
    """A row of the sample table."""

    number: str
    who: str
    total: Decimal
    currency: str
    badges: tuple[tuple[str, str, str], ...]
    at: Any
    tone: str = ""


@dataclass(frozen=True)
class Samples:
    """Everything the style guide's page needs."""

    roles: tuple[str, ...] = ("neutral", "info", "success", "warning", "danger", "accent")
    icons: Sequence[str] = ()
    values: tuple[int, ...] = (21, 25, 18, 30, 34, 28, 12, 26, 31, 38, 29, 41, 36, 44)
    bars: tuple[tuple[str, int], ...] = (("Berlin", 412), ("London", 268), ("Lyon", 97))
    days: tuple[tuple[str, int], ...] = tuple(
        (f"{day} Nov", count) for day, count in zip(range(8, 22), values, strict=True)
    )
    steps: tuple[tuple[str, str], ...] = (
        ("Upload", "done"),
        ("Match columns", "current"),
        ("Check", "todo"),
        ("Bring in", "todo"),
    )
    person: dict[str, str] = field(
        default_factory=lambda: {
            "name": "Ada Lovelace",
            "line1": "12 St James’s Square",
            "city": "London",
            "postal_code": "SW1Y 4JH",
            "country": "GB",
        }
    )
    today: date = date(2026, 11, 22)
    rows: tuple[Row, ...] = ()
    entries: tuple[dict[str, Any], ...] = ()
    page: dict[str, Any] = field(default_factory=dict)
    form: forms.Form = field(default_factory=SampleForm)
    wrong_form: forms.Form = field(
        default_factory=lambda: SampleForm({"quantity": "0", "how": "standard"}, prefix="wrong")
    )


def _drawn_icons() -> list[str]:
    sprite = Path(str(finders.find(SPRITE)))
    return re.findall(r'<symbol id="([\w-]+)"', sprite.read_text())


@register.simple_tag
def samples() -> Samples:
    """The style guide's values."""
    now = timezone.now()
    paid, due = ("Paid", "success", "check"), ("Payment pending", "warning", "clock")
    return Samples(
        icons=_drawn_icons(),
        rows=(
            Row("SO-1042", "Ada Lovelace", Decimal("1284.5"), "EUR",
                (paid, ("Picking", "info", "box")), now - timedelta(minutes=12)),
            Row("SO-1041", "Björk Guðmundsdóttir", Decimal("58.2"), "GBP",
                (due, ("On hold", "danger", "hold")), now - timedelta(hours=5), "row--danger"),
            Row("SO-1040", "山田 太郎", Decimal(12800), "JPY",
                (paid, ("Shipped", "success", "truck")), now - timedelta(days=1)),
            Row("SO-1039", "Wolfeschlegelsteinhausenbergerdorff und Söhne GmbH & Co. KG",
                Decimal("-12.35"), "USD",
                (("Refunded", "neutral", "refund"), ("Returned", "accent", "return")),
                now - timedelta(days=40)),
        ),
        entries=(
            {"at": now - timedelta(minutes=4), "actor": "Grace Hopper", "icon": "hold",
             "role": "warning", "text": "Put on hold", "reason": "The house number is missing."},
            {"at": now - timedelta(hours=3), "actor": "Rule “Express first”", "icon": "bolt",
             "role": "info", "text": "Changed", "changes": [("Service", "Standard", "Express")]},
            {"at": now - timedelta(days=1), "actor": "Import 12", "icon": "check",
             "role": "success", "text": "Placed through the web shop"},
        ),
        page={
            "first": 51, "last": 100, "total_text": "10,000+", "previous_url": "?page=1",
            "next_url": "?page=3", "sizes": [(25, "?size=25", False), (50, "?size=50", True)],
        },
    )  # fmt: skip
