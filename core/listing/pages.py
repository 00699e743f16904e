"""What list pages post to: bulk previews and runs, exports, saved views and the choice of columns."""

import io
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import jobs
from core.access import RightMissing, requires
from core.listing import exporting, saved
from core.listing.background import BULK, EXPORT, action_named
from core.listing.bulk import MOST_ROWS, SHOWN_REFUSALS, BulkAction, as_json
from core.listing.columns import choose
from core.listing.lists import Listing, listing_named
from core.listing.page import read_selection, sign_selection
from core.once import once
from core.rights import SEE_BACK_OFFICE


def _listing(request: HttpRequest, name: str, query: str = "") -> Listing:
    kind = listing_named(name)
    if kind is None:
        raise Http404
    if not kind.allows(request.user):
        raise RightMissing(kind.right)
    return kind.for_user(request.user, query)


def _back(listing: Listing, request: HttpRequest, **changes: Any) -> HttpResponse:
    """To the list as it was, its query string normalised so that nothing foreign gets in."""
    was = type(listing)(user=request.user, query=request.POST.get("query", "")[:4000])
    return redirect(was.url(**changes))


# --- exports --------------------------------------------------------------------------------


@requires(SEE_BACK_OFFICE)
@require_GET
def list_export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The rows and columns of the list as a file; a job when there are many."""
    listing = _listing(request, name, request.GET.urlencode())
    if not listing.is_exportable:
        raise Http404
    format_ = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    has_bom = request.GET.get("bom") == "1"
    view = listing.view
    label = view.label if view and view.key != saved.EVERYTHING else ""
    file = exporting.file_name(listing, format_, today=timezone.localdate(), view=label)
    if listing.count > exporting.AT_ONCE:
        params = {
            "listing": name,
            "query": listing.query_string(),
            "format_": format_,
            "has_bom": has_bom,
            "user_id": request.user.pk,
            "name": file,
        }
        with transaction.atomic():
            started = jobs.start(
                EXPORT, params=params, title=f"Export {listing.title}", right=listing.right
            )
        return redirect("job_detail", started.pk)
    response: HttpResponseBase
    if format_ == "xlsx":
        target = io.BytesIO()
        exporting.write_xlsx(listing, target, limit=exporting.AT_ONCE)
        response = HttpResponse(target.getvalue(), content_type=exporting.CONTENT_TYPES[format_])
    else:
        lines = exporting.csv_lines(listing, has_bom=has_bom, limit=exporting.AT_ONCE)
        response = StreamingHttpResponse(lines, content_type=exporting.CONTENT_TYPES[format_])
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


# --- bulk actions ---------------------------------------------------------------------------


@requires(SEE_BACK_OFFICE)
def list_bulk(request: HttpRequest, name: str) -> HttpResponseBase:
    """What the action would do to the rows chosen; nothing is done yet."""
    listing = _listing(request, name)
    if request.method != "POST":
        return redirect(listing.path)
    action = action_named(listing, request.POST.get("action", ""))
    if action is None:
        messages.error(request, "You may not do this here.")
        return redirect(listing.path)
    ids, query, matching = _chosen(request, listing)
    if not ids and not query:
        messages.warning(request, "Select at least one row first.")
        return redirect(listing.path)
    return _preview(request, listing, action, ids=ids, query=query, expected=matching)


def _chosen(request: HttpRequest, listing: Listing) -> tuple[list[int], str | None, int | None]:
    """The ids picked on the page, or the signed filter of “all matching” and the count shown then."""
    expected = request.POST.get("expected", "")
    if request.POST.get("scope") == "matching":
        query = read_selection(listing.name, request.POST.get("filter", ""))
        shown = int(expected) if expected.isdecimal() and len(expected) < 9 else None
        return [], query, shown
    return _numbers(request.POST.getlist("selected")), None, None


def _numbers(texts: list[str]) -> list[int]:
    return list(dict.fromkeys(int(t) for t in texts if t.isdecimal() and len(t) < 19))[:MOST_ROWS]


def _preview(
    request: HttpRequest,
    listing: Listing,
    action: BulkAction,
    *,
    ids: list[int],
    query: str | None,
    expected: int | None,
    form: Any = None,
    status: int = 200,
) -> HttpResponse:
    matching = type(listing)(user=request.user, query=query) if query is not None else None
    rows = matching.ordered() if matching else listing.queryset().filter(pk__in=ids).order_by("pk")
    count = matching.count if matching else rows.count()
    if count > MOST_ROWS:
        messages.error(request, f"More than {MOST_ROWS:,} rows match; narrow the filter first.")
        return redirect(matching.url() if matching else listing.path)
    preview = action.preview(rows)
    context = {
        "listing": listing,
        "action": action,
        "preview": preview,
        "count": count,
        "refused": [
            (listing.row_label(one.row), one.why) for one in preview.refused[:SHOWN_REFUSALS]
        ],
        "sample": [listing.row_label(row) for row in preview.eligible[:20]],
        "is_changed": expected is not None and expected != count,
        "expected": expected,
        "form": form or action.form(user=request.user),
        "ids": "" if matching else ",".join(map(str, ids)),
        "selection": sign_selection(listing.name, query or "") if matching else "",
        "back": matching.url() if matching else listing.path,
    }
    return render(request, "core/listing/bulk.html", context, status=status)


@requires(SEE_BACK_OFFICE)
@require_POST
@once
def list_bulk_run(request: HttpRequest, name: str, code: str) -> HttpResponseBase:
    """Start the job that was previewed, if still exactly as many rows match."""
    listing = _listing(request, name)
    action = action_named(listing, code)
    if action is None:
        raise Http404
    form = action.form(request.POST, user=request.user)
    ids = _numbers(request.POST.get("ids", "").split(","))
    query = read_selection(name, request.POST.get("filter", "")) if not ids else None
    expected = request.POST.get("expected", "")
    shown = int(expected) if expected.isdecimal() and len(expected) < 9 else -1

    def preview_again(status: int) -> HttpResponse:
        return _preview(
            request, listing, action, ids=ids, query=query, expected=shown, form=form, status=status
        )

    if form is not None and not form.is_valid():
        return preview_again(422)
    if query is not None:
        matching = type(listing)(user=request.user, query=query)
        ids = list(matching.ordered().values_list("pk", flat=True)[: MOST_ROWS + 1])
        if len(ids) != shown:
            ids = []
            return preview_again(409)
    if not ids:
        messages.warning(request, "Nothing was selected any more; select the rows again.")
        return redirect(listing.path)
    started = jobs.start(
        BULK,
        params={
            "listing": name,
            "action": code,
            "ids": ids,
            "values": as_json(form.cleaned_data) if form is not None else {},
            "user_id": request.user.pk,
        },
        title=f"{action.title or action.label}: {len(ids):,} {listing.noun[len(ids) != 1]}",
        right=action.right,
    )
    return redirect("job_detail", started.pk)


# --- views and columns ----------------------------------------------------------------------


@requires(SEE_BACK_OFFICE)
@require_POST
def list_views(request: HttpRequest, name: str) -> HttpResponseBase:
    """Save, rename, share, delete a view, or let the list open with it."""
    listing = _listing(request, name)
    now = type(listing)(user=request.user, query=request.POST.get("query", "")[:4000])
    query = now.query_string(view=None, cols=None, per=None)
    columns = [c.code for c in choose(listing.columns, request.POST.get("cols", "").split(","))]
    do, number = request.POST.get("do", ""), request.POST.get("view", "")
    view_id = int(number) if number.isdecimal() and len(number) < 19 else 0
    is_shared = bool(request.POST.get("is_shared"))
    new_name = request.POST.get("name", "")
    changes: dict[str, str | None] = {}
    try:
        if do == "save_as":
            view = saved.save_as(
                request.user, name, name=new_name, query=query, columns=columns, is_shared=is_shared
            )
            changes = {"view": f"v{view.pk}", "cols": None}
            messages.success(request, f"Saved as “{view.name}”.")
        elif do == "save":
            view = saved.save(request.user, view_id, query=query, columns=columns)
            changes = {"view": f"v{view.pk}", "cols": None}
            messages.success(request, f"“{view.name}” now shows this.")
        elif do == "rename":
            saved.rename(request.user, view_id, name=new_name, is_shared=is_shared)
        elif do == "delete":
            saved.delete(request.user, view_id)
            changes = {"view": None}
            messages.success(request, "View deleted.")
        elif do == "open_with":
            key = request.POST.get("key", "")
            if listing.kept.view(key):
                saved.open_with(request.user, name, key)
                messages.success(request, "The list will open with this view.")
    except saved.ViewRefused as refusal:
        messages.error(request, refusal.message)
    except IntegrityError:
        messages.error(request, "There is already a view of that name.")
    return _back(listing, request, **changes)


@requires(SEE_BACK_OFFICE)
@require_POST
def list_columns(request: HttpRequest, name: str) -> HttpResponseBase:
    """Keep the user's own columns and their order for this list."""
    listing = _listing(request, name)
    if request.POST.get("reset"):
        saved.keep_columns(request.user, name, [])
        return _back(listing, request, cols=None)

    def place(code: str) -> int:
        asked = request.POST.get(f"place_{code}", "")
        return int(asked) if asked.isdecimal() and len(asked) < 4 else 99

    wanted = sorted(request.POST.getlist("column"), key=place)
    codes = [column.code for column in choose(listing.columns, wanted)]
    saved.keep_columns(request.user, name, codes)
    view = listing.kept.view(QueryDict(request.POST.get("query", "")[:4000]).get("view", ""))
    return _back(listing, request, cols=",".join(codes) if view and view.columns else None)
