"""The verbs of customers: the doors that upper apps and pages call."""

from customers.services.credit import give_back_exposure, take_exposure
from customers.services.finding import CustomerWish, find_or_add, find_or_add_many

__all__ = [
    "CustomerWish",
    "find_or_add",
    "find_or_add_many",
    "give_back_exposure",
    "take_exposure",
]
