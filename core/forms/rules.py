"""The builder of a rule: a form for its head, and one for each group, condition and step on the page.

It works by plain buttons: each sends the whole page, and `do` says what the button meant. Rows are
known by their number in the names of their fields; groups are counted, the first is the rule's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils import timezone

from core.errors import DomainError
from core.forms.rule_rows import Rows, change_rows, row_number, sent_rows
from core.rules import telling
from core.rules.definition import Condition, Definition, Group, Match, Step, Which
from core.rules.errors import BadRule
from core.rules.judging import check_group, understood
from core.rules.kinds import OPERATORS, Takes, ValueKind
from core.rules.registry import (
    Action,
    ActionField,
    Reader,
    actions_asked_once,
    asked_once,
    readers_of,
    triggers_of,
)

# these choose which further fields there are, so the builder is shown anew
ANEW = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-target": "#builder",
    "hx-swap": "outerHTML",
    "hx-vals": '{"do": "refresh"}',
}


def _given(told: Mapping[str, Any], *, is_sent: bool, prefix: str) -> dict[str, Any]:
    """What a form of a row is made with: bound where it was sent to be saved, else only shown."""
    if is_sent:
        return {"prefix": prefix, "data": {f"{prefix}-{name}": told[name] for name in told}}
    return {"prefix": prefix, "initial": dict(told)}


class HeadForm(forms.Form):
    """What a rule is called, what starts it and how often it runs."""

    name = forms.CharField(max_length=100, help_text="What it is for, such as “Hold large orders”.")
    trigger = forms.ChoiceField(label="When")
    is_once = forms.BooleanField(
        label="At most once for each", required=False, help_text="However often it happens."
    )
    stops = forms.BooleanField(
        label="No later rule runs after it",
        required=False,
        help_text="Where this one ran, those below it in the list pass the event over.",
    )

    def __init__(self, subject: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, trigger in triggers_of(subject).items():
            groups.setdefault(trigger.app.capitalize(), []).append((name, trigger.label))
        choices = [(app, sorted(some, key=lambda one: one[1])) for app, some in groups.items()]
        self.fields["trigger"].choices = [("", "Choose an event"), *sorted(choices)]  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    """How the conditions of a group add up."""

    match = forms.ChoiceField(
        label="It runs if", choices=Match.choices, widget=forms.Select(attrs=ANEW)
    )

    def __init__(self, *args: Any, is_inner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_inner:
            self.fields["match"].label = "Group"
        else:
            self.fields["match"].choices = Match.choices[:2]  # type: ignore[attr-defined]


class ConditionForm(forms.Form):
    """One condition; which fields it has depends on what it asks."""

    group = forms.IntegerField(widget=forms.HiddenInput)
    field = forms.ChoiceField(label="What", widget=forms.Select(attrs=ANEW))
    which = forms.ChoiceField(label="Of these", choices=Which.choices)
    op = forms.ChoiceField(label="How")

    def __init__(
        self,
        readers: Mapping[str, Reader],
        told: Mapping[str, Any],
        *,
        is_same: bool,
        is_sent: bool,
        prefix: str,
    ) -> None:
        reader = readers.get(told.get("field", "")) or next(iter(readers.values()))
        operators = OPERATORS[reader.kind]
        operator = next((one for one in operators if one.code == told.get("op")), operators[0])
        values = list(told.get("value", ()))
        value = values if operator.takes == Takes.CHOICES else "".join(values[-1:])
        super().__init__(**_given({**told, "value": value}, is_sent=is_sent, prefix=prefix))
        self.readers = readers
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in readers.values():
            groups.setdefault(one.group, []).append((one.code, one.label))
        self.fields["field"].choices = list(groups.items())  # type: ignore[attr-defined]
        self.fields["op"].choices = [(one.code, one.words) for one in operators]  # type: ignore[attr-defined]
        if len({one.takes for one in operators}) > 1:
            self.fields["op"].widget.attrs |= ANEW
        if reader.each and not is_same:
            choices = [(which.value, f"{which.label} {reader.each}") for which in Which]
            self.fields["which"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["which"]
        self._add_value(operator.takes, reader)

    def _add_value(self, takes: Takes, reader: Reader) -> None:
        if takes == Takes.NOTHING:
            return
        if takes == Takes.CHOICES:
            choices = reader.choices() if reader.choices else []
            self.fields["value"] = forms.MultipleChoiceField(
                label="Which", choices=list(choices), widget=forms.SelectMultiple(attrs={"size": 4})
            )
            return
        widget = forms.DateInput(attrs={"type": "date"}) if takes == Takes.DAY else forms.TextInput
        label = {Takes.WORDS: "Words, parted by commas", Takes.DAYS: "Days"}.get(
            takes, "Compared with"
        )
        self.fields["value"] = forms.CharField(label=label, max_length=300, widget=widget)
        if takes == Takes.AMOUNT:
            self.fields["currency"] = forms.CharField(label="Currency", max_length=3, initial="EUR")

    def condition(self) -> Condition:
        """What was entered; the form is valid."""
        entered = self.cleaned_data
        value = entered.get("value", ())
        return Condition(
            field=entered["field"],
            op=entered["op"],
            values=tuple(value) if isinstance(value, list) else (value,) if value else (),
            currency=entered.get("currency", "").strip().upper(),
            which=entered.get("which") or Which.ANY,
        )

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                understood(self.condition(), self.readers, timezone.localdate())
            except BadRule as refusal:
                self.add_error(
                    refusal.field if refusal.field in self.fields else None, refusal.message
                )
        return entered


def _field_of(one: ActionField) -> forms.Field:
    common: dict[str, Any] = {
        "label": one.label,
        "required": one.is_required,
        "help_text": one.hint,
    }
    if one.choices:
        return forms.ChoiceField(choices=list(one.choices()), **common)
    if one.kind == ValueKind.NUMBER:
        return forms.IntegerField(min_value=0, max_value=999_999, **common)
    widget = forms.Textarea(attrs={"rows": 4}) if one.is_long else forms.TextInput()
    return forms.CharField(max_length=one.longest, widget=widget, **common)


class StepForm(forms.Form):
    """One thing that the rule does; its further fields are the action's."""

    action = forms.ChoiceField(
        label="Do this",
        widget=forms.Select(attrs=ANEW),
        error_messages={"required": "Choose what the rule does."},
    )

    def __init__(
        self, actions: Mapping[str, Action], told: Mapping[str, Any], *, is_sent: bool, prefix: str
    ) -> None:
        super().__init__(**_given(told, is_sent=is_sent, prefix=prefix))
        self.actions = actions
        choices = sorted(
            ((one.code, one.label) for one in actions.values()), key=lambda pair: pair[1]
        )
        self.fields["action"].choices = [("", "Choose what it does"), *choices]  # type: ignore[attr-defined]
        chosen = actions.get(told.get("action", ""))
        self.asked = chosen.fields if chosen else ()
        for one in self.asked:
            self.fields[one.name] = _field_of(one)

    def step(self) -> Step:
        """What was entered; the form is valid."""
        entered = self.cleaned_data
        values = {
            one.name: "" if entered.get(one.name) is None else str(entered[one.name])
            for one in self.asked
        }
        return Step(entered["action"], values)

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                telling.check_step(self.step(), self.actions)
            except DomainError as refusal:
                self.add_error(
                    refusal.field if refusal.field in self.fields else None, refusal.message
                )
        return entered


