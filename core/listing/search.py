"""The one search box: free words and tokens such as `status:held -tag:vip total>100 "red jacket"`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import and_

from django.db.models import Q
from django.utils import timezone

from core.listing.dates import Days, parse_days

LONGEST, MOST_TERMS = 300, 25
MOST_SPREAD = 5  # words whose meanings are written out; more of them narrow enough as they are
OPERATORS = {"": "=", ":": "=", "=": "="}
WORD = re.compile(r"\s*(?P<minus>-?)(?:(?P<name>[A-Za-z_]+)(?P<operator>:?(?:>=|<=|>|<|=)|:))?")


@dataclass(frozen=True)
class Token:
    """A search word with a name. `build` gets the operator (= > >= < <=) and the value and returns
    the condition, or raises ValueError with a sentence that says what to write instead.
    """

    name: str
    example: str
    build: Callable[[str, str], Q]


@dataclass(frozen=True)
class Term:
    """One part of a query as typed; `name` is empty for free words."""

    text: str
    name: str = ""
    operator: str = "="
    is_excluded: bool = False


@dataclass
class Search:
    """A query understood: its condition, and hints on what was not understood."""

    condition: Q = field(default_factory=Q)
    hints: list[str] = field(default_factory=list)
    is_empty: bool = True


def clean(text: str) -> str:
    """What was typed, without control characters and at a bearable length."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()[:LONGEST]


def split_terms(text: str) -> tuple[list[Term], list[str]]:
    """Take a query apart; quotation marks keep words together."""
    terms: list[Term] = []
    hints: list[str] = []
    text, position = clean(text).replace("“", '"').replace("”", '"'), 0
    while position < len(text) and len(terms) < MOST_TERMS:
        head = WORD.match(text, position)
        assert head is not None  # noqa: S101 - the pattern matches the empty string
        value, end, is_closed = _value(text, head.end())
        if not is_closed:
            hints.append('A quotation mark is not closed; close it as in "red jacket".')
        name, operator = (head["name"] or "").lower(), head["operator"] or ""
        if value or name:
            compare = operator.removeprefix(":") or "="
            terms.append(Term(value, name, compare, bool(head["minus"])))
        elif head["minus"] and not value:
            terms.append(Term("-"))
        position = max(end, head.end())
    return terms, hints


def _value(text: str, start: int) -> tuple[str, int, bool]:
    if start < len(text) and text[start] == '"':
        end = text.find('"', start + 1)
        if end < 0:
            return text[start + 1 :].strip(), len(text), False
        return text[start + 1 : end].strip(), end + 1, True
    found = re.compile(r"\S*").match(text, start)
    assert found is not None  # noqa: S101 - the pattern matches the empty string
    return found[0], found.end(), True


def understand(
    text: str,
    tokens: Sequence[Token],
    match_word: Callable[[str], Q] | None,
    *,
    within: str = "",
) -> Search:
    """Turn a query into a condition. What is not understood becomes a hint; the rest still counts.
    A free word is looked for `within` a column (a lookup such as `name__icontains`), too.
    """
    by_name = {token.name: token for token in tokens}
    terms, hints = split_terms(text)
    search = Search(hints=hints, is_empty=not terms)
    words = []
    for term in terms:
        if not term.name and match_word is not None:
            if term.is_excluded:
                search.condition &= ~every_word([term.text], match_word, within)
            else:
                words.append(term.text)
            continue
        condition = _condition(term, by_name, search.hints)
        if condition is not None:
            search.condition &= ~condition if term.is_excluded else condition
    if words and match_word is not None:
        search.condition &= every_word(words, match_word, within)
    return search


def every_word(words: Sequence[str], match_word: Callable[[str], Q], within: str) -> Q:
    """What each of the words speaks of, whether it stands within the column or means something else.
    Written out so that words within the column are one look into its index, however many have one.
    """
    means = {word: match_word(word) for word in words}
    if not within:
        return _all(means.values())
    stands = {word: Q(**{within: word}) for word in means}
    either = {word: means[word] | stands[word] for word in means}
    if len(means) > MOST_SPREAD:
        return _all(either.values())
    condition = _all(stands.values())
    for word, meant in means.items():
        condition |= meant & _all(either[other] for other in means if other != word)
    return condition


