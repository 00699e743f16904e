"""Demand that comes all the time: exponential smoothing of weeks, with a damped trend and, from two
years on, the seasons (Gardner 2006).
"""

from dataclasses import dataclass

import numpy as np

from inventory.forecasting.classes import Figures

WEEKS_A_YEAR = 52
DAMPING = 0.9
LEVEL_FACTORS = (0.05, 0.1, 0.2, 0.3, 0.5)
TREND_FACTORS = (0.05, 0.15)


@dataclass(frozen=True)
class Smoothed:
    """The state after the last period of one series, and how far off it was one period ahead."""

    level: float
    slope: float
    error: float  # mean square

    def ahead(self, periods: int) -> Figures:
        """The forecast of each of the next periods: the slope fades by DAMPING each time."""
        faded = np.cumsum(DAMPING ** np.arange(1, periods + 1))
        return np.maximum(self.level + self.slope * faded, 0.0)


def smooth(series: Figures, alpha: float, beta: float = 0.0) -> Smoothed:
    """Simple smoothing (β = 0) or smoothing with a damped trend of one series, oldest first."""
    warm = min(4, len(series))
    level = float(series[:warm].mean()) if warm else 0.0
    slope, squares = 0.0, 0.0
    for value in series:
        expected = level + DAMPING * slope
        error = float(value) - expected
        squares += error * error
        level = expected + alpha * error
        slope = DAMPING * slope + alpha * beta * error
    return Smoothed(level, slope, squares / max(len(series), 1))


def best_fit(series: Figures) -> Smoothed:
    """The smoothing whose forecasts one period ahead were closest; a trend has to be 5 % better than
    none, since it is one more thing to be wrong about.
    """
    plain = min((smooth(series, alpha) for alpha in LEVEL_FACTORS), key=lambda one: one.error)
    bent = min(
        (smooth(series, alpha, beta) for alpha in LEVEL_FACTORS for beta in TREND_FACTORS),
        key=lambda one: one.error,
    )
    return bent if bent.error < 0.95 * plain.error else plain


def seasons_of(weeks: Figures) -> Figures | None:
    """The index of each week of the year (1 = an average week), from whole years of one series; None
    with fewer than two years. Neighbouring weeks are averaged, and the index leans to 1 as far as
    the years disagree.
    """
    years = len(weeks) // WEEKS_A_YEAR
    if years < 2:
        return None
    table = weeks[-years * WEEKS_A_YEAR :].reshape(years, WEEKS_A_YEAR)
    means = table.mean(axis=1, keepdims=True)
    if not (means > 0).all():
        return None
    shares = _over_five_weeks(table / means)
    index = shares.mean(axis=0)
    noise = float(shares.var(axis=0, ddof=1).mean()) / years
    signal = max(float(index.var()) - noise, 0.0)
    trust = signal / (signal + noise) if signal > 0 else 0.0
    leaned = 1 + trust * (index - 1)
    return np.asarray(leaned / leaned.mean(), dtype=float)


def _over_five_weeks(table: Figures) -> Figures:
    around = np.concatenate([table[:, -2:], table, table[:, :2]], axis=1)
    return np.asarray(sum(around[:, n : n + WEEKS_A_YEAR] for n in range(5)) / 5, dtype=float)
