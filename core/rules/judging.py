"""Whether a rule's conditions hold, for one thing or thousands, and what was found of each.

Runs, previews and benchmarks all come through `judge`: reading is done once for a batch, a rule is
bound to what was read, and then asked thing by thing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from core.rules.definition import Condition, Definition, Group, Match, Which
from core.rules.errors import BadRule
from core.rules.kinds import Takes, Test, ValueKind, operator_named, shown, wanted_of
from core.rules.registry import Batch, Reader, Subject, readers_for

Columns = Mapping[str, Mapping[int, Any]]
Holds = Callable[[int], bool]


@dataclass(frozen=True)
class Finding:
    """One condition as it stands for one thing: what it says, what was found, whether it is met. It is
    kept with runs for long, so of what is personal it says neither.
    """

    words: str
    found: str
    is_met: bool

    def sentence(self) -> str:
        return f"{self.words} (found: {self.found})"

    def as_json(self) -> dict[str, Any]:
        return {"words": self.words, "found": self.found, "is_met": self.is_met}


Explain = Callable[[int], list[Finding]]


@dataclass(frozen=True)
class Bound:
    """A rule's conditions bound to what was read of a batch."""

    holds: Holds
    explain: Explain


class Leaf:
    """One condition, understood: its reader, its test and how it is said."""

    def __init__(self, condition: Condition, reader: Reader, test: Test) -> None:
        self.condition = condition
        self.reader = reader
        self.test = test

    @cached_property
    def labels(self) -> dict[str, str]:
        return dict(self.reader.choices()) if self.reader.choices else {}

    @cached_property
    def words(self) -> str:
        """All of it: “Any line: SKU is MUG”."""
        return self._with_which(self.bare)

    @cached_property
    def kept(self) -> str:
        """The same as it is kept with runs: “E-mail contains …”, where it asks something personal."""
        if not self.reader.is_personal or not self.condition.values:
            return self.words
        hidden = replace(self.condition, values=("…",))
        return self._with_which(words_of(hidden, self.reader, {}))

    def found(self, value: Any) -> str:
        """What was found, as it is kept with runs."""
        if self.reader.is_personal and value:
            return "not kept, it is personal"
        return shown(value, self.labels)

    def _with_which(self, words: str) -> str:
        if not self.reader.each:
            return words
        return f"{Which(self.condition.which).label.capitalize()} {self.reader.each}: {words}"

    @cached_property
    def bare(self) -> str:
        """The same without which of several values it is about."""
        return words_of(self.condition, self.reader, self.labels)


@dataclass(frozen=True)
class Reading:
    """What was read of a batch for some rules: the readers, and each one's values by row. `left` says
    of every row why no rule touches it, or nothing.
    """

    subject: Subject
    batch: Batch
    readers: Mapping[str, Reader]
    columns: Columns
    left: Mapping[int, str]


def read(subject: Subject, codes: set[str], ids: Sequence[int], *, now: datetime) -> Reading:
    """Read what these readers give of some things: as many queries for one as for a thousand."""
    batch = Batch(subject.load(ids), now=now)
    readers = readers_for(subject.code, codes)
    columns = {code: reader.read(batch) for code, reader in readers.items()}
    left = {pk: subject.leaves_alone(row) for pk, row in batch.rows.items()}
    return Reading(subject, batch, readers, columns, left)


def bind(
    definition: Definition, columns: Columns, *, today: date, readers: Mapping[str, Reader]
) -> Bound:
    """Bind a definition's conditions to columns. Raises BadRule for what is not known any more."""
    return _bind_group(definition.conditions, columns, today, readers)


def understood(condition: Condition, readers: Mapping[str, Reader], today: date) -> Leaf:
    """A condition with its reader and test. Raises BadRule, with the field that it concerns."""
    reader = readers.get(condition.field)
    if reader is None:
        raise BadRule("Choose what the condition asks.", field="field")
    operator = operator_named(reader.kind, condition.op)
    wanted = wanted_of(operator, condition.values, condition.currency, today)
    return Leaf(condition, reader, operator.make(wanted))


def check_group(group: Group, readers: Mapping[str, Reader]) -> None:
    """Refuse a group whose conditions cannot be about one and the same line. Raises BadRule."""
    if group.match != Match.SAME:
        return
    each = {readers[one.field].each if one.field in readers else "" for one in group.conditions()}
    if len(each) != 1 or "" in each:
        raise BadRule(
            "Only conditions on lines can hold for one and the same line; move the others out of"
            " the group.",
            field="match",
        )


def _bind_group(
    group: Group, columns: Columns, today: date, readers: Mapping[str, Reader]
) -> Bound:
    check_group(group, readers)
    if group.match == Match.SAME:
        return _bind_same(group, columns, today, readers)
    bound = [
        _bind_group(part, columns, today, readers)
        if isinstance(part, Group)
        else _bind_leaf(understood(part, readers, today), columns)
        for part in group.parts
    ]
    parts = [one.holds for one in bound]

    def explain(pk: int) -> list[Finding]:
        return [finding for one in bound for finding in one.explain(pk)]

    return Bound(_any_of(parts) if group.match == Match.ANY and parts else _all_of(parts), explain)


