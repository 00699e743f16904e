"""Demand foretold for many articles at once: the method follows from the class of demand."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from inventory.forecasting.classes import DemandClass, Figures, Pattern, pattern_of
from inventory.forecasting.intermittent import averages, syntetos_boylan, teunter
from inventory.forecasting.smoothing import WEEKS_A_YEAR, best_fit, seasons_of

DAYS_A_WEEK = 7
SLOW = 0.02  # the factor of sizes and intervals: the last hundred demands or so count
FADING = 0.05  # the factor of the chance of demand, every day
SO_UNLIKELY = 0.001  # a silence this unlikely means that demand is dying out
FEWEST_WEEKS = 4
FEWEST_DAYS = FEWEST_WEEKS * DAYS_A_WEEK  # one sale on the first day is no rate of one a day


class Method(StrEnum):
    """How a rate was found."""

    NONE = "none"
    AVERAGE = "average"
    SBA = "sba"
    TSB = "tsb"
    LEVEL = "level"
    TREND = "trend"
    SEASONAL = "seasonal"


@dataclass(frozen=True)
class Foretold:
    """Per series: units a day, the variance of a day, the days that count behind the rate (fewer the
    faster it follows), and the way there.
    """

    rate: Figures
    variance: Figures
    days_seen: Figures
    method: list[Method]
    pattern: Pattern


def foretell(history: Figures, *, horizon: Figures | int) -> Foretold:
    """Foretell the units a day of series × days (oldest first, today excluded) over `horizon` days
    (one figure, or one a series).

    Intermittent and lumpy demand goes by SBA, or by TSB after a silence that it hardly explains;
    smooth and erratic demand by exponential smoothing of weeks.
    """
    pattern = pattern_of(history)
    sold = history > 0
    begun = np.atleast_1d(sold.any(axis=1))
    age = np.where(begun, history.shape[1] - sold.argmax(axis=1), 0).astype(float)
    seen = np.where(begun, np.maximum(age, FEWEST_DAYS), 0.0)
    ahead = np.broadcast_to(np.asarray(horizon), (len(history),))
    average = np.divide(history.sum(axis=1), seen, out=np.zeros(len(history)), where=begun)
    method = [Method.AVERAGE if one else Method.NONE for one in begun]
    told = Foretold(average.copy(), _variance(history, average, seen), seen.copy(), method, pattern)
    _of_now_and_then(history, age, told)
    fades = np.array([one is Method.TSB for one in method])
    told.variance[fades] *= told.rate[fades] / average[fades]
    for row, kind in enumerate(pattern.kind):
        weeks = int(age[row]) // DAYS_A_WEEK
        if kind in (DemandClass.SMOOTH, DemandClass.ERRATIC) and weeks >= FEWEST_WEEKS:
            series = history[row, history.shape[1] - weeks * DAYS_A_WEEK :]
            told.rate[row], told.variance[row], method[row] = _of_weeks(series, int(ahead[row]))
    return told


def _variance(history: Figures, average: Figures, seen: Figures) -> Figures:
    """The variance of a day around the average, days before the first demand left out."""
    age = np.arange(history.shape[1], 0, -1)
    off = np.where(age <= seen[:, None], (history - average[:, None]) ** 2, 0.0).sum(axis=1)
    spread = np.divide(off, seen - 1, out=average.copy(), where=seen > 1)
    return np.asarray(spread, dtype=float)


def _of_now_and_then(history: Figures, age: Figures, told: Foretold) -> None:
    """Write what comes now and then onto `told`: rate, days that count, method."""
    rows = [
        row
        for row, kind in enumerate(told.pattern.kind)
        if kind in (DemandClass.INTERMITTENT, DemandClass.LUMPY)
        and age[row] >= FEWEST_DAYS
        and np.count_nonzero(history[row]) > 1
    ]
    if not rows:
        return
    some = history[rows]
    interval = told.pattern.interval[rows]
    told.days_seen[rows] = np.minimum(told.days_seen[rows], interval * (2 - SLOW) / SLOW)
    steady = syntetos_boylan(some, SLOW, averages(some))
    fading = teunter(some, SLOW, FADING)
    silence = (some[:, ::-1] > 0).argmax(axis=1)
    unlikely = (1 - 1 / interval) ** silence < SO_UNLIKELY
    for place, row in enumerate(rows):
        is_dying = unlikely[place] and fading[place] < steady[place]
        told.rate[row] = fading[place] if is_dying else steady[place]
        told.method[row] = Method.TSB if is_dying else Method.SBA


def _of_weeks(days: Figures, horizon: int) -> tuple[float, float, Method]:
    """Rate, variance of a day and method of one series whose days fill whole weeks."""
    weeks = days.reshape(-1, DAYS_A_WEEK).sum(axis=1)
    ahead = max(1, -(-horizon // DAYS_A_WEEK))
    plain = best_fit(weeks)
    rate, error = plain.ahead(ahead).mean(), plain.error
    method = Method.TREND if plain.slope else Method.LEVEL
    seasons = seasons_of(weeks)
    if seasons is not None:
        past = seasons[(np.arange(len(weeks)) - len(weeks)) % WEEKS_A_YEAR]
        fitted = best_fit(weeks / past)
        seasonal_error = fitted.error * float((past**2).mean())
        if seasonal_error < 0.95 * error:
            future = seasons[np.arange(ahead) % WEEKS_A_YEAR]
            rate, error = (fitted.ahead(ahead) * future).mean(), seasonal_error
            method = Method.SEASONAL
    return float(rate) / DAYS_A_WEEK, float(error) / DAYS_A_WEEK, method
