"""Low stock put before people: what is sold out before an order made today would be here."""

from collections.abc import Sequence

from django.urls import reverse

from core import attention
from core.models import AttentionItem
from inventory.models import Variant
from inventory.services.suggesting import Need

LOW_STOCK = "low_stock"
SUBJECT = "forecast"


def tell_low_stock(low: Sequence[Need]) -> None:
    """Raise what runs low and let go what no longer does. Needs are those of the whole plan."""
    names = Variant.objects.in_bulk({need.forecast.variant_id for need in low})
    open_items = {
        item.subject_id: item
        for item in AttentionItem.objects.filter(
            kind=LOW_STOCK, subject_type=SUBJECT, resolved_at=None
        )
    }
    for need in low:
        at = need.forecast
        title = f"{names[at.variant_id].sku} at {need.rule.location.name} {_when(need)}"
        known = open_items.pop(at.pk, None)
        if known is None or known.title != title[:200]:
            attention.raise_item(
                kind=LOW_STOCK,
                subject_type=SUBJECT,
                subject_id=at.pk,
                title=title,
                detail=_detail(need),
                url=reverse("inventory:variant_detail", args=[at.variant_id]),
            )
    attention.resolve(kind=LOW_STOCK, subject_type=SUBJECT, subject_ids=list(open_items))


def _when(need: Need) -> str:
    days = need.covered_days or 0.0
    if days < 1:
        return "is out" if need.standing.free <= need.standing.waiting else "runs out today"
    return f"runs out in {int(days)} {'day' if int(days) == 1 else 'days'}"


def _detail(need: Need) -> str:
    at, there = need.forecast, need.standing
    said = f"Sells {at.rate:.1f} a day; {there.free} free"
    if there.waiting:
        said += f", {there.waiting} wanted already"
    said += f", {there.on_the_way} coming" if there.on_the_way else ", nothing coming"
    return f"{said}. An order made today takes {round(at.lead_days)} days."
