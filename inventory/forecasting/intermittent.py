"""Demand that comes now and then: Croston, the Syntetos–Boylan mend of it, and Teunter's.

Croston (1972) smooths sizes and intervals apart, and only when there is demand; his rate is too high
by about α/2, which Syntetos and Boylan (2005) take off (SBA). Teunter, Syntetos and Babai (2011)
smooth the chance of demand every day instead, so that the rate fades when nobody buys (TSB).
"""

from dataclasses import dataclass

import numpy as np

from inventory.forecasting.classes import Figures


@dataclass(frozen=True)
class Croston:
    """The state after the last day, per series: smoothed size and interval, and the plain rate."""

    size: Figures
    interval: Figures

    @property
    def rate(self) -> Figures:
        return np.divide(
            self.size, self.interval, out=np.zeros_like(self.size), where=self.interval > 0
        )


def averages(history: Figures) -> Croston:
    """The average size and interval of each series, from its first demand on."""
    sold = history > 0
    times = sold.sum(axis=1)
    age = np.where(times > 0, history.shape[1] - sold.argmax(axis=1), 0).astype(float)
    over = {"where": times > 0}
    return Croston(
        np.divide(history.sum(axis=1), times, out=np.zeros(len(history)), **over),
        np.divide(age, times, out=np.zeros(len(history)), **over),
    )


def croston(history: Figures, alpha: Figures | float, start: Croston | None = None) -> Croston:
    """Croston's method over series × days. It starts from the first demand of each series, as in the
    paper, or from `start`: with a slow factor and few demands, the first would weigh too much.

    Zero where there never was demand. `alpha` is one factor, or one per series.
    """
    weight = np.broadcast_to(np.asarray(alpha, dtype=float), (len(history),))
    size = start.size.copy() if start else np.zeros(len(history))
    interval = start.interval.copy() if start else np.zeros(len(history))
    since = np.ones(len(history))
    for day in history.T:
        sold = day > 0
        begins = sold & (interval == 0)
        goes_on = sold & ~begins
        size = np.where(begins, day, np.where(goes_on, size + weight * (day - size), size))
        interval = np.where(
            begins, since, np.where(goes_on, interval + weight * (since - interval), interval)
        )
        since = np.where(sold, 1.0, since + 1.0)
    return Croston(size, interval)


def syntetos_boylan(
    history: Figures, alpha: Figures | float, start: Croston | None = None
) -> Figures:
    """Units a day by SBA: Croston's rate times 1 − α/2."""
    return croston(history, alpha, start).rate * (1 - np.asarray(alpha, dtype=float) / 2)


def teunter(history: Figures, alpha: float, beta: float) -> Figures:
    """Units a day by TSB: smoothed size (α, on days with demand) times the smoothed chance of
    demand (β, every day), both begun with their averages over the history.
    """
    sold = history > 0
    times = sold.sum(axis=1)
    size = np.divide(history.sum(axis=1), times, out=np.zeros(len(history)), where=times > 0)
    chance = times / max(history.shape[1], 1)
    for day, has in zip(history.T, sold.T, strict=True):
        chance = chance + beta * (has - chance)
        size = np.where(has, size + alpha * (day - size), size)
    return np.asarray(chance * size, dtype=float)
