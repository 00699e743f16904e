"""What happened to work, shipments, labels and parcels."""

from core.facts import Fact


class PickPutBack(Fact, subject="order", is_sequenced=True):
    sentence = "Picked goods put back at {location}"
    order_id: int
    fulfilment_id: int
    location: str


class LabelBought(Fact, subject="order", is_sequenced=True):
    """`cost` is what the carrier takes, in `currency`."""

    sentence = "Label {tracking_number} ({carrier})"
    order_id: int
    shipment_id: int
    parcel_id: int
    carrier: str
    tracking_number: str
    cost: str
    currency: str


class LabelFailed(Fact, subject="order", is_sequenced=True):
    sentence = "No label for parcel {position} of {number}: {why}"
    order_id: int
    shipment_id: int
    parcel_id: int
    number: str
    position: int
    why: str


class LabelVoided(Fact, subject="order", is_sequenced=True):
    sentence = "Label {tracking_number} voided"
    order_id: int
    shipment_id: int
    parcel_id: int
    tracking_number: str


class ShipmentUnpacked(Fact, subject="order", is_sequenced=True):
    sentence = "Shipment {number} unpacked: {why}"
    order_id: int
    shipment_id: int
    number: str
    why: str


class ShipmentDispatched(Fact, subject="order", is_sequenced=True):
    """A shipment left the house. `is_last`: nothing of the order is left to send."""

    sentence = "Shipment {number} left {location}: {units:unit} in {parcels:parcel}"
    order_id: int
    fulfilment_id: int
    shipment_id: int
    number: str
    location: str
    carrier: str
    units: int
    parcels: int
    tracking_numbers: list[str]
    is_last: bool
    is_historical: bool


class ParcelTracked(Fact, subject="order", is_sequenced=True):
    """The carrier, or somebody on its behalf, told where a parcel is. `status` is what the parcel's
    reduced status is now; `occurred_at` is ISO 8601.
    """

    sentence = "{tracking_number}: {words}"
    order_id: int
    shipment_id: int
    parcel_id: int
    tracking_number: str
    status: str
    words: str
    occurred_at: str


class ParcelDelivered(Fact, subject="order", is_sequenced=True):
    """A parcel arrived. `is_last`: everything the order sent has arrived and nothing is to come."""

    sentence = "Parcel {tracking_number} delivered"
    order_id: int
    shipment_id: int
    parcel_id: int
    tracking_number: str
    delivered_at: str
    is_last: bool
    is_historical: bool


class FulfilmentLate(Fact, subject="order", is_sequenced=True):
    """What a location was to send by `ship_by` (ISO 8601) has not left it."""

    sentence = "{number} at {location} is late"
    order_id: int
    fulfilment_id: int
    number: str
    location: str
    ship_by: str
    is_historical: bool
