"""What is picked, packed, labelled and sent, and what is heard of it on the road."""

from shipping.models.labels import Label
from shipping.models.picks import Pick, PickLine, PickScan
from shipping.models.serials import ParcelSerial
from shipping.models.shipments import Parcel, ParcelLine, Shipment
from shipping.models.tracking import LateNotice, TrackingEvent

__all__ = [
    "Label",
    "LateNotice",
    "Parcel",
    "ParcelLine",
    "ParcelSerial",
    "Pick",
    "PickLine",
    "PickScan",
    "Shipment",
    "TrackingEvent",
]
