"""Conditions: what each operator means, how they add up, and that their order changes nothing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.definition import Group
from core.rules.errors import BadRule
from core.rules.judging import bind
from core.rules.kinds import Amount, ValueKind, operator_named, wanted_of
from core.rules.registry import Reader
from tests.rules.writing import cond, group, says

TODAY = date(2026, 11, 18)


def meets(kind: str, op: str, wanted: str | tuple[str, ...], value, currency: str = "EUR") -> bool:
    operator = operator_named(ValueKind(kind), op)
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    return operator.make(wanted_of(operator, values, currency, TODAY))(value)


@pytest.mark.parametrize(
    ("kind", "op", "wanted", "meeting", "missing"),
    [
        ("text", "is", "Mug", ["mug", "MUG"], ["mugs", "", None]),
        ("text", "is_not", "Mug", ["mugs", "", None], ["MUG"]),
        ("text", "contains", "berlin", ["Ost-Berlin"], ["Bonn", None]),
        ("text", "contains_not", "berlin", ["Bonn", None], ["Ost-Berlin"]),
        ("text", "begins", "lamp", ["LAMP-2"], ["A LAMP", None]),
        ("text", "one_of", "a, B", ["A", "b"], ["c", None]),
        ("text", "none_of", "a, B", ["c", None], ["A"]),
        ("text", "filled", "", ["x"], ["", None]),
        ("text", "empty", "", ["", None], ["x"]),
        ("number", "over", "3", [Decimal(4)], [Decimal(3), None]),
        ("number", "at_least", "3", [Decimal(3)], [Decimal(2), None]),
        ("number", "under", "2,5", [Decimal(2)], [Decimal("2.5"), None]),
        ("number", "at_most", "3", [Decimal(3)], [Decimal(4), None]),
        ("number", "equals", "3", [Decimal("3.0")], [Decimal(4), None]),
        ("money", "over", "10", [Amount(Decimal(11), "EUR")], [Amount(Decimal(11), "USD"), None]),
        ("day", "before", "2026-11-18", [date(2026, 11, 17)], [TODAY, None]),
        ("day", "after", "2026-11-18", [date(2026, 11, 19)], [TODAY, None]),
        ("day", "on", "2026-11-18", [TODAY], [date(2026, 11, 19), None]),
        ("day", "last_days", "2", [TODAY, date(2026, 11, 16)], [date(2026, 11, 15), None]),
        ("day", "next_days", "2", [TODAY, date(2026, 11, 20)], [date(2026, 11, 21), None]),
        ("day", "older", "2", [date(2026, 11, 15)], [date(2026, 11, 16), None]),
        ("choice", "one_of", ("de", "at"), ["de"], ["fr", None]),
        ("choice", "none_of", ("de", "at"), ["fr", None], ["de"]),
        ("flag", "yes", "", [True], [False, None]),
        ("flag", "no", "", [False, None], [True]),
    ],
)
def test_each_operator_says_what_it_means(kind, op, wanted, meeting, missing):
    assert [meets(kind, op, wanted, value) for value in meeting] == [True] * len(meeting)
    assert [meets(kind, op, wanted, value) for value in missing] == [False] * len(missing)


@pytest.mark.parametrize(
    ("kind", "op", "wanted", "field"),
    [
        ("number", "over", "many", "value"),
        ("number", "over", "1e999", "value"),
        ("number", "over", "", "value"),
        ("day", "on", "tomorrow", "value"),
        ("day", "older", "-3", "value"),
        ("money", "over", "3", "currency"),
        ("text", "over", "3", "op"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_its_field(kind, op, wanted, field):
    with pytest.raises(BadRule) as refused:
        meets(kind, op, wanted, None, currency="EURO")
    assert refused.value.field == field


def flag(code: str, each: str = "") -> Reader:
    return Reader(code, "", code, ValueKind.FLAG, dict, each=each)


READERS = {code: flag(code) for code in "abcd"} | {
    code: flag(code, "line") for code in ("x", "y", "z")
}


def holds(conditions: Group, **values) -> bool:
    columns = {code: {1: values.get(code)} for code in READERS}
    return bind(conditions_of(conditions), columns, today=TODAY, readers=READERS).holds(1)


def conditions_of(conditions: Group):
    return says(*conditions.parts, match=conditions.match)


def yes(code: str, which: str = "any"):
    return cond(code, "yes", which=which)


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_all_and_any_add_up_as_a_truth_table_says_one_level_deep(a, b, c, d):
    inner = [yes("c"), yes("d")]
    for match, joined in (("all", all), ("any", any)):
        for inner_match, inner_joined in (("all", all), ("any", any)):
            said = group(match, yes("a"), yes("b"), group(inner_match, *inner))
            expected = joined([a, b, inner_joined([c, d])])
            assert holds(said, a=a, b=b, c=c, d=d) is expected


@given(
    st.permutations(["a", "b", "c", "d"]),
    st.tuples(*[st.booleans()] * 4),
    st.sampled_from(["all", "any"]),
)
def test_the_order_of_conditions_changes_nothing(order, values, match):
    told = dict(zip("abcd", values, strict=True))
    assert holds(group(match, *map(yes, order)), **told) is holds(
        group(match, *map(yes, "abcd")), **told
    )


@given(st.lists(st.booleans(), max_size=4))
def test_any_every_and_no_line_mean_what_they_say(values):
    assert holds(group("all", yes("x", "any")), x=values) is any(values)
    assert holds(group("all", yes("x", "all")), x=values) is (bool(values) and all(values))
    assert holds(group("all", yes("x", "none")), x=values) is not any(values)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=4))
def test_one_and_the_same_line_meets_all_of_a_group(lines):
    said = group("all", group("same", yes("x"), yes("y")))
    told = {"x": [line[0] for line in lines], "y": [line[1] for line in lines]}
    assert holds(said, **told) is any(all(line) for line in lines)


def test_a_rule_without_conditions_always_holds():
    assert holds(group("all")) is True
    assert holds(group("any")) is True


def test_only_lines_can_be_one_and_the_same():
    with pytest.raises(BadRule):
        holds(group("all", group("same", yes("x"), yes("a"))), a=True, x=[True])