def _all(conditions: Iterable[Q]) -> Q:
    return reduce(and_, conditions, Q())


def _condition(term: Term, tokens: Mapping[str, Token], hints: list[str]) -> Q | None:
    if not term.name:
        hints.append("This list is searched by named words only.")
        return None
    token = tokens.get(term.name)
    if token is None:
        known = ", ".join(f"{name}:" for name in tokens) or "plain words"
        hints.append(f"“{term.name}:” means nothing here and was left out; use {known}.")
        return None
    if not term.text:
        hints.append(f"“{term.name}:” needs a value, as in {token.example}.")
        return None
    try:
        return token.build(term.operator, term.text)
    except ValueError as error:
        hints.append(f"{error} Example: {token.example}")
        return None


# --- kinds of tokens ------------------------------------------------------------------------


def only_equals(operator: str) -> None:
    if operator != "=":
        raise ValueError("This word takes no comparison.")


def choice_token(
    name: str, choices: Iterable[tuple[str, str]], build: Callable[[list[str]], Q] | str
) -> Token:
    """`status:held` or `status:held,open`: one of a fixed list, by value or label. `build` is the
    column, or a function of the values.
    """
    pairs = [(str(value), str(label)) for value, label in choices]
    by_word = {slug(word): value for value, label in pairs for word in (label, value)}

    def condition(operator: str, text: str) -> Q:
        only_equals(operator)
        words = [slug(word) for word in text.split(",") if word.strip()]
        unknown = [word for word in words if word not in by_word]
        if unknown or not words:
            known = ", ".join(slug(value) for value, _ in pairs)
            raise ValueError(f"“{text}” is none of {known}.")
        values = [by_word[word] for word in words]
        return Q(**{f"{build}__in": values}) if isinstance(build, str) else build(values)

    return Token(name, f"{name}:{slug(pairs[0][0]) if pairs else 'value'}", condition)


def slug(word: str) -> str:
    """A value as it is typed: “Partly paid” and partly_paid are both partly-paid."""
    return re.sub(r"[\s_-]+", "-", word.strip().lower())


def text_token(name: str, build: Callable[[str], Q] | str, example: str = "") -> Token:
    """`sku:ABC`: a piece of text. `build` is a lookup (“lines__sku__iexact”) or a function."""

    def condition(operator: str, text: str) -> Q:
        only_equals(operator)
        return Q(**{build: text}) if isinstance(build, str) else build(text)

    return Token(name, example or f"{name}:ABC", condition)


LOOKUPS = {"=": "exact", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}


def number_token(name: str, column: str) -> Token:
    """`total>100`, `units:3`."""

    def condition(operator: str, text: str) -> Q:
        plain = text.replace(",", ".") if "." not in text else text.replace(",", "")
        if not re.fullmatch(r"-?\d{1,9}(\.\d{1,4})?", plain):
            raise ValueError(f"“{text}” is no number.")
        return Q(**{f"{column}__{LOOKUPS[operator]}": Decimal(plain)})

    return Token(name, f"{name}>100", condition)


def day_token(name: str, column: str, *, is_date: bool = False) -> Token:
    """`placed:2026-11-01`, `placed:>=2026-11`, `placed:today`, in the store's zone."""

    def condition(operator: str, text: str) -> Q:
        meant = parse_days(text, today=timezone.localdate())
        if meant.first is None or meant.last is None:
            raise ValueError(f"“{text}” is no day.")
        if operator == ">=":
            meant = Days(meant.first, None)
        elif operator == "<=":
            meant = Days(None, meant.last)
        elif operator == "=":
            pass
        else:
            # after a day is not within or before it, and the other way round
            other = Days(None, meant.last) if operator == ">" else Days(meant.first, None)
            return ~other.within(column, is_date=is_date) & Q(**{f"{column}__isnull": False})
        return meant.within(column, is_date=is_date)

    return Token(name, f"{name}:>=2026-11-01", condition)


def flag_token(name: str, build: Callable[[], Mapping[str, Q]], example: str = "") -> Token:
    """`has:note`, `is:late`: named conditions."""

    def condition(operator: str, text: str) -> Q:
        only_equals(operator)
        known = build()
        if slug(text) not in known:
            raise ValueError(f"“{text}” is none of {', '.join(known)}.")
        return known[slug(text)]

    return Token(name, example or f"{name}:…", condition)
