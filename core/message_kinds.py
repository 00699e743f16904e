"""The kinds of messages that apps send, each with the wording it comes with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.errors import DomainError
from core.rights import EDIT_MESSAGES, Right
from core.sent import whole_number
from core.wording import Variables


@dataclass(frozen=True)
class MessageKind:
    """One kind of message about one kind of subject.

    `variables` maps each name that the wording may use to an example: str, int, bool, or a list of
    dicts of these; dates and money are written out by the app. `sample` gives the variables of a
    real subject, for the preview; `find` its id by the number people know it by. `paper` is a kind of
    document: the newest one about the subject goes along as a PDF.
    """

    code: str
    label: str
    subject_type: str
    variables: Variables
    subject: str
    body: str
    right: Right = EDIT_MESSAGES
    sample: Callable[[int], Variables] | None = None
    find: Callable[[str], int | None] | None = None
    paper: str = ""

    @property
    def examples(self) -> list[tuple[str, str, list[str]]]:
        """Each variable by its name with an example as people write it; of a list, its entries too."""
        return [
            (name, "", [_entry(one) for one in example])
            if isinstance(example, list)
            else (name, _spoken(example), [])
            for name, example in self.variables.items()
        ]


def _spoken(example: Any) -> str:
    if isinstance(example, bool):
        return "yes" if example else "no"
    return str(example)


def _entry(example: Any) -> str:
    """One entry of a list: “name: Mug, quantity: 2”."""
    if isinstance(example, dict):
        return ", ".join(f"{name}: {_spoken(value)}" for name, value in example.items())
    return _spoken(example)


_kinds: dict[str, MessageKind] = {}


class NoSuchSubject(DomainError):
    """There is nothing of that number to fill a preview in with."""

    code = "no_such_subject"


def subject_named(kind: MessageKind, number: str) -> int | None:
    """The id of the subject that people call so; None for an empty number."""
    number = number.strip()
    if not number:
        return None
    found = kind.find(number) if kind.find else whole_number(number)
    if found is None:
        raise NoSuchSubject(f"There is no {kind.subject_type} “{number}”.")
    return found


def register_kind(kind: MessageKind) -> MessageKind:
    """Name a kind; apps do so in messages.py."""
    if kind.code in _kinds:
        raise ValueError(f"two message kinds are named {kind.code}")
    _kinds[kind.code] = kind
    return kind


def kind_named(code: str) -> MessageKind:
    try:
        return _kinds[code]
    except KeyError:
        raise DomainError(f"This version knows no message of the kind “{code}”.") from None


def all_kinds() -> list[MessageKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.label)
