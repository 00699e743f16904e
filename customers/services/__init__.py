"""The verbs of customers: the doors that upper apps and pages call."""

from customers.services.companies import (
    add_company_address,
    add_contact,
    allow_ordering,
    block_ordering,
    remove_company_address,
    remove_contact,
    save_company,
    set_role,
)
from customers.services.credit import give_back_exposure, set_credit, take_exposure
from customers.services.editing import add_address, remove_address, save_customer
from customers.services.finding import CustomerWish, find_or_add, find_or_add_many

__all__ = [
    "CustomerWish",
    "add_address",
    "add_company_address",
    "add_contact",
    "allow_ordering",
    "block_ordering",
    "find_or_add",
    "find_or_add_many",
    "give_back_exposure",
    "remove_address",
    "remove_company_address",
    "remove_contact",
    "save_company",
    "save_customer",
    "set_credit",
    "set_role",
    "take_exposure",
]
