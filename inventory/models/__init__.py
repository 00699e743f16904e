"""What can be sold, where it lies and who is waiting for it."""

from inventory.models.catalogue import Category, Product, Variant
from inventory.models.demand import Allocation, Demand
from inventory.models.locations import Bin, ChannelLocation, Closure, Location, LocationAccess
from inventory.models.lots import Lot, LotBalance, Serial, SerialEvent
from inventory.models.parts import Part
from inventory.models.reservations import Reservation
from inventory.models.stock import Movement, StockLevel

__all__ = [
    "Allocation",
    "Bin",
    "Category",
    "ChannelLocation",
    "Closure",
    "Demand",
    "Location",
    "LocationAccess",
    "Lot",
    "LotBalance",
    "Movement",
    "Part",
    "Product",
    "Reservation",
    "Serial",
    "SerialEvent",
    "StockLevel",
    "Variant",
]
