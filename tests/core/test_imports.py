"""Imports: batches, dry runs, refusals, errors files, resuming, locks and exit codes."""

import json
import threading
from io import StringIO

import pytest
from django import forms
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from core import imports, jobs
from core.errors import DomainError
from core.imports import Importer, ImportHandle
from core.models import ImportFile, ImportRun, ImportStatus, Job, JobStatus, NumberSeries
from core.rights import Role, right
from core.tabular import read_table

IMPORT = right("core.test_import", "Import test things", Role.SALES)
trouble = {"at": 0}


class Options(forms.Form):
    start = forms.IntegerField(required=False)


def run_series(handle: ImportHandle) -> None:
    """Reads number series, two rows a batch; a negative number is refused, 0 is doubtful."""
    rows = list(handle.table().rows(after=handle.resume_from or 0))
    for at in range(0, len(rows), 2):
        batch = rows[at : at + 2]
        with handle.batch(checkpoint=batch[-1].number, rows=len(batch)):
            for row in batch:
                take(handle, row)


def take(handle: ImportHandle, row) -> None:
    if trouble["at"] == row.number:
        raise RuntimeError("the power is out")
    if row.fault:
        handle.reject(row, code="ragged", message=row.fault)
        return
    last = int(row.values["last"])
    if last < 0:
        handle.reject(row, column="last", code="negative", message="Use 0 or more.")
        return
    if last == 0:
        handle.warn(row, column="last", code="zero", message="Is nothing counted?")
    series, is_new = NumberSeries.objects.get_or_create(
        code=row.values["code"], defaults={"last": last}
    )
    handle.count(created=int(is_new), unchanged=int(not is_new and series.last == last))


imports.register(
    Importer(
        kind="test_series",
        label="Series",
        right=IMPORT,
        formats={"plain": "Code and number"},
        run=run_series,
        form=Options,
        scope=lambda options: str(options.get("start", "")),
        columns=("code", "last"),
    )
)
GOOD = b"code;last\na;1\nb;2\nc;3\nd;4\ne;5\n"
MIXED = b'code;last\na;1\nb;-2\n"c\nd";-3\ne;0\nf;6;7;8\n'


def here(content: bytes = GOOD, **more) -> ImportRun:
    values = {"format": "plain", "name": "series.csv", "options": {}, **more}
    return imports.run_here("test_series", content=content, **values)


@pytest.fixture(autouse=True)
def _no_trouble() -> None:
    trouble["at"] = 0


def counts(run: ImportRun) -> tuple:
    return run.rows, run.created, run.unchanged, run.rejected, run.warnings


def test_a_file_is_imported_batch_by_batch(db):
    run = here()
    assert (run.status, counts(run)) == (ImportStatus.DONE, (5, 5, 0, 0, 0))
    assert (run.encoding, run.delimiter, run.job.status) == ("utf-8", ";", JobStatus.DONE)
    assert imports.exit_code(run) == 0


def test_the_second_run_of_the_same_file_changes_nothing_and_says_so(db):
    first = here()
    second = here()
    assert counts(second) == (5, 0, 5, 0, 0)
    assert [one.pk for one in imports.earlier_runs(second)] == [first.pk]
    assert ImportFile.objects.count() == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(db):
    run = here(MIXED, is_dry_run=True)
    assert counts(run) == (5, 2, 0, 3, 1)
    assert NumberSeries.objects.count() == 0
    assert imports.exit_code(run) == 3
    assert run.issues.filter(is_rejection=True).count() == 3


def test_refused_rows_can_be_mended_in_the_errors_file_and_fed_back(db):
    run = here(MIXED)
    assert counts(run) == (5, 2, 0, 3, 1)
    errors = imports.errors_file(run)
    text = errors.decode("utf-8-sig")
    assert text.splitlines()[0] == "code;last;_row;_column;_code;_message"
    assert [row.cells for row in read_table(errors).rows()] == [
        ("b", "-2"),
        ("c\nd", "-3"),
        ("f", "6"),
    ]
    mended = here(text.replace("-", "").encode())
    assert counts(mended) == (3, 3, 0, 0, 0)
    assert NumberSeries.objects.filter(code="c\nd").exists()


def test_an_interrupted_run_goes_on_where_its_last_batch_ended(db):
    trouble["at"] = 5
    run = here()
    assert (run.status, run.checkpoint, counts(run)) == ("failed", 3, (2, 2, 0, 0, 0))
    assert "power" in run.error
    trouble["at"] = 0
    done = imports.run_here("test_series", resume=run)
    assert (done.pk, done.status, counts(done)) == (run.pk, "done", (5, 5, 0, 0, 0))


def test_a_batch_that_fails_leaves_neither_rows_nor_counts(db):
    trouble["at"] = 3
    run = here()
    assert counts(run) == (0, 0, 0, 0, 0)
    assert NumberSeries.objects.count() == 0


