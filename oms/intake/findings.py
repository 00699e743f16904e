"""What is wrong with, or doubtful about, a cell: where, what was found and what was expected."""

from dataclasses import dataclass, field

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one cell, worded to follow “row 12, column Total: ”. An error keeps its whole
    order out; a warning does not.
    """

    row: int
    column: str
    code: str
    message: str
    is_error: bool


@dataclass(slots=True)
class Findings:
    """The remarks on one order, gathered so that people can mend all of them at once."""

    items: list[Finding] = field(default_factory=list)

    def error(self, row: int, column: str, code: str, *, found: str, expected: str) -> None:
        self._add(row, column, code, f"found {shown(found)}, expected {expected}.", True)

    def warn(self, row: int, column: str, code: str, message: str) -> None:
        self._add(row, column, code, message, False)

    def refuse(self, row: int, column: str, code: str, message: str) -> None:
        """An error in words of its own: a sentence that a verb gave, for instance."""
        self._add(row, column, code, message, True)

    def _add(self, row: int, column: str, code: str, message: str, is_error: bool) -> None:
        self.items.append(Finding(row, column, code, message[:500], is_error))

    @property
    def errors(self) -> list[Finding]:
        return [one for one in self.items if one.is_error]

    @property
    def warnings(self) -> list[Finding]:
        return [one for one in self.items if not one.is_error]


def shown(text: str) -> str:
    """A cell's text as a sentence quotes it: on one line, and not longer than people read."""
    words = " ".join(text.split())
    if not words:
        return "nothing"
    return f"“{words}”" if len(words) <= MOST_SHOWN else f"“{words[:MOST_SHOWN]}…”"
