"""The command says what it did, ends with the right code, and goes on where it was interrupted."""

import io
import json
import os
import signal

import pytest
from django.core.management import CommandError, call_command

from core import imports
from core.imports import lock
from core.models import ImportRun, ImportStatus
from customers.models import Customer
from orders.models import Order
from tests.intake.files import DATA, EXAMPLES, counts, run_import
from tests.intake.shopify_files import make_export
from tests.intake.test_importing import orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good.csv").write_bytes(orders({}, {}))
    (tmp_path / "broken.csv").write_bytes(orders({"Currency": "EURO"}, {}))
    return tmp_path


class Answer:
    """What a command said and ended with."""

    def __init__(self, *words: str, **options) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.code = 0
        try:
            call_command("import_orders", *words, stdout=out, stderr=err, **options)
        except CommandError as error:
            self.code = error.returncode
            err.write(str(error))
        self.out, self.err = out.getvalue(), err.getvalue()


def run(path, *words: str) -> Answer:
    return Answer(str(path), "--channel", "web", *words)


def test_an_empty_file_is_refused_and_nothing_of_it_is_to_go_on_with(shop, tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    answer = run(tmp_path / "empty.csv")
    assert ("The file is empty." in answer.err, "--resume" in answer.err) == (True, False)


def test_all_taken_in_ends_with_0_and_the_counts(shop, folder):
    answer = run(folder / "good.csv")
    assert answer.code == 0
    assert "2 created, 0 updated, 0 unchanged, 0 rows rejected" in answer.out
    assert "rows a second, at most" in answer.out


def test_rejected_rows_end_with_3_and_stand_in_the_errors_file(shop, folder):
    answer = run(folder / "broken.csv", "--errors-file", str(folder / "errors.csv"))
    assert answer.code == 3
    assert "row 2, column Currency: found “EURO”, expected a code such as EUR." in answer.err
    mended = (folder / "errors.csv").read_bytes().replace(b"EURO", b"EUR")
    (folder / "mended.csv").write_bytes(mended)
    assert run(folder / "mended.csv").code == 0
    assert Order.objects.count() == 2


def test_a_dry_run_says_so_and_keeps_nothing(shop, folder):
    answer = run(folder / "good.csv", "--dry-run")
    assert answer.out.startswith("DRY RUN")
    assert (answer.code, Order.objects.count()) == (0, 0)


def test_json_is_one_object_on_standard_output(shop, folder):
    told = json.loads(run(folder / "broken.csv", "--json").out)
    assert (told["created"], told["rejected"], told["exit_code"]) == (1, 1, 3)
    assert told["rows_per_second"] > 0
    assert told["peak_memory_mb"] > 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["good.csv"], "Name the channel: --channel CODE, one of web."),
        (["good.csv", "--channel", "xyz"], "There is no channel “xyz”"),
        (["good.csv", "--channel", "web", "--format", "generic"], "needs --map FILE"),
        (["good.csv", "--channel", "web", "--map", "none.toml"], "cannot be read"),
        (["--channel", "web"], "Name the file to read"),
    ],
)
def test_bad_usage_ends_with_2_and_a_sentence(shop, folder, monkeypatch, words, sentence):
    monkeypatch.chdir(folder)
    answer = Answer(*words)
    assert answer.code == 2
    assert sentence in answer.err
    assert ImportRun.objects.count() == 0


def test_a_file_that_is_no_table_ends_with_1(shop, folder):
    (folder / "bytes").write_bytes(b"\x00\x01\x02")
    assert run(folder / "bytes").code == 1


def test_standard_input_is_read_for_a_dash(shop, folder, monkeypatch):
    with (folder / "good.csv").open() as file:
        monkeypatch.setattr("sys.stdin", file)
        assert run("-").code == 0
    assert Order.objects.count() == 2


def test_the_superstore_example_of_the_documentation_works(shop):
    answer = Answer(
        str(DATA / "superstore_excerpt.csv"),
        *("--format", "generic", "--map", str(EXAMPLES / "superstore.toml")),
        *("--channel", "web", "--products", "create"),
    )
    assert answer.code == 0
    assert "5 created" in answer.out


def test_ctrl_c_finishes_the_batch_and_says_how_to_go_on(shop, folder, monkeypatch):
    (folder / "many.csv").write_bytes(make_export(60, broken=False).write())
    real, begun = imports.ImportHandle.batch, []

    def interrupting(self, **words):
        begun.append(words["checkpoint"])
        if len(begun) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self, **words)

    monkeypatch.setattr(imports.ImportHandle, "batch", interrupting)
    answer = run(folder / "many.csv", "--batch-size", "10")
    stopped = ImportRun.objects.get()
    assert answer.code == 130
    assert f"--resume {stopped.pk}" in answer.err
    assert (stopped.status, Order.objects.count()) == (ImportStatus.STOPPED, 20)
    monkeypatch.undo()
    assert Answer("--resume", str(stopped.pk), "--batch-size", "10").code == 0
    stopped.refresh_from_db()
    assert counts(stopped) == (60, 0, 0, 0)
    assert Order.objects.count() == 60


def test_a_run_that_broke_down_goes_on_without_doing_a_thing_twice(shop, monkeypatch):
    content = make_export(60, broken=False).write()
    real, begun = imports.ImportHandle.batch, []

    def failing(self, **words):
        begun.append(words["checkpoint"])
        if len(begun) == 4:
            raise OSError("the machine went away")
        return real(self, **words)

    monkeypatch.setattr(imports.ImportHandle, "batch", failing)
    broken = run_import(content, batch_size=10)
    assert (broken.status, Order.objects.count()) == (ImportStatus.FAILED, 30)
    customers = Customer.objects.count()
    monkeypatch.undo()
    again = imports.run_here("orders", resume=broken, batch_size=10)
    assert counts(again) == (60, 0, 0, 0)
    assert again.status == ImportStatus.DONE
    assert Order.objects.count() == 60
    assert Customer.objects.count() >= customers


@pytest.mark.django_db(transaction=True)
def test_a_second_import_of_the_channel_at_the_same_time_ends_with_4(shop, folder):
    import threading

    held, done = threading.Event(), threading.Event()
    first = ImportRun(kind="orders", scope="web", pk=0)

    def hold() -> None:
        from django.db import connection

        with lock(first):
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    try:
        assert run(folder / "good.csv").code == 4
    finally:
        done.set()
        thread.join()
    assert Order.objects.count() == 0
