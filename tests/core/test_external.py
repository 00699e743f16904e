"""Operations elsewhere: intent, call, outcome, look-up, parking; never a call in a transaction."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from core import external
from core.errors import OutsideTransaction
from core.external import OperationKind, Outcome, OutcomeUnknown
from core.models import ExternalOperation, OperationState, StateChange


class Machine:
    """A machine elsewhere: it acts once per key, and its answers can get lost."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.done: dict[str, str] = {}
        self.was_in_transaction: list[bool] = []
        self.settled: list[tuple[int, bool]] = []
        self.loses_answers = 0
        self.loses_requests = 0
        self.refuses = False
        self.is_broken = False
        self.settlement_fails = 0

    def call(self, operation: ExternalOperation) -> Outcome:
        self.was_in_transaction.append(external.transactions.is_open())
        self.calls.append(operation.idempotency_key)
        if self.is_broken:
            raise ConnectionRefusedError("nobody there")
        if self.refuses:
            return Outcome(ok=False, error="card declined")
        if self.loses_requests:
            self.loses_requests -= 1
            raise OutcomeUnknown("timeout")
        self.done.setdefault(operation.idempotency_key, f"ref-{len(self.done) + 1}")
        if self.loses_answers:
            self.loses_answers -= 1
            raise OutcomeUnknown("timeout")
        return Outcome(ok=True, provider_ref=self.done[operation.idempotency_key])

    def look_up(self, operation: ExternalOperation) -> Outcome | None:
        self.was_in_transaction.append(external.transactions.is_open())
        ref = self.done.get(operation.idempotency_key)
        return Outcome(ok=True, provider_ref=ref) if ref else None

    def settle(self, operation: ExternalOperation, outcome: Outcome) -> None:
        if self.settlement_fails:
            self.settlement_fails -= 1
            raise ValueError("rows in the way")
        self.settled.append((operation.subject_id, outcome.ok))


machine = Machine()
external.register(
    OperationKind(
        "test_buy",
        call=machine.call,
        settle=machine.settle,
        look_up=machine.look_up,
    )
)
external.register(
    OperationKind(
        "test_blind",
        call=machine.call,
        settle=machine.settle,
    )
)
external.register(
    OperationKind(
        "test_repeatable",
        call=machine.call,
        settle=machine.settle,
        is_repeatable=True,
    )
)


@pytest.fixture(autouse=True)
def _fresh_machine() -> None:
    machine.__init__()


def intend(key: str = "k1", kind: str = "test_buy") -> ExternalOperation:
    with transaction.atomic():
        return external.intend(
            kind, provider="acme", key=key, subject_type="thing", subject_id=7, request={"a": 1}
        )


def again(operation: ExternalOperation) -> ExternalOperation:
    ExternalOperation.objects.filter(pk=operation.pk).update(next_attempt_at=timezone.now())
    return external.perform(operation.pk)


@pytest.mark.django_db(transaction=True)
def test_no_call_is_made_while_a_transaction_is_open():
    operation = intend()
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        external.perform(operation.pk)
    assert machine.calls == []
    done = external.perform(operation.pk)
    assert done.state == OperationState.SUCCEEDED
    machine.loses_answers = 1
    other = intend("k2")
    external.perform(other.pk)
    again(other)
    assert machine.was_in_transaction == [False] * 3
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_an_intent_without_a_transaction_is_a_mistake():
    with pytest.raises(OutsideTransaction):
        external.intend(
            "test_buy", provider="acme", key="k", subject_type="thing", subject_id=7, request={}
        )


def test_an_operation_succeeds_and_settles_in_one_step(db):
    done = external.perform(intend().pk)
    assert (done.state, done.provider_ref, done.attempts) == ("succeeded", "ref-1", 1)
    assert machine.settled == [(7, True)]
    moves = StateChange.objects.filter(subject_id=done.pk).order_by("id")
    assert [(one.before, one.after) for one in moves] == [
        ("intended", "sent"),
        ("sent", "succeeded"),
    ]


def test_the_same_key_is_the_same_operation(db):
    assert intend().pk == intend().pk


def test_a_refusal_is_settled_as_failed(db):
    machine.refuses = True
    done = external.perform(intend().pk)
    assert (done.state, done.last_error) == (OperationState.FAILED, "card declined")
    assert machine.settled == [(7, False)]


def test_an_answer_that_got_lost_is_looked_up_and_not_sent_again(db):
    machine.loses_answers = 1
    operation = external.perform(intend().pk)
    assert operation.state == OperationState.UNKNOWN
    assert machine.settled == []
    done = again(operation)
    assert (done.state, machine.calls) == (OperationState.SUCCEEDED, ["k1"])


def test_a_request_that_got_lost_is_sent_again_with_the_same_key(db):
    machine.loses_requests = 1
    operation = external.perform(intend().pk)
    done = again(operation)
    assert (done.state, machine.calls) == (OperationState.SUCCEEDED, ["k1", "k1"])


def test_a_worker_lost_during_the_call_leaves_an_outcome_to_look_up(db):
    operation = intend()
    external._take(operation.pk)  # the worker dies here
    machine.done["k1"] = "ref-9"
    done = again(operation)
    assert (done.state, done.provider_ref, machine.calls) == ("succeeded", "ref-9", [])


def test_where_nobody_can_be_asked_a_person_must_decide(db):
    machine.loses_answers = 1
    operation = external.perform(intend(kind="test_blind").pk)
    assert again(operation).state == OperationState.PARKED
    assert machine.calls == ["k1"]


def test_where_the_key_is_honoured_it_is_simply_sent_again(db):
    machine.loses_answers = 1
    operation = external.perform(intend(kind="test_repeatable").pk)
    done = again(operation)
    assert (done.state, done.provider_ref, machine.calls) == ("succeeded", "ref-1", ["k1", "k1"])


def test_a_machine_that_is_away_costs_five_attempts_and_then_parks(db):
    machine.is_broken = True
    operation = intend()
    for _ in range(7):
        operation = again(operation)
    assert (operation.state, len(machine.calls)) == (OperationState.PARKED, 5)
    machine.is_broken = False
    assert external.retry([operation.pk]) == 1
    assert external.perform(operation.pk).state == OperationState.SUCCEEDED


def test_a_settlement_that_fails_is_made_up_for_without_another_call(db):
    machine.settlement_fails = 1
    operation = external.perform(intend(kind="test_blind").pk)
    assert operation.state == OperationState.UNKNOWN
    done = again(operation)
    assert (done.state, machine.calls) == (OperationState.SUCCEEDED, ["k1"])


def test_a_frozen_worker_may_not_settle_after_another_did(db):
    operation = intend()
    frozen = external._take(operation.pk)
    machine.done["k1"] = "ref-1"
    again(operation)
    external._end(frozen, Outcome(ok=False, error="late"))
    operation = ExternalOperation.objects.get(pk=operation.pk)
    assert (operation.state, machine.settled) == (OperationState.SUCCEEDED, [(7, True)])


def test_a_gateway_without_a_network_settles_at_once(db):
    with transaction.atomic():
        operation = intend()
        external.settle_offline(operation, Outcome(ok=True, provider_ref="cash"))
    assert external.perform_due() == 0
    assert machine.settled == [(7, True)]
    assert machine.calls == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_call():
    for number in range(12):
        intend(f"k{number}")
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        try:
            external.perform_due()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(machine.calls) == sorted(f"k{number}" for number in range(12))
