"""Past orders and the world that they came to, read for a replay: a fixed number of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncHour

from core.money import exponent
from inventory.models import Allocation, Closure, Location, Movement, StockLevel
from inventory.states import Condition, MovementReason
from orders.models import Order, OrderLine, OrderPromise, SendingTerms, SourcingDecision
from orders.selectors.network import Sources, asked_of, read_sources
from orders.selectors.promise_tables import PromiseTables, promise_tables
from orders.sourcing.arriving import first_due
from orders.sourcing.asking import Need
from orders.sourcing.distances import Point
from orders.sourcing.network import Place, Sending, Terms
from orders.sourcing.replaying import PastOrder, Receipt, World
from orders.sourcing.scenario import Scenario
from orders.states import OrderState

SHIPMENTS = (MovementReason.SHIPMENT, MovementReason.SHIPMENT_UNDONE)
Key = tuple[int, int]  # variant, location


@dataclass(frozen=True, slots=True)
class Past:
    """The orders in the order in which they came, the world as it is, and that of a scenario."""

    orders: tuple[PastOrder, ...]
    before: World
    after: World
    names: Mapping[int, str]


def orders_between(since: datetime, until: datetime) -> QuerySet[Order]:
    """The orders that a replay decides again: placed then, not brought in with their history."""
    return Order.objects.filter(
        placed_at__gte=since, placed_at__lt=until, is_historical=False
    ).exclude(state=OrderState.DRAFT)


def read_past(scenario: Scenario, *, since: datetime, until: datetime) -> Past:
    """All that a replay needs, up to `until`, which is now: the stock of then is counted back from
    what there is, and each order is to arrive by the day that it was promised for first, or asked for.
    """
    rows = list(orders_between(since, until).select_related("channel").order_by("placed_at", "pk"))
    needs = _needs([row.pk for row in rows])
    service_ids = {row.shipping_service_id for row in rows if row.shipping_service_id}
    sources = read_sources(
        channel_ids={row.channel_id for row in rows},
        currencies={row.currency for row in rows},
        service_ids=service_ids | ({scenario.service_id} if scenario.service_id else set()),
        customer_ids={row.customer_id for row in rows if row.customer_id},
        variant_ids={need.variant_id for found in needs.values() for need in found},
        now=since,
    )
    happened, promised = _happened(list(needs)), _promised(list(needs))
    tables = promise_tables(now=since)
    orders = tuple(
        _past_order(
            row,
            needs[row.pk],
            sources,
            _sending(row, needs[row.pk], promised.get(row.pk), tables),
            happened.get(row.pk),
        )
        for row in rows
        if row.pk in needs
    )
    variants = {need.variant_id for order in orders for need in order.needs}
    receipts = _receipts(variants, since=since, until=until)
    places = {one.pk: one for one in Location.objects.filter(is_active=True)}
    added = _added(scenario, places, since=since)
    before = World(
        networks=sources.networks,
        rules=sources.rules,
        stock=_stock(variants, list(needs), receipts),
        receipts=tuple(receipts),
        worth=sources.worth,
        points=_points(places),
    )
    after = replace(
        before,
        networks={
            channel: scenario.network(network, added)
            for channel, network in sources.networks.items()
        },
        rules=scenario.rules_of(sources.rules),
        scenario=scenario,
    )
    return Past(orders, before, after, {pk: one.name for pk, one in places.items()})


def _needs(order_ids: Sequence[int]) -> dict[int, tuple[Need, ...]]:
    """What each order wanted of goods that are stocked, less what was cancelled. One query."""
    lines = (
        OrderLine.objects.filter(
            order__in=order_ids,
            variant__isnull=False,
            is_physical=True,
            quantity__gt=F("cancelled"),
        )
        .order_by("order", "position")
        .values_list(
            "order",
            "pk",
            "position",
            "variant",
            "quantity",
            "cancelled",
            "weight_g",
            "variant__product__category",
            "kit__sku",
            "variant__is_hazardous",
        )
    )
    found: dict[int, list[Need]] = defaultdict(list)
    for order, pk, position, variant, units, cancelled, grams, category, kit, hazardous in lines:
        need = Need(
            index=pk,
            variant_id=variant,
            quantity=units - cancelled,
            item=position,
            weight_g=grams,
            category_id=category,
            kit=kit or "",
            is_hazardous=hazardous,
        )
        found[order].append(need)
    return {order: tuple(needs) for order, needs in found.items()}


def _past_order(
    row: Order,
    needs: tuple[Need, ...],
    sources: Sources,
    sending: Sending,
    happened: frozenset[int] | None,
) -> PastOrder:
    return PastOrder(
        id=row.pk,
        number=row.number,
        asked=asked_of(row, needs, sources),
        sending=sending,
        needs=needs,
        buffer=row.channel.stock_buffer,
        happened=happened,
    )


def _sending(
    row: Order, needs: Sequence[Need], promised: date | None, tables: PromiseTables
) -> Sending:
    assert row.placed_at is not None  # noqa: S101  (it was asked for by that)
    due = first_due(asked=row.deliver_by, promised=promised)
    return Sending(
        country=row.ship_country,
        currency=row.currency,
        is_hazardous=any(need.is_hazardous for need in needs),
        service_id=row.shipping_service_id,
        now=row.placed_at,
        due=due,
        lanes=tables.legs_for(row.channel_id) if due else None,
    )


def _happened(order_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    """From where each order was first decided to be sent. One query."""
    first = SourcingDecision.objects.filter(order__in=order_ids).order_by("order", "pk")
    rows = first.distinct("order").values_list("order", "taken")
    return {order: frozenset(place for _, place, _ in taken) for order, taken in rows}


def _promised(order_ids: Sequence[int]) -> dict[int, date]:
    """The day that each order was promised for first. One query."""
    first = OrderPromise.objects.filter(order__in=order_ids).order_by("order", "pk")
    return dict(first.distinct("order").values_list("order", "promised_on"))


def _receipts(variants: Collection[int], *, since: datetime, until: datetime) -> list[Receipt]:
    """What came and went since then but for what was sent to customers, by the hour. One query."""
    rows = (
        Movement.objects.filter(
            level__variant__in=variants,
            condition=Condition.SELLABLE,
            moved_at__gte=since,
            moved_at__lt=until,
        )
        .exclude(reason__in=SHIPMENTS)
        .order_by()
        .values_list(TruncHour("moved_at"), "level__variant", "level__location")
        .annotate(units=Sum("quantity"))
    )
    found = [Receipt(at, variant, place, units) for at, variant, place, units in rows if units]
    return sorted(found, key=lambda one: (one.at, one.variant_id, one.place_id))


def _stock(
    variants: Collection[int], order_ids: Sequence[int], receipts: Sequence[Receipt]
) -> dict[Key, int]:
    """What was free when the orders began to come: what is free now, and what they took, less what
    came since. Two queries.
    """
    free = F("sellable") - F("allocated") - F("reserved") - F("safety")
    rows = StockLevel.objects.filter(variant__in=variants).annotate(free=free)
    stock: dict[Key, int] = defaultdict(int)
    for variant, place, units in rows.values_list("variant", "location", "free"):
        stock[variant, place] += units
    lines = OrderLine.objects.filter(order__in=order_ids, demand__isnull=False)
    taken = (
        Allocation.objects.filter(demand__in=lines.values("demand"))
        .order_by()
        .values_list("level__variant", "level__location")
        .annotate(units=Sum(F("quantity") - F("released")))
    )
    for variant, place, units in taken:
        stock[variant, place] += units
    for one in receipts:
        stock[one.variant_id, one.place_id] -= one.units
    return {key: units for key, units in sorted(stock.items()) if units > 0}


def _points(places: Mapping[int, Location]) -> dict[int, Point]:
    return {
        pk: (float(one.latitude), float(one.longitude))
        for pk, one in places.items()
        if one.latitude is not None and one.longitude is not None
    }


def _added(scenario: Scenario, places: Mapping[int, Location], *, since: datetime) -> list[Place]:
    """The locations that a scenario adds, with their terms and closed days. At most two queries."""
    if not scenario.added:
        return []
    terms = {
        one.location_id: one for one in SendingTerms.objects.filter(location__in=scenario.added)
    }
    closed: dict[int | None, set[date]] = defaultdict(set)
    days = Closure.objects.filter(day__gte=since.date() - timedelta(days=1))
    for location, day in days.values_list("location", "day"):
        closed[location].add(day)
    return [
        Place(
            id=pk,
            name=places[pk].name,
            cut_off=places[pk].cut_off,
            zone=places[pk].time_zone,
            working_days=frozenset(places[pk].working_days),
            closed=frozenset(closed[pk] | closed[None]),
            capacity=places[pk].capacity_per_day,
            terms=_terms(terms[pk]) if pk in terms else None,
            handling_days=places[pk].handling_days,
        )
        for pk in sorted(scenario.added & set(places))
    ]


def _terms(row: SendingTerms) -> Terms:
    places = exponent(row.currency)
    return Terms(
        currency=row.currency,
        per_parcel=round(row.per_parcel.scaleb(places)),
        per_unit=round(row.per_unit.scaleb(places)),
        service_id=row.service_id,
        countries=frozenset(row.countries),
        sends_hazardous=row.sends_hazardous,
    )
