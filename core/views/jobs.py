"""Jobs: the list, and one job with its progress, its rows and its file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from core import jobs
from core.access import requires, staff_of
from core.attachments import attachment
from core.errors import DomainError
from core.models import Job, JobFile, JobStatus
from core.rights import SEE_JOBS
from core.tables import JobList, jobs_seen_by

SHOWN_ROWS = 200


@requires(SEE_JOBS)
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    return JobList(request).respond()


def _page(request: HttpRequest, job_id: int) -> dict[str, object]:
    job = get_object_or_404(jobs_seen_by(staff_of(request)), pk=job_id)
    failed = job.results.filter(is_ok=False).count()
    kind = jobs.kind_named(job.kind)
    return {
        "job": job,
        "results": job.results.order_by("is_ok", "id")[:SHOWN_ROWS],
        "count": job.results.count(),
        "failed": failed,
        "file": JobFile.objects.filter(job=job).defer("content").first(),
        "can_retry": job.status in {JobStatus.PARKED, JobStatus.CANCELLED},
        "can_retry_rows": bool(failed and kind and kind.retries_rows and not job.is_open),
        "run": job.import_runs.first(),
    }


@requires(SEE_JOBS)
@require_GET
def job_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job; the page keeps itself up to date while it is at work."""
    return render(request, "core/jobs/job_detail.html", _page(request, job_id))


@requires(SEE_JOBS)
@require_GET
def job_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The part of the page that changes; once the job has ended, the whole page is loaded again."""
    page = _page(request, job_id)
    job = get_object_or_404(jobs_seen_by(staff_of(request)), pk=job_id)
    response = render(request, "core/jobs/progress.html", page)
    if not job.is_open:
        response["HX-Refresh"] = "true"
    return response


@requires(SEE_JOBS)
@require_POST
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(jobs_seen_by(staff_of(request)), pk=job_id)
    jobs.cancel(job.pk)
    messages.success(request, "The job ends at its next step. What is done stays done.")
    return redirect("job_detail", job_id=job.pk)


@requires(SEE_JOBS)
@require_POST
def job_retry(request: HttpRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(jobs_seen_by(staff_of(request)), pk=job_id)
    try:
        jobs.retry(job.pk)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("job_detail", job_id=job.pk)


@requires(SEE_JOBS)
@require_POST
def job_retry_rows(request: HttpRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(jobs_seen_by(staff_of(request)), pk=job_id)
    try:
        again = jobs.retry_rows(job.pk)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        again = job
    return redirect("job_detail", job_id=again.pk)


@requires(SEE_JOBS)
@require_GET
def job_file(request: HttpRequest, job_id: int) -> HttpResponse:
    """The file the job made, for whoever may see the job and still holds its right."""
    job: Job = get_object_or_404(jobs_seen_by(staff_of(request)), pk=job_id)
    if job.right and not staff_of(request).has_right(job.right):
        return render(request, "core/jobs/file_refused.html", {"job": job}, status=403)
    file = get_object_or_404(JobFile, job=job)
    return attachment(bytes(file.content), file.content_type, file.name)
