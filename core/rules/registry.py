"""What rules can be about, and what apps plug in for it: triggers, readers and actions.

An app does so in its rules.py. A subject is a kind of thing, named as facts name it; every fact with
a field `<subject>_id` starts rules about it, others by a `Trigger` of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from core.facts import Fact, all_facts
from core.rights import Right
from core.rules.errors import BadRule
from core.rules.kinds import ValueKind

Payload = Mapping[str, Any]
Choices = Callable[[], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Subject:
    """A kind of thing that rules are about. `load` gives rows by id in a constant number of queries;
    `lock` locks one of them before anything else; `leaves_alone` is a sentence on why no rule touches
    the row, or empty.
    """

    code: str
    noun: str
    plural: str
    load: Callable[[Sequence[int]], dict[int, Any]]
    lock: Callable[[int], object]
    label: Callable[[Any], str]
    page: Callable[[int], str]
    right: Right
    leaves_alone: Callable[[Any], str] = lambda _row: ""
    channel_of: Callable[[Any], int | None] = lambda _row: None


class Batch:
    """Rows of one subject that are judged together; `shared` keeps what several readers need."""

    def __init__(self, rows: Mapping[int, Any], *, now: datetime) -> None:
        self.rows = rows
        self.now = now
        self._kept: dict[str, Any] = {}

    @property
    def ids(self) -> list[int]:
        return list(self.rows)

    def shared(self, key: str, load: "Callable[[Batch], Any]") -> Any:
        """What `load` gives, asked once a batch."""
        if key not in self._kept:
            self._kept[key] = load(self)
        return self._kept[key]


@dataclass(frozen=True)
class Reader:
    """Something that conditions ask of a thing. `read` gives the value of every row of a batch by id,
    in a constant number of queries, one row or a thousand. With `each` (such as "line") a value is a
    list, in the same order for all readers of the same `each`. What `is_personal` is compared and
    shown on the rule's own page, but never written down with a run.
    """

    code: str
    group: str
    label: str
    kind: ValueKind
    read: Callable[[Batch], Mapping[int, Any]]
    each: str = ""
    choices: Choices | None = None
    is_personal: bool = False


@dataclass(frozen=True)
class Trigger:
    """An event that starts rules about a subject. `find` gives the subject's id for each payload."""

    fact_name: str
    label: str
    app: str
    find: Callable[[Sequence[Payload]], Sequence[int | None]]


@dataclass(frozen=True)
class Doing:
    """What an action is given beside its values: about what, on whose behalf, when."""

    subject_id: int
    label: str
    rule_id: int
    rule_name: str
    occasion: str
    now: datetime
    fact_id: int | None = None
    fact_name: str = ""
    subject: str = ""
    url: str = ""
    channel_id: int | None = None


@dataclass(frozen=True)
class ActionField:
    """Something that is entered for an action."""

    name: str
    label: str
    kind: ValueKind = ValueKind.TEXT
    choices: Choices | None = None
    is_required: bool = True
    is_long: bool = False
    hint: str = ""
    longest: int = 300


@dataclass(frozen=True)
class Action:
    """Something that rules do. `do` calls one verb within the run's transaction and answers with a
    sentence on what it did; it refuses with a DomainError. `causes` are the facts it may lead to, by
    itself or by what reacts to them, those of floors above by their name: a rule that would start
    itself by them is refused.
    """

    code: str
    label: str
    do: Callable[[Doing, Mapping[str, str]], str]
    fields: tuple[ActionField, ...] = ()
    causes: tuple[type[Fact] | str, ...] = ()
    check: Callable[[Mapping[str, str]], None] = field(default=lambda _values: None)

    @property
    def cause_names(self) -> list[str]:
        return [cause if isinstance(cause, str) else cause.name for cause in self.causes]


_subjects: dict[str, Subject] = {}
_readers: dict[str, dict[str, Reader]] = {}
_more_readers: dict[str, list[Callable[[], Sequence[Reader]]]] = {}
_triggers: dict[str, dict[str, Trigger]] = {}
_actions: dict[str, dict[str, Action]] = {}
_everywhere: dict[str, Action] = {}


