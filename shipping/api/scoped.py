"""What of shipping a key may see, and how it is told."""

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from core.api.client import Client, client_of
from core.api.shapes import answer
from orders.models import Fulfilment, ShippingService
from shipping.api.shapes import (
    WorkDetailOut,
    shipment_out,
    work_detail_out,
    work_out,
)
from shipping.errors import BadParcel
from shipping.models import Parcel, Pick, PickLine, Shipment
from shipping.selectors.work import live_pick, open_shipment, packing_notes, pick_lines


def work_within(client: Client) -> QuerySet[Fulfilment]:
    """The fulfilments of orders that the key may see."""
    rows = Fulfilment.objects.select_related("location").prefetch_related("lines__order_line")
    return rows if client.channel_id is None else rows.filter(order__channel=client.channel_id)


def shipments_within(client: Client) -> QuerySet[Shipment]:
    """The shipments of orders that the key may see, with their parcels and what lies in them."""
    full = Parcel.objects.order_by("position").prefetch_related("lines", "serials__serial")
    parcels = Prefetch("parcels", full)
    rows = Shipment.objects.select_related("service").prefetch_related(parcels)
    return rows if client.channel_id is None else rows.filter(order__channel=client.channel_id)


def work_id_of(request: HttpRequest, fulfilment_id: int) -> int:
    """The id of a fulfilment that the key may see."""
    if not work_within(client_of(request)).filter(pk=fulfilment_id).exists():
        raise Http404("No such fulfilment in this channel.")
    return fulfilment_id


def work_told(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """The answer to a change: the work as it is now."""
    return answer(work_out(work_within(client_of(request)).get(pk=fulfilment_id)))


def work_detail(request: HttpRequest, fulfilment_id: int) -> WorkDetailOut:
    """One piece of work as it is now, with what is in hand."""
    work = work_within(client_of(request)).get(pk=fulfilment_id)
    pick = live_pick(work)
    return work_detail_out(
        work,
        pick_lines(pick) if pick else [],
        packing_notes(work.order_id),
        open_shipment(work),
    )


def pick_line_ids(fulfilment_id: int) -> dict[int, int]:
    """The lines of the pick that runs, by the fulfilment's own lines."""
    live = Pick.objects.live().filter(fulfilment=fulfilment_id)
    rows = PickLine.objects.filter(pick__in=live)
    return dict(rows.values_list("fulfilment_line_id", "pk"))


def shipment_of(request: HttpRequest, shipment_id: int) -> Shipment:
    """A shipment that the key may see."""
    found = shipments_within(client_of(request)).filter(pk=shipment_id).first()
    if found is None:
        raise Http404("No such shipment in this channel.")
    return found


def shipment_told(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """The answer to a change: the shipment as it is now."""
    return answer(shipment_out(shipment_of(request, shipment_id)))


def parcel_id_of(request: HttpRequest, parcel_id: int) -> int:
    """The id of a parcel that the key may see."""
    if not shipments_within(client_of(request)).filter(parcels=parcel_id).exists():
        raise Http404("No such parcel in this channel.")
    return parcel_id


def service_id_of(code: str | None) -> int | None:
    """The id of a shipping service by its code; none where nothing is said."""
    if not code:
        return None
    found = ShippingService.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise BadParcel(f"No shipping service has the code “{code}”.", field="service")
    return found.pk