def test_too_many_refusals_stop_the_run(db):
    run = here(MIXED, max_errors=1)
    assert (run.status, run.rejected) == (ImportStatus.STOPPED, 2)
    assert imports.exit_code(run) == 3


def test_a_file_that_cannot_be_read_fails_with_its_sentence(db):
    run = here(b"")
    assert (run.status, run.error) == (ImportStatus.FAILED, "The file is empty.")
    assert imports.exit_code(run) == 1


def test_a_worker_does_what_the_browser_started(db):
    run = imports.start_run(
        "test_series", format="plain", name="x.csv", content=GOOD, options={}, is_dry_run=True
    )
    assert run.status == ImportStatus.WAITING
    jobs.run_due()
    run.refresh_from_db()
    assert (run.status, run.job.title) == (ImportStatus.DONE, "Check series from x.csv")
    real = imports.import_for_real(run)
    jobs.run_due()
    real.refresh_from_db()
    assert (real.created, real.rehearsal_id, real.source_id) == (5, run.pk, run.source_id)


def test_a_worker_s_failure_is_tried_again_from_the_checkpoint(db):
    run = imports.start_run("test_series", format="plain", name="x", content=GOOD, options={})
    trouble["at"] = 5
    jobs.run_due()
    trouble["at"] = 0
    Job.objects.update(next_attempt_at=timezone.now())
    jobs.run_due()
    run.refresh_from_db()
    assert (run.status, counts(run)) == (ImportStatus.DONE, (5, 5, 0, 0, 0))


def test_an_unknown_format_is_refused(db):
    with pytest.raises(DomainError, match="use plain"):
        here(format="fancy")


def test_counts_outside_a_batch_are_a_mistake(db):
    run = imports.new_run("test_series", format="plain", name="x", content=GOOD, options={})
    with pytest.raises(RuntimeError, match="batch"):
        ImportHandle(run, None).count(created=1)


@pytest.mark.django_db(transaction=True)
def test_one_run_at_a_time_per_kind_and_scope():
    held, release = threading.Event(), threading.Event()
    run = imports.new_run("test_series", format="plain", name="x", content=GOOD, options={})

    def hold() -> None:
        try:
            with imports.lock(run):
                held.set()
                release.wait(20)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    try:
        with pytest.raises(imports.LockHeld):
            here()
        waiting = imports.start_run(
            "test_series", format="plain", name="y", content=GOOD, options={}
        )
        jobs.run_due(limit=1)
        waiting.job.refresh_from_db()
        assert (waiting.job.status, waiting.job.attempts) == (JobStatus.WAITING, 0)
        assert here(options={"start": 1}).status == ImportStatus.DONE  # another scope
    finally:
        release.set()
        holder.join()
    assert here().status == ImportStatus.DONE
    assert not connection.in_atomic_block


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def command(monkeypatch, tmp_path):
    from core.import_command import ImportCommand

    class Command(ImportCommand):
        kind = "test_series"
        help = "Import series."

    def call(*args: str) -> tuple[int, str, str]:
        out, err = StringIO(), StringIO()
        code = 0
        try:
            call_command(Command(stdout=out, stderr=err), *args)
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        return code, out.getvalue(), err.getvalue()

    return call


def test_the_command_imports_and_tells_its_counts(db, command, tmp_path):
    source = tmp_path / "series.csv"
    source.write_bytes(GOOD)
    code, out, _ = command(str(source), "--format", "plain")
    assert (code, "5 created, 0 updated, 0 unchanged" in out) == (0, True)


def test_the_command_writes_the_errors_file_and_ends_with_3(db, command, tmp_path):
    source, errors = tmp_path / "series.csv", tmp_path / "errors.csv"
    source.write_bytes(MIXED)
    code, out, err = command(
        str(source), "--format", "plain", "--errors-file", str(errors), "--json"
    )
    assert code == 3
    summary = json.loads(out)
    assert (summary["created"], summary["rejected"], summary["exit_code"]) == (2, 3, 3)
    assert errors.read_bytes() == imports.errors_file(ImportRun.objects.get())
    assert "row 3, column last: Use 0 or more." in err


def test_the_command_in_a_dry_run_says_so(db, command, tmp_path):
    source = tmp_path / "series.csv"
    source.write_bytes(GOOD)
    code, out, _ = command(str(source), "--format", "plain", "--dry-run")
    assert (code, out.startswith("DRY RUN")) == (0, True)
    assert NumberSeries.objects.count() == 0


def test_the_command_ends_with_1_for_a_file_that_is_not_there(db, command):
    code, _, err = command("/nowhere.csv", "--format", "plain")
    assert (code, "cannot be read" in err) == (1, True)


def test_the_command_prints_a_template(db, command):
    _, out, _ = command("--template")
    assert out.strip() == "code,last"


def test_an_import_acts_as_the_run_in_the_name_of_its_starter(db):
    with transaction.atomic():
        run = here()
    assert run.actor_label == "System"
