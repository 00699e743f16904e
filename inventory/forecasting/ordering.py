"""How much to order: packs, minimums, the economic quantity, the newsvendor, and the z·σ rule."""

from math import ceil, sqrt

from inventory.forecasting.lead_time import STANDARD, Outlook


def rounded_order(need: int, *, minimum: int = 1, pack: int = 1, most: int | None = None) -> int:
    """The smallest quantity that covers the need in whole packs and the supplier's minimum; 0 for no
    need. With `most` it stays within what may be there: fewer packs, or none.
    """
    if need <= 0:
        return 0
    wanted = ceil(max(need, minimum) / pack) * pack
    if most is not None and wanted > most:
        wanted = max(most, 0) // pack * pack
        return wanted if wanted >= minimum else 0
    return wanted


def economic_quantity(*, demand: float, order_cost: float, holding_cost: float) -> float:
    """Harris's quantity (1913): √(2·K·λ/h), in units; demand and holding cost of the same period."""
    return sqrt(2 * order_cost * demand / holding_cost)


def economic_cost(*, demand: float, order_cost: float, holding_cost: float) -> float:
    """What ordering and holding cost a period when the economic quantity is ordered."""
    return sqrt(2 * order_cost * demand * holding_cost)


def newsvendor_quantity(
    *, mean: float, deviation: float, holding_cost: float, shortage_cost: float
) -> float:
    """What to buy once for a season of normal demand: the p/(p+h) quantile."""
    share = shortage_cost / (shortage_cost + holding_cost)
    return mean + STANDARD.inv_cdf(share) * deviation


def newsvendor_cost(*, deviation: float, holding_cost: float, shortage_cost: float) -> float:
    """What is lost on average with the best quantity: (p+h)·φ(z)·σ."""
    share = shortage_cost / (shortage_cost + holding_cost)
    return (shortage_cost + holding_cost) * STANDARD.pdf(STANDARD.inv_cdf(share)) * deviation


def z_rule(outlook: Outlook, *, target: float) -> int:
    """The textbook's order-up-to level: mean + z·σ with the z of the target. It promises cycles
    without a shortage, not units served, and takes demand to be normal; kept to compare with.
    """
    if outlook.rate <= 0:
        return 0
    ahead = outlook.over(outlook.lead_days + outlook.review_days)
    return max(0, ceil(ahead.mean + STANDARD.inv_cdf(target) * sqrt(ahead.variance)))
