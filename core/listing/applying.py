"""A bulk action carried out: batch by batch, a result per row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.errors import DomainError
from core.listing.bulk import BulkAction, LeftAlone
from core.listing.state import ListState


@dataclass(frozen=True)
class RowResult:
    """What became of one row."""

    pk: int
    label: str
    ok: bool
    message: str = ""


def apply_to(
    listing: ListState,
    action: BulkAction,
    ids: Sequence[int],
    values: Mapping[str, Any],
    *,
    within: Callable[[int, list[RowResult]], None],
) -> Iterator[int]:
    """Run the action batch by batch, each in its own transaction; yields how many rows are done.

    `within(done, results)` is called inside the transaction: what it keeps commits with the batch.
    """
    for start in range(0, len(ids), action.batch):
        part = list(ids[start : start + action.batch])
        with transaction.atomic():
            within(start + len(part), _apply_batch(listing, action, part, values))
        yield start + len(part)


def _apply_batch(
    listing: ListState, action: BulkAction, part: Sequence[int], values: Mapping[str, Any]
) -> list[RowResult]:
    found = {row.pk: row for row in listing.queryset().filter(pk__in=part)}
    results = [
        RowResult(pk, str(pk), ok=False, message="It is no longer there.")
        for pk in part
        if pk not in found
    ]
    rows: list[Any] = []
    for row in (found[pk] for pk in part if pk in found):
        why = action.refusal(row)
        if why is None:
            rows.append(row)
        else:
            results.append(RowResult(row.pk, listing.row_label(row), ok=False, message=why))
    if not rows:
        return results
    try:
        with transaction.atomic():
            said = action.apply(rows, **values) or {}
    except DomainError as error:
        return results + [
            RowResult(row.pk, listing.row_label(row), ok=False, message=error.message)
            for row in rows
        ]
    return results + [
        RowResult(
            row.pk,
            listing.row_label(row),
            ok=not isinstance(said.get(row.pk), LeftAlone),
            message=str(said.get(row.pk, "")),
        )
        for row in rows
    ]
