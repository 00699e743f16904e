"""Kinds of demand: how often it comes and how much its size varies (Syntetos, Boylan 2005)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]

INTERMITTENT_FROM = 1.32  # average days between days with demand
VARIABLE_FROM = 0.49  # squared coefficient of variation of the sizes


class DemandClass(StrEnum):
    """What demand looks like, which decides how it is foretold."""

    NONE = "none"
    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"


@dataclass(frozen=True)
class Pattern:
    """Per series: `interval` days from one demand to the next (ADI), `variability` of the sizes
    (CV²), and the class that follows from both.
    """

    interval: Figures
    variability: Figures
    kind: list[DemandClass]


def pattern_of(history: Figures) -> Pattern:
    """Sort series into classes. `history` is series × days, oldest first; days before a series'
    first demand are not counted, since the article may not have been sold yet.
    """
    sold = history > 0
    times = sold.sum(axis=1)
    first = np.where(times > 0, sold.argmax(axis=1), history.shape[1])
    interval = np.divide(
        history.shape[1] - first, times, out=np.full(len(history), np.inf), where=times > 0
    )
    mean = np.divide(history.sum(axis=1), times, out=np.zeros(len(history)), where=times > 0)
    spread = np.where(sold, (history - mean[:, None]) ** 2, 0.0).sum(axis=1)
    variance = np.divide(spread, times, out=np.zeros(len(history)), where=times > 0)
    variability = np.divide(variance, mean**2, out=np.zeros(len(history)), where=mean > 0)
    kinds = [
        class_of(float(one), float(other)) for one, other in zip(interval, variability, strict=True)
    ]
    return Pattern(interval, variability, kinds)


def class_of(interval: float, variability: float) -> DemandClass:
    """The class of one series by its average interval and the variability of its sizes."""
    if not np.isfinite(interval):
        return DemandClass.NONE
    if interval < INTERMITTENT_FROM:
        return DemandClass.SMOOTH if variability < VARIABLE_FROM else DemandClass.ERRATIC
    return DemandClass.INTERMITTENT if variability < VARIABLE_FROM else DemandClass.LUMPY
