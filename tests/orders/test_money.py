"""What orders come to: the money table in exact cents, and what holds for any basket."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import exponent, unit
from orders.pricing import Offer, best_offer, rate_of, treatment_of, without_tax
from orders.states import PromotionKind, TaxTreatment
from tests.orders.money_cases import CASES, Case, price, rule, told

ZERO = Decimal(0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_money_table(case):
    expected = (case.discounts, case.taxes, case.shipping_is, case.shipping_tax, case.total)
    assert told(price(case)) == expected


def test_the_table_is_large_enough_to_be_believed():
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


CURRENCIES = st.sampled_from(("EUR", "JPY", "KWD"))
RATES = st.sampled_from(("0", "0.05", "0.07", "0.19", "0.25"))


def amounts(currency: str, most: int = 100_000):
    return st.integers(0, most).map(lambda n: str(Decimal(n).scaleb(-exponent(currency))))


@st.composite
def rules(draw, currency: str):
    kind = draw(st.sampled_from(PromotionKind.values))
    words = {
        "percent": {"percent": str(draw(st.integers(1, 100)))},
        "fixed": {"amount": draw(amounts(currency)), "currency": currency},
        "buy_x_get_y": {
            "buy_quantity": draw(st.integers(1, 3)),
            "get_quantity": draw(st.integers(1, 2)),
            "percent": str(draw(st.integers(1, 100))),
        },
        "free_shipping": {},
    }[kind]
    if draw(st.booleans()):
        words["cap"] = draw(amounts(currency, 5_000))
    if draw(st.booleans()):
        words["skus"] = {"A"}
    return rule(
        kind,
        id=draw(st.integers(1, 9)),
        is_stackable=draw(st.booleans()),
        priority=draw(st.integers(0, 2)),
        **words,
    )


@st.composite
def baskets(draw):
    currency = draw(CURRENCIES)
    lines = draw(
        st.lists(
            st.tuples(
                st.sampled_from("ABC"),
                st.integers(1, 7).map(str),
                amounts(currency),
                RATES,
                amounts(currency, 500),
            ),
            min_size=1,
            max_size=6,
        )
    )
    return Case(
        "any",
        tuple(lines),
        *("",) * 5,
        rules=tuple(draw(st.lists(rules(currency), max_size=4))),
        currency=currency,
        included=draw(st.booleans()),
        rounding=draw(st.sampled_from(("line", "document"))),
        shipping=draw(amounts(currency, 2_000)),
        shipping_rate=draw(RATES),
        order_discount=draw(amounts(currency, 50_000)),
    )


@given(baskets())
def test_shares_add_up_and_nothing_goes_below_zero(case):
    done = price(case)
    step = unit(case.currency)
    for line in done.lines:
        assert sum((one.amount for one in line.adjustments), ZERO) == line.discount
        assert all(one.amount > 0 for one in line.adjustments)
        assert 0 <= line.discount <= line.amount
        assert line.tax >= 0
        assert line.total >= 0
        assert line.discount % step == line.tax % step == line.total % step == 0
    assert sum((line.amount for line in done.lines), ZERO) == done.subtotal
    assert sum((line.discount for line in done.lines), ZERO) == done.discount_total
    assert sum((line.tax for line in done.lines), ZERO) + done.shipping_tax == done.tax_total
    assert done.tax_on_top == (0 if case.included else done.tax_total)
    assert done.total == (
        done.subtotal - done.discount_total + done.shipping_total + done.tax_on_top
    )
    assert done.shipping_total >= 0
    assert done.total >= 0


@given(baskets())
def test_document_rounding_is_the_tax_on_the_sum_of_a_rate(case):
    if case.rounding == "line":
        return
    done = price(case)
    bears = [(line.tax_rate, line.amount - line.discount, line.tax) for line in done.lines]
    bears.append((Decimal(case.shipping_rate), done.shipping_total, done.shipping_tax))
    for rate in {rate for rate, _, _ in bears}:
        base = sum((amount for other, amount, _ in bears if other == rate), ZERO)
        tax = sum((tax for other, _, tax in bears if other == rate), ZERO)
        exact = base - base / (1 + rate) if case.included else base * rate
        assert abs(tax - exact) <= unit(case.currency) / 2


def offer(**words) -> Offer:
    values = {
        "item_id": 1,
        "list_id": 1,
        "list_name": "Trade",
        "rank": 1,
        "priority": 0,
        "min_quantity": 1,
        "amount": Decimal("9"),
    }
    return Offer(**values | words)


def test_the_list_most_closely_meant_wins_then_priority_then_age():
    channel, group, both = (offer(list_id=n, rank=n, item_id=n) for n in (1, 2, 3))
    assert best_offer([channel, both, group], 1) == both
    urgent = offer(list_id=9, priority=5)
    assert best_offer([channel, urgent], 1) == urgent
    assert best_offer([offer(list_id=4), channel], 1) == channel


def test_within_a_list_the_highest_step_reached_wins_then_the_latest_to_begin():
    one, ten = offer(), offer(item_id=2, min_quantity=10, amount=Decimal("8"))
    assert best_offer([ten, one], 9) == one
    assert best_offer([one, ten], 10) == ten
    assert ten.words == "Price list Trade, from 10 units"
    sale = offer(item_id=3, valid_from=date(2026, 11, 1))
    assert best_offer([sale, one], 1) == sale
    assert best_offer([ten], 9) is None


RATES_OF_AMERICA = {
    ("", "standard"): Decimal("0.05"),
    ("NY", "standard"): Decimal("0.08875"),
    ("NY", "food"): Decimal("0"),
}


@pytest.mark.parametrize(
    ("tax_class", "region", "rate"),
    [
        ("standard", "", "0.05"),
        ("standard", "ny ", "0.08875"),
        ("standard", "TX", "0.05"),
        ("food", "NY", "0"),
        ("food", "TX", "0.05"),
        ("toys", "NY", "0.08875"),
    ],
)
def test_the_most_specific_rate_holds(tax_class, region, rate):
    assert rate_of(RATES_OF_AMERICA, tax_class, region) == Decimal(rate)


def test_where_nobody_gave_a_rate_there_is_no_tax():
    assert rate_of({}, "standard", "NY") == 0


@pytest.mark.parametrize(
    ("country", "vat_id", "is_exempt", "treatment"),
    [
        ("AT", "ATU13585627", False, TaxTreatment.REVERSE_CHARGE),
        ("GR", "EL094259216", False, TaxTreatment.REVERSE_CHARGE),
        ("FR", "ATU13585627", False, TaxTreatment.REVERSE_CHARGE),
        ("DE", "ATU13585627", False, TaxTreatment.TAXED),
        ("AT", "DE136695976", False, TaxTreatment.TAXED),
        ("CH", "ATU13585627", False, TaxTreatment.TAXED),
        ("AT", "GB980780684", False, TaxTreatment.TAXED),
        ("AT", "", False, TaxTreatment.TAXED),
        ("DE", "", True, TaxTreatment.EXEMPT),
        ("AT", "ATU13585627", True, TaxTreatment.EXEMPT),
    ],
)
def test_reverse_charge_is_for_businesses_across_a_border_of_the_eu(
    country, vat_id, is_exempt, treatment
):
    found = treatment_of(seller_country="DE", country=country, is_exempt=is_exempt, vat_id=vat_id)
    assert found == treatment


def test_a_price_that_contains_tax_is_lowered_by_it():
    assert without_tax(Decimal("11.90"), Decimal("0.19"), "EUR") == Decimal("10.00")
    assert without_tax(Decimal("100"), Decimal("0.10"), "JPY") == Decimal("91")
