"""The JSON API: every app's rooms under one address."""

from core.api.mounting import mount
from customers import api as customers
from oms.intake import api as intake
from orders import api as orders

v1 = mount(
    [intake.room, orders.room, orders.verbs, orders.quotes, customers.room],
    title="Orders, stock, money and returns",
    version="v1",
    description="See docs/api.md for keys, repeating requests, paging and refusals.",
)
