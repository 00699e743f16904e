"""Kits of an order, and how many of them are still whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.models import OrderKit, OrderLine


@dataclass(frozen=True)
class WholeKits:
    """Kits of an order that nothing has left of: how many, and what each takes of each line."""

    kit: OrderKit
    count: int
    units: dict[int, int]

    @property
    def field(self) -> str:
        return f"kit-{self.kit.pk}"


def whole_kits(lines: Sequence[OrderLine]) -> list[WholeKits]:
    """The kits that lie whole among an order's lines, which must be all of it."""
    by_kit: dict[OrderKit, list[OrderLine]] = {}
    for line in lines:
        if line.kit is not None:
            by_kit.setdefault(line.kit, []).append(line)
    found = []
    for kit, parts in by_kit.items():
        units = {line.pk: line.quantity // kit.quantity for line in parts}
        count = min(line.open // units[line.pk] for line in parts)
        if count:
            found.append(WholeKits(kit, count, units))
    return found
