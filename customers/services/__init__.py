"""The verbs of customers: the doors that upper apps and pages call."""

from customers.services.credit import give_back_exposure, take_exposure
from customers.services.editing import add_address, remove_address, save_customer
from customers.services.finding import CustomerWish, find_or_add, find_or_add_many

__all__ = [
    "CustomerWish",
    "add_address",
    "find_or_add",
    "find_or_add_many",
    "give_back_exposure",
    "remove_address",
    "save_customer",
    "take_exposure",
]
