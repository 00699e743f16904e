"""JSON read safely and laid flat: each value a cell under its path, such as line_items.0.price."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.errors import DomainError
from oms.intake.cells import Cells
from oms.intake.findings import Findings

DEEPEST = 12
MOST_CELLS = 20_000


class NotReadable(DomainError):
    """The body of a delivery says nothing that can be understood."""

    code = "not_readable"


@dataclass(frozen=True)
class FlatRow:
    """All values of one body as text, by path."""

    values: Mapping[str, str]
    number: int = 0


@dataclass
class Told:
    """A JSON object, with its cells; what is wrong with them gathers in `findings`. A moment after
    `latest` has not come and is wrong.
    """

    raw: dict[str, Any]
    latest: datetime
    findings: Findings = field(default_factory=Findings)

    def __post_init__(self) -> None:
        values: dict[str, str] = {}
        _flatten(self.raw, "", values, 0)
        self.cells = Cells(FlatRow(values), self.findings, latest=self.latest)

    def count(self, path: str) -> int:
        """How many entries the list at a path has; 0 for what is no list."""
        here: Any = self.raw
        for part in path.split("."):
            if isinstance(here, dict):
                here = here.get(part)
            elif isinstance(here, list) and part.isdecimal() and int(part) < len(here):
                here = here[int(part)]
            else:
                return 0
        return len(here) if isinstance(here, list) else 0

    def has(self, path: str) -> bool:
        return bool(self.cells.raw(path))


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises NotReadable for anything else."""
    try:
        value = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotReadable("The body is no JSON that can be read.") from error
    if not isinstance(value, dict):
        raise NotReadable("The body is no JSON object.")
    return value


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _flatten(value: Any, path: str, into: dict[str, str], depth: int) -> None:
    if depth > DEEPEST or len(into) > MOST_CELLS:
        raise NotReadable("The body is nested too deeply, or too long, to be an order.")
    if isinstance(value, dict):
        for name, inner in value.items():
            _flatten(inner, f"{path}.{name}" if path else str(name), into, depth + 1)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            _flatten(inner, f"{path}.{position}", into, depth + 1)
    elif isinstance(value, bool):
        into[path] = "true" if value else "false"
    elif value is not None:
        into[path] = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > 30:
            raise NotReadable("The body holds a number that is no amount.")
        return f"{value:f}"
    if isinstance(value, int) and abs(value) >= 10**30:
        raise NotReadable("The body holds a number that is no amount.")
    return str(value).encode(errors="replace").decode()
