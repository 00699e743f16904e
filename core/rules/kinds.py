"""Kinds of values that conditions speak of, what can be asked of each, and how each is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from babel.dates import format_date
from django.db.models import TextChoices

from core.errors import DomainError
from core.markup.values import locale, money_text
from core.money import exponent
from core.rules.errors import BadRule

MOST_DIGITS = 15
MOST_DAYS = 3_660
MOST_WORDS = 50


class ValueKind(TextChoices):
    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    MONEY = "money", "Amount of money"
    DAY = "day", "Day"
    CHOICE = "choice", "Choice"
    FLAG = "flag", "Yes or no"


class Amount(NamedTuple):
    """An amount in its currency, as a reader gives it."""

    amount: Decimal
    currency: str


Test = Callable[[Any], bool]


class Takes(TextChoices):
    """What is entered beside an operator."""

    NOTHING = "nothing"
    TEXT = "text"
    WORDS = "words"
    NUMBER = "number"
    AMOUNT = "amount"
    DAY = "day"
    DAYS = "days"
    CHOICES = "choices"


@dataclass(frozen=True)
class Wanted:
    """What a condition was given to compare with, typed; `today` is the day it is asked on."""

    today: date
    text: str = ""
    words: tuple[str, ...] = ()
    number: Decimal = Decimal(0)
    currency: str = ""
    day: date | None = None
    days: int = 0


@dataclass(frozen=True)
class Operator:
    """One thing that can be asked of a kind of value; `make` gives the test for a wanted value. A test
    is given what a reader gave, None where there is nothing.
    """

    code: str
    words: str
    takes: Takes
    make: Callable[[Wanted], Test]


def _number(compare: Callable[[Any, Any], bool]) -> Callable[[Wanted], Test]:
    def make(wanted: Wanted) -> Test:
        number = wanted.number
        return lambda value: value is not None and compare(value, number)

    return make


def _amount(compare: Callable[[Any, Any], bool]) -> Callable[[Wanted], Test]:
    def make(wanted: Wanted) -> Test:
        number, currency = wanted.number, wanted.currency

        def test(value: Amount | None) -> bool:
            return value is not None and value[1] == currency and compare(value[0], number)

        return test

    return make


def _text(compare: Callable[[str, str], bool]) -> Callable[[Wanted], Test]:
    def make(wanted: Wanted) -> Test:
        text = wanted.text.casefold()
        return lambda value: compare((value or "").casefold(), text)

    return make


def _word(is_in: bool) -> Callable[[Wanted], Test]:
    def make(wanted: Wanted) -> Test:
        words = frozenset(word.casefold() for word in wanted.words)
        return lambda value: ((value or "").casefold() in words) is is_in

    return make


def _choice(is_in: bool) -> Callable[[Wanted], Test]:
    def make(wanted: Wanted) -> Test:
        codes = frozenset(wanted.words)
        return lambda value: (value in codes) is is_in

    return make


def _day(compare: Callable[[date, date], bool]) -> Callable[[Wanted], Test]:
    def make(wanted: Wanted) -> Test:
        day = wanted.day or wanted.today
        return lambda value: value is not None and compare(value, day)

    return make


def _within(days_back: bool) -> Callable[[Wanted], Test]:
    def make(wanted: Wanted) -> Test:
        edge, last = wanted.today, wanted.today
        if days_back:
            edge -= timedelta(days=wanted.days)
        else:
            last += timedelta(days=wanted.days)
        return lambda value: value is not None and edge <= value <= last

    return make


def _older(wanted: Wanted) -> Test:
    edge = wanted.today - timedelta(days=wanted.days)
    return lambda value: value is not None and value < edge


def _empty(is_empty: bool) -> Callable[[Wanted], Test]:
    def make(_wanted: Wanted) -> Test:
        return lambda value: (value in (None, "")) is is_empty

    return make


def _flag(is_true: bool) -> Callable[[Wanted], Test]:
    def make(_wanted: Wanted) -> Test:
        return lambda value: bool(value) is is_true

    return make


_COMPARED = (
    ("over", "is over", lambda value, wanted: value > wanted),
    ("at_least", "is at least", lambda value, wanted: value >= wanted),
    ("under", "is under", lambda value, wanted: value < wanted),
    ("at_most", "is at most", lambda value, wanted: value <= wanted),
    ("equals", "is exactly", lambda value, wanted: value == wanted),
)
_FILLED = (
    Operator("filled", "is filled in", Takes.NOTHING, _empty(is_empty=False)),
    Operator("empty", "is empty", Takes.NOTHING, _empty(is_empty=True)),
)

OPERATORS: Mapping[ValueKind, tuple[Operator, ...]] = {
    ValueKind.TEXT: (
        Operator("is", "is", Takes.TEXT, _text(lambda value, wanted: value == wanted)),
        Operator("is_not", "is not", Takes.TEXT, _text(lambda value, wanted: value != wanted)),
        Operator("contains", "contains", Takes.TEXT, _text(lambda value, wanted: wanted in value)),
        Operator(
            "contains_not",
            "does not contain",
            Takes.TEXT,
            _text(lambda value, wanted: wanted not in value),
        ),
        Operator(
            "begins",
            "begins with",
            Takes.TEXT,
            _text(lambda value, wanted: value.startswith(wanted)),
        ),
        Operator("one_of", "is one of", Takes.WORDS, _word(is_in=True)),
        Operator("none_of", "is none of", Takes.WORDS, _word(is_in=False)),
        *_FILLED,
    ),
    ValueKind.NUMBER: tuple(
        Operator(code, words, Takes.NUMBER, _number(compare)) for code, words, compare in _COMPARED
    ),
    ValueKind.MONEY: tuple(
        Operator(code, words, Takes.AMOUNT, _amount(compare)) for code, words, compare in _COMPARED
    ),
    ValueKind.DAY: (
        Operator("before", "is before", Takes.DAY, _day(lambda value, day: value < day)),
        Operator("after", "is after", Takes.DAY, _day(lambda value, day: value > day)),
        Operator("on", "is on", Takes.DAY, _day(lambda value, day: value == day)),
        Operator("last_days", "is in the last days", Takes.DAYS, _within(days_back=True)),
        Operator("next_days", "is in the next days", Takes.DAYS, _within(days_back=False)),
        Operator("older", "is longer ago than days", Takes.DAYS, _older),
        *_FILLED,
    ),
    ValueKind.CHOICE: (
        Operator("one_of", "is one of", Takes.CHOICES, _choice(is_in=True)),
        Operator("none_of", "is none of", Takes.CHOICES, _choice(is_in=False)),
    ),
    ValueKind.FLAG: (
        Operator("yes", "yes", Takes.NOTHING, _flag(is_true=True)),
        Operator("no", "no", Takes.NOTHING, _flag(is_true=False)),
    ),
}


def operator_named(kind: ValueKind, code: str) -> Operator:
    """Raises BadRule."""
    for operator in OPERATORS[kind]:
        if operator.code == code:
            return operator
    raise BadRule(f"A {kind.label.lower()} cannot be asked this; choose another.", field="op")


def wanted_of(operator: Operator, values: Sequence[str], currency: str, today: date) -> Wanted:
    """What was entered beside an operator, typed. Raises BadRule with a sentence and the field."""
    text = values[0].strip() if values else ""
    if operator.takes != Takes.NOTHING and not text:
        raise BadRule("Say what to compare with.", field="value")
    if operator.takes == Takes.AMOUNT:
        return Wanted(today, number=_decimal(text), currency=_currency(currency))
    if operator.takes in (Takes.WORDS, Takes.CHOICES):
        words = text.split(",") if operator.takes == Takes.WORDS else values
        return Wanted(
            today, words=tuple(word.strip() for word in words[:MOST_WORDS] if word.strip())
        )
    reads: dict[Takes, Callable[[str], Wanted]] = {
        Takes.NOTHING: lambda _text: Wanted(today),
        Takes.TEXT: lambda text: Wanted(today, text=text),
        Takes.NUMBER: lambda text: Wanted(today, number=_decimal(text)),
        Takes.DAY: lambda text: Wanted(today, day=_a_day(text)),
        Takes.DAYS: lambda text: Wanted(today, days=_days(text)),
    }
    return reads[operator.takes](text)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= MOST_DAYS):
        raise BadRule(f"Give a whole number of days, {MOST_DAYS:,} at most.", field="value")
    return int(text)


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** MOST_DIGITS:
        raise BadRule("Give a number, such as 12 or 1.5.", field="value")
    return number


def _currency(text: str) -> str:
    code = text.strip().upper()
    try:
        exponent(code)
    except DomainError as error:
        raise BadRule(error.message, field="currency") from error
    return code


def _a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadRule("Give a day as in 2026-12-24.", field="value") from error


def shown(value: Any, labels: Mapping[str, str] | None = None) -> str:
    """A value as people read it."""
    if isinstance(value, list):
        return ", ".join(shown(one, labels) for one in value[:MOST_SHOWN]) or "nothing"
    if value is None or value == "":
        return "nothing"
    for kind, say in _SAID:
        if isinstance(value, kind):
            return say(value)
    return (labels or {}).get(str(value), str(value))


MOST_SHOWN = 10
_SAID: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (Amount, lambda value: money_text(value.amount, value.currency, explicit=True)),
    (date, lambda value: format_date(value, "d MMMM yyyy", locale=locale())),
    (Decimal, lambda value: f"{value.normalize():f}"),
)
