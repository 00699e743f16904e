"""Standing orders for machines: the list, one with its days, and the verbs that staff have by button."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query

from core.api.client import client_of
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import Id, Output, Page, PathId, answer, version_asked
from core.clock import now
from orders.api.reading import whole
from orders.api.shapes import OrderOut
from orders.models import StandingOrder
from orders.rights import PLACE_ORDERS, SEE_QUOTES
from orders.selectors.scoped import order_within
from orders.services import (
    end_standing_order,
    pause_standing_order,
    place_refused_run,
    resume_standing_order,
    skip_standing_order,
)
from orders.states import RunOutcome, StandingState, StandingUnit

room = Room("Standing orders")
RUNS_TOLD = 30
OF_ANOTHER = ("channel", "lines", "runs")  # not read off the row by the same name


class StandingFilters(Paged):
    """Filters of the list; all that are given must hold."""

    state: StandingState | None = None
    customer_id: Id | None = None
    company_id: Id | None = None


class StandingRow(Output):
    """A standing order as lists say it: placed every so many days, weeks or months, next on a day."""

    id: int
    number: str
    channel: str
    state: StandingState
    customer_id: int | None
    company_id: int | None
    customer_name: str
    every: int
    unit: StandingUnit
    first_on: date
    next_on: date
    ends_on: date | None
    purchase_order: str
    created_at: datetime


class StandingLineOut(Output):
    """`unit_price` null is the list price of the day."""

    position: int
    sku: str
    name: str
    quantity: int
    unit_price: str | None


class StandingRunOut(Output):
    """What became of one day; `detail` says why not, or which coupon the order went without."""

    id: int
    due_on: date
    outcome: RunOutcome
    order_id: int | None
    detail: str


class StandingOut(StandingRow):
    """A standing order with its lines and its newest days; each order asks for `coupons` anew."""

    email: str
    note: str
    coupons: list[str]
    lines: list[StandingLineOut]
    runs: list[StandingRunOut]


def _within(request: HttpRequest) -> QuerySet[StandingOrder]:
    rows = StandingOrder.objects.select_related("channel")
    channel_id = client_of(request).channel_id
    return rows if channel_id is None else rows.filter(channel_id=channel_id)


def _standing(request: HttpRequest, standing_order_id: int) -> StandingOrder:
    found = _within(request).filter(pk=standing_order_id).first()
    if found is None:
        raise Http404("No such standing order in this channel.")
    return found


def _plain(standing: StandingOrder, shape: type[Output]) -> dict[str, object]:
    names = [name for name in shape.model_fields if name not in OF_ANOTHER]
    return {"channel": standing.channel.code} | {name: getattr(standing, name) for name in names}


def standing_row(standing: StandingOrder) -> StandingRow:
    """A standing order as lists say it; its channel is selected along."""
    return StandingRow.model_validate(_plain(standing, StandingRow))


def _told(request: HttpRequest, standing_order_id: int) -> HttpResponse:
    standing = _standing(request, standing_order_id)
    lines = [
        StandingLineOut(
            position=line.position,
            sku=line.sku,
            name=line.name,
            quantity=line.quantity,
            unit_price=None if line.unit_price is None else f"{line.unit_price.normalize():f}",
        )
        for line in standing.lines.all()
    ]
    runs = [
        StandingRunOut(
            id=run.pk,
            due_on=run.due_on,
            outcome=RunOutcome(run.outcome),
            order_id=run.order_id,
            detail=run.detail,
        )
        for run in standing.runs.all()[:RUNS_TOLD]
    ]
    told = StandingOut.model_validate(
        {**_plain(standing, StandingOut), "lines": lines, "runs": runs}
    )
    return answer(told, version=standing.version)


@room.reads("/standing-orders", SEE_QUOTES, Page[StandingRow])
def list_standing_orders(request: HttpRequest, filters: Query[StandingFilters]) -> HttpResponse:
    """List standing orders, the newest first."""
    asked = filters.model_dump(include={"state", "customer_id", "company_id"}, exclude_none=True)
    rows = _within(request).filter(**asked)
    return answer(read_page(rows, filters, standing_row, order=("-created_at", "-id")))


@room.reads("/standing-orders/{standing_order_id}", SEE_QUOTES, StandingOut)
def read_standing_order(request: HttpRequest, standing_order_id: PathId) -> HttpResponse:
    """Read a standing order with its lines and what became of its days."""
    return _told(request, standing_order_id)


@room.changes(
    "/standing-orders/{standing_order_id}/pause", PLACE_ORDERS, StandingOut, is_versioned=True
)
def pause_standing(request: HttpRequest, standing_order_id: PathId) -> HttpResponse:
    """Place nothing until it is resumed."""
    pause_standing_order(
        standing_order_id=_standing(request, standing_order_id).pk, version=version_asked(request)
    )
    return _told(request, standing_order_id)


@room.changes(
    "/standing-orders/{standing_order_id}/resume", PLACE_ORDERS, StandingOut, is_versioned=True
)
def resume_standing(request: HttpRequest, standing_order_id: PathId) -> HttpResponse:
    """Go on from the next day it is due."""
    resume_standing_order(
        standing_order_id=_standing(request, standing_order_id).pk,
        version=version_asked(request),
        now=now(),
    )
    return _told(request, standing_order_id)


@room.changes(
    "/standing-orders/{standing_order_id}/skip", PLACE_ORDERS, StandingOut, is_versioned=True
)
def skip_standing(request: HttpRequest, standing_order_id: PathId) -> HttpResponse:
    """Leave out the next day it is due."""
    skip_standing_order(
        standing_order_id=_standing(request, standing_order_id).pk,
        version=version_asked(request),
        now=now(),
    )
    return _told(request, standing_order_id)


@room.changes(
    "/standing-orders/{standing_order_id}/end", PLACE_ORDERS, StandingOut, is_versioned=True
)
def end_standing(request: HttpRequest, standing_order_id: PathId) -> HttpResponse:
    """Never place it again."""
    end_standing_order(
        standing_order_id=_standing(request, standing_order_id).pk, version=version_asked(request)
    )
    return _told(request, standing_order_id)


@room.changes("/standing-orders/{standing_order_id}/runs/{run_id}/retry", PLACE_ORDERS, OrderOut)
def retry_standing(request: HttpRequest, standing_order_id: PathId, run_id: PathId) -> HttpResponse:
    """Try again to place the order of a day on which it was refused; the answer is that order."""
    if not _standing(request, standing_order_id).runs.filter(pk=run_id).exists():
        raise Http404("No such day of this standing order.")
    order = place_refused_run(run_id=run_id, now=now())
    kept = order_within(client_of(request).channel_id, order.pk)
    return answer(whole(kept), version=kept.version)
