"""The refusals of the trade: a stable code, a sentence for people and the field it concerns."""

from collections.abc import Sequence
from typing import ClassVar


class DomainError(Exception):
    """A verb refused. Nothing was changed.

    `message` is a full sentence that says what to do; `field` names the input it concerns, if any.
    Subclasses set `code`; pages show the sentence, the API returns all three.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StaleEdit(DomainError):
    """The thing was changed by somebody else after the form was opened (HTTP 409).

    `changes` are sentences that say what happened since.
    """

    code = "stale_edit"

    def __init__(self, message: str, *, changes: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.changes = tuple(changes)


class NotPossible(DomainError):
    """The thing's state does not allow this move."""

    code = "not_possible"


class OutsideTransaction(RuntimeError):
    """A fact was published with no transaction open: a mistake in the code, not in the input."""
