"""The verbs of stock: the doors that upper apps and pages call."""

from inventory.services.adjusting import adjust_stock
from inventory.services.allocating import (
    Take,
    Wish,
    allocate,
    cancel_demands,
    consume,
    raise_demands,
    release_at,
)
from inventory.services.filling import fill_backorders
from inventory.services.moving import StockChange, move_stock, receive_stock

__all__ = [
    "StockChange",
    "Take",
    "Wish",
    "adjust_stock",
    "allocate",
    "cancel_demands",
    "consume",
    "fill_backorders",
    "move_stock",
    "raise_demands",
    "receive_stock",
    "release_at",
]
