"""The verbs of shipping: the doors that pages, commands and upper apps call."""

from shipping.gateways.registry import carrier_name, carrier_named, register_carrier
from shipping.services import carriers
from shipping.services.closing import Box
from shipping.services.dispatching import dispatch_shipment
from shipping.services.foreseeing import foresee_late
from shipping.services.guarding import blocked_reason
from shipping.services.labelling import buy_labels, void_labels
from shipping.services.numbering import is_numbered
from shipping.services.packing import (
    acknowledge_notes,
    add_parcel,
    empty_parcel,
    finish_packing,
    open_again,
    scan_pack,
    set_packed,
    unpack,
)
from shipping.services.picking import (
    close_idle_picks,
    pick_all,
    put_back,
    report_short,
    scan_pick,
    set_picked,
    start_picking,
    undo_last_pick,
)
from shipping.services.tracking import Report, record_tracking
from shipping.services.watching import flag_late, flag_stalled, forget_late, retell_late

__all__ = [
    "Box",
    "Report",
    "acknowledge_notes",
    "add_parcel",
    "blocked_reason",
    "buy_labels",
    "carrier_name",
    "carrier_named",
    "carriers",
    "close_idle_picks",
    "dispatch_shipment",
    "empty_parcel",
    "finish_packing",
    "flag_late",
    "flag_stalled",
    "foresee_late",
    "forget_late",
    "is_numbered",
    "open_again",
    "pick_all",
    "put_back",
    "record_tracking",
    "register_carrier",
    "report_short",
    "retell_late",
    "scan_pack",
    "scan_pick",
    "set_packed",
    "set_picked",
    "start_picking",
    "undo_last_pick",
    "unpack",
    "void_labels",
]
