"""Money: rounding at the currency's exponent, and splits that add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import UnknownCurrency, exponent, quantise, split, unit


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("USD", 2)])
def test_each_currency_has_its_own_exponent(currency, places):
    assert exponent(currency) == places


def test_a_word_that_is_no_currency_is_refused():
    with pytest.raises(UnknownCurrency) as refused:
        exponent("EURO")
    assert refused.value.field == "currency"


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.005", "EUR", "1.01"),
        ("-1.005", "EUR", "-1.01"),
        ("1.5", "JPY", "2"),
        ("1.0005", "KWD", "1.001"),
    ],
)
def test_halves_are_rounded_away_from_zero(amount, currency, rounded):
    assert quantise(Decimal(amount), currency) == Decimal(rounded)


def test_the_largest_remainder_gets_the_last_cent():
    assert split(Decimal("1.00"), [1, 1, 1], "EUR") == [
        Decimal("0.34"),
        Decimal("0.33"),
        Decimal("0.33"),
    ]


def test_weights_of_nothing_share_alike():
    assert split(Decimal("10"), [0, 0, 0], "JPY") == [Decimal(4), Decimal(3), Decimal(3)]


@given(
    cents=st.integers(min_value=-10_000_000, max_value=10_000_000),
    weights=st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=40),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_parts_add_up_and_lie_within_one_step_of_their_share(cents, weights, currency):
    amount = cents * unit(currency)
    parts = split(amount, weights, currency)
    assert sum(parts) == amount
    total = sum(weights)
    if total:
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - amount * weight / total) < unit(currency)
