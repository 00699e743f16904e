"""Lots made and found for units that come in."""

from collections.abc import Collection, Mapping
from datetime import date

from core import attention
from inventory.errors import BadLot
from inventory.models import Lot, Variant
from inventory.states import Tracking

UNKNOWN = "unknown"
LOT_UNKNOWN = "lot_unknown"


def lots_by_id(lot_ids: Collection[int]) -> dict[int, Lot]:
    return Lot.objects.in_bulk(list(lot_ids)) if lot_ids else {}


def unknown_lots(variant_ids: Collection[int]) -> dict[int, Lot]:
    """The lot of each variant for units whose lot nobody told, by lot id; made where missing, and
    people's attention is raised, since such units cannot be recalled.
    """
    if not variant_ids:
        return {}
    Lot.objects.bulk_create(
        (Lot(variant_id=variant_id, code=UNKNOWN) for variant_id in sorted(variant_ids)),
        ignore_conflicts=True,
    )
    lots = Lot.objects.filter(variant_id__in=variant_ids, code=UNKNOWN).select_related("variant")
    for lot in lots:
        attention.raise_item(
            kind=LOT_UNKNOWN,
            subject_type="variant",
            subject_id=lot.variant_id,
            title=f"{lot.variant.sku}: units of an unknown lot",
            detail="Units came in without a lot number; find it on the goods and correct the stock.",
            url=f"/stock/variants/{lot.variant_id}/",
        )
    return {lot.pk: lot for lot in lots}


def lot_for(
    *,
    variant: Variant,
    code: str,
    made_on: date | None = None,
    expires_on: date | None = None,
    today: date,
    may_be_expired: bool = False,
) -> Lot:
    """The lot of a variant with that number, made where it is new, in the open transaction.

    Raises BadLot for a variant that is not kept by lot, an empty number, dates that contradict what
    is known of the lot, and (unless allowed) a lot that has expired.
    """
    code = " ".join(code.split())
    if variant.tracking != Tracking.LOT:
        raise BadLot(f"{variant.sku} is not kept by lot; leave the lot number empty.", field="lot")
    if not code or len(code) > 60:
        raise BadLot(
            f"{variant.sku} is kept by lot: give the lot number on the goods, at most 60"
            " characters.",
            field="lot",
        )
    lot, is_new = Lot.objects.get_or_create(
        variant=variant, code=code, defaults={"made_on": made_on, "expires_on": expires_on}
    )
    if not is_new:
        _refuse_other_dates(lot, {"made on": made_on, "expires on": expires_on})
    if lot.expires_on and lot.expires_on < today and not may_be_expired:
        raise BadLot(
            f"Lot {code} of {variant.sku} expired on {lot.expires_on:%-d %B %Y}; refuse the goods,"
            " or receive them as damaged.",
            field="expires_on",
        )
    return lot


def _refuse_other_dates(lot: Lot, told: Mapping[str, date | None]) -> None:
    known = {"made on": lot.made_on, "expires on": lot.expires_on}
    for words, day in told.items():
        if day and known[words] and day != known[words]:
            raise BadLot(
                f"Lot {lot.code} is known with another date ({words} {known[words]:%-d %B %Y});"
                " check the label, or give another lot number.",
                field="lot",
            )
