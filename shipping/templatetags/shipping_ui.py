"""How shipping's states look."""

from django import template

from core.markup import BadgeSet
from orders.states import FulfilmentState
from shipping.gateways.registry import carrier_name
from shipping.states import LabelState, PickState, ShipmentState, TrackingStatus

register = template.Library()

FULFILMENT = BadgeSet(
    FulfilmentState,
    {
        FulfilmentState.READY: ("info", "box"),
        FulfilmentState.PICKING: ("accent", "scan"),
        FulfilmentState.PACKED: ("accent", "package"),
        FulfilmentState.SHIPPED: ("success", "truck"),
        FulfilmentState.DELIVERED: ("success", "check"),
        FulfilmentState.CANCELLED: ("neutral", "blocked"),
    },
)
PICK = BadgeSet(
    PickState,
    {
        PickState.OPEN: ("accent", "scan"),
        PickState.DONE: ("success", "check"),
        PickState.PUT_BACK: ("neutral", "undo"),
        PickState.CLOSED: ("success", "truck"),
    },
)
SHIPMENT = BadgeSet(
    ShipmentState,
    {
        ShipmentState.PREPARING: ("neutral", "box"),
        ShipmentState.PACKED: ("info", "package"),
        ShipmentState.LABELLED: ("accent", "tag"),
        ShipmentState.DISPATCHED: ("success", "truck"),
        ShipmentState.CANCELLED: ("neutral", "undo"),
    },
)
LABEL = BadgeSet(
    LabelState,
    {
        LabelState.REQUESTED: ("neutral", "clock"),
        LabelState.BOUGHT: ("success", "check"),
        LabelState.FAILED: ("danger", "alert"),
        LabelState.VOIDING: ("warning", "clock"),
        LabelState.VOIDED: ("neutral", "blocked"),
    },
)
TRACKING = BadgeSet(
    TrackingStatus,
    {
        TrackingStatus.EXPECTED: ("neutral", "clock"),
        TrackingStatus.DISPATCHED: ("info", "truck"),
        TrackingStatus.IN_TRANSIT: ("info", "truck"),
        TrackingStatus.OUT_FOR_DELIVERY: ("accent", "truck"),
        TrackingStatus.ATTEMPTED: ("warning", "alert"),
        TrackingStatus.PICKUP_READY: ("accent", "pin"),
        TrackingStatus.PROBLEM: ("danger", "alert"),
        TrackingStatus.LOST: ("danger", "question"),
        TrackingStatus.DELIVERED: ("success", "check"),
        TrackingStatus.RETURNING: ("warning", "return"),
        TrackingStatus.RETURNED: ("warning", "return"),
    },
)

FULFILMENT.add_to(register, "work_badge")
PICK.add_to(register, "pick_badge")
SHIPMENT.add_to(register, "shipment_badge")
LABEL.add_to(register, "label_badge")
TRACKING.add_to(register, "tracking_badge")
register.filter("carrier_name", carrier_name)
