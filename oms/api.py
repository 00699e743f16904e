"""The JSON API: every app's rooms under one address."""

from core.api.mounting import mount
from customers.api import ROOMS as CUSTOMERS
from inventory import api as inventory
from oms.intake import api as intake
from orders.api import ROOMS as ORDERS
from payments.api import ROOMS as PAYMENTS
from returns import api as returns
from shipping.api import ROOMS as SHIPPING

v1 = mount(
    [
        intake.room,
        *ORDERS,
        *PAYMENTS,
        *SHIPPING,
        returns.room,
        *CUSTOMERS,
        inventory.room,
    ],
    title="Orders, stock, money and returns",
    version="v1",
    description="See docs/api.md for keys, repeating requests, paging and refusals.",
)
