"""The goods of the benchmark: one channel, three locations, a thousand SKUs and one scarce one."""

from decimal import Decimal

from django.db import connection

from core.address import Address
from core.models import Channel, LegalEntity
from inventory.models import ChannelLocation, Location, Product, StockLevel, Variant
from orders.models import (
    Price,
    SendingTerms,
    ShippingRate,
    ShippingService,
    ShippingZone,
    SourcingRule,
    TaxRate,
)

SKUS = 1_000
LOCATIONS = 3
LINES = 5
PLENTY = 100_000_000
PRICE = Decimal("19.90")
TAX_RATE = Decimal("0.19")
ADDRESS = Address(
    name="Bench Buyer", line1="Hafenstraße 1", postal_code="20457", city="Hamburg", country="DE"
)
SCARCE = "BENCH-SCARCE"
SCARCE_UNITS = 100
RULES = 10


def fill() -> None:
    """Put all of it into an empty database."""
    entity = LegalEntity.objects.create(
        code="bench",
        name="Bench",
        country="DE",
        invoice_prefix="BENCH-",
        credit_note_prefix="BENCH-CN-",
    )
    channel = Channel.objects.create(
        code="bench",
        name="Bench",
        kind="web",
        legal_entity=entity,
        currency="EUR",
        number_prefix="B-",
    )
    places = [
        Location.objects.create(code=f"bench-{n}", name=f"Bench {n}", country="DE")
        for n in range(LOCATIONS)
    ]
    ChannelLocation.objects.bulk_create(
        ChannelLocation(channel=channel, location=place, priority=n)
        for n, place in enumerate(places)
    )
    product = Product.objects.create(name="Bench product")
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=sku_of(n), barcode=f"bench{n}", weight_g=100)
        for n in range(SKUS)
    )
    Price.objects.bulk_create(
        Price(variant=variant, currency="EUR", amount=PRICE) for variant in variants
    )
    StockLevel.objects.bulk_create(
        StockLevel(variant=variant, location=place, sellable=PLENTY)
        for variant in variants
        for place in places
    )
    TaxRate.objects.create(country="DE", rate=TAX_RATE)
    scarce = Variant.objects.create(product=product, sku=SCARCE, weight_g=100)
    Price.objects.create(variant=scarce, currency="EUR", amount=PRICE)
    StockLevel.objects.create(variant=scarce, location=places[0], sellable=SCARCE_UNITS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def say_costs() -> None:
    """What each location takes for a parcel and a unit, the freight by weight, and rules of which none
    says anything of these orders: from now on sending has a price to be weighed.
    """
    service = ShippingService.objects.create(code="bench", name="Bench service")
    zone = ShippingZone.objects.create(service=service, name="Here", countries=["DE"])
    ShippingRate.objects.bulk_create(
        ShippingRate(zone=zone, up_to_g=grams, currency="EUR", amount=cost, cost=cost)
        for grams, cost in ((1_000, 3), (5_000, 5), (20_000, 9))
    )
    SendingTerms.objects.bulk_create(
        SendingTerms(location=place, per_parcel=n, per_unit=Decimal("0.20"), service=service)
        for n, place in enumerate(Location.objects.order_by("pk"), start=1)
    )
    SourcingRule.objects.bulk_create(
        SourcingRule(name=f"Rule {n}", position=n, countries=["NZ"], most_parcels=1)
        for n in range(RULES)
    )


def sku_of(number: int) -> str:
    return f"BENCH-{number:04d}"
