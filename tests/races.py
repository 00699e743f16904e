"""Verbs run at once on connections of their own, and the same without the lock."""

import threading
from collections.abc import Callable

from django.db import DatabaseError, connections
from django.db.models import QuerySet

from core.errors import DomainError
from inventory.locks import levels as locks
from inventory.services import allocating

PAUSE = 0.4  # seconds between reading and writing where a twin lets two read the same


def together(*verbs: Callable[[], object]) -> list[object]:
    """Run verbs at once, each on its own connection; their results or refusals, in order."""
    gate = threading.Barrier(len(verbs))
    results: list[object] = [None] * len(verbs)

    def run(place: int) -> None:
        try:
            gate.wait(5)
            results[place] = verbs[place]()
        except (DomainError, DatabaseError) as refusal:
            results[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def without_stock_locks(monkeypatch) -> None:
    """Stock is read without a lock, and a while passes before anything is written."""
    read = locks.LOCK_LEVELS.replace("FOR NO KEY UPDATE OF level", "")
    assert read != locks.LOCK_LEVELS
    monkeypatch.setattr(
        locks,
        "LOCK_LEVELS",
        f"WITH read AS MATERIALIZED ({read}) SELECT read.* FROM read, pg_sleep({PAUSE})",
    )


def without_claim_checks(monkeypatch) -> None:
    """Stock is looked at, a while passes, and what was claimed is written unlocked and unchecked."""
    monkeypatch.setattr(
        locks,
        "READ_LEVELS",
        f"WITH read AS MATERIALIZED ({locks.READ_LEVELS}) SELECT read.* FROM read, pg_sleep({PAUSE})",
    )
    written = allocating.WRITE_DEMANDS
    check, after = written.index("WHERE claimed.least"), written.index("), demand AS")
    monkeypatch.setattr(allocating, "WRITE_DEMANDS", written[:check] + written[after:])


def without_row_locks(monkeypatch) -> None:
    """Orders and other rows are read without a lock."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)
