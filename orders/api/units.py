"""How the API says which units of which lines, and what cancelling them would do."""

from typing import Annotated

from pydantic import Field, StringConstraints

from core.api.shapes import NO_NUL, Id, Input, Output, Units

TOLD_AS = {"units": "lines", "orders": "order_ids"}  # what the verbs call it, and what bodies do


class LineUnits(Input):
    line_id: Id
    quantity: Units


def units_of(lines: list[LineUnits]) -> dict[int, int]:
    """Units by line id; a line named twice is summed."""
    units: dict[int, int] = {}
    for line in lines:
        units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    return units


class CancelUnitsIn(Input):
    """What to cancel; null is all that has not left."""

    lines: list[LineUnits] | None = Field(None, max_length=2_000)

    def units(self) -> dict[int, int] | None:
        if self.lines is None:
            return None
        return units_of(self.lines)


class CancelIn(CancelUnitsIn):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=NO_NUL)]
    wants_refund: bool = True


class CancelPreviewOut(Output):
    """What cancelling would do; nothing was done."""

    units: int
    credit: str
    money_to_return: str
    currency: str
    is_whole: bool
    effects: list[str]