@dataclass
class ShownGroup:
    """A group on the page with the rows of its conditions; `number` 0 is the rule's own."""

    number: int
    form: GroupForm
    rows: "list[tuple[int, ConditionForm]]" = field(default_factory=list)


class Builder:
    """The whole page: its forms, made of what was sent or of a rule as it stands."""

    def __init__(
        self,
        subject: str,
        head: Mapping[str, Any],
        rows: Mapping[str, Rows],
        *,
        is_sent: bool = False,
    ) -> None:
        self.subject = subject
        self.is_sent = is_sent
        self.head = HeadForm(subject, head) if is_sent else HeadForm(subject, initial=dict(head))
        readers, actions = asked_once(readers_of(subject)), actions_asked_once(subject)
        self.groups = [
            ShownGroup(
                number,
                GroupForm(
                    **_given(told, is_sent=is_sent, prefix=f"group-{number}"), is_inner=number > 0
                ),
            )
            for number, told in sorted({0: {}, **rows["group"]}.items())
        ]
        by_number = {group.number: group for group in self.groups}
        for number, told in sorted(rows["if"].items()):
            group = by_number.get(row_number(told.get("group")), by_number[0])
            is_same = rows["group"].get(group.number, {}).get("match") == Match.SAME
            form = ConditionForm(
                readers, told, is_same=is_same, is_sent=is_sent, prefix=f"if-{number}"
            )
            group.rows.append((number, form))
        self.steps = [
            (number, StepForm(actions, told, is_sent=is_sent, prefix=f"do-{number}"))
            for number, told in sorted(rows["do"].items())
        ]

    @property
    def forms(self) -> list[forms.Form]:
        every: list[forms.Form] = [self.head]
        for group in self.groups:
            every += [group.form, *(form for _, form in group.rows)]
        return [*every, *(form for _, form in self.steps)]

    def is_valid(self) -> bool:
        """Every form is asked, so that all that is wrong is said at once."""
        is_fine = [form.is_valid() for form in self.forms].count(False) == 0
        readers = readers_of(self.subject)
        for group in self.groups if is_fine else ():
            try:
                check_group(_group(group), readers)
            except BadRule as refusal:
                group.form.add_error("match", refusal.message)
                is_fine = False
        return is_fine

    def definition(self) -> Definition:
        """What was entered; everything is valid. Groups without conditions are left out."""
        top = _group(self.groups[0])
        inner = tuple(_group(group) for group in self.groups[1:] if group.rows)
        entered = self.head.cleaned_data
        return Definition(
            subject=self.subject,
            trigger=entered["trigger"],
            conditions=Group(top.match, (*top.parts, *inner)),
            steps=tuple(form.step() for _, form in self.steps),
            is_once=entered["is_once"],
            stops=entered["stops"],
        )

    def refuse(self, refusal: DomainError) -> None:
        """Put what a verb refused beside its field."""
        name = refusal.field if refusal.field in self.head.fields else None
        self.head.add_error(name, refusal.message)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """All that is to be put right: (id of the field, its label, the sentence)."""
        return [
            (form[name].id_for_label if name in form.fields else "", label, str(sentence))
            for form in self.forms
            if form.is_bound
            for name, sentences in form.errors.items()
            for sentence in sentences
            for label in [str(form[name].label) if name in form.fields else ""]
        ]


