"""The verbs of stock: the doors that upper apps and pages call."""

from inventory.services.adding import NewVariant, add_variants
from inventory.services.adjusting import adjust_stock
from inventory.services.allocating import (
    Take,
    Wish,
    cancel_demands,
    claim,
    consume,
    part_demands,
    raise_demands,
    release_at,
)
from inventory.services.automatic_ordering import order_automatically
from inventory.services.catalogue import save_product, save_variant
from inventory.services.claiming import ReadLevels, look_first
from inventory.services.counting import Mode, correct_stock, set_threshold
from inventory.services.doubting import doubt_numbers
from inventory.services.feeding import refresh_feed, refresh_feeds
from inventory.services.filling import fill_backorders
from inventory.services.lateness import flag_late_suppliers
from inventory.services.lotting import lot_for
from inventory.services.moving import StockChange, move_stock, receive_stock
from inventory.services.ordering import (
    approve_purchase,
    cancel_purchase,
    close_purchase_short,
    send_purchase,
)
from inventory.services.places import set_channel_places, set_location_access, set_stock_rule
from inventory.services.planning import Planned, plan_replenishment
from inventory.services.posting import post_receipt, receive_goods
from inventory.services.purchasing import PurchaseWish, create_purchase
from inventory.services.reallocating import Lifted, lift, put_down
from inventory.services.recalling import flag_expiring, lift_recall, recall_lot
from inventory.services.reconciling import differences, mend
from inventory.services.replenishing import Ordered, dismiss_suggestions, order_suggestions
from inventory.services.reserving import (
    end_reservations,
    expire_reservations,
    release_reservation,
    reserve,
    reserved_variants,
)
from inventory.services.serials import (
    forget_serials,
    judge_serials,
    receive_serials,
    return_serials,
    scrap_serials,
    ship_serials,
)
from inventory.services.snapshots import decide_lines, take_snapshot
from inventory.services.suppliers import save_supplier, set_price
from inventory.services.widening import widen_demands

__all__ = [
    "Lifted",
    "Mode",
    "NewVariant",
    "Ordered",
    "Planned",
    "PurchaseWish",
    "ReadLevels",
    "StockChange",
    "Take",
    "Wish",
    "add_variants",
    "adjust_stock",
    "approve_purchase",
    "cancel_demands",
    "cancel_purchase",
    "claim",
    "close_purchase_short",
    "consume",
    "correct_stock",
    "create_purchase",
    "decide_lines",
    "differences",
    "dismiss_suggestions",
    "doubt_numbers",
    "end_reservations",
    "expire_reservations",
    "fill_backorders",
    "flag_expiring",
    "flag_late_suppliers",
    "forget_serials",
    "judge_serials",
    "lift",
    "lift_recall",
    "look_first",
    "lot_for",
    "mend",
    "move_stock",
    "order_automatically",
    "order_suggestions",
    "part_demands",
    "plan_replenishment",
    "post_receipt",
    "put_down",
    "raise_demands",
    "recall_lot",
    "receive_goods",
    "receive_serials",
    "receive_stock",
    "refresh_feed",
    "refresh_feeds",
    "release_at",
    "release_reservation",
    "reserve",
    "reserved_variants",
    "return_serials",
    "save_product",
    "save_supplier",
    "save_variant",
    "scrap_serials",
    "send_purchase",
    "set_channel_places",
    "set_location_access",
    "set_price",
    "set_stock_rule",
    "set_threshold",
    "ship_serials",
    "take_snapshot",
    "widen_demands",
]
