"""The jobs of list pages: bulk actions and large exports."""

from typing import Any

from django.utils import timezone

from core.errors import NotPossible
from core.job_handle import Handle
from core.jobs import job
from core.listing import exporting
from core.listing.applying import RowResult, apply_to
from core.listing.bulk import BulkAction
from core.listing.lists import Listing, listing_named
from core.models import User

BULK, EXPORT = "core.bulk_action", "core.export_list"


def _listing(name: str, user_id: int, query: str = "") -> Listing:
    kind = listing_named(name)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if kind is None or user is None or not kind.allows(user):
        raise NotPossible("This list is not open to you any more.")
    return kind.for_user(user, query)


def action_named(listing: Listing, code: str) -> BulkAction | None:
    """The bulk action, if the list's user may take it."""
    return next((action for action in listing.actions() if action.code == code), None)


@job(BULK, title="Bulk action", retries_rows=True)
def run_bulk_action(
    handle: Handle,
    *,
    listing: str,
    action: str,
    ids: list[int],
    values: dict[str, Any],
    user_id: int,
    only_keys: list[str] | None = None,
) -> str:
    """Take the rows that were previewed, batch by batch; each leaves one result."""
    rows = _listing(listing, user_id)
    taken = action_named(rows, action)
    if taken is None:
        raise NotPossible("You may no longer do this.")
    wanted = [pk for pk in ids if only_keys is None or str(pk) in set(only_keys)]
    begin = int(handle.resume_from or 0)

    def keep(done: int, results: list[RowResult]) -> None:
        for one in results:
            handle.result(str(one.pk), one.label, ok=one.ok, message=one.message)
        handle.checkpoint(begin + done)

    handle.progress(begin, len(wanted))
    for done in apply_to(rows, taken, wanted[begin:], values, within=keep):
        handle.progress(begin + done, len(wanted))
    succeeded = set(handle.job.results.filter(is_ok=True).values_list("key", flat=True))
    done_ids = [pk for pk in wanted if str(pk) in succeeded]
    said = taken.finish(handle, done_ids, **values)
    return said or f"{len(done_ids)} of {len(wanted)} done."


@job(EXPORT, title="Export")
def run_export(
    handle: Handle,
    *,
    listing: str,
    query: str,
    format_: str,
    has_bom: bool,
    user_id: int,
    name: str,
) -> str:
    """Write the whole file; the job's page offers it for download."""
    rows = _listing(listing, user_id, query)
    total = min(rows.rows.count(), exporting.MOST_ROWS)
    content = exporting.whole_file(
        rows, format_, has_bom=has_bom, progress=lambda done: handle.progress(done, total)
    )
    handle.file(name, exporting.CONTENT_TYPES[format_], content)
    moment = timezone.localtime().strftime("%H:%M")
    if total == exporting.MOST_ROWS:
        return f"The first {total:,} rows, as of {moment}; narrow the filter for the rest."
    return f"{total:,} rows, as of {moment}."