def _all_of(parts: Sequence[Holds]) -> Holds:
    def holds(pk: int) -> bool:
        for part in parts:  # noqa: SIM110  (a generator would cost twice as much)
            if not part(pk):
                return False
        return True

    return holds


def _any_of(parts: Sequence[Holds]) -> Holds:
    def holds(pk: int) -> bool:
        for part in parts:  # noqa: SIM110
            if part(pk):
                return True
        return False

    return holds


def _bind_leaf(leaf: Leaf, columns: Columns) -> Bound:
    column, test = columns[leaf.reader.code], leaf.test
    if leaf.reader.each:
        holds = _of_several(leaf, column)
    else:

        def holds(pk: int) -> bool:
            return test(column[pk])

    def explain(pk: int) -> list[Finding]:
        return [Finding(leaf.kept, leaf.found(column.get(pk)), holds(pk))]

    return Bound(holds, explain)


def _of_several(leaf: Leaf, column: Mapping[int, Any]) -> Holds:
    test = leaf.test
    if leaf.condition.which == Which.ALL:
        return lambda pk: bool(column.get(pk)) and all(map(test, column[pk]))
    if leaf.condition.which == Which.NONE:
        return lambda pk: not any(map(test, column.get(pk) or ()))
    return lambda pk: any(map(test, column.get(pk) or ()))


def _bind_same(group: Group, columns: Columns, today: date, readers: Mapping[str, Reader]) -> Bound:
    leaves = [understood(one, readers, today) for one in group.conditions()]
    read_columns = [columns[leaf.reader.code] for leaf in leaves]
    tests = [leaf.test for leaf in leaves]

    def holds(pk: int) -> bool:
        rows = zip(*(column.get(pk) or () for column in read_columns), strict=True)
        return any(all(test(value) for test, value in zip(tests, row, strict=True)) for row in rows)

    def explain(pk: int) -> list[Finding]:
        is_met = holds(pk)
        words = f"{leaves[0].reader.each}: {' and '.join(leaf.bare for leaf in leaves)}"
        found = "one does" if is_met else "none meets all of it"
        return [Finding(f"One {words}", found, is_met)]

    return Bound(holds, explain)


def words_of(condition: Condition, reader: Reader, labels: Mapping[str, str]) -> str:
    """What a condition asks, as a sentence: “SKU is MUG”."""
    operator = operator_named(reader.kind, condition.op)
    said = condition.values[0] if condition.values else ""
    if reader.kind == ValueKind.FLAG:
        return f"{reader.label}: {operator.words}"
    if operator.takes == Takes.NOTHING:
        return f"{reader.label} {operator.words}"
    if operator.takes == Takes.DAYS:
        return f"{reader.label} {operator.words.removesuffix(' days')} {said} days"
    if operator.takes == Takes.CHOICES:
        said = ", ".join(labels.get(value, value) for value in condition.values)
    elif operator.takes == Takes.AMOUNT:
        said = f"{said} {condition.currency}"
    return f"{reader.label} {operator.words} {said}"


class Verdict:
    """Whether a rule runs for one thing, and why not; the findings are made when they are asked for."""

    __slots__ = ("_explain", "_left", "_reading", "runs", "subject_id")

    def __init__(
        self, subject_id: int, runs: bool, left: str, reading: Reading, explain: Explain
    ) -> None:
        self.subject_id = subject_id
        self.runs = runs
        self._left = left
        self._reading = reading
        self._explain = explain

    @property
    def label(self) -> str:
        return self._reading.subject.label(self._reading.batch.rows[self.subject_id])

    @property
    def url(self) -> str:
        return self._reading.subject.page(self.subject_id)

    @property
    def findings(self) -> list[Finding]:
        return [] if self._left else self._explain(self.subject_id)

    @property
    def why(self) -> str:
        """Why it does not run; empty where it does."""
        if self.runs:
            return ""
        missed = "; ".join(one.sentence() for one in self.findings if not one.is_met)
        return (self._left or f"Not met: {missed}")[:500]


def judge(
    definition: Definition, reading: Reading, *, ran_for: frozenset[int] = frozenset()
) -> list[Verdict]:
    """The verdict for every row that was read, in their order. `ran_for` are those for which the rule
    ran already: where it runs once, it does not again. Raises BadRule.
    """
    today = timezone.localdate(reading.batch.now)
    bound = bind(definition, reading.columns, today=today, readers=reading.readers)
    holds, explain = bound.holds, bound.explain
    left = reading.left
    if definition.is_once and ran_for:
        left = {pk: RAN_ALREADY if pk in ran_for else why for pk, why in left.items()}
    return [Verdict(pk, not why and holds(pk), why, reading, explain) for pk, why in left.items()]


RAN_ALREADY = "It ran for this already, and it runs once."
