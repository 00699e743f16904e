"""The demo shop before its first order: channels, places, staff, prices, goods on the shelves."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from django.db import transaction

from core.models import Channel, LegalEntity, User
from core.models.business import ChannelKind
from core.rights import Role
from customers.models import Customer
from customers.services import (
    CustomerWish,
    add_company_address,
    find_or_add_many,
    save_company,
    set_credit,
    set_role,
)
from customers.states import CompanyRole
from inventory.models import Category, ChannelLocation, Location, LocationAccess, Product, Variant
from inventory.services import receive_stock
from inventory.states import LocationKind
from oms.demo.goods import COST_SHARE, GOODS, Goods
from oms.demo.people import person
from orders.models import Price, ShippingRate, ShippingService, ShippingZone, TaxRate
from payments.models import GoodwillLimit

PASSWORD = "quayside-demo"  # noqa: S105  (printed at the start; the demo is not for the open net)
PEOPLE = 200
VAT_IDS = ("DE999000017", "DE999000025", "DE999000033", "DE999000041")  # right, and nobody's
RATES = {"EUR": Decimal(1), "USD": Decimal("1.10"), "GBP": Decimal("0.86")}
LOGINS = (
    (Role.MANAGER, "manager@demo.example", "Marit Holm"),
    (Role.SALES, "sales@demo.example", "Sander Klein"),
    (Role.WAREHOUSE, "warehouse@demo.example", "Wim Kruse"),
    (Role.FINANCE, "finance@demo.example", "Fiona Marsh"),
    (Role.RETURNS, "returns@demo.example", "Rieke Lund"),
    (Role.ADMIN, "admin@demo.example", "Anna Nord"),
)
COUNTRIES = {
    "web-eu": ("DE", "DE", "DE", "DE", "NL", "FR", "AT", "DK", "SE", "IT"),
    "web-uk": ("GB",),
    "web-us": ("US", "US", "US", "JP"),
}
# code, name, kind, currency, prefix of numbers, whether prices include tax, where it sends from
CHANNELS = (
    ("web-eu", "Web shop EU", ChannelKind.WEB, "EUR", "E-", True, "hamburg rotterdam store"),
    ("web-uk", "Web shop UK", ChannelKind.WEB, "GBP", "K-", True, "rotterdam hamburg"),
    ("web-us", "Web shop US", ChannelKind.WEB, "USD", "U-", False, "portland hamburg"),
    ("phone", "Phone", ChannelKind.PHONE, "EUR", "P-", True, "hamburg rotterdam store"),
    ("b2b", "Business", ChannelKind.B2B, "EUR", "B-", False, "rotterdam hamburg"),
    ("store", "Harbour store", ChannelKind.STORE, "EUR", "S-", True, "store"),
)


@dataclass(frozen=True)
class Store:
    """What the story of the orders draws on."""

    channels: dict[str, Channel]
    locations: dict[str, Location]
    staff: dict[str, User]
    variants: list[tuple[Variant, Goods]]
    customers: dict[str, list[Customer]]
    buyers: list[Customer]
    services: dict[str, ShippingService]


@transaction.atomic
def build(random: Random, *, opened_at: datetime) -> Store:
    """Set the shop up as an admin would before opening it."""
    entity = LegalEntity.objects.create(
        code="quay-goods",
        name="Quay Goods GmbH",
        line1="Hafenstraße 12",
        postal_code="20457",
        city="Hamburg",
        country="DE",
        vat_id="DE123456788",
        email="hello@demo.example",
        bank_account="DE02 1203 0000 0000 2020 51",
    )
    locations = _locations()
    channels = _channels(entity, locations)
    staff = _staff(locations)
    variants = _catalogue()
    _prices(variants)
    _taxes()
    _goodwill_limits()
    services = _services()
    _fill_shelves(random, variants, locations, opened_at)
    return Store(
        channels=channels,
        locations=locations,
        staff=staff,
        variants=variants,
        customers=_customers(random, channels, opened_at),
        buyers=_buyers(random, channels["b2b"], opened_at),
        services=services,
    )


def _locations() -> dict[str, Location]:
    rows = (
        (
            "hamburg",
            "Hamburg warehouse",
            LocationKind.WAREHOUSE,
            "20539",
            "Hamburg",
            "DE",
            "Europe/Berlin",
        ),
        (
            "rotterdam",
            "Rotterdam warehouse",
            LocationKind.WAREHOUSE,
            "3089",
            "Rotterdam",
            "NL",
            "Europe/Amsterdam",
        ),
        (
            "portland",
            "Portland warehouse",
            LocationKind.WAREHOUSE,
            "04101",
            "Portland",
            "US",
            "America/New_York",
        ),
        ("store", "Harbour store", LocationKind.STORE, "20457", "Hamburg", "DE", "Europe/Berlin"),
    )
    return {
        code: Location.objects.create(
            code=code,
            name=name,
            kind=kind,
            postal_code=postal_code,
            city=city,
            country=country,
            time_zone=zone,
        )
        for code, name, kind, postal_code, city, country, zone in rows
    }


def _channels(entity: LegalEntity, locations: dict[str, Location]) -> dict[str, Channel]:
    channels = {}
    for code, name, kind, currency, prefix, gross, places in CHANNELS:
        channels[code] = Channel.objects.create(
            code=code,
            name=name,
            kind=kind,
            legal_entity=entity,
            currency=currency,
            number_prefix=prefix,
            prices_include_tax=gross,
            time_zone="America/New_York" if code == "web-us" else "Europe/Berlin",
        )
        ChannelLocation.objects.bulk_create(
            ChannelLocation(channel=channels[code], location=locations[place], priority=rank)
            for rank, place in enumerate(places.split(), start=1)
        )
    return channels


def _staff(locations: dict[str, Location]) -> dict[str, User]:
    staff = {}
    for role, email, name in LOGINS:
        staff[role.value] = User.objects.create_user(
            email, PASSWORD, name=name, roles=[role], is_staff=role == Role.ADMIN
        )
    for place in ("hamburg", "rotterdam", "portland"):
        LocationAccess.objects.create(user=staff[Role.WAREHOUSE], location=locations[place])
    return staff


def _catalogue() -> list[tuple[Variant, Goods]]:
    categories = {
        name: Category.objects.create(name=name) for name in sorted({g.category for g in GOODS})
    }
    products = Product.objects.bulk_create(
        Product(name=goods.name, category=categories[goods.category], brand="Quay")
        for goods in GOODS
    )
    pairs = [
        (
            Variant(
                product=product,
                sku=_sku(goods, name),
                name=name,
                barcode=_ean(number * 10 + place),
                weight_g=goods.weight_g,
                length_mm=250,
                width_mm=180,
                height_mm=60,
                origin_country="PT",
                cost=goods.euros * COST_SHARE,
                can_backorder=goods.can_backorder,
            ),
            goods,
        )
        for number, (product, goods) in enumerate(zip(products, GOODS, strict=True), start=1)
        for place, name in enumerate(goods.variants)
    ]
    Variant.objects.bulk_create([variant for variant, _ in pairs])
    return pairs


def _sku(goods: Goods, name: str) -> str:
    tail = "".join(letter for letter in name.upper() if letter.isascii() and letter.isalnum())
    return f"{goods.code}-{tail}" if tail else goods.code


def _ean(number: int) -> str:
    """A thirteen-digit article number with its check digit, from the range for use within a shop."""
    body = f"20{number:010d}"
    odd_even = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-odd_even % 10}"


def _prices(variants: list[tuple[Variant, Goods]]) -> None:
    Price.objects.bulk_create(
        Price(
            variant=variant,
            currency=currency,
            amount=(goods.euros * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)
            - Decimal("0.10"),
        )
        for variant, goods in variants
        for currency, rate in RATES.items()
    )


def _taxes() -> None:
    rates = {
        "DE": "0.19", "AT": "0.20", "NL": "0.21", "FR": "0.20", "DK": "0.25", "SE": "0.25",
        "IT": "0.22", "GB": "0.20", "US": "0.055", "JP": "0",
    }  # fmt: skip
    TaxRate.objects.bulk_create(
        TaxRate(country=country, rate=Decimal(rate)) for country, rate in rates.items()
    )


def _goodwill_limits() -> None:
    most = {Role.FINANCE: 50, Role.RETURNS: 20}
    GoodwillLimit.objects.bulk_create(
        GoodwillLimit(role=role, currency=currency, amount=Decimal(euros))
        for role, euros in most.items()
        for currency in RATES
    )


def _services() -> dict[str, ShippingService]:
    europe = ["AT", "NL", "FR", "DK", "SE", "IT"]
    plan = {
        "standard": (
            "Standard parcel",
            Decimal(1),
            {"Home": (["DE"], 2), "Europe": (europe, 4), "World": (["*"], 9)},
        ),
        "express": (
            "Express parcel",
            Decimal("2.4"),
            {"Home": (["DE"], 1), "Europe": (europe, 2), "World": (["*"], 4)},
        ),
    }
    steps = ((1_000, 5), (5_000, 7), (20_000, 12), (31_500, 19))
    zone_factor = {"Home": Decimal(1), "Europe": Decimal(2), "World": Decimal("3.5")}
    services = {}
    for code, (name, factor, zones) in plan.items():
        services[code] = ShippingService.objects.create(code=code, name=name, carrier="own")
        for zone_name, (countries, days) in zones.items():
            zone = ShippingZone.objects.create(
                service=services[code], name=zone_name, countries=countries, transit_days=days
            )
            ShippingRate.objects.bulk_create(
                ShippingRate(
                    zone=zone,
                    up_to_g=up_to,
                    currency=currency,
                    amount=_cents(euros * factor * zone_factor[zone_name] * rate),
                    cost=_cents(euros * factor * zone_factor[zone_name] * rate * Decimal("0.8")),
                )
                for up_to, euros in steps
                for currency, rate in RATES.items()
            )
    return services


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _fill_shelves(
    random: Random,
    variants: list[tuple[Variant, Goods]],
    locations: dict[str, Location],
    opened_at: datetime,
) -> None:
    share = {"hamburg": 9, "rotterdam": 6, "portland": 4, "store": 2}
    for code, factor in share.items():
        quantities = {
            variant.pk: random.randint(2, 5) * factor * goods.pull // 2 + 1
            for variant, goods in variants
        }
        receive_stock(
            location_id=locations[code].pk,
            quantities=quantities,
            reference="Opening stock",
            now=opened_at,
        )
    for row, (variant, _) in enumerate(variants):
        aisle, shelf = chr(ord("A") + row % 8), row // 8 + 1
        variant.levels.update(bin=f"{aisle}-{shelf:02d}", safety=2 if row % 7 == 0 else 0)


def _customers(
    random: Random, channels: dict[str, Channel], now: datetime
) -> dict[str, list[Customer]]:
    customers: dict[str, list[Customer]] = {}
    shares = {"web-eu": PEOPLE - 75, "web-uk": 35, "web-us": 40}
    number = 0
    for code, count in shares.items():
        wishes = []
        for _ in range(count):
            number += 1
            name, email, address = person(random, random.choice(COUNTRIES[code]), number)
            wishes.append(
                CustomerWish(
                    channel=channels[code],
                    external_id=f"C{number:04d}",
                    email=email,
                    name=name,
                    addresses=(address,),
                    accepts_marketing=random.random() < 0.4,
                )
            )
        customers[code] = [one for one in find_or_add_many(wishes, now=now) if one]
    return customers


def _buyers(random: Random, channel: Channel, now: datetime) -> list[Customer]:
    names = ("Ferry Line AB", "Nordlicht Hotels", "Sailing School Kiel", "De Haven Café")
    buyers = []
    for number, company_name in enumerate(names, start=1):
        company = save_company(
            company_id=None,
            values={
                "name": company_name,
                "vat_id": VAT_IDS[number - 1],
                "email": f"accounts@company{number}.demo.example",
                "needs_purchase_order": number == 2,
            },
        )
        set_credit(
            company_id=company.pk,
            currency="EUR",
            limit=Decimal(40_000),
            net_days=14 * number,
            why="Good payer for years",
        )
        name, email, address = person(random, "DE", 900 + number)
        [buyer] = find_or_add_many(
            [CustomerWish(channel=channel, email=email, name=name, addresses=(address,))], now=now
        )
        assert buyer is not None  # noqa: S101  (a wish with a name is never anonymous)
        set_role(company_id=company.pk, customer_id=buyer.pk, role=CompanyRole.BUYER)
        add_company_address(
            company_id=company.pk,
            values={**address.as_json(), "company": company_name, "is_for_bills": True},
        )
        buyer.refresh_from_db()
        buyers.append(buyer)
    return buyers
