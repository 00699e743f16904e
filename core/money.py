"""Money: decimal amounts at their currency's own exponent, one rounding rule, splits that add up."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision, is_currency

from core.errors import DomainError

ZERO = Decimal(0)


class UnknownCurrency(DomainError):
    code = "unknown_currency"


@cache
def exponent(currency: str) -> int:
    """Decimal places of a currency by ISO 4217: EUR 2, JPY 0, KWD 3. Source: CLDR through Babel."""
    if not is_currency(currency):
        raise UnknownCurrency(
            f"“{currency}” is no currency; use a code of three letters such as EUR.",
            field="currency",
        )
    return get_currency_precision(currency)


@cache
def unit(currency: str) -> Decimal:
    """The smallest amount of a currency: EUR 0.01, JPY 1."""
    return Decimal(1).scaleb(-exponent(currency))


def quantise(amount: Decimal, currency: str) -> Decimal:
    """Round half away from zero to the currency's exponent. The only rounding of money there is."""
    return amount.quantize(unit(currency), rounding=ROUND_HALF_UP)


def in_words(amount: Decimal, currency: str) -> str:
    """An amount in a sentence: 1,240.50 EUR, 1,240 JPY."""
    return f"{quantise(amount, currency):,} {currency}"


def trimmed(amount: Decimal) -> Decimal:
    """The same number without zeros at its end, as people write it: 20.00 is 20, never 2E+1."""
    return Decimal(f"{amount.normalize():f}")


def split(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Share `amount` by `weights` so that the parts add up to it exactly (largest remainder).

    Ties go to the earlier part. All weights zero: shares as equal as can be.
    `amount` must lie on the currency's exponent; a negative amount gives the negated split.
    """
    if not weights:
        return []
    if amount < 0:
        return [-part for part in split(-amount, weights, currency)]
    step = unit(currency)
    shares = [Decimal(w) for w in weights]
    total = sum(shares, ZERO)
    if total == 0:
        shares, total = [Decimal(1)] * len(shares), Decimal(len(shares))
    exact = [amount * share / total for share in shares]
    parts = [part.quantize(step, rounding=ROUND_DOWN) for part in exact]
    missing = int((amount - sum(parts, ZERO)) / step)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[:missing]:
        parts[i] += step
    return parts
