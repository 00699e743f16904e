"""When placed orders arrive by all that is known now: what left, what is to leave, what waits for stock.

Written for many at once: the same few statements however many orders are asked for.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import F, Q, QuerySet

from core.models import Channel
from inventory.selectors.availability import availability_of
from inventory.selectors.promising import Coming, coming_for
from orders.models import Fulfilment, Order
from orders.promising import Inputs, Part, promise
from orders.selectors.promise_tables import PromiseTables, promise_tables
from orders.states import FulfilmentState, OrderState, PaymentStatus, PaymentTerms

ONE_DAY = timedelta(days=1)
STAYS_EXPECTED = timedelta(days=14)  # after its day an order that nobody reports on is let go

# where units are set aside
READ_HELD = """
    SELECT DISTINCT line.order_id, level.location_id FROM orders_orderline line
    JOIN inventory_allocation held ON held.demand_id = line.demand_id
    JOIN inventory_stocklevel level ON level.id = held.level_id
    WHERE line.order_id = ANY(%s) AND held.quantity > held.consumed + held.released
"""
# what waits of each demand, and with it all that is served before it or together with it
READ_WAITING = """
    SELECT line.order_id, queue.variant_id, queue.through FROM (
        SELECT id, variant_id, sum(quantity - allocated - consumed - cancelled)
               OVER (PARTITION BY variant_id ORDER BY priority, since, id)::bigint AS through
        FROM inventory_demand
        WHERE quantity > allocated + consumed + cancelled AND variant_id IN (
            SELECT waiting.variant_id FROM inventory_demand waiting
            JOIN orders_orderline asked ON asked.demand_id = waiting.id
            WHERE asked.order_id = ANY(%s)
              AND waiting.quantity > waiting.allocated + waiting.consumed + waiting.cancelled)
    ) AS queue JOIN orders_orderline line ON line.demand_id = queue.id
    WHERE line.order_id = ANY(%s)
"""


def awaits_money() -> Q:
    """Orders to be paid in advance whose money has not come and of which nothing has left."""
    return Q(
        payment_terms=PaymentTerms.PREPAID,
        payment_status__in=PaymentStatus.awaiting_money(),
        units_shipped=0,
    )


def promised_orders(*, now: datetime) -> QuerySet[Order]:
    """Orders whose promise is still to be kept, or was missed of late, the earliest first. One that is
    to be paid in advance and is not has its time when the money comes.
    """
    return (
        Order.objects.filter(
            promised_on__gte=(now - STAYS_EXPECTED).date(),
            arrived_on=None,
            state__in=[OrderState.OPEN, OrderState.COMPLETED],
            units_cancelled__lt=F("units"),
        )
        .filter(units_delivered__lt=F("units") - F("units_cancelled"))
        .exclude(awaits_money())
        .select_related("channel")
        .order_by("promised_on", "pk")
    )


@dataclass(slots=True)
class _Known:
    """What is known of one order's goods: (location, day they leave or left) and what waits."""

    leaving: dict[int, date]
    to_be_told: set[int]
    waiting: list[tuple[int, int]]  # variant, units up to and with its own


def expected_days(orders: Sequence[Order], *, now: datetime) -> dict[int, date | None]:
    """The day on which each order has arrived, by its id; None where nobody can say. Their channels
    are loaded. Three statements, five more for each channel whose orders wait for stock.
    """
    if not orders:
        return {}
    services = {order.shipping_service_id or 0 for order in orders}
    tables = promise_tables(now=now, services=services - {0})
    known = _known(orders, tables, now=now)
    coming = _coming(orders, known, now=now)
    return {
        order.pk: _expected(order, known[order.pk], coming.get(order.pk, []), tables, now=now)
        for order in orders
    }


