"""Claiming stock without making others wait, where there is enough of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from django.db import transaction

from inventory.errors import StockMoved
from inventory.locks import Levels, lock_levels, look_at_levels

T = TypeVar("T")


class ReadLevels(Protocol):
    """How levels come: looked at, or locked."""

    def __call__(
        self, variant_ids: Iterable[int], *, location_ids: Sequence[int] | None = None
    ) -> Levels: ...


def look_first(work: Callable[[ReadLevels], T]) -> T:
    """Do the work on levels that are only looked at, so that they are locked no sooner than they are
    written; where units went meanwhile or are too few, do it again on locked ones. Each try is a
    transaction of its own, and none of the first is left.

    The work raises StockMoved (as `raise_demands` does) when it cannot be done without a lock.
    """
    try:
        with transaction.atomic():
            return work(look_at_levels)
    except StockMoved:
        with transaction.atomic():
            return work(lock_levels)
