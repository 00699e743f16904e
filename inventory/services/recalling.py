"""A lot called back: nobody gets more of it, who was to get it is served from other lots."""

from datetime import date, datetime, timedelta

from django.db import transaction

from core import attention
from core.bulk import update_all
from core.models import AttentionItem
from core.outbox import publish, publish_all
from inventory.errors import BadLot
from inventory.events import AllocationLost, LotRecalled, LotRecallLifted
from inventory.locks import Levels, lock_levels, write_levels
from inventory.models import Allocation, Demand, Lot, LotBalance
from inventory.services.filling import fill_backorders
from inventory.services.reserving import end_for_shortage

LOT_RECALLED = "lot_recalled"
LOT_EXPIRING = "lot_expiring"
NOTICE_DAYS = 30


@transaction.atomic
def recall_lot(*, lot_id: int, reason: str, now: datetime) -> int:
    """Call a lot back; returns the units that were set aside of it and went back to the queue.

    Its allocations are released and re-served from other lots at once, by priority, then age;
    AllocationLost is stated for each, LotRecalled once, and people's attention is raised. What left
    already stays on its demand, so that everybody who got it can be named. Raises BadLot.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise BadLot("Say why the lot is recalled; those who sell it read this.", field="reason")
    lot, levels = _locked(lot_id)
    if lot.recalled_at:
        raise BadLot(f"Lot {lot.code} was recalled already.")
    lot.recalled_at, lot.recall_reason = now, reason[:300]
    lot.save(update_fields=["recalled_at", "recall_reason"])
    for level in levels.values():
        if lot_id in level.lots:
            level.lots[lot_id].is_recalled = True
    facts = _release(lot, levels)
    _end_reservations(levels, now)
    freed = sum(fact.quantity for fact in facts)
    publish(
        LotRecalled(
            lot_id=lot.pk,
            variant_id=lot.variant_id,
            sku=lot.variant.sku,
            code=lot.code,
            why=lot.recall_reason,
            freed=freed,
        ),
        reason=lot.recall_reason,
    )
    publish_all(facts)
    attention.raise_item(
        kind=LOT_RECALLED,
        subject_type="lot",
        subject_id=lot.pk,
        title=f"{lot.variant.sku}: lot {lot.code} is recalled",
        detail=f"{lot.recall_reason}. Tell who got it, and take what is left off the shelf.",
        url=f"/stock/lots/{lot.pk}/",
    )
    fill_backorders([lot.variant_id], levels=levels, now=now)
    return freed


@transaction.atomic
def lift_recall(*, lot_id: int, reason: str, now: datetime) -> None:
    """The lot may be sold again; who waits is served from it. Raises BadLot."""
    lot, levels = _locked(lot_id)
    if not lot.recalled_at:
        raise BadLot(f"Lot {lot.code} is not recalled.")
    lot.recalled_at, lot.recall_reason = None, ""
    lot.save(update_fields=["recalled_at", "recall_reason"])
    for level in levels.values():
        if lot_id in level.lots:
            level.lots[lot_id].is_recalled = False
    fact = LotRecallLifted(
        lot_id=lot.pk, variant_id=lot.variant_id, sku=lot.variant.sku, code=lot.code
    )
    publish(fact, reason=reason)
    attention.resolve(kind=LOT_RECALLED, subject_type="lot", subject_ids=[lot.pk])
    fill_backorders([lot.variant_id], levels=levels, now=now)


def _locked(lot_id: int) -> tuple[Lot, Levels]:
    """The lot, read after its variant's levels were locked."""
    variant_id = Lot.objects.filter(pk=lot_id).values_list("variant_id", flat=True).first()
    if variant_id is None:
        raise BadLot("This lot does not exist; look it up by its number.")
    levels = lock_levels([variant_id])
    return Lot.objects.select_related("variant").get(pk=lot_id), levels


def _release(lot: Lot, levels: Levels) -> list[AllocationLost]:
    """Give back every open allocation of the lot; what to tell of each."""
    by_id = {level.id: level for level in levels.values()}
    rows = [
        row
        for row in Allocation.objects.filter(lot=lot)
        .select_related("demand", "level__location")
        .order_by("pk")
        if row.open
    ]
    demands: dict[int, Demand] = {}
    facts = []
    for row in rows:
        demand = demands.setdefault(row.demand_id, row.demand)
        part = row.open
        row.released += part
        demand.allocated -= part
        by_id[row.level_id].unclaim(lot.pk, part)
        facts.append(
            AllocationLost(
                demand_id=demand.pk,
                variant_id=lot.variant_id,
                location_id=row.level.location_id,
                location=row.level.location.name,
                quantity=part,
                reference=demand.reference,
                why=f"of recalled lot {lot.code} taken back",
            )
        )
    update_all(demands.values(), ["allocated"])
    update_all(rows, ["released"])
    write_levels({row.level_id: by_id[row.level_id] for row in rows}.values())
    return facts


def _end_reservations(levels: Levels, now: datetime) -> None:
    """Units kept for somebody that only the recalled lot could give are kept no longer."""
    for level in levels.values():
        usable = sum(lot.free(now.date()) for lot in level.lots.values())
        if level.reserved > usable:
            end_for_shortage(level.id, level.reserved - usable, levels=levels, now=now)


def flag_expiring(*, today: date, notice_days: int = NOTICE_DAYS) -> int:
    """Raise people's attention to lots on hand that expire within the notice, and resolve what lies
    there no more; returns how many were found.
    """
    soon = LotBalance.objects.filter(
        lot__expires_on__lte=today + timedelta(days=notice_days), sellable__gt=0
    )
    units: dict[int, int] = {}
    lots: dict[int, Lot] = {}
    for balance in soon.select_related("lot__variant"):
        units[balance.lot_id] = units.get(balance.lot_id, 0) + balance.sellable
        lots[balance.lot_id] = balance.lot
    with transaction.atomic():
        for pk, lot in lots.items():
            has_expired = lot.expires_on is not None and lot.expires_on < today
            attention.raise_item(
                kind=LOT_EXPIRING,
                subject_type="lot",
                subject_id=pk,
                title=f"{lot.variant.sku}: lot {lot.code} "
                + ("has expired" if has_expired else f"expires on {lot.expires_on:%-d %B %Y}"),
                detail=f"{units[pk]} units are still sellable by the books: sell, move or scrap them.",
                url=f"/stock/lots/{pk}/",
            )
        over = AttentionItem.objects.filter(kind=LOT_EXPIRING, resolved_at=None).exclude(
            subject_id__in=list(lots)
        )
        gone = list(over.values_list("subject_id", flat=True))
        attention.resolve(kind=LOT_EXPIRING, subject_type="lot", subject_ids=gone)
    return len(lots)
