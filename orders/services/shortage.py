"""What is short when orders are placed: what may wait, and what is refused with what is possible."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.locks import lock_variants
from inventory.models import Variant
from inventory.selectors import waiting_units
from inventory.selectors.backorders import Room, room_to_wait
from orders.errors import OutOfStock
from orders.models import OrderLine


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that stock does not cover: `got` of its open units were found. `position` is the line's
    place in the draft; `is_taken` where the draft says that the rest waits, whatever the limits.
    """

    order: str
    position: int
    line: OrderLine
    got: int
    is_taken: bool

    @property
    def missing(self) -> int:
        return self.line.open - self.got

    @property
    def variant(self) -> Variant:
        assert self.line.variant is not None  # noqa: S101  (only lines with a product want stock)
        return self.line.variant


def refuse_short(shortages: Sequence[Shortage], *, today: date) -> None:
    """Refuse the first order of the batch with lines that may not wait. Raises OutOfStock, with the
    units that are missing by line position. Two queries where a limit has to be kept, else none.
    """
    if all(one.is_taken for one in shortages):
        return
    limited = {
        one.variant.pk
        for one in shortages
        if one.variant.backorder_limit is not None or one.variant.preorder_limit is not None
    }
    waiting: dict[int, int] = defaultdict(int)
    if limited:
        lock_variants(limited)  # stock that never was has no level that would hold the others off
        waiting.update(waiting_units(limited))
    refused: list[tuple[Shortage, int, Room]] = []
    for one in shortages:
        room = room_to_wait(one.variant, waiting=waiting[one.variant.pk], today=today)
        waits = one.missing if one.is_taken or room.units is None else min(one.missing, room.units)
        waiting[one.variant.pk] += waits
        if waits < one.missing:
            refused.append((one, waits, room))
    if refused:
        _refuse([entry for entry in refused if entry[0].order == refused[0][0].order])


def _refuse(refused: Iterable[tuple[Shortage, int, Room]]) -> None:
    short: dict[int, int] = {}
    words = []
    for one, waits, room in refused:
        line = one.line
        missing = one.missing - waits
        told = f"{line.sku}: {one.got} of {line.open}"
        if line.kit is not None:
            told = f"{line.sku} in {line.kit.sku}: {one.got} of {line.open}"
            missing = -(-missing * line.kit.quantity // line.quantity)  # whole kits, rounded up
        words.append(f"{told}, {room.words}" if room.words else told)
        short[one.position] = max(short.get(one.position, 0), missing)
    raise OutOfStock(
        f"Not enough stock ({'; '.join(words)}); lower the quantity or choose a substitute.",
        short=short,
    )
