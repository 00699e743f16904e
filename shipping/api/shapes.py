"""Shapes of shipping for machines: work, parcels and shipments, and what is asked about them."""

from datetime import datetime

from pydantic import Field

from core.api.paging import Paged
from core.api.shapes import Id, Input, Moment, Output, Units
from core.api.texts import Reason, Word, text_field
from orders.models import Fulfilment, Note
from orders.states import FulfilmentState
from shipping.models import Parcel, PickLine, PickScan, Shipment
from shipping.services import Box, is_numbered
from shipping.states import ScanOutcome, ShipmentState, ShortReason, TrackingStatus


class WorkLineOut(Output):
    id: int
    order_line_id: int
    sku: str
    name: str
    quantity: int
    shipped: int
    short: int


class WorkOut(Output):
    """What one location is to send."""

    id: int
    number: str
    order_id: int
    location: str
    state: FulfilmentState
    ship_by: datetime | None
    lines: list[WorkLineOut]


class PickLineOut(Output):
    """How far one line of a fulfilment is; `wanted`, `picked` and `packed` count sent units too."""

    line_id: int
    bin: str
    wanted: int
    picked: int
    packed: int
    short: int
    is_numbered: bool


class InstructionOut(Output):
    """What the packer has to read before the parcels are closed."""

    id: int
    text: str
    is_read: bool


class WorkDetailOut(WorkOut):
    """One piece of work with what is in hand and in parcels. `picks` is empty until it is begun,
    `shipment_id` the shipment that is still in the house.
    """

    picks: list[PickLineOut]
    instructions: list[InstructionOut]
    shipment_id: int | None


class ScanOut(Output):
    """What a scan or a count did; one that is refused counts nothing and says what to do."""

    outcome: ScanOutcome
    is_refused: bool
    text: str
    work: WorkDetailOut


class ParcelLineOut(Output):
    """Units of one line of the fulfilment in a parcel, with their serial numbers."""

    line_id: int
    quantity: int
    serial_numbers: list[str]


class ParcelOut(Output):
    id: int
    position: int
    weight_g: int
    carrier: str
    tracking_number: str
    tracking_status: TrackingStatus
    delivered_at: datetime | None
    lines: list[ParcelLineOut]


class ShipmentOut(Output):
    """What leaves a location together."""

    id: int
    number: str
    order_id: int
    fulfilment_id: int
    state: ShipmentState
    service: str | None
    created_at: datetime
    dispatched_at: datetime | None
    delivered_at: datetime | None
    parcels: list[ParcelOut]


class WorkFilters(Paged):
    state: FulfilmentState | None = None
    order_id: Id | None = None
    location: Word | None = Field(None, description="The location's code.")


class ShipmentFilters(Paged):
    state: ShipmentState | None = None
    order_id: Id | None = None


class CodeIn(Input):
    """What a scanner read: a barcode, a SKU, the name of a bin, a serial number."""

    code: Word


class PackCodeIn(Input):
    """What a scanner read, and the parcel that it goes into; null is the last one."""

    code: Word
    parcel_id: Id | None = None


class CountIn(Input):
    """How many units of a line of the fulfilment are in hand, sent ones included."""

    line_id: Id
    quantity: Units


class ShortIn(Input):
    """Units of a line of the fulfilment that are not to be had, and why."""

    line_id: Id
    quantity: int = Field(ge=1, le=1_000_000)
    reason: ShortReason


class PackIn(Input):
    """How many units of which lines lie in a parcel (null: the last one); null `lines` puts in all
    that is in hand. Units with serial numbers are scanned one by one.
    """

    parcel_id: Id | None = None
    lines: list[CountIn] | None = Field(None, min_length=1, max_length=2_000)


class ReadIn(Input):
    """The packing instructions that were read."""

    note_ids: list[Id] = Field(min_length=1, max_length=200)


class BoxIn(Input):
    """The measures of one parcel; null `parcel_id` is the first, sides of 0 are not measured."""

    parcel_id: Id | None = None
    weight_g: int = Field(ge=1, le=1_000_000)
    length_mm: int = Field(0, ge=0, le=5_000)
    width_mm: int = Field(0, ge=0, le=5_000)
    height_mm: int = Field(0, ge=0, le=5_000)

    def box(self) -> Box:
        return Box(self.weight_g, self.length_mm, self.width_mm, self.height_mm)


