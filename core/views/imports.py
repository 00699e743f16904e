"""Imports: the runs, a new one from a file, one run with its issues, and its files."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import imports
from core.access import requires, staff_of
from core.attachments import attachment
from core.errors import DomainError
from core.forms.work import UploadForm, options_of
from core.imports import Importer
from core.models import ImportRun
from core.rights import SEE_JOBS
from core.tables import ImportList, runs_seen_by
from core.tabular import write_table

SHOWN_ISSUES = 200
CSV = "text/csv; charset=utf-8"


@requires(SEE_JOBS)
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    return ImportList(request).respond(may_import=bool(imports.importers_for(staff_of(request))))


@requires(SEE_JOBS)
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose what to import, then the file and its options; a dry run comes first."""
    choices = imports.importers_for(staff_of(request))
    importer = next((one for one in choices if one.kind == request.GET.get("kind")), None)
    if importer is None and len(choices) == 1:
        importer = choices[0]
    if importer is None:
        return render(request, "core/imports/import_kinds.html", {"importers": choices})
    form, options = _forms(request, importer)
    is_sent = request.method == "POST"
    if is_sent and form.is_valid() and (options is None or options.is_valid()):
        try:
            run = _start(request, importer, form, options)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect("import_detail", run_id=run.pk)
    context = {"importer": importer, "form": form, "options": options, "importers": choices}
    status = 422 if is_sent else 200
    return render(request, "core/imports/import_new.html", context, status=status)


def _forms(request: HttpRequest, importer: Importer) -> tuple[UploadForm, forms.Form | None]:
    """The upload form and the importer's own; a run to mend (`?like=`) fills in its options."""
    like = _like(request, importer)
    initial = {"format": like.format, "max_errors": like.max_errors} if like else None
    form = UploadForm(importer, request.POST or None, request.FILES or None, initial=initial)
    options = None
    if importer.form is not None:
        options = importer.form(request.POST or None, initial=like.options if like else None)
    return form, options


def _like(request: HttpRequest, importer: Importer) -> ImportRun | None:
    asked = request.GET.get("like", "")
    if not asked.isdecimal():
        return None
    return ImportRun.objects.filter(pk=int(asked[:18]), kind=importer.kind).first()


def _start(
    request: HttpRequest, importer: Importer, form: UploadForm, options: forms.Form | None
) -> ImportRun:
    file = form.cleaned_data["file"]
    return imports.start_run(
        importer.kind,
        format=form.cleaned_data["format"],
        name=file.name,
        content=file.read(),
        options=options_of(options),
        is_dry_run="import" not in request.POST,
        max_errors=form.cleaned_data["max_errors"],
    )


def _seen(request: HttpRequest, run_id: int) -> ImportRun:
    return get_object_or_404(runs_seen_by(staff_of(request)).select_related("job"), pk=run_id)


def _page(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    issues = run.issues.order_by("-is_rejection", "row", "id")
    shown = request.GET.get("show", "")
    if shown in {"rejected", "warnings"}:
        issues = issues.filter(is_rejection=shown == "rejected")
    code = request.GET.get("code", "")[:60]
    if code:
        issues = issues.filter(code=code)
    return {
        "run": run,
        "importer": imports.importer_named(run.kind),
        "issues": issues[:SHOWN_ISSUES],
        "issue_count": issues.count(),
        "shown": shown,
        "code": code,
        "codes": run.issues.order_by("code").values_list("code", flat=True).distinct(),
        "earlier": imports.earlier_runs(run),
        "format_label": imports.importer_named(run.kind).formats.get(run.format, run.format),
    }


@requires(SEE_JOBS)
@require_GET
def import_detail(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: how far it is, what came of it, and what was wrong row by row."""
    run = _seen(request, run_id)
    return render(request, "core/imports/import_detail.html", _page(request, run))


@requires(SEE_JOBS)
@require_GET
def import_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The part of the page that changes; once the run has ended, the whole page is loaded again."""
    run = _seen(request, run_id)
    response = render(request, "core/imports/progress.html", {"run": run})
    if not run.is_open:
        response["HX-Refresh"] = "true"
    return response


@requires(SEE_JOBS)
@require_POST
def import_for_real(request: HttpRequest, run_id: int) -> HttpResponse:
    """After a dry run: the same file with the same options, and this time it counts."""
    run = _seen(request, run_id)
    if not run.is_dry_run or run.is_open:
        messages.error(request, "Only a finished dry run can be repeated for real.")
        return redirect("import_detail", run_id=run.pk)
    done = ImportRun.objects.filter(rehearsal=run).first()
    return redirect("import_detail", run_id=(done or imports.import_for_real(run)).pk)


@requires(SEE_JOBS)
@require_GET
def import_errors(request: HttpRequest, run_id: int) -> HttpResponse:
    """The rejected rows as a file, to be mended and fed back."""
    run = _seen(request, run_id)
    content = imports.errors_file(run)
    if content is None:
        raise Http404("Nothing was rejected.")
    return attachment(content, CSV, f"rejected rows of import {run.pk}.csv")


@requires(SEE_JOBS)
@require_GET
def import_source(request: HttpRequest, run_id: int) -> HttpResponse:
    """The file as it was brought."""
    run = _seen(request, run_id)
    return attachment(bytes(run.source.content), "application/octet-stream", run.name)


@requires(SEE_JOBS)
@require_GET
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty file with the header of the kind."""
    importer = next(
        (one for one in imports.importers_for(staff_of(request)) if one.kind == kind), None
    )
    if importer is None or not importer.columns:
        raise Http404
    return attachment(write_table(importer.columns, []), CSV, f"{importer.label} template.csv")
