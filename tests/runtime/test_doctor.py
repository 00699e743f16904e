"""The doctor says what is not well, and the line that mends it."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from oms.management.commands import doctor
from oms.management.commands.doctor import CHECKS, Finding


def examine(**options) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = io.StringIO()
    try:
        call_command("doctor", stdout=out, no_color=True, **options)
    except SystemExit as left:
        return left.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def all_well(monkeypatch):
    """Every check well, whatever this machine has installed."""
    for name in CHECKS:
        monkeypatch.setitem(CHECKS, name, lambda: Finding("fine"))


def test_it_looks_at_eight_things_one_line_each(db):
    _, printed = examine()

    assert [line.split()[0] for line in printed.splitlines()] == [
        "python", "database", "queue", "migrations", "Pango", "chromium", "clock", "disk",
    ]  # fmt: skip


def test_all_well_is_exit_code_nought(all_well):
    assert examine()[0] == 0


def test_what_is_needed_and_not_well_is_exit_code_one_with_the_line_that_mends_it(
    all_well, monkeypatch
):
    sick = Finding("2 to run", is_well=False, mend="./run manage migrate")
    monkeypatch.setitem(CHECKS, "migrations", lambda: sick)

    code, printed = examine()

    assert code == 1
    assert "migrations  FAILED   2 to run; this mends it: ./run manage migrate" in printed


def test_what_only_the_tests_need_may_be_missing(all_well, monkeypatch):
    missing = Finding("not installed", is_well=False, mend="apt", is_needed=False)
    monkeypatch.setitem(CHECKS, "chromium", lambda: missing)

    code, printed = examine()

    assert code == 0
    assert "chromium    missing  not installed; this mends it: apt" in printed


def test_a_program_reads_json(all_well):
    told = json.loads(examine(json=True)[1])

    assert told["database"] == {"text": "fine", "is_well": True, "mend": "", "is_needed": True}


def test_a_queue_that_does_not_answer_is_found(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    found = doctor.check_queue()

    assert not found.is_well
    assert "REDIS_URL" in found.mend


def test_a_clock_that_runs_apart_from_the_databases_is_found(db):
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=5), tick=False):
        found = doctor.check_clock()

    assert not found.is_well
    assert found.text.startswith("differs from the database's by 30")


def test_an_unknown_time_zone_is_found(settings):
    settings.TIME_ZONE = "Mars/Olympus"

    assert not doctor.check_clock().is_well


def test_a_full_disk_is_found(monkeypatch):
    monkeypatch.setattr(doctor, "DISK_WANTED_BYTES", 1 << 62)

    assert not doctor.check_disk().is_well


def test_the_database_queue_and_migrations_of_a_test_run_are_well(db):
    assert doctor.check_database().is_well
    assert doctor.check_queue().is_well
    assert doctor.check_migrations().is_well
