"""Imports: kinds of importers, runs, and what commands and pages both do with them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.db import connection, transaction
from django.utils import timezone

from core import actors, jobs
from core.actors import Actor, ActorKind, acting
from core.errors import DomainError
from core.import_handle import ImportHandle, TooManyRejected
from core.job_handle import Cancelled, Handle, Later, Stopped
from core.jobs import job
from core.models import ImportFile, ImportIssue, ImportRun, ImportStatus, User
from core.queue import wake_on_commit
from core.rights import Right
from core.tabular import ISSUE_COLUMNS, MOST_BYTES, BadFile, write_table

__all__ = ["ImportHandle", "Importer", "register", "run_here", "start_run"]

WAIT_SECONDS = 10


@dataclass(frozen=True)
class Importer:
    """One kind of import. `run` reads the table and writes batch by batch through its handle.

    `form` declares the options; its cleaned data (or its `as_options()`) is JSON. `scope` names
    what two runs at once would fight over. `columns` is the header of the template file.
    """

    kind: str
    label: str
    right: Right
    formats: Mapping[str, str]
    run: Callable[[ImportHandle], None]
    form: type[forms.Form] | None = None
    scope: Callable[[dict[str, Any]], str] = lambda _options: ""
    columns: tuple[str, ...] = ()


_importers: dict[str, Importer] = {}


class LockHeld(DomainError):
    """Another run of the same kind and scope is at work."""

    code = "lock_held"


def register(importer: Importer) -> Importer:
    """Name an importer; apps do so in importers.py."""
    if importer.kind in _importers:
        raise ValueError(f"two importers are named {importer.kind}")
    _importers[importer.kind] = importer
    return importer


def importer_named(kind: str) -> Importer:
    try:
        return _importers[kind]
    except KeyError:
        raise DomainError(f"This version has no import of the kind “{kind}”.") from None


def all_importers() -> list[Importer]:
    return sorted(_importers.values(), key=lambda one: one.label)


def importers_for(user: User) -> list[Importer]:
    """The imports that the user may run."""
    return [one for one in all_importers() if user.has_right(one.right)]


def start_run(kind: str, **words: Any) -> ImportRun:
    """Write a run down and let a worker do it; the words are those of `new_run`."""
    with transaction.atomic():
        run = new_run(kind, **words)
        importer = importer_named(kind)
        run.job = jobs.start(
            "core.import", params={"run_id": run.pk}, title=_title(run), right=importer.right
        )
        run.save(update_fields=["job"])
    return run


def run_here(
    kind: str,
    *,
    batch_size: int | None = None,
    on_progress: Callable[[ImportRun], None] | None = None,
    is_stop_asked: Callable[[], bool] = lambda: False,
    resume: ImportRun | None = None,
    **words: Any,
) -> ImportRun:
    """Do a run in this process, for commands. Raises LockHeld when another one is at work."""
    run = resume or new_run(kind, **words)
    with lock(run):
        done = jobs.run_here(
            "core.import",
            params={"run_id": run.pk, "batch_size": batch_size},
            title=_title(run),
            right=importer_named(kind).right,
            on_progress=(lambda _job: on_progress(_fresh(run))) if on_progress else None,
            is_stop_asked=is_stop_asked,
        )
    run.refresh_from_db()
    if run.is_open:  # the job ended before the run could say why
        finish(run, ImportStatus.FAILED, done.last_error)
    return run


def _fresh(run: ImportRun) -> ImportRun:
    run.refresh_from_db()
    return run


def _title(run: ImportRun) -> str:
    check = "Check" if run.is_dry_run else "Import"
    return f"{check} {importer_named(run.kind).label.lower()} from {run.name}"


def new_run(
    kind: str,
    *,
    format: str,  # noqa: A002  (the word of the command line)
    name: str,
    content: bytes,
    options: dict[str, Any],
    is_dry_run: bool = False,
    max_errors: int | None = None,
    rehearsal: ImportRun | None = None,
) -> ImportRun:
    """Write down what is to be imported, bytes included. Raises BadFile for one that is too large."""
    importer = importer_named(kind)
    if format not in importer.formats:
        known = ", ".join(importer.formats)
        raise DomainError(f"“{format}” is no format of this import; use {known}.", field="format")
    actor = actors.current().actor
    return ImportRun.objects.create(
        kind=kind,
        format=format,
        name=name[:200] or "file",
        source=keep_file(content),
        options=options,
        scope=importer.scope(options)[:80],
        is_dry_run=is_dry_run,
        max_errors=max_errors,
        rehearsal=rehearsal,
        started_at=timezone.now(),
        actor_kind=actor.kind,
        actor_key=actor.key,
        actor_label=actor.label[:150],
    )


def keep_file(content: bytes) -> ImportFile:
    """Keep bytes once, whoever brings them how often."""
    if len(content) > MOST_BYTES:
        raise BadFile(f"The file is larger than {MOST_BYTES // 2**20} MB; split it.", field="file")
    kept, _ = ImportFile.objects.get_or_create(
        sha256=sha256(content).hexdigest(),
        defaults={"content": content, "size": len(content), "kept_at": timezone.now()},
    )
    return kept


def import_for_real(run: ImportRun) -> ImportRun:
    """After a dry run: the same file with the same options, and this time it counts."""
    return start_run(
        run.kind,
        format=run.format,
        name=run.name,
        content=bytes(run.source.content),
        options=run.options,
        max_errors=run.max_errors,
        rehearsal=run,
    )


def earlier_runs(run: ImportRun) -> list[ImportRun]:
    """Runs that imported the same bytes before, newest first."""
    return list(
        ImportRun.objects.filter(
            kind=run.kind, source_id=run.source_id, is_dry_run=False, pk__lt=run.pk
        )
        .exclude(status=ImportStatus.FAILED)
        .order_by("-id")[:3]
    )


@job("core.import", title="Import")
def run_import(handle: Handle, *, run_id: int, batch_size: int | None = None) -> str:
    """Do one run, or go on with it from its last committed batch."""
    run = ImportRun.objects.select_related("source").get(pk=run_id)
    importer = importer_named(run.kind)
    actor = Actor(ActorKind.IMPORT_RUN, str(run.pk), f"Import {run.pk} by {run.actor_label}")
    try:
        with lock(run), acting(actor):
            begin(run, handle)
            importer.run(ImportHandle(run, handle, batch_size=batch_size))
    except LockHeld as held:
        handle.progress(0, words=held.message)
        raise Later(WAIT_SECONDS) from held
    except TooManyRejected as stopped:
        return finish(run, ImportStatus.STOPPED, stopped.message)
    except Cancelled:
        finish(run, ImportStatus.STOPPED, "Cancelled; what was imported until then stays.")
        raise
    except Stopped:
        raise
    except DomainError as refusal:
        finish(run, ImportStatus.FAILED, refusal.message)
        raise
    except BaseException as error:
        finish(run, ImportStatus.FAILED, f"{type(error).__name__}: {error}")
        raise
    return finish(run, ImportStatus.DONE, "")


def begin(run: ImportRun, handle: Handle) -> None:
    run.status = ImportStatus.RUNNING
    run.job = handle.job
    run.error = ""
    run.save(update_fields=["status", "job", "error"])


def finish(run: ImportRun, status: ImportStatus, error: str) -> str:
    """Write how the run ended, with its errors file; returns the sentence of its counts."""
    run.refresh_from_db()
    run.status, run.error, run.finished_at = status, error[:500], timezone.now()
    if run.rejected:
        run.errors = keep_file(_errors_table(run))
    run.save(update_fields=["status", "error", "finished_at", "errors"])
    wake_on_commit("core.relay_outbox")
    return sentence(run)


def sentence(run: ImportRun) -> str:
    """The counts of a run in words."""
    words = (
        f"{run.created} created, {run.updated} updated, {run.unchanged} unchanged,"
        f" {run.rejected} rows rejected, {run.warnings} warnings"
    )
    return f"Dry run: {words}." if run.is_dry_run else f"{words}."


def exit_code(run: ImportRun) -> int:
    """What a command ends with: 0 all done, 1 failed, 3 finished with rejected rows."""
    if run.status == ImportStatus.FAILED:
        return 1
    return 3 if run.rejected else 0


def errors_file(run: ImportRun) -> bytes | None:
    """The rejected rows, ready to be mended and fed back; None when there are none."""
    return bytes(run.errors.content) if run.errors else None


def _errors_table(run: ImportRun) -> bytes:
    """The original columns untouched, then what was wrong: one line per rejected row."""
    by_row: dict[int, list[ImportIssue]] = {}
    for issue in run.issues.filter(is_rejection=True).order_by("row", "id"):
        by_row.setdefault(issue.row, []).append(issue)
    rows = (
        [
            *issues[0].raw,
            number,
            "; ".join(dict.fromkeys(one.column for one in issues if one.column)),
            "; ".join(dict.fromkeys(one.code for one in issues)),
            " ".join(dict.fromkeys(one.message for one in issues)),
        ]
        for number, issues in by_row.items()
    )
    return write_table([*run.header, *ISSUE_COLUMNS], rows, delimiter=run.delimiter or ",")


@contextmanager
def lock(run: ImportRun) -> Iterator[None]:
    """Hold the advisory lock of the run's kind and scope on this connection; LockHeld otherwise."""
    key = f"import:{run.kind}:{run.scope}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        if not cursor.fetchone()[0]:
            raise LockHeld(_holder(run))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def _holder(run: ImportRun) -> str:
    other = (
        ImportRun.objects.filter(kind=run.kind, scope=run.scope, status=ImportStatus.RUNNING)
        .exclude(pk=run.pk)
        .order_by("-id")
        .first()
    )
    if other is None:
        return "Another import of this kind is at work; try again when it is done."
    since = timezone.localtime(other.started_at)
    return f"Import {other.pk} ({other.name}) has been at work since {since:%H:%M}."
