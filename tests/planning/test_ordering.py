"""Order sizes and levels: the textbook's instances, exact distributions, packs and minimums."""

from math import comb, exp, factorial, sqrt

import numpy as np
import pytest

from inventory.forecasting.lead_time import LeadTimeDemand, Outlook, fill_rates, order_up_to
from inventory.forecasting.ordering import (
    economic_cost,
    economic_quantity,
    newsvendor_cost,
    newsvendor_quantity,
    rounded_order,
    z_rule,
)

# Snyder & Shen, Fundamentals of Supply Chain Theory (2nd edition), examples 3.1 and 4.1


def test_the_textbook_s_economic_quantity():
    figures = {"demand": 1300, "order_cost": 8, "holding_cost": 0.225}
    assert economic_quantity(**figures) == pytest.approx(304.05, abs=0.01)
    assert economic_cost(**figures) == pytest.approx(68.41, abs=0.01)


def test_the_textbook_s_newsvendor():
    costs = {"holding_cost": 0.18, "shortage_cost": 0.70}
    assert newsvendor_quantity(mean=50, deviation=8, **costs) == pytest.approx(56.604, abs=5e-4)
    assert newsvendor_cost(deviation=8, **costs) == pytest.approx(1.9976, abs=5e-5)


def test_poisson_and_negative_binomial_chances_are_the_book_s():
    poisson = LeadTimeDemand(3.0, 3.0).chances(40)
    assert poisson[:5] == pytest.approx([exp(-3) * 3**k / factorial(k) for k in range(5)])
    # r = mean²/(variance − mean) = 4 successes of chance mean/variance = 2/3
    negative = LeadTimeDemand(2.0, 3.0).chances(60)
    exact = [comb(k + 3, k) * (2 / 3) ** 4 * (1 / 3) ** k for k in range(5)]
    assert negative[:5] == pytest.approx(exact)
    for chances, mean, variance in ((poisson, 3, 3), (negative, 2, 3)):
        k = np.arange(len(chances))
        assert chances.sum() == pytest.approx(1)
        assert chances @ k == pytest.approx(mean)
        assert chances @ (k - mean) ** 2 == pytest.approx(variance)


def test_the_shortage_is_what_goes_beyond_the_stock_on_average():
    demand = LeadTimeDemand(4.0, 9.0)
    chances = demand.chances(200)
    short = demand.shortage(200)
    k = np.arange(201)
    for stock in (0, 1, 5, 12):
        assert short[stock] == pytest.approx(chances @ np.maximum(k - stock, 0), abs=1e-9)


def test_the_level_is_the_lowest_that_serves_the_target():
    outlook = Outlook(rate=1.3, variance=3.0, lead_days=14)
    level = order_up_to(outlook, target=0.95)
    served = fill_rates(outlook)
    assert served[level] >= 0.95 > served[level - 1]
    assert (np.diff(served[: level * 2]) >= -1e-9).all()


@pytest.mark.parametrize("target", [0.80, 0.95, 0.99])
def test_a_simulated_shop_is_served_as_the_level_promises(target):
    random = np.random.default_rng(17)
    days = 200_000
    sold = random.negative_binomial(1.3**2 / 1.7, 1.3 / 3.0, days)
    level = order_up_to(Outlook(rate=1.3, variance=3.0, lead_days=14), target=target)
    wanted_before = np.convolve(sold, np.ones(14), "full")[: days - 1]
    on_hand = np.maximum(level - wanted_before, 0)
    served = np.minimum(on_hand, sold[1:]).sum() / sold[1:].sum()
    assert served == pytest.approx(fill_rates(Outlook(1.3, 3.0, 14))[level], abs=0.01)


def test_late_suppliers_unsure_rates_and_rare_orders_ask_for_more():
    steady = Outlook(rate=2.0, variance=4.0, lead_days=10)
    level = order_up_to(steady, target=0.95)
    for other in (
        Outlook(rate=2.0, variance=4.0, lead_days=10, lead_variance=16),
        Outlook(rate=2.0, variance=4.0, lead_days=10, days_seen=30),
        Outlook(rate=2.0, variance=4.0, lead_days=10, review_days=14),
    ):
        assert order_up_to(other, target=0.95) > level


def test_large_demand_is_taken_as_normal_and_agrees_where_both_can_be_told():
    near = Outlook(rate=900, variance=4_000, lead_days=14, review_days=7)  # 18,900 units: exact
    far = Outlook(rate=1_000, variance=4_000, lead_days=14, review_days=7)  # 21,000: normal
    for outlook in (near, far):
        ahead = outlook.over(21)
        off = (order_up_to(outlook, target=0.95) - ahead.mean) / sqrt(ahead.variance)
        assert -3.5 < off < 0
    assert order_up_to(far, target=0.95) - order_up_to(near, target=0.95) == pytest.approx(
        2_100, rel=0.1
    )


def test_nothing_sold_asks_for_nothing():
    assert order_up_to(Outlook(0, 0, 14), target=0.95) == 0
    assert z_rule(Outlook(0, 0, 14), target=0.95) == 0


def test_the_z_rule_adds_z_deviations():
    outlook = Outlook(rate=2.0, variance=4.0, lead_days=14, review_days=1)
    assert z_rule(outlook, target=0.95) == 43  # 30 + 1.645·√60 = 42.7


@pytest.mark.parametrize(
    ("need", "minimum", "pack", "most", "ordered"),
    [
        (0, 10, 12, None, 0),
        (21, 1, 12, None, 24),
        (24, 1, 12, None, 24),
        (3, 30, 12, None, 36),
        (5, 1, 1, None, 5),
        (21, 1, 12, 23, 12),
        (21, 24, 12, 23, 0),
        (5, 1, 1, -2, 0),
    ],
)
def test_an_order_is_whole_packs_and_at_least_the_minimum(need, minimum, pack, most, ordered):
    assert rounded_order(need, minimum=minimum, pack=pack, most=most) == ordered
