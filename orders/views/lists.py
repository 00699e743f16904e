"""The list of orders."""

from django.http import HttpRequest, HttpResponseBase

from core.access import requires
from orders.rights import SEE_ORDERS
from orders.tables import OrderList


@requires(SEE_ORDERS)
def order_list(request: HttpRequest) -> HttpResponseBase:
    """Orders, as the address says."""
    return OrderList(request).respond()