class CloseParcelsIn(Input):
    boxes: list[BoxIn] = Field(min_length=1, max_length=100)
    service: str | None = Field(None, max_length=30, pattern=r"^[^\x00]*$")
    is_partial: bool = False


class LabelsIn(Input):
    """Another service than the shipment's, by its code."""

    service: str | None = Field(None, max_length=30, pattern=r"^[^\x00]*$")


class UnpackIn(Input):
    reason: Reason


class ReportIn(Input):
    """One thing heard of a parcel; told twice, it is one."""

    status: TrackingStatus
    occurred_at: Moment
    text: str = text_field(300)
    place: str = text_field(100)
    event_id: str = text_field(90)


class TrackingIn(Input):
    reports: list[ReportIn] = Field(min_length=1, max_length=200)


class HeardOut(Output):
    """How many of the reports were new, and where the parcel is."""

    new: int
    parcel: ParcelOut


def work_out(one: Fulfilment) -> WorkOut:
    """A fulfilment; its location and lines are loaded."""
    return WorkOut(
        id=one.pk,
        number=one.number,
        order_id=one.order_id,
        location=one.location.code,
        state=FulfilmentState(one.state),
        ship_by=one.ship_by,
        lines=[
            WorkLineOut(
                id=line.pk,
                order_line_id=line.order_line_id,
                sku=line.order_line.sku,
                name=line.order_line.name,
                quantity=line.quantity,
                shipped=line.shipped,
                short=line.short,
            )
            for line in one.lines.all()
        ],
    )


def parcel_out(parcel: Parcel) -> ParcelOut:
    """A parcel; its lines and serial numbers are loaded."""
    return ParcelOut(
        id=parcel.pk,
        position=parcel.position,
        weight_g=parcel.weight_g,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_status=TrackingStatus(parcel.tracking_status),
        delivered_at=parcel.delivered_at,
        lines=[
            ParcelLineOut(
                line_id=row.fulfilment_line_id,
                quantity=row.quantity,
                serial_numbers=[
                    one.serial.code
                    for one in parcel.serials.all()
                    if one.fulfilment_line_id == row.fulfilment_line_id
                ],
            )
            for row in parcel.lines.all()
        ],
    )


def shipment_out(one: Shipment) -> ShipmentOut:
    """A shipment; its service and parcels are loaded."""
    return ShipmentOut(
        id=one.pk,
        number=one.number,
        order_id=one.order_id,
        fulfilment_id=one.fulfilment_id,
        state=ShipmentState(one.state),
        service=one.service.code if one.service else None,
        created_at=one.created_at,
        dispatched_at=one.dispatched_at,
        delivered_at=one.delivered_at,
        parcels=[parcel_out(parcel) for parcel in one.parcels.all()],
    )


def work_detail_out(
    one: Fulfilment,
    picks: list[PickLine],
    notes: list[Note],
    shipment: Shipment | None,
) -> WorkDetailOut:
    """A fulfilment with what is done of it; `picks` are its lines as selectors.work reads them."""
    read = shipment.acknowledged_notes if shipment else []
    return WorkDetailOut(
        **work_out(one).model_dump(),
        picks=[
            PickLineOut(
                line_id=line.fulfilment_line_id,
                bin=line.bin,
                wanted=line.wanted,
                picked=line.picked,
                packed=line.packed,
                short=line.short,
                is_numbered=is_numbered(line),
            )
            for line in picks
        ],
        instructions=[
            InstructionOut(id=note.pk, text=note.text, is_read=note.pk in read) for note in notes
        ],
        shipment_id=shipment.pk if shipment else None,
    )


def scan_out(scan: PickScan, work: WorkDetailOut) -> ScanOut:
    """What a scan did, and the work after it."""
    return ScanOut(
        outcome=ScanOutcome(scan.outcome), is_refused=scan.is_refused, text=scan.text, work=work
    )
