"""Packing for machines: units counted and scanned into parcels, parcels begun, emptied and closed."""

from django.http import HttpRequest, HttpResponse

from core.api.rooms import Room
from core.api.shapes import PathId, answer
from core.clock import now
from shipping.api.scoped import (
    parcel_id_of,
    pick_line_ids,
    service_id_of,
    shipment_of,
    shipment_told,
    work_detail,
    work_id_of,
)
from shipping.api.shapes import (
    BoxIn,
    CloseParcelsIn,
    CountIn,
    PackCodeIn,
    PackIn,
    ReadIn,
    ScanOut,
    ShipmentOut,
    WorkDetailOut,
    scan_out,
    shipment_out,
)
from shipping.errors import BadParcel
from shipping.models import Parcel
from shipping.rights import PICK_AND_PACK
from shipping.services import (
    Box,
    acknowledge_notes,
    add_parcel,
    empty_parcel,
    finish_packing,
    scan_pack,
    set_packed,
)
from shipping.states import ShipmentState

room = Room("Shipping")


@room.changes("/fulfilments/{fulfilment_id}/pack", PICK_AND_PACK, ShipmentOut)
def pack(request: HttpRequest, fulfilment_id: PathId, body: PackIn | None = None) -> HttpResponse:
    """Put units into a parcel; without `lines`, all that is in hand."""
    work_id = work_id_of(request, fulfilment_id)
    asked = body or PackIn(lines=None)
    made = set_packed(
        fulfilment_id=work_id,
        quantities=_counts(work_id, asked.lines),
        parcel_id=asked.parcel_id,
        now=now(),
    )
    return shipment_told(request, made.pk)


def _counts(work_id: int, lines: list[CountIn] | None) -> dict[int, int] | None:
    """Units by line of the list; a line named twice is summed."""
    if lines is None:
        return None
    known = pick_line_ids(work_id)
    counts: dict[int, int] = {}
    for one in lines:
        line_id = known.get(one.line_id, 0)
        counts[line_id] = counts.get(line_id, 0) + one.quantity
    return counts


@room.changes("/fulfilments/{fulfilment_id}/pack/scan", PICK_AND_PACK, ScanOut)
def scan_while_packing(
    request: HttpRequest, fulfilment_id: PathId, body: PackCodeIn
) -> HttpResponse:
    """Read one code while packing: the right item, or a unit by its serial number, goes into the parcel.

    A code that does not belong here changes nothing; `outcome` and `text` say why.
    """
    scan = scan_pack(
        fulfilment_id=work_id_of(request, fulfilment_id),
        code=body.code.strip(),
        parcel_id=body.parcel_id,
        now=now(),
    )
    return answer(scan_out(scan, work_detail(request, fulfilment_id)))


@room.changes("/fulfilments/{fulfilment_id}/parcels", PICK_AND_PACK, ShipmentOut, status=201)
def begin_parcel(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Begin another parcel; the answer has it as the last one."""
    made = add_parcel(fulfilment_id=work_id_of(request, fulfilment_id), now=now())
    found = shipment_of(request, made.shipment_id)
    return answer(shipment_out(found), status=201)


@room.changes("/parcels/{parcel_id}/empty", PICK_AND_PACK, ShipmentOut)
def take_out_of_parcel(request: HttpRequest, parcel_id: PathId) -> HttpResponse:
    """Take everything out of one parcel."""
    emptied = empty_parcel(parcel_id=parcel_id_of(request, parcel_id))
    return shipment_told(request, emptied.pk)


@room.changes("/fulfilments/{fulfilment_id}/instructions", PICK_AND_PACK, WorkDetailOut)
def acknowledge(request: HttpRequest, fulfilment_id: PathId, body: ReadIn) -> HttpResponse:
    """Say that packing instructions were read."""
    work_id = work_id_of(request, fulfilment_id)
    acknowledge_notes(fulfilment_id=work_id, note_ids=body.note_ids, now=now())
    return answer(work_detail(request, fulfilment_id))


@room.changes("/fulfilments/{fulfilment_id}/close", PICK_AND_PACK, ShipmentOut)
def close_parcels(
    request: HttpRequest, fulfilment_id: PathId, body: CloseParcelsIn
) -> HttpResponse:
    """Close the parcels, with their measures."""
    work_id = work_id_of(request, fulfilment_id)
    boxes = _boxes(work_id, body.boxes)
    try:
        made = finish_packing(
            fulfilment_id=work_id,
            boxes=boxes,
            service_id=service_id_of(body.service),
            is_partial=body.is_partial,
            now=now(),
        )
    except BadParcel as refusal:
        raise BadParcel(refusal.message, field=_field(refusal, list(boxes))) from refusal
    return shipment_told(request, made.pk)


def _boxes(work_id: int, told: list[BoxIn]) -> dict[int, Box]:
    """The measures by parcel, in the order told. Raises BadParcel for one that is not there or told
    twice.
    """
    open_parcels = Parcel.objects.filter(
        shipment__fulfilment=work_id, shipment__state=ShipmentState.PREPARING
    )
    known = list(open_parcels.order_by("position").values_list("pk", flat=True))
    boxes: dict[int, Box] = {}
    for position, one in enumerate(told, start=1):
        parcel_id = one.parcel_id or next(iter(known), 0)
        field = f"boxes.{position}.parcel_id"
        if known and parcel_id not in known:
            raise BadParcel("No such parcel is being packed; leave it out.", field=field)
        if parcel_id in boxes:
            raise BadParcel("This parcel is told twice; give its measures once.", field=field)
        boxes[parcel_id] = one.box()
    return boxes


def _field(refusal: BadParcel, parcel_ids: list[int]) -> str:
    """The place in the body of what was refused; “weight_7” names a parcel as the page does."""
    part, _, parcel_id = (refusal.field or "").partition("_")
    if not parcel_id.isdecimal() or int(parcel_id) not in parcel_ids:
        return "boxes"
    unit = "g" if part == "weight" else "mm"
    return f"boxes.{parcel_ids.index(int(parcel_id)) + 1}.{part}_{unit}"
