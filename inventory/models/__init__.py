"""What can be sold, where it lies and who is waiting for it."""

from inventory.models.assembly import AssemblyOrder, AssemblyPart
from inventory.models.catalogue import Category, Product, Variant
from inventory.models.catalogue_links import (
    Barcode,
    Picture,
    PictureFile,
    RelatedProduct,
    Substitute,
)
from inventory.models.counts import CountLine, CountSession
from inventory.models.demand import Allocation, Demand
from inventory.models.feeds import ChannelStock, ChannelStockRule
from inventory.models.locations import Bin, ChannelLocation, Closure, Location, LocationAccess
from inventory.models.lots import Lot, LotBalance, Serial, SerialEvent
from inventory.models.parts import Part
from inventory.models.planning import BuyingLimit, Forecast, ReorderRule, Suggestion
from inventory.models.purchasing import (
    LandedCost,
    LandedShare,
    PurchaseOrder,
    PurchaseOrderLine,
    ShipNotice,
    ShipNoticeLine,
)
from inventory.models.receiving import Receipt, ReceiptDifference, ReceiptFill, ReceiptLine
from inventory.models.reservations import Reservation
from inventory.models.snapshots import SnapshotLine, StockSnapshot
from inventory.models.stock import Movement, StockLevel
from inventory.models.suppliers import Supplier, SupplierItem
from inventory.models.transfers import Transfer, TransferLine

__all__ = [
    "Allocation",
    "AssemblyOrder",
    "AssemblyPart",
    "Barcode",
    "Bin",
    "BuyingLimit",
    "Category",
    "ChannelLocation",
    "ChannelStock",
    "ChannelStockRule",
    "Closure",
    "CountLine",
    "CountSession",
    "Demand",
    "Forecast",
    "LandedCost",
    "LandedShare",
    "Location",
    "LocationAccess",
    "Lot",
    "LotBalance",
    "Movement",
    "Part",
    "Picture",
    "PictureFile",
    "Product",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Receipt",
    "ReceiptDifference",
    "ReceiptFill",
    "ReceiptLine",
    "RelatedProduct",
    "ReorderRule",
    "Reservation",
    "Serial",
    "SerialEvent",
    "ShipNotice",
    "ShipNoticeLine",
    "SnapshotLine",
    "StockLevel",
    "StockSnapshot",
    "Substitute",
    "Suggestion",
    "Supplier",
    "SupplierItem",
    "Transfer",
    "TransferLine",
    "Variant",
]