def _group(group: ShownGroup) -> Group:
    match = group.form.cleaned_data["match"]
    return Group(match, tuple(form.condition() for _, form in group.rows))


def builder_of(name: str, definition: Definition) -> Builder:
    """The page of a rule as it stands."""
    rows: dict[str, Rows] = {"group": {}, "if": {}, "do": {}}
    rows["group"][0] = {"match": definition.conditions.match}
    for part in definition.conditions.parts:
        if isinstance(part, Group):
            number = len(rows["group"])
            rows["group"][number] = {"match": part.match}
            for one in part.conditions():
                rows["if"][len(rows["if"])] = _told(one, number)
        else:
            rows["if"][len(rows["if"])] = _told(part, 0)
    for number, step in enumerate(definition.steps):
        rows["do"][number] = {"action": step.action, **step.values}
    head = {
        "name": name,
        "trigger": definition.trigger,
        "is_once": definition.is_once,
        "stops": definition.stops,
    }
    return Builder(definition.subject, head, rows)


def _told(one: Condition, group: int) -> dict[str, Any]:
    told: dict[str, Any] = {"group": group, "field": one.field, "op": one.op, "which": one.which}
    told["value"] = list(one.values)
    if one.currency:
        told["currency"] = one.currency
    return told


def new_builder(subject: str) -> Builder:
    """The page of a rule that is still to be written."""
    return Builder(subject, {"is_once": True}, {"group": {}, "if": {}, "do": {0: {}}})


def sent_builder(subject: str, sent: Any) -> Builder:
    """The page as it was sent; `do` may be a button that only changes what is on it, such as
    `add-if-0` (a condition to group 0), `add-group`, `add-do`, `drop-if-3`, `drop-group-1`,
    `drop-do-0`, `up-do-1`, `refresh`.
    """
    rows = sent_rows(sent)
    do = sent.get("do", "")
    changes = do not in ("save", "preview")
    if changes:
        change_rows(rows, do)
    head = {name: sent.get(name, "") for name in ("name", "trigger", "is_once", "stops")}
    if changes:
        head |= {name: bool(head[name]) for name in ("is_once", "stops")}
    return Builder(subject, head, rows, is_sent=not changes)
