"""Facts: what happened, in the past tense and made of primitives; apps state theirs in events.py."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any, ClassVar, dataclass_transform

from core.clock import day_in_words
from core.money import in_words

CURRENCY = re.compile(r"[A-Z]{3}")
_facts: dict[str, type["Fact"]] = {}


class _Words(Formatter):
    """A format string in which a count may name what it counts, an amount its currency, and a day
    says that it is one.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str) and CURRENCY.fullmatch(format_spec):
            return in_words(Decimal(value), format_spec)
        if isinstance(value, str) and format_spec == "day":
            return day_in_words(date.fromisoformat(value))
        if format_spec.isalpha() and isinstance(value, int):
            return f"{value} {format_spec}{'' if value == 1 else 's'}"
        return str(super().format_field(value, format_spec))


_words = _Words()


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Fact:
    """A thing that happened. Subclass in `<app>/events.py`:

        class OrderPlaced(Fact, subject="order"):
            sentence = "Placed with {lines} lines"
            order_id: int
            lines: int

    The class becomes a frozen keyword-only dataclass named `<app>.<Class>`; `<subject>_id` names the
    thing whose timeline it stands on. `sentence` is its wording there, a format string over the
    fields; `{lines:line}` counts a noun: "1 line", "3 lines"; `{total:{currency}}` is an amount
    in a sentence and `{due_on:day}` a day. Field values are str, int, bool, None,
    or lists and dicts of these; amounts are strings. `personal` names fields that only those may
    be told who may see personal data (core.webhooks.payloads).
    """

    name: ClassVar[str]
    subject: ClassVar[str]
    sentence: ClassVar[str] = ""
    is_sequenced: ClassVar[bool] = False
    personal: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, *, subject: str, is_sequenced: bool = False) -> None:
        super().__init_subclass__()
        dataclass(frozen=True, kw_only=True)(cls)
        cls.subject = subject
        cls.is_sequenced = is_sequenced
        cls.name = f"{cls.__module__.split('.')[0]}.{cls.__name__}"
        _facts[cls.name] = cls

    @property
    def subject_id(self) -> int:
        value: int = getattr(self, f"{self.subject}_id")
        return value

    def wording(self) -> str:
        """The sentence with the fields filled in."""
        return _words.vformat(self.sentence, (), self.payload())

    def payload(self) -> dict[str, Any]:
        """The fields as primitives, ready for JSON."""
        return dict(vars(self))


def all_facts() -> dict[str, type[Fact]]:
    """Every fact that an app states, by name."""
    return dict(sorted(_facts.items()))


def fact_class(name: str) -> type[Fact] | None:
    """The class of a fact's name; None for one that is no longer stated."""
    return _facts.get(name)
