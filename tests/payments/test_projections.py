"""What events come to: the truth table, and that neither order nor repetition matters."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments.projections import Amounts, awaited, reduce, standing
from payments.states import MoneyKind, Operation, PaymentStanding, Step
from tests.cast import NOON

K = MoneyKind


@dataclass(frozen=True)
class Event:
    kind: str
    ref: str
    amount: Decimal
    occurred_at: object


def told(*steps: tuple) -> list[Event]:
    """Events of (kind, ref, amount[, minutes after noon])."""
    return [
        Event(s[0], s[1], Decimal(s[2]), NOON + timedelta(minutes=s[3] if len(s) > 3 else 0))
        for s in steps
    ]


TABLE = {
    "nothing told": ([], {}),
    "expected": ([(K.EXPECTED, "e", 10)], {"expected": 10}),
    "expected and dropped": ([(K.EXPECTED, "e", 10), (K.DROPPED, "d", 10)], {}),
    "expected, part of it came": (
        [(K.EXPECTED, "e", 10), (K.CAPTURED, "c", 4)],
        {"expected": 6, "captured": 4},
    ),
    "more came than was expected": (
        [(K.EXPECTED, "e", 10), (K.CAPTURED, "c", 12)],
        {"captured": 12},
    ),
    "asked to authorise": ([(K.AUTHORISATION_REQUESTED, "a", 10)], {"pending": 10}),
    "authorised": (
        [(K.AUTHORISATION_REQUESTED, "a", 10), (K.AUTHORISED, "a", 10)],
        {"approved": 10, "authorised": 10},
    ),
    "authorised for less than asked": (
        [(K.AUTHORISATION_REQUESTED, "a", 10), (K.AUTHORISED, "a", 7)],
        {"approved": 7, "authorised": 7},
    ),
    "authorisation failed": (
        [(K.AUTHORISATION_REQUESTED, "a", 10), (K.AUTHORISATION_FAILED, "a", 10)],
        {"has_failed": True},
    ),
    "authorisation failed later": (
        [(K.AUTHORISED, "a", 10), (K.AUTHORISATION_FAILED, "a", 10, 5)],
        {"has_failed": True},
    ),
    "a later success beats an earlier failure": (
        [(K.AUTHORISATION_FAILED, "a", 10), (K.AUTHORISED, "a", 10, 5)],
        {"approved": 10, "authorised": 10},
    ),
    "at the same moment a failure counts more": (
        [(K.CAPTURED, "c", 10), (K.CAPTURE_FAILED, "c", 10)],
        {"has_failed": True},
    ),
    "a failure of another movement takes nothing back": (
        [(K.CAPTURED, "c1", 10), (K.CAPTURE_FAILED, "c2", 5, 9)],
        {"captured": 10, "has_failed": True},
    ),
    "captured in parts": (
        [(K.AUTHORISED, "a", 10), (K.CAPTURED, "c1", 4), (K.CAPTURED, "c2", 3)],
        {"approved": 10, "authorised": 3, "captured": 7},
    ),
    "captured in part, the rest released": (
        [(K.AUTHORISED, "a", 10), (K.CAPTURED, "c", 4), (K.VOIDED, "v", 6)],
        {"approved": 4, "captured": 4},
    ),
    "a release is asked for": (
        [(K.AUTHORISED, "a", 10), (K.VOID_REQUESTED, "v", 10)],
        {"approved": 10},
    ),
    "a release failed": (
        [(K.AUTHORISED, "a", 10), (K.VOID_REQUESTED, "v", 10), (K.VOID_FAILED, "v", 10, 1)],
        {"approved": 10, "authorised": 10, "has_failed": True},
    ),
    "a capture is asked for": (
        [(K.AUTHORISED, "a", 10), (K.CAPTURE_REQUESTED, "c", 4)],
        {"approved": 10, "authorised": 10, "pending": 4},
    ),
    "a refund is asked for": (
        [(K.CAPTURED, "c", 10), (K.REFUND_REQUESTED, "r", 4)],
        {"captured": 10, "refund_pending": 4},
    ),
    "the answer came before the request was written": (
        [(K.CAPTURED, "c", 10), (K.REFUNDED, "r", 4), (K.REFUND_REQUESTED, "r", 4, 9)],
        {"captured": 10, "refunded": 4},
    ),
    "a refund failed after it had succeeded": (
        [(K.CAPTURED, "c", 10), (K.REFUNDED, "r", 4, 1), (K.REFUND_FAILED, "r", 4, 9)],
        {"captured": 10, "has_failed": True},
    ),
    "given back whole": (
        [(K.CAPTURED, "c", 10), (K.REFUNDED, "r1", 4), (K.REFUNDED, "r2", 6)],
        {"captured": 10, "refunded": 10},
    ),
}


@pytest.mark.parametrize(("steps", "sums"), TABLE.values(), ids=TABLE)
def test_what_events_come_to(steps, sums):
    wanted = {name: v if v is True else Decimal(v) for name, v in sums.items()}
    assert reduce(told(*steps)) == Amounts(**wanted)


calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
events = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from(MoneyKind.values),
        ref=st.sampled_from(["a", "b", "c"]),
        amount=st.decimals(0, 100, places=2),
        occurred_at=st.integers(0, 5).map(lambda m: NOON + timedelta(minutes=m)),
    ),
    max_size=12,
)


@calm
@given(told=events, data=st.data())
def test_any_order_and_any_duplicates_end_alike(told, data):
    shuffled = data.draw(st.permutations(told))
    again = data.draw(st.lists(st.sampled_from(told), max_size=5)) if told else []
    assert reduce([*shuffled, *again]) == reduce(told)
    assert awaited([*again, *shuffled]) == awaited(told)


@calm
@given(events)
def test_amounts_are_never_below_zero(told):
    amounts = reduce(told)
    names = ("expected", "approved", "authorised", "pending", "captured", "refunded")
    assert all(getattr(amounts, name) >= 0 for name in names)
    assert amounts.authorised <= amounts.approved


def test_every_kind_is_one_step_of_one_operation():
    parts = {(kind.operation, kind.step) for kind in MoneyKind}
    assert len(parts) == len(MoneyKind)
    assert {operation for operation, _ in parts} == set(Operation)
    assert MoneyKind.of(Operation.REFUND, Step.FAILED) == MoneyKind.REFUND_FAILED


@pytest.mark.parametrize(
    ("amounts", "stands"),
    [
        ({}, PaymentStanding.CANCELLED),
        ({"has_failed": True}, PaymentStanding.FAILED),
        ({"expected": 5}, PaymentStanding.EXPECTED),
        ({"pending": 5}, PaymentStanding.PENDING),
        ({"approved": 5, "authorised": 5}, PaymentStanding.AUTHORISED),
        ({"captured": 5}, PaymentStanding.RECEIVED),
        ({"captured": 5, "has_failed": True}, PaymentStanding.RECEIVED),
        ({"captured": 5, "expected": 1}, PaymentStanding.PARTLY_RECEIVED),
        ({"captured": 5, "approved": 9, "authorised": 4}, PaymentStanding.PARTLY_RECEIVED),
        ({"captured": 5, "refunded": 2}, PaymentStanding.PARTLY_REFUNDED),
        ({"captured": 5, "refund_pending": 5}, PaymentStanding.RECEIVED),
        ({"captured": 5, "refunded": 5}, PaymentStanding.REFUNDED),
    ],
)
def test_where_a_payment_stands(amounts, stands):
    assert standing(Amounts(**{k: v if v is True else Decimal(v) for k, v in amounts.items()})) == (
        stands
    )
