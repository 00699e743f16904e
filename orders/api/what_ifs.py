"""What-ifs for machines: asked for, and read again until both replays stand side by side."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field, StringConstraints

from core.api.client import client_of
from core.api.errors import Refused
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import NO_NUL, Id, Input, Output, Page, PathId, answer
from core.clock import now
from core.models import JobStatus
from inventory.models import Variant
from orders.errors import BadWhatIf
from orders.models import ShippingService, WhatIf
from orders.rights import EDIT_SOURCING
from orders.selectors.what_ifs import notes_shown
from orders.services.simulating import (
    MOST_DAYS,
    MOST_MOVED,
    MOST_MOVES,
    MOST_PARCELS,
    request_what_if,
)
from orders.sourcing import Criterion
from orders.sourcing.scenario import Move, Scenario

room = Room("Sourcing")
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=NO_NUL)]
Factor = Annotated[Decimal, Field(ge=0, le=100, max_digits=6, decimal_places=3)]


class MoveIn(Input):
    """Stock that lies at `to_location_id` instead: `units` or a `share` in percent of what is there, of
    `sku` or, without, of everything.
    """

    from_location_id: Id
    to_location_id: Id
    sku: Word | None = None
    units: int | None = Field(None, ge=1, le=MOST_MOVED)
    share: Decimal | None = Field(None, gt=0, le=100, max_digits=5, decimal_places=2)


class WhatIfIn(Input):
    """What is otherwise; what is left out stays as it is. `rates` multiplies what carriers take, `stock`
    the units at the start; `service` is the code of the service that all is sent with.
    """

    name: Name
    days: int = Field(30, ge=1, le=MOST_DAYS, description="The orders of so many days before now.")
    without: list[Id] = Field(default_factory=list, max_length=200)
    added: list[Id] = Field(default_factory=list, max_length=200)
    stock: Factor = Decimal(1)
    levelled: bool = False
    moves: list[MoveIn] = Field(default_factory=list, max_length=MOST_MOVES)
    receipts_first: bool = False
    rates: Factor = Decimal(1)
    service: Word | None = None
    rules: bool = Field(True, description="False: no sourcing rule counts.")
    rules_off: list[Name] = Field(default_factory=list, max_length=200)
    criteria: list[Criterion] = Field(default_factory=list, max_length=len(Criterion))
    most_parcels: int | None = Field(None, ge=1, le=MOST_PARCELS)
    worth: bool = False


class WhatIfRow(Output):
    """A what-if as lists say it: `changes` is what is otherwise, in words. `status` is that of its job;
    done: the outcome is there.
    """

    id: int
    name: str
    days: int
    changes: list[str]
    status: JobStatus
    asked_at: datetime
    finished_at: datetime | None


class CostsOut(Output):
    """What sending cost in a currency, in its minor units."""

    currency: str
    parcels: int
    freight: int
    units: int


class PlaceParcels(Output):
    """Parcels that a location sent."""

    location_id: int
    parcels: int


class SideOut(Output):
    """One replay: `later` units short were filled by later receipts; `priced` orders have a known cost;
    `dated` of those sent were to arrive by a day; `km` is the mean of `km_parcels` parcels.
    """

    orders: int
    units: int
    short: int
    short_orders: int
    later: int
    sent: int
    split: int
    late: int
    dated: int = 0
    parcels: int
    priced: int
    km: float | None
    km_parcels: int
    cost: list[CostsOut]
    by_location: list[PlaceParcels]


class OtherwiseOut(Output):
    """An order that is decided otherwise: from where it was, from where it is then, and why."""

    order_id: int
    number: str
    was: str
    now: str
    why: str


class OutcomeOut(Output):
    """Both replays of the same orders. `changed` orders are decided otherwise, the first of them named;
    `alike` of the `known` left, replayed as it is, from where they were first decided to leave from.
    """

    before: SideOut
    after: SideOut
    changed: int
    known: int
    alike: int
    orders: list[OtherwiseOut]
    notes: list[str]


class WhatIfOut(WhatIfRow):
    """A what-if; `outcome` is null until it is done. `done` of `total` orders are decided again."""

    done: int
    total: int | None
    outcome: OutcomeOut | None


def _refuse_channel_key(request: HttpRequest) -> None:
    """What-ifs look at the orders of all channels, so a key of one reads and starts none."""
    if client_of(request).channel_id is not None:
        raise Refused(
            403, "channel_key", "What-ifs look at the orders of every channel; use a key of all."
        )


def _row(asked: WhatIf) -> WhatIfRow:
    job = asked.job
    ended = JobStatus.DONE if asked.finished_at else JobStatus.CANCELLED
    return WhatIfRow(
        id=asked.pk,
        name=asked.name,
        days=asked.days,
        changes=asked.changes,
        status=JobStatus(job.status) if job and not asked.finished_at else ended,
        asked_at=asked.asked_at,
        finished_at=asked.finished_at,
    )


def _side(kept: dict[str, object]) -> SideOut:
    told = dict(kept)
    cost: dict[str, list[int]] = told.pop("cost")  # type: ignore[assignment]
    places: list[tuple[int, int]] = told.pop("by_place")  # type: ignore[assignment]
    return SideOut(
        **told,  # type: ignore[arg-type]
        cost=[
            CostsOut(currency=currency, parcels=parcels, freight=freight, units=units)
            for currency, (parcels, freight, units) in sorted(cost.items())
        ],
        by_location=[PlaceParcels(location_id=pk, parcels=count) for pk, count in places],
    )


def _out(asked: WhatIf) -> WhatIfOut:
    kept, job = asked.result, asked.job
    outcome = kept and OutcomeOut(
        before=_side(kept["before"]),
        after=_side(kept["after"]),
        changed=kept["changed"],
        known=kept["known"],
        alike=kept["alike"],
        orders=[OtherwiseOut(**one) for one in kept["changes"]],
        notes=notes_shown(kept),
    )
    return WhatIfOut(
        **_row(asked).model_dump(),
        done=job.progress_done if job else 0,
        total=job.progress_total if job else None,
        outcome=outcome or None,
    )


def _told(what_if_id: int, *, status: int = 200) -> HttpResponse:
    asked = WhatIf.objects.select_related("job").filter(pk=what_if_id).first()
    if asked is None:
        raise Http404("No such what-if.")
    location = f"/api/v1/what-ifs/{asked.pk}" if status == 201 else ""
    return answer(_out(asked), status=status, location=location)


def _scenario(body: WhatIfIn) -> Scenario:
    return Scenario(
        without=frozenset(body.without),
        added=frozenset(body.added),
        rates=body.rates,
        service_id=_service(body.service),
        stock=body.stock,
        levelled=body.levelled,
        moves=_moves(body.moves),
        receipts_first=body.receipts_first,
        rules=body.rules,
        rules_off=frozenset(body.rules_off),
        criteria=tuple(body.criteria),
        most_parcels=body.most_parcels,
        worth=body.worth,
    )


def _service(code: str | None) -> int | None:
    if code is None:
        return None
    found = ShippingService.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise BadWhatIf(f"There is no shipping service “{code}”.", field="service")
    return found


def _moves(asked: list[MoveIn]) -> tuple[Move, ...]:
    skus = {one.sku for one in asked if one.sku}
    known = dict(Variant.objects.filter(sku__in=skus).values_list("sku", "pk"))
    if unknown := sorted(skus - set(known)):
        raise BadWhatIf(f"There is no SKU “{unknown[0]}”.", field="moves")
    return tuple(
        Move(
            source=one.from_location_id,
            target=one.to_location_id,
            variant_id=known[one.sku] if one.sku else None,
            units=one.units,
            share=None if one.share is None else one.share / 100,
        )
        for one in asked
    )


@room.reads("/what-ifs", EDIT_SOURCING, Page[WhatIfRow])
def list_what_ifs(request: HttpRequest, filters: Query[Paged]) -> HttpResponse:
    """List what was asked, the latest first."""
    _refuse_channel_key(request)
    rows = WhatIf.objects.select_related("job").defer("result", "scenario")
    return answer(read_page(rows, filters, _row, order=("-asked_at", "-id")))


@room.reads("/what-ifs/{what_if_id}", EDIT_SOURCING, WhatIfOut)
def read_what_if(request: HttpRequest, what_if_id: PathId) -> HttpResponse:
    """Read how far a what-if is, and what came of it."""
    _refuse_channel_key(request)
    return _told(what_if_id)


@room.changes("/what-ifs", EDIT_SOURCING, WhatIfOut, status=201)
def ask_what_if(request: HttpRequest, body: WhatIfIn) -> HttpResponse:
    """Replay past orders with something otherwise. It runs as a job: read it again until it is done."""
    _refuse_channel_key(request)
    asked = request_what_if(
        name=body.name, days=body.days, scenario=_scenario(body), user=None, now=now()
    )
    return _told(asked.pk, status=201)
