"""Demand over a lead time as a distribution, and the stock that serves a share of it.

Demand of now and then varies more than its mean, which the negative binomial can say and the normal
cannot (Syntetos, Lengu, Babai 2013); where it does not vary more, it is taken as Poisson.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

import numpy as np

from inventory.forecasting.classes import Figures

MOST_UNITS = 1_000_000
SO_MANY = 20_000  # units; sums of so many are normal, whatever they are sums of
STANDARD = NormalDist()


@dataclass(frozen=True)
class LeadTimeDemand:
    """Units wanted over so many days: mean and variance, negative binomial or Poisson."""

    mean: float
    variance: float

    @property
    def is_negative_binomial(self) -> bool:
        return self.variance > self.mean * 1.0001

    @property
    def far(self) -> int:
        """A number of units that demand practically never exceeds."""
        return min(ceil(self.mean + 12 * sqrt(max(self.variance, self.mean)) + 24), MOST_UNITS)

    def chances(self, most: int) -> Figures:
        """P(demand = k) for k = 0 … most."""
        if self.mean <= 0:
            return np.asarray(np.eye(1, most + 1)[0], dtype=float)
        k = np.arange(most, dtype=float)
        if self.is_negative_binomial:
            size = self.mean**2 / (self.variance - self.mean)
            stop = self.mean / self.variance
            start = size * np.log(stop)
            steps = np.log((k + size) / (k + 1)) + np.log1p(-stop)
        else:
            start, steps = -self.mean, np.log(self.mean) - np.log(k + 1)
        return np.asarray(np.exp(start + np.concatenate([[0.0], np.cumsum(steps)])), dtype=float)

    def shortage(self, most: int) -> Figures:
        """E[(demand − S)+], the units missing on average, for S = 0 … most."""
        return shortage_of(self.chances(most), self.mean)


def shortage_of(chances: Figures, mean: float) -> Figures:
    """The units missing on average for S = 0, 1, …, of any distribution over 0, 1, …"""
    beyond = 1 - np.cumsum(chances)
    missing = mean - np.concatenate([[0.0], np.cumsum(beyond)[:-1]])
    return np.asarray(np.maximum(missing, 0.0), dtype=float)


@dataclass(frozen=True)
class Outlook:
    """What is known about the demand of one article and about its supply.

    `rate` units a day, `variance` of a day's demand around it, `days_seen` of history behind both
    (0: taken as known), `lead_days` until an order arrives with `lead_variance` (days²), and
    `review_days` from one chance to order to the next.
    """

    rate: float
    variance: float
    lead_days: float
    review_days: float = 1.0
    lead_variance: float = 0.0
    days_seen: int = 0

    def over(self, days: float) -> LeadTimeDemand:
        """Demand over `days`: days vary, the lead time varies, and the rate itself is a guess."""
        known = self.variance * days
        guessed = self.variance * days**2 / self.days_seen if self.days_seen else 0.0
        late = self.rate**2 * self.lead_variance
        return LeadTimeDemand(self.rate * days, known + guessed + late)


def fill_rates(outlook: Outlook) -> Figures:
    """The share of demand served from the shelf, for order-up-to levels 0, 1, 2, …

    What is short at the end of a cycle less what was short at its beginning, over what is wanted in
    the cycle (Zipkin 2000, 6.3; Johnson, Lee, Davis, Hall 1995).
    """
    end = outlook.over(outlook.lead_days + outlook.review_days)
    begin = outlook.over(outlook.lead_days)
    most = end.far
    missing = end.shortage(most) - begin.shortage(most)
    wanted = outlook.rate * outlook.review_days
    return np.asarray(np.clip(1 - missing / wanted, 0.0, 1.0), dtype=float)


def order_up_to(outlook: Outlook, *, target: float) -> int:
    """The lowest stock position (on hand, coming, less backorders) that serves `target` of demand."""
    if outlook.rate <= 0:
        return 0
    if outlook.over(outlook.lead_days + outlook.review_days).mean > SO_MANY:
        return _of_many(outlook, target)
    reached = fill_rates(outlook) >= target
    return int(reached.argmax()) if reached.any() else len(reached) - 1


def _of_many(outlook: Outlook, target: float) -> int:
    """The level for large demand, by the normal loss function."""
    ahead = outlook.over(outlook.lead_days + outlook.review_days)
    deviation = sqrt(ahead.variance)
    allowed = (1 - target) * outlook.rate * outlook.review_days
    low, high = -6.0, 8.0
    while high - low > 1e-6:
        z = (low + high) / 2
        missing = deviation * (STANDARD.pdf(z) - z * (1 - STANDARD.cdf(z)))
        low, high = (z, high) if missing > allowed else (low, z)
    return ceil(ahead.mean + high * deviation)
