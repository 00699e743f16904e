"""Forecasts: classes of demand, Croston and its heirs, smoothing, seasons, and what fits which."""

import numpy as np
import pytest

from inventory.forecasting.classes import DemandClass, class_of, pattern_of
from inventory.forecasting.foretelling import Method, foretell
from inventory.forecasting.intermittent import croston, syntetos_boylan, teunter
from inventory.forecasting.smoothing import DAMPING, best_fit, seasons_of, smooth


def series(*values):
    return np.array([values], dtype=float)


@pytest.mark.parametrize(
    ("interval", "variability", "kind"),
    [
        (1.0, 0.1, DemandClass.SMOOTH),
        (1.31, 0.49, DemandClass.ERRATIC),
        (1.32, 0.48, DemandClass.INTERMITTENT),
        (8.0, 0.49, DemandClass.LUMPY),
        (float("inf"), 0.0, DemandClass.NONE),
    ],
)
def test_a_class_of_demand_follows_from_interval_and_variability(interval, variability, kind):
    assert class_of(interval, variability) == kind


def test_days_before_the_first_sale_are_not_counted():
    pattern = pattern_of(series(0, 0, 0, 2, 0, 4, 0, 0))
    assert pattern.interval.tolist() == [2.5]
    assert pattern.variability.tolist() == pytest.approx([1 / 9])


def test_croston_smooths_sizes_and_intervals_apart():
    # sizes 6 then 3, intervals 3 then 2: 6 + 0.1·(3 − 6) = 5.7 and 3 + 0.1·(2 − 3) = 2.9
    state = croston(series(0, 0, 6, 0, 3), 0.1)
    assert (state.size[0], state.interval[0]) == pytest.approx((5.7, 2.9))
    assert state.rate[0] == pytest.approx(5.7 / 2.9)
    assert syntetos_boylan(series(0, 0, 6, 0, 3), 0.1)[0] == pytest.approx(5.7 / 2.9 * 0.95)


def test_croston_is_too_high_and_sba_is_not():
    random = np.random.default_rng(7)
    sold = np.where(random.random((400, 600)) < 0.2, random.poisson(2, (400, 600)) + 1, 0)
    true_rate = 0.2 * 3
    alpha = 0.2
    plain = croston(sold.astype(float), alpha).rate.mean() / true_rate
    mended = syntetos_boylan(sold.astype(float), alpha).mean() / true_rate
    assert plain > 1.05
    assert mended == pytest.approx(1, abs=0.05)


def test_tsb_fades_when_nobody_buys_and_croston_does_not():
    dying = series(*([0, 0, 5] * 40), *([0] * 120))
    assert croston(dying, 0.1).rate[0] == pytest.approx(5 / 3)
    assert teunter(dying, 0.1, 0.05)[0] < 0.01


def test_smoothing_follows_the_level_and_dampens_the_trend():
    flat = smooth(np.full(40, 12.0), 0.2)
    assert (flat.level, flat.slope, flat.error) == pytest.approx((12, 0, 0))
    rising = best_fit(np.arange(60, dtype=float))
    ahead = rising.ahead(3)
    assert rising.slope > 0
    assert np.diff(ahead) == pytest.approx(rising.slope * DAMPING ** np.array([2, 3]))


def test_a_trend_needs_more_than_noise():
    weeks = np.random.default_rng(3).poisson(50, 80).astype(float)
    assert best_fit(weeks).slope == 0


def test_seasons_need_two_years_and_are_not_found_in_noise():
    wave = 1 + 0.6 * np.sin(2 * np.pi * np.arange(104) / 52)
    random = np.random.default_rng(5)
    index = seasons_of(random.poisson(60 * wave).astype(float))
    assert index is not None
    assert np.corrcoef(index, wave[:52])[0, 1] > 0.97
    assert seasons_of(60 * wave[:103]) is None
    calm = seasons_of(random.poisson(60, 104).astype(float))
    assert np.abs(calm - 1).max() < 0.08


def test_a_season_ahead_is_foretold():
    days = np.arange(742)
    wave = 40 * (1 + 0.7 * np.sin(2 * np.pi * days / 364))
    sold = np.random.default_rng(9).poisson(wave).astype(float)
    told = foretell(sold[None, :], horizon=28)
    coming = 40 * (1 + 0.7 * np.sin(2 * np.pi * np.arange(742, 770) / 364)).mean()
    assert told.method == [Method.SEASONAL]
    assert told.rate[0] == pytest.approx(coming, rel=0.1)


def test_the_method_follows_from_the_demand():
    random = np.random.default_rng(11)
    smooth_days = random.poisson(20, 400).astype(float)
    now_and_then = np.where(random.random(400) < 0.2, 3.0, 0.0)
    dying = np.where(np.arange(400) < 250, now_and_then, 0.0)
    fresh = np.zeros(400)
    fresh[-1] = 1
    told = foretell(np.stack([smooth_days, now_and_then, dying, fresh, np.zeros(400)]), horizon=21)
    assert told.method == [Method.LEVEL, Method.SBA, Method.TSB, Method.AVERAGE, Method.NONE]
    assert told.rate[:2] == pytest.approx([20, 0.6], rel=0.15)
    assert told.rate[2] < 0.05
    assert told.rate[3] == pytest.approx(1 / 28)  # one sale on the first day is not one a day
    assert told.rate[4] == 0


def test_forecasts_of_now_and_then_are_unbiased_over_many_articles():
    random = np.random.default_rng(13)
    chance = random.uniform(0.05, 0.5, 300)
    size = random.uniform(1, 5, 300)
    sold = np.where(
        random.random((300, 500)) < chance[:, None],
        random.poisson(size[:, None], (300, 500)) + 1,
        0,
    )
    told = foretell(sold.astype(float), horizon=15)
    assert told.rate.sum() == pytest.approx((chance * (size + 1)).sum(), rel=0.05)
