"""The grid of stock: SKUs down, locations across."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from core.access import requires
from inventory.rights import SEE_STOCK
from inventory.tables.grid import StockGrid


@requires(SEE_STOCK)
@require_GET
def stock_grid(request: HttpRequest) -> HttpResponse:
    """What may be sold of each SKU at each location."""
    return StockGrid(request).respond()
