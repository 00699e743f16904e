"""Jobs: leases, fences, retries, progress, cancelling, rights and results per row."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from core import jobs, leases, outbox
from core.actors import acting
from core.errors import DomainError, NotPossible
from core.job_handle import Handle
from core.jobs import job
from core.models import Job, JobFile, JobStatus, User
from core.rights import Role, right

TEST_RIGHT = right("core.test_jobs", "Run test jobs", Role.SALES)
seen: list = []


@job("test.count", title="Count", retries_rows=True)
def count(handle: Handle, *, upto: int = 3, only_keys: list[str] | None = None) -> str:
    for number in range(upto):
        if only_keys is None or str(number) in only_keys:
            handle.result(
                str(number), f"Row {number}", ok=number != 1, message="odd" * (number == 1)
            )
        handle.progress(number + 1, upto, "Counting")
    return f"Counted to {upto}."


@job("test.fail", title="Fail")
def fail(handle: Handle) -> None:
    seen.append(handle.job.attempts)
    raise RuntimeError("broken inside")


@job("test.refuse", title="Refuse")
def refuse(handle: Handle) -> None:
    raise DomainError("There is no paper.")


@job("test.steps", title="Steps")
def steps(handle: Handle) -> None:
    start = handle.resume_from or 0
    for number in range(start, 6):
        with transaction.atomic():
            seen.append(number)
            handle.checkpoint(number + 1)
        handle.progress(number + 1, 6)
        if number == 2 and not handle.resume_from:
            break


@job("test.actor", title="Who")
def who(handle: Handle) -> str:
    from core import actors

    return actors.current().actor.label


@pytest.fixture(autouse=True)
def _fresh() -> None:
    seen.clear()


def due_again(row: Job) -> None:
    Job.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())


@pytest.fixture
def ada(db) -> User:
    return User.objects.create_user("ada@example.com", name="Ada", roles=[Role.SALES])


def test_a_job_runs_with_progress_results_and_a_summary(db):
    started = jobs.start("test.count", params={"upto": 3})
    assert jobs.run_due() == 1
    started.refresh_from_db()
    assert (started.status, started.summary) == (JobStatus.DONE, "Counted to 3.")
    assert (started.progress_done, started.attempts) == (3, 1)
    assert list(started.results.order_by("key").values_list("key", "is_ok", "message")) == [
        ("0", True, ""),
        ("1", False, "odd"),
        ("2", True, ""),
    ]


def test_a_job_started_in_a_transaction_that_fails_never_was(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.start("test.count", params={})
        raise RuntimeError
    assert Job.objects.count() == 0


def test_the_same_dedupe_key_starts_once(db):
    first = jobs.start("test.count", params={}, dedupe="nightly")
    assert jobs.start("test.count", params={}, dedupe="nightly").pk == first.pk


def test_failed_rows_can_be_run_again_by_themselves(db):
    started = jobs.start("test.count", params={"upto": 3})
    jobs.run_due()
    again = jobs.retry_rows(started.pk)
    assert again.params == {"upto": 3, "only_keys": ["1"]}
    jobs.run_due()
    assert [one.key for one in again.results.all()] == ["1"]


def test_rows_of_a_kind_that_cannot_repeat_them_are_refused(db):
    started = jobs.start("test.refuse", params={})
    with pytest.raises(NotPossible):
        jobs.retry_rows(started.pk)


def test_poison_is_tried_five_times_and_then_parked_for_people(db):
    started = jobs.start("test.fail", params={})
    for _ in range(7):
        due_again(started)
        jobs.run_due()
    started.refresh_from_db()
    assert seen == [1, 2, 3, 4, 5]
    assert started.status == JobStatus.PARKED
    assert "broken inside" in started.last_error
    jobs.retry(started.pk)
    jobs.run_due()
    assert len(seen) == 6


def test_work_that_takes_its_worker_down_is_parked_too(db):
    started = jobs.start("test.count", params={})
    for _ in range(5):
        due_again(started)
        assert jobs._claim_one() is not None  # and the worker dies here
    due_again(started)
    assert jobs._claim_one() is None
    started.refresh_from_db()
    assert (started.status, started.last_error) == (JobStatus.PARKED, leases.WORKER_LOST)


def test_a_refusal_is_final_and_keeps_its_sentence(db):
    started = jobs.start("test.refuse", params={})
    jobs.run_due()
    started.refresh_from_db()
    assert (started.status, started.last_error) == (JobStatus.PARKED, "There is no paper.")


def test_an_attempt_is_counted_and_committed_before_the_work_starts(db):
    jobs.start("test.fail", params={})
    jobs.run_due()
    assert seen == [1]


def test_a_lost_worker_s_job_goes_on_from_its_checkpoint(db):
    started = jobs.start("test.steps", params={})
    lost = jobs._claim_one()
    steps(Handle(lost))  # done up to 3 when the worker is killed
    due_again(started)
    jobs.run_due()
    assert seen == [0, 1, 2, 3, 4, 5]


def test_a_worker_that_wakes_up_after_its_lease_may_not_write(db):
    started = jobs.start("test.steps", params={})
    frozen = Handle(jobs._claim_one())
    due_again(started)
    assert jobs._claim_one() is not None
    with pytest.raises(jobs.LeaseLost), transaction.atomic():
        frozen.checkpoint(5)
    started.refresh_from_db()
    assert started.checkpoint is None
    assert not leases.mark(frozen.job, status=JobStatus.DONE)


def test_a_long_job_gives_way_after_its_turn_without_losing_an_attempt(db):
    started = jobs.start("test.steps", params={})
    claimed = jobs._claim_one()
    jobs.run_claimed(claimed, Handle(claimed, slice_seconds=0.0001))
    started.refresh_from_db()
    assert (started.status, started.checkpoint, started.attempts) == (JobStatus.WAITING, 1, 0)
    jobs.run_due()
    started.refresh_from_db()
    assert started.status == JobStatus.DONE


def test_a_long_job_lets_a_waiting_one_in_at_its_next_checkpoint(db):
    long = jobs.start("test.steps", params={})
    claimed = jobs._claim_one()
    jobs.run_claimed(claimed, Handle(claimed, turn_seconds=0.0001))
    long.refresh_from_db()
    assert (long.status, long.checkpoint) == (JobStatus.DONE, 6)  # nobody waits: it goes on

    seen.clear()
    long = jobs.start("test.steps", params={})
    short = jobs.start("test.count", params={})
    claimed = jobs._claim_one()
    jobs.run_claimed(claimed, Handle(claimed, turn_seconds=0.0001))
    long.refresh_from_db()
    assert (long.status, long.checkpoint, seen) == (JobStatus.WAITING, 1, [0])
    jobs.run_due()
    assert [Job.objects.get(pk=one.pk).status for one in (short, long)] == [JobStatus.DONE] * 2
    assert seen == [0, 1, 2, 3, 4, 5]


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_step(db):
    waiting = jobs.start("test.count", params={})
    jobs.cancel(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.status == JobStatus.CANCELLED
    running = jobs.start("test.count", params={})
    claimed = jobs._claim_one()
    jobs.cancel(running.pk)
    jobs.run_claimed(claimed, Handle(claimed))
    running.refresh_from_db()
    assert running.status == JobStatus.CANCELLED
    assert jobs.retry(running.pk).status == JobStatus.WAITING


def test_a_job_acts_in_the_name_of_whoever_started_it(ada):
    with acting(ada.actor):
        started = jobs.start("test.actor", params={}, right=TEST_RIGHT)
    jobs.run_due()
    started.refresh_from_db()
    assert started.summary == "Ada"


def test_a_job_of_a_user_who_lost_the_right_is_refused(ada):
    with acting(ada.actor):
        started = jobs.start("test.count", params={}, right=TEST_RIGHT)
    User.objects.filter(pk=ada.pk).update(roles=[Role.WAREHOUSE])
    jobs.run_due()
    started.refresh_from_db()
    assert started.status == JobStatus.PARKED
    assert started.results.count() == 0


def test_a_job_run_by_a_command_is_never_taken_by_a_worker(db):
    taken = []

    def watch(row: Job) -> None:
        taken.append(jobs._claim_one())

    done = jobs.run_here("test.count", params={"upto": 2}, on_progress=watch)
    assert taken
    assert set(taken) == {None}
    assert done.status == JobStatus.DONE


def test_a_job_keeps_the_file_it_made(db):
    started = jobs.start("test.count", params={})
    handle = Handle(jobs._claim_one())
    handle.file("a.csv", "text/csv", b"one")
    handle.file("b.csv", "text/csv", b"two")
    assert bytes(JobFile.objects.get(job=started).content) == b"two"


@pytest.mark.django_db(transaction=True)
def test_two_claimers_never_take_the_same_row():
    for _ in range(40):
        jobs.start("test.count", params={})
    taken: list[int] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        try:
            while True:
                claimed = leases.claim(
                    Job.objects.filter(status=JobStatus.WAITING),
                    limit=3,
                    now=timezone.now(),
                    lease=timedelta(minutes=5),
                    status=JobStatus.RUNNING,
                )
                if not claimed:
                    return
                taken.extend(one.pk for one in claimed)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(Job.objects.values_list("pk", flat=True))
    assert len(taken) == len(set(taken)) == 40


@pytest.mark.django_db(transaction=True)
def test_a_row_that_was_tried_before_is_claimed_alone():
    rows = [jobs.start("test.count", params={}) for _ in range(3)]
    Job.objects.filter(pk=rows[0].pk).update(attempts=1)
    claimed = leases.claim(
        Job.objects.all(), limit=10, now=timezone.now(), lease=timedelta(minutes=5)
    )
    assert [one.pk for one in claimed] == [rows[0].pk]
    assert not connection.in_atomic_block


def test_the_outbox_uses_the_same_leases(db):
    assert outbox.claim(limit=10, now=timezone.now()) == []
