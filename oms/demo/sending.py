"""What the demo shop's locations take for sending, the rules of sourcing, and orders decided by them."""

from datetime import datetime, timedelta
from decimal import Decimal

from core import clock, documents, jobs, outbox
from core.actors import acting
from inventory.models import Location, Variant
from oms.demo.store import Store
from orders.drafts import DraftLine, OrderDraft, WhenShort
from orders.models import SendingTerms, SourcingRule
from orders.services import place_order
from orders.services.simulating import request_what_if
from orders.sourcing.scenario import Scenario
from orders.states import PaymentTerms

TERMS = (  # location, currency, each parcel, each unit, may send hazardous goods, where it lies
    ("hamburg", "EUR", "1.80", "0.25", True, ("53.53", "10.03")),
    ("rotterdam", "EUR", "1.50", "0.20", True, ("51.89", "4.42")),
    ("portland", "USD", "2.40", "0.30", True, ("43.66", "-70.26")),
    ("store", "EUR", "3.20", "0.60", False, ("53.54", "9.99")),
)
BASKETS = (  # hours ago, goods with units, tags
    (30, (("MG", 2), ("BT", 1)), ()),
    (20, (("STV", 1), ("KB", 1)), ()),
    (9, (("MG", 4), ("RJ", 1)), ("gift",)),
)
HAZARDOUS = "STV"


def say_where_from(store: Store, *, now: datetime) -> None:
    """Terms of every location, three rules, and orders that show what they decide."""
    with acting(store.staff["manager"].actor):
        _terms(store)
        _rules(store)
        burning = [variant.pk for variant, goods in store.variants if goods.code == HAZARDOUS]
        Variant.objects.filter(pk__in=burning).update(is_hazardous=True)
    buyers = store.customers["web-eu"]
    with acting(store.staff["sales"].actor), documents.made_when_opened():
        for buyer, (hours, basket, tags) in zip(buyers, BASKETS, strict=False):
            moment = now - timedelta(hours=hours)
            first = {goods.code: (variant, goods) for variant, goods in reversed(store.variants)}
            address = buyer.addresses.first()
            if address is None:
                continue
            ship_to = address.as_address()
            draft = OrderDraft(
                channel=store.channels["phone"],
                currency="EUR",
                customer_id=buyer.pk,
                customer_name=buyer.name,
                email=buyer.email,
                billing_address=ship_to,
                shipping_address=ship_to,
                shipping_service=store.services["standard"],
                shipping_method=store.services["standard"].name,
                payment_terms=PaymentTerms.PREPAID,
                when_short=WhenShort.BACKORDER,
                tags=tags,
                lines=tuple(
                    DraftLine(
                        sku=first[code][0].sku,
                        quantity=units,
                        unit_price=Decimal(first[code][1].euros),
                        tax_rate=Decimal("0.19"),
                    )
                    for code, units in basket
                ),
            )
            with clock.at(moment):
                place_order(draft, now=moment)
        outbox.drain()


def ask_what_if(store: Store, *, now: datetime) -> None:
    """What the orders of the last weeks would have done without the store's stock."""
    with acting(store.staff["manager"].actor):
        request_what_if(
            name="Nothing is sent from the store",
            days=14,
            scenario=Scenario(without=frozenset({store.locations["store"].pk})),
            user=store.staff["manager"],
            now=now,
        )
        jobs.run_due()


def _terms(store: Store) -> None:
    for code, currency, parcel, unit, hazardous, (north, east) in TERMS:
        place = store.locations[code]
        Location.objects.filter(pk=place.pk).update(
            latitude=Decimal(north), longitude=Decimal(east)
        )
        SendingTerms.objects.create(
            location=place,
            currency=currency,
            per_parcel=Decimal(parcel),
            per_unit=Decimal(unit),
            sends_hazardous=hazardous,
        )


def _rules(store: Store) -> None:
    SourcingRule.objects.create(
        name="Gifts come in one parcel", position=1, tags=["gift"], most_parcels=1
    )
    whole = SourcingRule.objects.create(
        name="Business orders not from the store",
        position=2,
        channel=store.channels["b2b"],
        places="not",
        leaves_within=2,
    )
    whole.locations.add(store.locations["store"])
    SourcingRule.objects.create(
        name="Two parcels at most below 60 EUR",
        position=3,
        total_below=60,
        currency="EUR",
        most_parcels=2,
    )
