"""The goods of the benchmark: one channel, three locations, a thousand SKUs and one scarce one."""

from decimal import Decimal

from django.db import connection

from core.address import Address
from core.models import Channel, LegalEntity
from inventory.models import ChannelLocation, Location, Product, StockLevel, Variant
from orders.models import Price, TaxRate

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


def sku_of(number: int) -> str:
    return f"BENCH-{number:04d}"
