"""The rules of prices, discounts and taxes: pure arithmetic on decimals."""

from orders.pricing.lists import Offer, best_offer
from orders.pricing.promoting import Basket, BasketLine, Promoted, Rule, Told, promote
from orders.pricing.taxes import Rates, rate_of, treatment_of, without_tax
from orders.pricing.totals import (
    Adjusted,
    LineAsked,
    LinePrice,
    OrderPrice,
    price_order,
    tax_of,
)

__all__ = [
    "Adjusted",
    "Basket",
    "BasketLine",
    "LineAsked",
    "LinePrice",
    "Offer",
    "OrderPrice",
    "Promoted",
    "Rates",
    "Rule",
    "Told",
    "best_offer",
    "price_order",
    "promote",
    "rate_of",
    "tax_of",
    "treatment_of",
    "without_tax",
]
