"""Counting part of a location while work goes on: opened, counted, recounted, approved, booked once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import actors, attention
from core.audit import record_move
from core.bulk import insert_all
from core.numbers import next_values
from core.outbox import publish
from inventory.errors import BadQuantity, CannotCount
from inventory.events import CountBooked, CountCancelled, CountOpened, CountSubmitted, RecountAsked
from inventory.locks import LockedLevel, ensure_levels, lock_count, lock_levels
from inventory.models import CountLine, CountSession, Location, LotBalance, StockLevel, Variant
from inventory.selectors.codes import Heard, read_code
from inventory.selectors.counting import (
    CountChoice,
    levels_to_count,
    numbers_over,
    variants_being_counted,
)
from inventory.services.adjusting import adjust_stock
from inventory.services.moving import MOST_UNITS
from inventory.states import Condition, CountState, MovementReason, VariantKind

SEQUENCE = "inventory_count_number"
MOST_LINES = 2000
COUNT_TO_APPROVE = "count_to_approve"


@transaction.atomic
def open_count(
    *,
    location: Location,
    choice: CountChoice,
    is_blind: bool = True,
    condition: Condition = Condition.SELLABLE,
    tolerance_units: int = 2,
    tolerance_percent: int = 5,
    note: str = "",
    now: datetime,
) -> CountSession:
    """Begin to count what the choice names; what another open count has in hand is left out.
    Raises CannotCount when nothing is left, or too much.
    """
    levels = _chosen(location, choice, now=now)
    session = CountSession.objects.create(
        number=f"CC-{next_values(SEQUENCE)[0]}",
        location=location,
        method=choice.method,
        scope=choice.in_words(),
        condition=condition,
        is_blind=is_blind,
        tolerance_units=tolerance_units,
        tolerance_percent=tolerance_percent,
        note=note,
        created_by=actors.current().actor.label[:150],
        created_at=now,
    )
    lines = insert_all(_lines_for(session, levels))
    publish(
        CountOpened(
            countsession_id=session.pk,
            number=session.number,
            location=location.name,
            lines=len(lines),
            scope=session.scope,
        )
    )
    return session


def _chosen(location: Location, choice: CountChoice, *, now: datetime) -> list[StockLevel]:
    """The levels that the choice names: some, and not too many. Raises CannotCount."""
    levels = list(
        levels_to_count(location, choice, now=now).select_related("variant")[: MOST_LINES + 1]
    )
    if not levels:
        raise CannotCount(
            f"Nothing to count at {location.name} for {choice.in_words()}: nothing lies there, or"
            " another count has it in hand.",
            field="method",
        )
    if len(levels) > MOST_LINES:
        raise CannotCount(
            f"More than {MOST_LINES:,} SKUs are too many for one count; choose bins, a category or"
            " a class.",
            field="method",
        )
    return levels


def _lines_for(session: CountSession, levels: Sequence[StockLevel]) -> list[CountLine]:
    """One line a level; where lots are told apart, one for each lot that lies there."""
    lots: dict[int, list[int | None]] = {}
    for balance in LotBalance.objects.filter(level__in=levels).order_by(
        "lot__expires_on", "lot_id"
    ):
        if balance.on_hand:
            lots.setdefault(balance.level_id, []).append(balance.lot_id)
    return [
        CountLine(session=session, variant_id=level.variant_id, lot_id=lot_id, bin=level.bin)
        for level in levels
        for lot_id in lots.get(level.pk, [None])
    ]


@transaction.atomic
def record_count(*, session_id: int, line_id: int, counted: int, now: datetime) -> Heard:
    """Say how many units of a line were counted just now. Raises CannotCount, BadQuantity."""
    session = _open(session_id)
    line = session.lines.select_related("variant").filter(pk=line_id).first()
    if line is None:
        raise CannotCount("This line is not part of the count; reload the page.")
    return _note(session, line, counted, now=now)


@transaction.atomic
def scan_count(*, session_id: int, code: str, now: datetime) -> Heard:
    """Read one code: the item counts one more (a case, what is in it). What nobody expected here is
    counted, too: it lies there. Raises CannotCount.
    """
    session = _open(session_id)
    read = read_code(code)
    if read is None:
        return Heard(False, f"Nothing is known by “{code[:60]}”. Scan the barcode or type the SKU.")
    lines = list(session.lines.select_related("variant").filter(variant=read.variant))
    if len(lines) > 1:
        words = f"{read.variant.sku} lies here in {len(lines)} lots; type how many of each."
        return Heard(False, words, line_id=lines[0].pk)
    line = lines[0] if lines else _unexpected(session, read.variant)
    if line is None:
        return Heard(False, f"{read.variant.sku} is being counted elsewhere. Put it aside.")
    return _note(session, line, (line.counted or 0) + read.units, now=now, is_scan=True)


def _unexpected(session: CountSession, variant: Variant) -> CountLine | None:
    if variant.kind != VariantKind.STOCKED:
        return None
    if variant.pk in variants_being_counted(session.location):
        return None
    return CountLine.objects.create(session=session, variant=variant, is_unexpected=True)


def _note(
    session: CountSession, line: CountLine, counted: int, *, now: datetime, is_scan: bool = False
) -> Heard:
    """Keep the count beside what the level shows at this very moment, under its lock."""
    if not 0 <= counted <= MOST_UNITS:
        raise BadQuantity(
            f"{counted} is no possible count; give a whole number from 0 to {MOST_UNITS:,}.",
            field="counted",
        )
    place = (line.variant_id, session.location_id)
    ensure_levels([place])
    level = lock_levels([line.variant_id], location_ids=[session.location_id])[place]
    expected = _there(level, session, line)
    moved = expected - line.expected if is_scan and line.expected is not None else 0
    line.counted, line.expected, line.counted_at = counted, expected, now
    line.counted_by = actors.current().actor.label[:150]
    line.save(update_fields=["counted", "expected", "counted_at", "counted_by"])
    text = f"{line.variant.sku}: {counted} counted"
    if moved:
        return Heard(
            False,
            f"{text}, but {abs(moved)} {'came' if moved > 0 else 'went'} while you counted. Count"
            " it once more and type the number.",
            line_id=line.pk,
        )
    return Heard(True, text, line_id=line.pk)


def _there(level: LockedLevel, session: CountSession, line: CountLine) -> int:
    """What the level (or the lot there) shows of what is counted."""
    if line.lot_id is None:
        return int(getattr(level, session.condition))
    lot = level.lots.get(line.lot_id)
    return int(getattr(lot, session.condition)) if lot else 0


@transaction.atomic
def submit_count(*, session_id: int, skip_uncounted: bool = False, now: datetime) -> CountSession:
    """Counting is over. Differences within the tolerance are booked at once; otherwise somebody has
    to approve. Lines nobody counted are refused, or left out when that is said. Raises CannotCount.
    """
    session = _open(session_id)
    missing = session.lines.filter(counted=None).count()
    lines = list(session.lines.select_related("variant").exclude(counted=None))
    if not lines:
        raise CannotCount("Nothing is counted yet; count at least one SKU, or cancel the count.")
    if missing and not skip_uncounted:
        raise CannotCount(
            f"{missing} of {missing + len(lines)} lines are not counted yet. Count them (0 where"
            " nothing lies), or say that they are to be left out."
        )
    session.submit(now=now)
    session.save(update_fields=["state", "submitted_at"])
    record_move(session, CountState.OPEN, session.state)
    differing = [line for line in lines if line.difference]
    publish(
        CountSubmitted(
            countsession_id=session.pk,
            number=session.number,
            lines=len(lines),
            differing=len(differing),
        )
    )
    if needs_approval(session, lines):
        attention.raise_item(
            kind=COUNT_TO_APPROVE,
            subject_type="countsession",
            subject_id=session.pk,
            title=f"{session.number}: a count at {session.location.name} differs",
            detail=f"{len(differing)} of {len(lines)} lines differ, some by more than is booked unseen.",
            url=f"/stock/counts/{session.pk}/",
        )
        return session
    return _book(session, now=now)


def needs_approval(session: CountSession, lines: Sequence[CountLine]) -> bool:
    """Whether a line differs by more than the tolerance, or numbers of units would be in doubt."""
    is_far = any(
        session.exceeds_tolerance(line.expected or 0, line.difference or 0) for line in lines
    )
    return is_far or bool(numbers_over(session, lines))


@transaction.atomic
def ask_recount(*, session_id: int, line_ids: Sequence[int]) -> CountSession:
    """Have lines counted once more; what was counted is kept beside. Raises CannotCount."""
    session = lock_count(session_id)
    _refuse_unless(session, CountState.SUBMITTED, "recounted")
    lines = list(session.lines.filter(pk__in=list(line_ids)).exclude(counted=None))
    if not lines:
        raise CannotCount("Choose the lines to be counted once more.")
    for line in lines:
        line.earlier = [
            *line.earlier,
            {"counted": line.counted, "expected": line.expected, "by": line.counted_by},
        ]
        line.counted = line.expected = line.counted_at = None
        line.counted_by = ""
    CountLine.objects.bulk_update(
        lines, ["earlier", "counted", "expected", "counted_at", "counted_by"]
    )
    session.recount()
    session.save(update_fields=["state", "submitted_at"])
    record_move(session, CountState.SUBMITTED, session.state)
    attention.resolve(kind=COUNT_TO_APPROVE, subject_type="countsession", subject_ids=[session.pk])
    publish(RecountAsked(countsession_id=session.pk, number=session.number, lines=len(lines)))
    return session


@transaction.atomic
def approve_count(*, session_id: int, now: datetime) -> CountSession:
    """Book the differences of a submitted count. Raises CannotCount."""
    session = lock_count(session_id)
    _refuse_unless(session, CountState.SUBMITTED, "booked")
    return _book(session, now=now)


def _book(session: CountSession, *, now: datetime) -> CountSession:
    """Post each difference onto what lies there by now: what was counted and what moved since."""
    lines = list(
        session.lines.select_related("variant").exclude(counted=None).order_by("variant_id")
    )
    ensure_levels((line.variant_id, session.location_id) for line in lines)
    lock_levels({line.variant_id for line in lines})
    for line in lines:
        line.booked = _post(session, line, now=now)
    CountLine.objects.bulk_update(lines, ["booked"])
    counted = {line.variant_id: line.counted_at for line in lines}
    for moment in set(counted.values()):
        variants = [variant for variant, at in counted.items() if at == moment]
        StockLevel.objects.filter(location_id=session.location_id, variant_id__in=variants).update(
            counted_at=moment
        )
    session.approve(by=actors.current().actor.label[:150], now=now)
    session.save(update_fields=["state", "approved_at", "approved_by"])
    record_move(session, CountState.SUBMITTED, session.state)
    attention.resolve(kind=COUNT_TO_APPROVE, subject_type="countsession", subject_ids=[session.pk])
    publish(
        CountBooked(
            countsession_id=session.pk,
            number=session.number,
            location=session.location.name,
            found=sum(max(0, line.booked or 0) for line in lines),
            missing=sum(max(0, -(line.booked or 0)) for line in lines),
        )
    )
    return session


def _post(session: CountSession, line: CountLine, *, now: datetime) -> int:
    if not line.difference:
        return 0
    place = (line.variant_id, session.location_id)
    level = lock_levels([line.variant_id])[place]
    return adjust_stock(
        variant=line.variant,
        location=session.location,
        counted=max(0, _there(level, session, line) + line.difference),
        reason=MovementReason.COUNT,
        condition=Condition(session.condition),
        reference=session.number,
        note=f"Counted {line.counted}, expected {line.expected}",
        lot_id=line.lot_id,
        now=now,
    )


@transaction.atomic
def cancel_count(*, session_id: int, reason: str = "") -> CountSession:
    """Give a count up; nothing of it is booked. Raises CannotCount."""
    session = lock_count(session_id)
    before = session.state
    if before not in (CountState.OPEN, CountState.SUBMITTED):
        raise CannotCount(f"{session.number} is {session.get_state_display().lower()} already.")
    session.cancel()
    session.save(update_fields=["state"])
    record_move(session, before, session.state, reason=reason)
    attention.resolve(kind=COUNT_TO_APPROVE, subject_type="countsession", subject_ids=[session.pk])
    publish(CountCancelled(countsession_id=session.pk, number=session.number), reason=reason)
    return session


def _open(session_id: int) -> CountSession:
    session = lock_count(session_id)
    _refuse_unless(session, CountState.OPEN, "counted")
    return session


def _refuse_unless(session: CountSession, state: CountState, what: str) -> None:
    if session.state != state:
        raise CannotCount(
            f"{session.number} is {session.get_state_display().lower()}; it cannot be {what} now."
        )
