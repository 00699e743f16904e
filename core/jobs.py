"""Jobs: work in the background that people can follow, cancel and repeat.

An app names a kind with `@job` in its jobs.py; a verb or page starts one with `start`. The row is
the record; Celery is only woken. A job runs in the name of whoever started it, and only while that
person still holds the right it was started with.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import actors, failures, leases
from core.actors import ActorKind, acting
from core.errors import DomainError, NotPossible
from core.job_handle import (
    LEASE,
    Cancelled,
    Handle,
    Later,
    LeaseLost,
    SliceOver,
    Stopped,
    Watcher,
)
from core.models import Job, JobResult, JobStatus, User
from core.models.jobs import JOB_OPEN
from core.queue import wake_on_commit
from core.rights import Right

__all__ = [
    "Cancelled",
    "Handle",
    "Later",
    "LeaseLost",
    "SliceOver",
    "Stopped",
    "cancel",
    "job",
    "kind_named",
    "retry",
    "retry_rows",
    "run_due",
    "run_here",
    "start",
]

logger = logging.getLogger(__name__)

SLICE_SECONDS = 120.0
TURN_SECONDS = 5.0  # before which no job gives way to others
_slot = threading.Lock()


@dataclass(frozen=True)
class JobKind:
    """One kind of job; `retries_rows` says that its function takes `only_keys`."""

    code: str
    title: str
    run: Callable[..., str | None]
    retries_rows: bool


_kinds: dict[str, JobKind] = {}
Run = TypeVar("Run", bound=Callable[..., str | None])


class JobRefused(DomainError):
    """Whoever started the job may no longer do what it does."""

    code = "job_refused"


def job(code: str, *, title: str, retries_rows: bool = False) -> Callable[[Run], Run]:
    """Let `run(handle, **params)` be started as a job. The sentence it returns is the summary.

    It may run more than once (a lost worker, a retry): it goes on from `handle.resume_from`, or its
    verbs are idempotent.
    """

    def register(run: Run) -> Run:
        if code in _kinds:
            raise ValueError(f"two jobs are named {code}")
        _kinds[code] = JobKind(code, title, run, retries_rows)
        return run

    return register


def kind_named(code: str) -> JobKind | None:
    return _kinds.get(code)


def start(
    kind: str,
    *,
    params: dict[str, Any],
    title: str = "",
    right: Right | None = None,
    dedupe: str = "",
) -> Job:
    """Put a job in the queue, in the caller's transaction; the current actor is whose job it is.

    `params` are JSON. With `dedupe` the same key starts once: the first job is returned again.
    """
    new = _new_job(kind, params=params, title=title, right=right, dedupe=dedupe)
    new.next_attempt_at = new.started_at
    if dedupe:
        with transaction.atomic():
            kept, _ = Job.objects.get_or_create(dedupe=dedupe, defaults=_columns(new))
    else:
        new.save()
        kept = new
    wake_on_commit("core.run_jobs")
    return kept


def run_here(
    kind: str,
    *,
    params: dict[str, Any],
    title: str = "",
    right: Right | None = None,
    on_progress: Watcher | None = None,
    is_stop_asked: Callable[[], bool] = lambda: False,
) -> Job:
    """Make a job and run it in this process to its end, for commands.

    It is born leased, so no worker takes it; if this process dies, a worker finishes the job.
    """
    here = _new_job(kind, params=params, title=title, right=right, dedupe="")
    here.status, here.attempts, here.fence = JobStatus.RUNNING, 1, 1
    here.next_attempt_at = here.started_at + LEASE
    here.first_run_at = here.started_at
    here.save()
    run_claimed(here, Handle(here, watcher=on_progress, is_stop_asked=is_stop_asked))
    if here.is_open:  # a command does not leave its failed work to the workers
        _finish(here, status=JobStatus.PARKED)
    return here


def _new_job(
    kind: str, *, params: dict[str, Any], title: str, right: Right | None, dedupe: str
) -> Job:
    who = actors.current()
    return Job(
        kind=kind,
        title=(title or _kinds[kind].title)[:200],
        params=params,
        right=right.code if right else "",
        dedupe=dedupe or None,
        actor_kind=who.actor.kind,
        actor_key=who.actor.key,
        actor_label=who.actor.label[:150],
        request_id=who.request_id,
        started_at=timezone.now(),
    )


def _columns(row: Job) -> dict[str, Any]:
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def run_due(*, limit: int = 20) -> int:
    """Run what is due, one job at a time in this process; returns how many turns were given.

    While another thread of this process runs a job this returns at once, so that long jobs leave
    the other threads to documents, messages and the outbox.
    """
    if not _slot.acquire(blocking=False):
        return 0
    try:
        turns = 0
        while turns < limit and (claimed := _claim_one()):
            handle = Handle(claimed, slice_seconds=SLICE_SECONDS, turn_seconds=TURN_SECONDS)
            run_claimed(claimed, handle)
            turns += 1
        return turns
    finally:
        _slot.release()


def _claim_one() -> Job | None:
    now = timezone.now()
    due = Job.objects.filter(status__in=JOB_OPEN)
    claimed = leases.claim(due, limit=1, now=now, lease=LEASE, status=JobStatus.RUNNING)
    for one in claimed:
        if one.first_run_at is None:
            leases.mark(one, first_run_at=now)
    return claimed[0] if claimed else None


def run_claimed(claimed: Job, handle: Handle) -> None:
    """Give one claimed job its turn and write how it ended."""
    try:
        with acting(claimed.actor, request_id=claimed.request_id, reason=""):
            summary = _run(claimed, handle)
    except LeaseLost:
        logger.warning("job %s went on elsewhere", claimed.pk)
    except SliceOver:
        _give_way(claimed, timezone.now())
    except Later as later:
        _give_way(claimed, timezone.now() + timedelta(seconds=later.seconds))
    except Cancelled:
        _finish(claimed, status=JobStatus.CANCELLED)
    except DomainError as refusal:
        _finish(claimed, status=JobStatus.PARKED, last_error=refusal.message)
    except Exception as error:
        logger.exception("job %s (%s) failed", claimed.pk, claimed.kind)
        leases.put_off(claimed, leases.explain(error), now=timezone.now())
        if claimed.status == JobStatus.PARKED:
            _finish(claimed)
    except BaseException:
        _finish(claimed, status=JobStatus.CANCELLED, last_error="The run was interrupted.")
        raise
    else:
        _finish(claimed, status=JobStatus.DONE, summary=summary[:500], last_error="")


def _give_way(claimed: Job, until: datetime) -> None:
    """The job is well and goes on later: this turn was no failed attempt."""
    leases.mark(
        claimed,
        status=JobStatus.WAITING,
        attempts=max(claimed.attempts - 1, 0),
        next_attempt_at=until,
    )


def _run(claimed: Job, handle: Handle) -> str:
    kind = _kinds.get(claimed.kind)
    if kind is None:
        raise JobRefused(f"This version knows no job of the kind “{claimed.kind}”.")
    _check_right(claimed)
    try:
        return kind.run(handle, **claimed.params) or ""
    finally:
        handle.flush()


def _check_right(claimed: Job) -> None:
    if claimed.actor_kind != ActorKind.USER:
        return
    user = User.objects.filter(pk=claimed.actor_key, is_active=True).first()
    if user is None:
        raise JobRefused(f"{claimed.actor_label} no longer has an account here.")
    if claimed.right and not user.has_right(claimed.right):
        raise JobRefused(f"{claimed.actor_label} no longer has the right to do this.")


def _finish(claimed: Job, **values: Any) -> None:
    is_ours = leases.mark(claimed, next_attempt_at=None, finished_at=timezone.now(), **values)
    if is_ours and claimed.status == JobStatus.PARKED:
        failures.tell_job(claimed)
    elif is_ours:
        failures.resolve(failures.JOB, "job", [claimed.pk])


def cancel(job_id: int) -> None:
    """End a waiting job now, and a running one at its next step."""
    now = timezone.now()
    ended = Job.objects.filter(pk=job_id, status=JobStatus.WAITING).update(
        status=JobStatus.CANCELLED, fence=F("fence") + 1, next_attempt_at=None, finished_at=now
    )
    if not ended:
        Job.objects.filter(pk=job_id, status=JobStatus.RUNNING).update(is_cancel_asked=True)


def retry(job_id: int) -> Job:
    """Let a failed or cancelled job go on from its checkpoint."""
    again = Job.objects.filter(
        pk=job_id, status__in=(JobStatus.PARKED, JobStatus.CANCELLED)
    ).update(
        status=JobStatus.WAITING,
        attempts=0,
        fence=F("fence") + 1,
        next_attempt_at=timezone.now(),
        is_cancel_asked=False,
        finished_at=None,
        last_error="",
    )
    if not again:
        raise NotPossible("Only a failed or cancelled job can be started again.")
    failures.resolve(failures.JOB, "job", [job_id])
    wake_on_commit("core.run_jobs")
    return Job.objects.get(pk=job_id)


def retry_rows(job_id: int) -> Job:
    """Start a new job for those rows of a finished one that failed."""
    earlier = Job.objects.get(pk=job_id)
    kind = _kinds.get(earlier.kind)
    if kind is None or not kind.retries_rows:
        raise NotPossible("Single rows of this job cannot be repeated; start it anew.")
    keys = list(JobResult.objects.filter(job=earlier, is_ok=False).values_list("key", flat=True))
    if not keys:
        raise NotPossible("No row of this job failed.")
    again = _new_job(
        earlier.kind,
        params={**earlier.params, "only_keys": keys},
        title=f"{earlier.title}, failed rows again",
        right=None,
        dedupe="",
    )
    again.right = earlier.right
    again.next_attempt_at = again.started_at
    again.save()
    wake_on_commit("core.run_jobs")
    return again
