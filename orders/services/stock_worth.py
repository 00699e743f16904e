"""What stock is worth where it lies: shadow prices of a transport programme, kept with their time."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Avg, Count, F, Sum

from core.models import Channel
from core.money import exponent
from inventory.models import StockLevel
from orders.models import Order, OrderLine, StockWorth
from orders.selectors.network import Sources, read_sources
from orders.sourcing.directing import NO_DIRECTIONS
from orders.sourcing.network import Network, Sending, nodes_of
from orders.sourcing.worth import shadow_prices

LOOKS_BACK = timedelta(days=28)
LOOKS_AHEAD = timedelta(days=14)
MOST_VARIANTS = 400
MOST_COUNTRIES = 20
UNSERVED = 10  # times the dearest way: what it costs not to serve a unit


@transaction.atomic
def refresh_stock_worth(*, now: datetime) -> int:
    """Compute anew what a unit of each variant saves later orders at each location, by currency; how
    many prices are kept. Where the shop does not ask for it (OMS_STOCK_WORTH) none are.
    """
    StockWorth.objects.all().delete()
    if not settings.OMS_STOCK_WORTH:
        return 0
    currencies = sorted(
        set(Channel.objects.filter(is_active=True).values_list("currency", flat=True))
    )
    rows = [row for currency in currencies for row in _worth_in(currency, now=now)]
    StockWorth.objects.bulk_create(rows)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Past:
    """What was ordered lately: units by (country, variant), the usual service and weight of a unit."""

    units: Mapping[tuple[str, int], float]
    service_id: int | None
    grams: int


def _worth_in(currency: str, *, now: datetime) -> list[StockWorth]:
    unit = Decimal(1).scaleb(-exponent(currency))
    return [
        StockWorth(
            location_id=place,
            variant_id=variant,
            currency=currency,
            amount=minor * unit,
            computed_at=now,
        )
        for (place, variant), minor in sorted(worth_by_place(currency, now=now).items())
    ]


def worth_by_place(
    currency: str, *, now: datetime, stock: Mapping[tuple[int, int], int] | None = None
) -> dict[tuple[int, int], int]:
    """What a unit is worth by (location, variant), in minor units, by what was asked for before `now`.
    `stock`, by (location, variant), is what there was; None: what there is.
    """
    past = _past(currency, now=now)
    channels = Channel.objects.filter(is_active=True, currency=currency).values_list(
        "pk", flat=True
    )
    sources = read_sources(
        channel_ids=list(channels),
        currencies=[currency],
        service_ids=[past.service_id] if past.service_id else [],
        now=now,
    )
    costs = _costs(sources, past, currency, now=now)
    if not costs:
        return {}
    places, variants = {place for place, _ in costs}, {variant for _, variant in past.units}
    number = {country: at for at, country in enumerate(sorted({one for one, _ in past.units}))}
    if stock is None:
        stock = _stock(places, variants)
    return shadow_prices(
        {key: units for key, units in stock.items() if key[0] in places and key[1] in variants},
        {(number[country], variant): units for (country, variant), units in past.units.items()},
        {(place, number[country]): cost for (place, country), cost in costs.items()},
        missing=UNSERVED * max(costs.values()),
    )


def _past(currency: str, *, now: datetime) -> _Past:
    """What orders of the last weeks wanted, scaled to the days ahead. Three queries."""
    lines = OrderLine.objects.filter(
        order__currency=currency,
        order__placed_at__gte=now - LOOKS_BACK,
        order__placed_at__lt=now,
        variant__isnull=False,
        is_physical=True,
    )
    top = (
        lines.order_by()
        .values("variant")
        .annotate(units=Sum("quantity"))
        .order_by("-units", "variant")
    )
    variants = [row["variant"] for row in top[:MOST_VARIANTS]]
    by_country = (
        lines.filter(variant__in=variants)
        .order_by()
        .values("order__ship_country", "variant")
        .annotate(units=Sum("quantity"), grams=Avg("weight_g"))
    )
    totals: dict[str, int] = defaultdict(int)
    for row in by_country:
        totals[row["order__ship_country"]] += row["units"]
    named = sorted(totals, key=lambda country: (-totals[country], country))[:MOST_COUNTRIES]
    share = LOOKS_AHEAD / LOOKS_BACK
    usual = (
        Order.objects.filter(
            currency=currency, placed_at__gte=now - LOOKS_BACK, shipping_service__isnull=False
        )
        .order_by()
        .values("shipping_service")
        .annotate(count=Count("pk"))
        .order_by("-count", "shipping_service")
        .first()
    )
    kept = [row for row in by_country if row["order__ship_country"] in named]
    grams = [row["grams"] for row in kept if row["grams"]]
    return _Past(
        units={(row["order__ship_country"], row["variant"]): row["units"] * share for row in kept},
        service_id=usual["shipping_service"] if usual else None,
        grams=round(sum(grams) / len(grams)) if grams else 0,
    )


def _costs(
    sources: Sources, past: _Past, currency: str, *, now: datetime
) -> dict[tuple[int, str], int]:
    """What a unit costs to send by (location, country), by each location of the currency's channels."""
    places = {place.id: place for network in sources.networks.values() for place in network.places}
    zones = next((network.zones for network in sources.networks.values()), {})
    network = Network(tuple(places[pk] for pk in sorted(places)), zones)
    found: dict[tuple[int, str], int] = {}
    for country in sorted({country for country, _ in past.units}):
        sending = Sending(country, currency, False, past.service_id, now)
        nodes, _ = nodes_of(network, sending, NO_DIRECTIONS)
        for node in nodes:
            found[node.id, country] = node.parcel + node.per_unit + node.freight(past.grams)
    return found if any(found.values()) else {}


def _stock(places: set[int], variants: set[int]) -> dict[tuple[int, int], int]:
    """Units that may still be promised, by (location, variant). One query."""
    free = F("sellable") - F("allocated") - F("reserved") - F("safety")
    rows = StockLevel.objects.filter(location__in=places, variant__in=variants).annotate(free=free)
    return {(row.location_id, row.variant_id): row.free for row in rows if row.free > 0}
