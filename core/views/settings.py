"""Settings: the index, and the list and form pages of each kind of setting."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from core import editing
from core.access import requires
from core.errors import DomainError, StaleEdit
from core.rights import SEE_BACK_OFFICE
from core.sent import whole_number
from core.settings_pages import ModelSettings, settings_pages_for


@requires(SEE_BACK_OFFICE)
@require_GET
def settings_index(request: HttpRequest) -> HttpResponse:
    """Every settings page the user may open, grouped by the job it belongs to."""
    groups: dict[str, list[Any]] = {}
    for page in settings_pages_for(request.user):
        groups.setdefault(page.group, []).append(page)
    return render(request, "core/settings_index.html", {"groups": groups})


def settings_urls(kind: ModelSettings, prefix: str) -> list[URLPattern]:
    """The three addresses of one kind of setting, for an app's urls.py."""
    return [
        path(f"{prefix}/", setting_list(kind), name=f"{kind.name}_list"),
        path(f"{prefix}/new/", setting_form(kind), name=f"{kind.name}_new"),
        path(f"{prefix}/<int:pk>/", setting_form(kind), name=f"{kind.name}_edit"),
    ]


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | Decimal) and not isinstance(cell, bool)


def setting_list(kind: ModelSettings) -> Any:
    """The list page of one kind of setting."""

    @requires(kind.right)
    @require_GET
    def view(request: HttpRequest) -> HttpResponseBase:
        found = [(row.pk, [column.read(row) for column in kind.columns]) for row in kind.rows()]
        heads = [
            (column.heading, bool(found) and all(_is_number(cells[at]) for _, cells in found))
            for at, column in enumerate(kind.columns)
        ]
        context = {
            "kind": kind,
            "heads": heads,
            "rows": [(pk, list(zip(heads, cells, strict=True))) for pk, cells in found],
            "new_url": kind.url_name("new"),
            "edit_url": kind.url_name("edit"),
        }
        return render(request, "core/setting_list.html", context)

    return view


def setting_form(kind: ModelSettings) -> Any:
    """The form page of one kind of setting, for a new row or an old one."""

    @requires(kind.right)
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
        subject = get_object_or_404(kind.model, pk=pk) if pk else None
        form = kind.form(request.POST or None, instance=subject)
        changes: tuple[str, ...] = ()
        status = 200
        if request.method == "POST":
            status, changes = _save(kind, form, request.POST.get("version", "0"))
            if status == 302:
                messages.success(request, f"{kind.singular} saved.")
                return redirect(kind.url_name("list"))
        context = {
            "kind": kind,
            "form": form,
            "subject": subject,
            "version": _version(request, subject),
            "last_change": editing.last_change(subject) if subject else None,
            "subject_type": kind.model._meta.model_name,
            "changes": changes,
            "list_url": kind.url_name("list"),
        }
        return render(request, "core/setting_form.html", context, status=status)

    return view


def _save(kind: ModelSettings, form: Any, version: str) -> tuple[int, tuple[str, ...]]:
    """Save what was sent; the status to answer with and, for 409, what others changed meanwhile."""
    if not form.is_valid():
        return 422, ()
    try:
        editing.save_setting(kind, form, version=whole_number(version) or 0)
    except StaleEdit as stale:
        form.add_error(None, stale.message)
        return 409, stale.changes
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return 422, ()
    return 302, ()


def _version(request: HttpRequest, subject: Any) -> str:
    """A form shown again keeps the version it was opened with: sending it twice overrules nobody."""
    if request.method == "POST":
        return str(whole_number(request.POST.get("version", "")) or 0)
    return str(editing.version_of(subject)) if subject else "0"
