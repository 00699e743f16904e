"""The handle a running job works through: progress, results per row, checkpoints and its file."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core import leases, transactions
from core.models import Job, JobFile, JobResult

LEASE = timedelta(minutes=5)
WRITE_EVERY_SECONDS = 0.5
RESULTS_PER_WRITE = 200

Watcher = Callable[[Job], None]


class Stopped(BaseException):
    """The run has to end here. No Exception, so that no handler of one row swallows it."""


class Cancelled(Stopped):
    """Somebody asked for the job to be cancelled."""


class SliceOver(Stopped):
    """The job has had its turn; it goes on from its checkpoint after the others."""


class Later(Stopped):
    """The job cannot go on now; it gets another turn after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class LeaseLost(Stopped):
    """Another worker holds the job now: nothing may be written any more."""


class Handle:
    """What a job's function is given. Writes are throttled, fenced by the lease, and renew it.

    Outside a transaction `progress` and `checkpoint` end the run (Stopped) when the job was
    cancelled, its turn is over or, after `turn_seconds`, another job waits; inside one they never do.
    """

    def __init__(
        self,
        job: Job,
        *,
        slice_seconds: float | None = None,
        turn_seconds: float | None = None,
        watcher: Watcher | None = None,
        is_stop_asked: Callable[[], bool] = lambda: False,
    ) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self.resume_from: Any = job.checkpoint
        now = time.monotonic()
        self._ends_at = None if slice_seconds is None else now + slice_seconds
        self._yields_at = None if turn_seconds is None else now + turn_seconds
        self._is_all_kept = False
        self._watcher = watcher
        self._is_stop_asked = is_stop_asked
        self._written_at = 0.0
        self._looked_at = 0.0
        self._has_checkpoint = False
        self._results: dict[str, JobResult] = {}

    def progress(self, done: int, total: int | None = None, words: str = "") -> None:
        """Say how far the work is: `done` of `total`, and in words what is being done."""
        self.job.progress_done = done
        self.job.progress_total = total if total is not None else self.job.progress_total
        self.job.progress_words = (words or self.job.progress_words)[:200]
        if time.monotonic() - self._written_at >= WRITE_EVERY_SECONDS:
            self._write()
        self._stop_if_asked()
        self._give_way_to_others()
        self._is_all_kept = False

    def result(
        self, key: str, label: str, *, ok: bool = True, message: str = "", url: str = ""
    ) -> None:
        """Say what became of one row; said again for the same key, it replaces the earlier word."""
        self._results[key] = JobResult(
            job=self.job,
            key=key[:120],
            label=label[:200],
            is_ok=ok,
            message=message[:500],
            url=url[:300],
        )
        if len(self._results) >= RESULTS_PER_WRITE:
            self._write()

    def checkpoint(self, value: Any) -> None:
        """Keep where to go on. Called within a batch's transaction it commits with the batch.

        Whoever got this far has not failed: attempts are counted anew from here.
        """
        self._has_checkpoint = True
        self._write(checkpoint=value, attempts=1)
        self.resume_from = value
        self._is_all_kept = True
        self._stop_if_asked()
        self._give_way_to_others()

    def file(self, name: str, content_type: str, content: bytes) -> None:
        """Keep the file that the job made; a second one replaces it."""
        JobFile.objects.update_or_create(
            job=self.job,
            defaults={
                "name": name[:150],
                "content_type": content_type,
                "content": content,
                "made_at": timezone.now(),
            },
        )

    def flush(self) -> None:
        """Write what was held back; the end of every run."""
        self._save(progress_done=self.job.progress_done)

    def _write(self, **values: Any) -> None:
        self._save(
            progress_done=self.job.progress_done,
            progress_total=self.job.progress_total,
            progress_words=self.job.progress_words,
            next_attempt_at=timezone.now() + LEASE,
            **values,
        )
        self._written_at = time.monotonic()
        if self._watcher:
            self._watcher(self.job)

    def _save(self, **values: Any) -> None:
        if not leases.mark(self.job, **values):
            raise LeaseLost
        if self._results:
            JobResult.objects.bulk_create(
                self._results.values(),
                update_conflicts=True,
                unique_fields=["job", "key"],
                update_fields=["label", "is_ok", "message", "url"],
            )
            self._results.clear()

    def _stop_if_asked(self) -> None:
        if transactions.is_open():
            return
        if self._is_stop_asked() or self._is_cancelled():
            raise Cancelled
        if self._has_checkpoint and self._ends_at and time.monotonic() >= self._ends_at:
            raise SliceOver

    def _give_way_to_others(self) -> None:
        """A short job that somebody waits for does not stand behind a long one: where nothing done
        would be lost, the long one lets it in.
        """
        if not (self._is_all_kept and self._yields_at) or time.monotonic() < self._yields_at:
            return
        if not transactions.is_open() and self._is_another_due():
            raise SliceOver

    def _is_another_due(self) -> bool:
        due = Job.objects.open().filter(next_attempt_at__lte=timezone.now())
        return due.exclude(pk=self.job.pk).exists()

    def _is_cancelled(self) -> bool:
        now = time.monotonic()
        if now - self._looked_at < WRITE_EVERY_SECONDS:
            return False
        self._looked_at = now
        return Job.objects.filter(pk=self.job.pk, is_cancel_asked=True).exists()