def plug_subject(subject: Subject) -> None:
    """Let rules be about a kind of thing."""
    if subject.code in _subjects:
        raise ValueError(f"two kinds of things are named {subject.code}")
    _subjects[subject.code] = subject


def plug_readers(subject: str, *readers: Reader) -> None:
    """Let conditions ask this of a subject."""
    for reader in readers:
        _add(_readers.setdefault(subject, {}), reader.code, reader)


def plug_more_readers(subject: str, give: Callable[[], Sequence[Reader]]) -> None:
    """Let conditions ask what is known only at work, such as custom fields; one query at the most."""
    _more_readers.setdefault(subject, []).append(give)


def plug_trigger(subject: str, trigger: Trigger) -> None:
    """Let a fact that does not name the subject by its id start rules about it."""
    _add(_triggers.setdefault(subject, {}), trigger.fact_name, trigger)


def plug_actions(subject: str, *actions: Action) -> None:
    """Let rules about a subject do this."""
    for action in actions:
        _add(_actions.setdefault(subject, {}), action.code, action)


def plug_everywhere(*actions: Action) -> None:
    """Let rules about whatever subject do this."""
    for action in actions:
        _add(_everywhere, action.code, action)


def _add(known: dict[str, Any], code: str, one: Any) -> None:
    if code in known:
        raise ValueError(f"two of these are named {code}")
    known[code] = one


def subjects() -> list[Subject]:
    return list(_subjects.values())


def subject_named(code: str) -> Subject:
    """Raises BadRule."""
    if code not in _subjects:
        raise BadRule("There are no rules about this kind of thing.")
    return _subjects[code]


def readers_of(subject: str) -> dict[str, Reader]:
    """What conditions may ask of a subject, by code, in groups."""
    found = dict(_readers.get(subject, {}))
    for give in _more_readers.get(subject, ()):
        found |= {reader.code: reader for reader in give()}
    return found


def readers_for(subject: str, codes: set[str]) -> dict[str, Reader]:
    """Those of these codes that are known; only where one is not plugged for good, a query is made."""
    known = _readers.get(subject, {})
    found = {code: known[code] for code in codes if code in known}
    if len(found) < len(codes) and _more_readers.get(subject):
        every = readers_of(subject)
        found = {code: every[code] for code in codes if code in every}
    return found


def actions_of(subject: str) -> dict[str, Action]:
    return _actions.get(subject, {}) | _everywhere


def asked_once(readers: Mapping[str, Reader]) -> dict[str, Reader]:
    """The same readers, whose choices are asked for once only: for pages that show many conditions."""
    return {
        code: replace(one, choices=cache(one.choices)) if one.choices else one
        for code, one in readers.items()
    }


def actions_asked_once(subject: str) -> dict[str, Action]:
    """What rules about a subject do; the choices of each field are asked for once only."""
    return {
        code: replace(
            action,
            fields=tuple(
                replace(one, choices=cache(one.choices)) if one.choices else one
                for one in action.fields
            ),
        )
        for code, action in actions_of(subject).items()
    }


def triggers_of(subject: str) -> dict[str, Trigger]:
    """Every event that starts rules about a subject, by the fact's name."""
    field_name = f"{subject}_id"
    found = {
        name: Trigger(name, words_of(name), name.partition(".")[0], _by_field(field_name))
        for name, stated in all_facts().items()
        if field_name in stated.__annotations__ and not name.startswith("tests.")
    }
    return found | _triggers.get(subject, {})


def _by_field(field_name: str) -> Callable[[Sequence[Payload]], list[int | None]]:
    return lambda payloads: [payload.get(field_name) for payload in payloads]


def words_of(fact_name: str) -> str:
    """A fact's name as people say it: “Order placed” of orders.OrderPlaced."""
    short = fact_name.partition(".")[2]
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in short)
    return words.strip().capitalize()
