"""How long carriers take: told parcel by parcel, and counted anew by way and by zone."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Max

from orders.locks import lock_order
from orders.models import LaneStatistic, MeasuredTransit
from orders.selectors import promise_tables as tables_room
from orders.selectors.promise_tables import promise_tables

COUNTED = timedelta(days=180)
RIPENS = timedelta(days=14)  # younger ones are left out: of them only the fast have arrived
MOST_DAYS = 40
LOCK = 20_771  # one refresh at a time

_Lane = tuple[int, int | None, str, int | None]  # service, location, country, zone


@transaction.atomic
def record_transit(
    *,
    key: str,
    order_id: int,
    location_id: int,
    service_id: int | None,
    country: str,
    handed_over_at: datetime,
    delivered_at: datetime,
    now: datetime,
) -> None:
    """A parcel of an order arrived: how long it took is kept once by `key`, and the order has arrived
    when this was the last of it. Days are those of the clock where it was sent from.
    """
    order = lock_order(order_id)
    tables = promise_tables(
        now=min(handed_over_at, now),
        places=[location_id],
        services=[] if service_id is None else [service_id],
    )
    zone = tables.senders[location_id].clock
    arrived = delivered_at.astimezone(zone).date()
    left = min(handed_over_at.astimezone(zone).date(), arrived)
    if service_id is not None and country:
        service = tables.services[service_id]
        start = tables.carrier_work(service.carrier, tables.countries[location_id]).first(left)
        days = tables.carrier_work(service.carrier, country).days_until(start, arrived)
        MeasuredTransit.objects.bulk_create(
            [
                MeasuredTransit(
                    key=key,
                    order=order,
                    service_id=service_id,
                    location_id=location_id,
                    country=country,
                    handed_over_on=left,
                    delivered_on=arrived,
                    days=min(days, MOST_DAYS),
                    recorded_at=now,
                )
            ],
            ignore_conflicts=True,
        )
    if order.units_open == 0 and 0 < order.units_shipped == order.units_delivered:
        latest = MeasuredTransit.objects.filter(order=order).aggregate(last=Max("delivered_on"))
        order.arrived_on = max(filter(None, (latest["last"], arrived)))
        order.expected_on = order.arrived_on if order.promised_on else None
        order.save(update_fields=["arrived_on", "expected_on"])


@transaction.atomic
def refresh_lanes(*, now: datetime) -> int:
    """Count anew how long the parcels of the last half year took, by way and by zone; returns how many
    ways and zones that are. What set out in the last two weeks waits until the slow ones are there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    tables_room.forget()
    tables = promise_tables(now=now)
    found: dict[_Lane, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    rows = (
        MeasuredTransit.objects.filter(
            handed_over_on__gte=(now - COUNTED).date(), handed_over_on__lte=(now - RIPENS).date()
        )
        .values_list("service_id", "location_id", "country", "days")
        .annotate(count=Count("id"))
        .order_by()
    )
    for service_id, location_id, country, days, count in rows:
        found[service_id, location_id, country, None][days] += count
        zone = tables.zone(service_id, country)
        if zone is not None:
            found[service_id, None, "", zone.id][days] += count
    LaneStatistic.objects.all().delete()
    LaneStatistic.objects.bulk_create(
        LaneStatistic(
            service_id=lane[0],
            location_id=lane[1],
            country=lane[2],
            zone_id=lane[3],
            counts=[counts.get(days, 0) for days in range(max(counts) + 1)],
            deliveries=sum(counts.values()),
            refreshed_at=now,
        )
        for lane, counts in found.items()
    )
    tables_room.forget()
    return len(found)