def _known(orders: Sequence[Order], tables: PromiseTables, *, now: datetime) -> dict[int, _Known]:
    known = {order.pk: _Known({}, set(), []) for order in orders}
    wanted = [*FulfilmentState.open_states(), FulfilmentState.SHIPPED]
    told: set[tuple[int, int]] = set()
    for order_id, place, state, ship_by, shipped_at in Fulfilment.objects.filter(
        order_id__in=known, state__in=wanted
    ).values_list("order_id", "location_id", "state", "ship_by", "shipped_at"):
        told.add((order_id, place))
        if place not in tables.senders:
            continue  # it is seconds old: known when this is asked next
        zone = tables.senders[place].clock
        until = shipped_at if state == FulfilmentState.SHIPPED else ship_by
        if until is None or (state != FulfilmentState.SHIPPED and until < now):
            known[order_id].to_be_told.add(place)
            continue
        leaving = known[order_id].leaving
        day = until.astimezone(zone).date()
        leaving[place] = max(leaving.get(place, day), day)
    ids = list(known)
    with connection.cursor() as cursor:
        cursor.execute(READ_HELD, [ids])
        for order_id, place in cursor.fetchall():
            if (order_id, place) not in told:
                known[order_id].to_be_told.add(place)
        cursor.execute(READ_WAITING, [ids, ids])
        for order_id, variant_id, through in cursor.fetchall():
            known[order_id].waiting.append((variant_id, through))
    return known


def _coming(
    orders: Sequence[Order], known: dict[int, _Known], *, now: datetime
) -> dict[int, list[Coming | None]]:
    by_channel: dict[Channel, list[Order]] = defaultdict(list)
    for order in orders:
        if known[order.pk].waiting:
            by_channel[order.channel].append(order)
    found: dict[int, list[Coming | None]] = {}
    for channel, waiting in by_channel.items():
        variants = {variant for order in waiting for variant, _ in known[order.pk].waiting}
        figures = availability_of(variants, channel=channel, today=now.date())
        for order in waiting:
            found[order.pk] = [
                coming_for(replace(figures[variant], backordered=0), through)
                for variant, through in known[order.pk].waiting
            ]
    return found


def _expected(
    order: Order,
    known: _Known,
    coming: Sequence[Coming | None],
    tables: PromiseTables,
    *,
    now: datetime,
) -> date | None:
    parts = [
        Part(tables.senders[place], leaves_on=day) for place, day in sorted(known.leaving.items())
    ]
    to_be_told = sorted(known.to_be_told & tables.senders.keys())
    parts += [Part(tables.senders[place]) for place in to_be_told]
    for one in coming:
        if one is None:
            return None
        place = one.location_id or next(iter(tables.senders), 0)
        day = one.day + ONE_DAY if one.is_later else None
        if place in tables.senders:
            parts.append(Part(tables.senders[place], available_on=day))
    percentile = tables.percentile(order.channel_id)
    way = tables.way(order.shipping_service_id or 0, tuple(parts), order.ship_country, percentile)
    if not parts or way is None:
        return None
    found = promise(Inputs(now, percentile, order.ship_country, tuple(parts), (way,))).chosen
    assert found is not None  # noqa: S101  (there are parts and a way)
    today = now.astimezone(order.channel.zone).date()
    if found.promised_on >= today:
        return found.promised_on
    return way.legs[-1].delivery.first(today)  # it is overdue: today at the earliest


def day_if_missed(order: Order, location_id: int, *, ship_by: datetime) -> date | None:
    """When what a location is to send by then arrives, if it leaves on its next working day instead."""
    tables = promise_tables(now=ship_by, places=[location_id])
    part = Part(tables.senders[location_id])
    percentile = tables.percentile(order.channel_id)
    way = tables.way(order.shipping_service_id or 0, (part,), order.ship_country, percentile)
    if way is None:
        return None
    just_after = ship_by + timedelta(seconds=1)
    found = promise(Inputs(just_after, percentile, order.ship_country, (part,), (way,))).chosen
    return found.promised_on if found else None
