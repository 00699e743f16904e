"""Customers and companies for machines."""

from customers.api import companies, people

ROOMS = (people.room, companies.room)
