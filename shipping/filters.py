"""What lists of work and shipments can be narrowed by."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.listing import AnyOf, Contains, Flag, ListFilter, OneOf, Period
from core.models import User
from inventory.selectors import visible_locations
from orders.models import FulfilmentLine, ShippingService
from orders.states import FulfilmentState
from shipping.models import Parcel
from shipping.selectors.lateness import late_work
from shipping.states import ShipmentState, TrackingStatus


def services() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in ShippingService.objects.values_list("pk", "name")]


def locations_of(user: User) -> list[tuple[str, str]]:
    """The locations that the user may choose among."""
    return [(str(one.pk), one.name) for one in visible_locations(user)]


class WorkFilter(ListFilter):
    """Filters of the work queue."""

    state = AnyOf("state", label="Step", choices=FulfilmentState.choices)
    location = OneOf("location_id", label="Location", choices=list)
    service = OneOf("order__shipping_service_id", label="Service", choices=services)
    due = Period("ship_by", label="Ship by")
    late = Flag(label="Late", method="only_late")
    held = Flag(label="On hold", condition=Q(order__open_holds__gt=0))
    leftover = Flag(label="To put back", condition=Q(leftovers=True))
    sku = Contains(label="SKU", method="with_sku")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.filters["location"].extra["choices"] = [("", "Any"), *locations_of(user)]

    def only_late(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if not value:
            return rows
        is_late = late_work(now=timezone.now())
        return rows.filter(is_late) if value == "yes" else rows.exclude(is_late)

    def with_sku(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        lines = FulfilmentLine.objects.filter(
            fulfilment=OuterRef("pk"), order_line__sku__iexact=value.strip()
        )
        return rows.filter(Exists(lines)) if value else rows


class ShipmentFilter(ListFilter):
    """Filters of the list of shipments."""

    state = AnyOf("state", label="State", choices=ShipmentState.choices)
    location = OneOf("fulfilment__location_id", label="Location", choices=list)
    service = OneOf("service_id", label="Service", choices=services)
    tracking = AnyOf(
        label="On the road", choices=TrackingStatus.choices, method="with_tracking_status"
    )
    country = Contains("ship_country", label="Country code", lookup_expr="iexact")
    dispatched = Period("dispatched_at", label="Dispatched")
    created = Period("created_at", label="Begun")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.filters["location"].extra["choices"] = [("", "Any"), *locations_of(user)]

    def with_tracking_status(
        self,
        rows: QuerySet[Any],
        name: str,
        value: list[str],
    ) -> QuerySet[Any]:
        parcels = Parcel.objects.filter(shipment=OuterRef("pk"), tracking_status__in=value)
        return rows.filter(Exists(parcels)) if value else rows
