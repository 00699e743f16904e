"""What must never be false, as checks that tests, the nightly audit and staff can run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Invariant:
    """One rule of the system: `check` returns the ids (with what is off) that break it.

    A code is a letter for what the rule is about (S stock, O orders, P payments, F fulfilment, R
    returns, E events, X stuck work, A access), a number and, for the rule's further halves, b, c ….
    """

    code: str
    sentence: str
    check: Callable[[], list[dict[str, Any]]]
    is_sql: bool = False  # one statement, so that it may be asked of any number of rows


_invariants: list[Invariant] = []


def invariant(
    code: str, sentence: str
) -> Callable[[Callable[[], list[dict[str, Any]]]], Callable[[], list[dict[str, Any]]]]:
    """Register a check; apps do so in invariants.py."""

    def register(check: Callable[[], list[dict[str, Any]]]) -> Callable[[], list[dict[str, Any]]]:
        _add(Invariant(code, sentence, check))
        return check

    return register


def sql_invariant(code: str, sentence: str, sql: str) -> None:
    """Register a check in SQL: every row that the query returns is an offence."""
    _add(Invariant(code, sentence, lambda: _rows(sql), is_sql=True))


def _add(one: Invariant) -> None:
    if any(other.code == one.code for other in _invariants):
        raise ValueError(f"two invariants have the code {one.code}")
    _invariants.append(one)


def _rows(sql: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(100)]


def all_invariants() -> list[Invariant]:
    return sorted(_invariants, key=lambda one: one.code)


@dataclass(frozen=True)
class Finding:
    invariant: Invariant
    offences: list[dict[str, Any]]


def audit(codes: Iterable[str] = ()) -> list[Finding]:
    """Run the checks (all, or those named) and return those that found something."""
    wanted = set(codes)
    findings = [
        Finding(one, one.check()) for one in all_invariants() if not wanted or one.code in wanted
    ]
    return [finding for finding in findings if finding.offences]
