"""How many units of a variant may be sold although they are not there."""

from dataclasses import dataclass
from datetime import date

from inventory.models import Variant


@dataclass(frozen=True, slots=True)
class Room:
    """How many more units may wait for stock (None: as many as are asked for), and why."""

    units: int | None
    words: str = ""


def room_to_wait(variant: Variant, *, waiting: int, today: date) -> Room:
    """What may be sold beyond what is free, given that `waiting` units are sold so already.

    A variant that is to come (`available_from` lies ahead) is on pre-order, up to its own cap;
    any other may wait only where it is marked so, up to its backorder limit.
    """
    if variant.available_from and variant.available_from > today:
        words = f"on pre-order until {variant.available_from:%-d %b %Y}"
        return _within(variant.preorder_limit, waiting, words)
    if not variant.can_backorder:
        return Room(0)
    return _within(variant.backorder_limit, waiting, "may wait for stock")


def _within(limit: int | None, waiting: int, words: str) -> Room:
    if limit is None:
        return Room(None, words)
    left = max(0, limit - waiting)
    return Room(left, f"{left} more {words}" if left else f"no more {words}")
