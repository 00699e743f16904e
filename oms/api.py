"""The JSON API: every app's rooms under one address."""

from core.api.mounting import mount
from customers.api import ROOMS as CUSTOMERS
from inventory import api as inventory
from oms.intake import api as intake
from orders.api import ROOMS as ORDERS
from payments import api as payments
from returns import api as returns
from shipping import api as shipping

v1 = mount(
    [
        intake.room,
        *ORDERS,
        payments.room,
        shipping.room,
        returns.room,
        *CUSTOMERS,
        inventory.room,
    ],
    title="Orders, stock, money and returns",
    version="v1",
    description="See docs/api.md for keys, repeating requests, paging and refusals.",
)
