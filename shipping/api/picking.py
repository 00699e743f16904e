"""Picking for machines: work taken on, scanned, counted, found short and put back."""

from django.http import HttpRequest, HttpResponse
from ninja import Query

from core import documents
from core.api.client import client_of
from core.api.paging import read_page
from core.api.papers import PaperOut, paper_out
from core.api.rooms import Room
from core.api.shapes import Page, PathId, answer
from core.clock import now
from shipping.api.scoped import pick_line_ids, work_detail, work_id_of, work_told, work_within
from shipping.api.shapes import (
    CodeIn,
    CountIn,
    ScanOut,
    ShortIn,
    WorkDetailOut,
    WorkFilters,
    WorkOut,
    scan_out,
    work_out,
)
from shipping.documents import PICK_LIST
from shipping.models import PickScan
from shipping.rights import PICK_AND_PACK, SEE_SHIPMENTS
from shipping.services import (
    pick_all,
    put_back,
    report_short,
    scan_pick,
    set_picked,
    start_picking,
    undo_last_pick,
)

room = Room("Shipping")


def _scanned(request: HttpRequest, fulfilment_id: int, scan: PickScan) -> HttpResponse:
    return answer(scan_out(scan, work_detail(request, fulfilment_id)))


@room.reads("/fulfilments", SEE_SHIPMENTS, Page[WorkOut])
def list_fulfilments(request: HttpRequest, filters: Query[WorkFilters]) -> HttpResponse:
    """List what locations are to send, the newest first."""
    rows = work_within(client_of(request))
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if filters.order_id is not None:
        rows = rows.filter(order_id=filters.order_id)
    if filters.location is not None:
        rows = rows.filter(location__code=filters.location)
    return answer(read_page(rows, filters, work_out))


@room.reads("/fulfilments/{fulfilment_id}", SEE_SHIPMENTS, WorkDetailOut)
def read_fulfilment(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Read one piece of work: what is in hand, what has to be read, what is packed."""
    return answer(work_detail(request, work_id_of(request, fulfilment_id)))


@room.changes("/fulfilments/{fulfilment_id}/start", PICK_AND_PACK, WorkOut)
def start(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Begin to pick."""
    start_picking(fulfilment_id=work_id_of(request, fulfilment_id), picker=None, now=now())
    return work_told(request, fulfilment_id)


@room.changes("/fulfilments/{fulfilment_id}/pick", PICK_AND_PACK, WorkOut)
def pick(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Say that all of it is in hand."""
    pick_all(fulfilment_id=work_id_of(request, fulfilment_id), now=now())
    return work_told(request, fulfilment_id)


@room.changes("/fulfilments/{fulfilment_id}/put-back", PICK_AND_PACK, WorkOut)
def return_to_shelf(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Put what was picked back on its shelf."""
    put_back(fulfilment_id=work_id_of(request, fulfilment_id), now=now())
    return work_told(request, fulfilment_id)


@room.changes("/fulfilments/{fulfilment_id}/scan", PICK_AND_PACK, ScanOut)
def scan_while_picking(request: HttpRequest, fulfilment_id: PathId, body: CodeIn) -> HttpResponse:
    """Read one code while picking: the right item counts one, a case its units.

    A code that does not belong here counts nothing; `outcome` and `text` say why.
    """
    scan = scan_pick(
        fulfilment_id=work_id_of(request, fulfilment_id), code=body.code.strip(), now=now()
    )
    return _scanned(request, fulfilment_id, scan)


@room.changes("/fulfilments/{fulfilment_id}/picked", PICK_AND_PACK, ScanOut)
def count_picked(request: HttpRequest, fulfilment_id: PathId, body: CountIn) -> HttpResponse:
    """Say how many units of a line are in hand."""
    work_id = work_id_of(request, fulfilment_id)
    scan = set_picked(
        fulfilment_id=work_id,
        line_id=pick_line_ids(work_id).get(body.line_id, 0),
        quantity=body.quantity,
        now=now(),
    )
    return _scanned(request, fulfilment_id, scan)


@room.changes("/fulfilments/{fulfilment_id}/short", PICK_AND_PACK, ScanOut)
def pick_short(request: HttpRequest, fulfilment_id: PathId, body: ShortIn) -> HttpResponse:
    """Say that units are not to be had: the order waits for others, and the stock is corrected."""
    work_id = work_id_of(request, fulfilment_id)
    scan = report_short(
        fulfilment_id=work_id,
        line_id=pick_line_ids(work_id).get(body.line_id, 0),
        quantity=body.quantity,
        reason=body.reason,
        now=now(),
    )
    return _scanned(request, fulfilment_id, scan)


@room.changes("/fulfilments/{fulfilment_id}/undo", PICK_AND_PACK, ScanOut)
def undo_pick(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Take back the last scan or count."""
    scan = undo_last_pick(fulfilment_id=work_id_of(request, fulfilment_id), now=now())
    return _scanned(request, fulfilment_id, scan)


@room.changes("/fulfilments/{fulfilment_id}/pick-list", SEE_SHIPMENTS, PaperOut)
def ask_pick_list(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Ask for the pick list as a document."""
    return answer(paper_out(documents.request(PICK_LIST, work_id_of(request, fulfilment_id))))
