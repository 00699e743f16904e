"""What a third party counted, beside our books: listed first, booked only where somebody accepts it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from core import actors
from core.bulk import insert_all, update_all
from core.outbox import publish
from inventory.errors import BadQuantity, CannotDecide
from inventory.events import SnapshotDecided, SnapshotTaken
from inventory.locks import lock_levels, lock_snapshot
from inventory.models import Location, SnapshotLine, StockLevel, StockSnapshot
from inventory.services.adjusting import adjust_stock
from inventory.services.moving import MOST_UNITS
from inventory.states import MovementReason, SnapshotDecision


@transaction.atomic
def take_snapshot(
    *, location: Location, counted: Mapping[int, int], name: str, now: datetime
) -> StockSnapshot:
    """Keep what a third party says to have, by variant id, beside what is sellable by our books.

    What has stock by our books and is not named counts as zero there. Nothing is booked.
    """
    for units in counted.values():
        if not 0 <= units <= MOST_UNITS:
            raise BadQuantity(
                f"{units} is no possible count; give a whole number from 0 to {MOST_UNITS:,}.",
                field="counted",
            )
    ours = dict(StockLevel.objects.filter(location=location).values_list("variant_id", "sellable"))
    snapshot = StockSnapshot.objects.create(
        location=location,
        name=name[:200],
        made_by=actors.current().actor.label[:150],
        created_at=now,
    )
    silent = {variant_id: 0 for variant_id, units in ours.items() if units}
    lines = insert_all(
        SnapshotLine(
            snapshot=snapshot,
            variant_id=variant_id,
            expected=ours.get(variant_id, 0),
            counted=units,
            decision=SnapshotDecision.AGREES
            if units == ours.get(variant_id, 0)
            else SnapshotDecision.OPEN,
        )
        for variant_id, units in sorted({**silent, **counted}.items())
    )
    publish(
        SnapshotTaken(
            location_id=location.pk,
            location=location.name,
            snapshot_id=snapshot.pk,
            rows=len(lines),
            differing=sum(line.decision == SnapshotDecision.OPEN for line in lines),
        )
    )
    return snapshot


@transaction.atomic
def decide_lines(
    *, snapshot_id: int, line_ids: Sequence[int] | None, accept: bool, now: datetime
) -> int:
    """Book the differences of these lines (None: of all that are open), or leave our books as they
    are; returns how many were decided.

    Accepted, the difference is booked, not the figure: what moved since the snapshot stays moved. Raises
    CannotDecide when nothing is left to decide.
    """
    one = lock_snapshot(snapshot_id)
    found = one.lines.filter(decision=SnapshotDecision.OPEN).select_related("variant__product")
    if line_ids is not None:
        found = found.filter(pk__in=list(line_ids))
    lines = list(found.order_by("variant_id"))
    if not lines:
        raise CannotDecide("Nothing is left to decide here; reload the page.")
    if accept:
        _book(one, lines, now=now)
    for line in lines:
        line.decision = SnapshotDecision.ACCEPTED if accept else SnapshotDecision.REFUSED
        line.decided_by, line.decided_at = actors.current().actor.label[:150], now
    update_all(lines, ["decision", "decided_by", "decided_at"])
    publish(
        SnapshotDecided(
            location_id=one.location_id,
            snapshot_id=one.pk,
            file=one.name,
            rows=len(lines),
            what="booked" if accept else "left as they are",
        )
    )
    return len(lines)


def _book(snapshot: StockSnapshot, lines: Sequence[SnapshotLine], *, now: datetime) -> None:
    levels = lock_levels(line.variant_id for line in lines)
    for line in lines:
        level = levels.get((line.variant_id, snapshot.location_id))
        there = level.sellable if level else 0
        adjust_stock(
            variant=line.variant,
            location=snapshot.location,
            counted=max(0, there + line.difference),
            reason=MovementReason.COUNT,
            reference=f"snapshot {snapshot.pk}",
            note=snapshot.name,
            now=now,
        )
