"""A live version of the risk rules, and a handful of orders of today that they dislike."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from core import clock, jobs, outbox
from core.actors import acting
from core.address import Address
from oms.demo.store import Store
from orders.drafts import DraftLine, OrderDraft, Origin, WhenShort
from orders.models import Order, RiskListEntry
from orders.selectors.risk.listed import value_of
from orders.services import place_order
from orders.services.screening import (
    approve_order,
    draft_rules,
    go_live,
    record_signal,
    request_backtest,
    save_rules,
    score_order,
    watch_reviews,
)
from orders.states import RiskListKind, RiskSignalKind

LYON = Address(
    name="Mara Vance", line1="Quai Sud 14", postal_code="69002", city="Lyon", country="FR"
)
HUB = Address(
    name="Mara Vance",
    company="Parcel Hub",
    line1="Hafenring 40, Suite 881",
    postal_code="21129",
    city="Hamburg",
    country="DE",
)
HOME = Address(
    name="Tilda Brandt", line1="Am Deich 7", postal_code="25746", city="Heide", country="DE"
)
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"


def risk(store: Store, *, now: datetime) -> None:
    """Rules that were back-tested over the demo's month, and orders by them: held, held too long, to be
    looked at, released, passed; and a draft with its back-test.
    """
    manager = store.staff["manager"]
    channel = store.channels["web-eu"]
    channel.is_screened = True
    channel.save(update_fields=["is_screened"])
    with acting(manager.actor):
        _list(store, now=now)
        first = draft_rules(channel=None, note="What suits most shops", now=now)
        request_backtest(rule_set_id=first.pk, days=30, user=manager, now=now)
        jobs.run_due()
        go_live(rule_set_id=first.pk, now=now - timedelta(hours=30))
    _late(store, now=now)
    _held(store, now=now)
    _looked_at(store, now=now)
    _released(store, now=now)
    _order(
        store, now - timedelta(minutes=9), billing=HOME, shipping=HOME, email="tilda@demo.example"
    )
    watch_reviews(now=now)
    with acting(manager.actor):
        second = draft_rules(channel=None, note="Softer on gifts", now=now)
        save_rules(
            rule_set_id=second.pk,
            weights={**second.weights, "countries": {"points": 5, "limit": 0}},
            review_at=second.review_at,
            hold_at=second.hold_at,
            review_hours=second.review_hours,
            note=second.note,
        )
        request_backtest(rule_set_id=second.pk, days=30, user=manager, now=now)
        jobs.run_due()


def _list(store: Store, *, now: datetime) -> None:
    dearest = max(store.variants, key=lambda pair: pair[1].euros)[0]
    entries = (
        (RiskListKind.FORWARDER, "Parcel Hub, Hafenring 40", "Forwards parcels abroad"),
        (RiskListKind.RESALE, dearest.sku, "Sells on every market"),
        (RiskListKind.EXPRESS, "express", ""),
    )
    RiskListEntry.objects.bulk_create(
        RiskListEntry(kind=kind, value=value_of(kind, text), reason=why, added_at=now)
        for kind, text, why in entries
    )


def _order(
    store: Store,
    at: datetime,
    *,
    billing: Address,
    shipping: Address,
    email: str,
    declines: int = 0,
    units: int = 1,
    method: str = "standard",
) -> Order:
    """An order of today, scored as it came."""
    variant, goods = max(store.variants, key=lambda pair: pair[1].euros)
    service = store.services[method]
    number = Order.objects.count() % 100
    draft = OrderDraft(
        channel=store.channels["web-eu"],
        currency="EUR",
        customer_name=shipping.name,
        email=email,
        phone=f"+49 40 5550 17{number:02d}",
        billing_address=billing,
        shipping_address=shipping,
        shipping_service=service,
        shipping_method=service.name,
        when_short=WhenShort.BACKORDER,
        origin=Origin(f"203.0.113.{number}", BROWSER),
        lines=(DraftLine(sku=variant.sku, quantity=units, unit_price=Decimal(goods.euros)),),
    )
    with clock.at(at):
        order = place_order(draft, now=at)
        for number in range(declines):
            record_signal(
                order_id=order.pk,
                kind=RiskSignalKind.DECLINED,
                ref=f"demo:{order.pk}:{number}",
                occurred_at=at,
                now=at,
            )
        score_order(order_id=order.pk, now=at)
        outbox.drain()
    return order


def _late(store: Store, *, now: datetime) -> None:
    """Held since the day before yesterday; nobody decided in time."""
    at = now - timedelta(hours=27)
    mara = "mara.vance@mailinator.com"
    _order(store, at, billing=LYON, shipping=HUB, email=mara, declines=3, method="express")


def _held(store: Store, *, now: datetime) -> None:
    at = now - timedelta(hours=5)
    other = replace(LYON, name="Ivo Marsh", line1="Quai Nord 2")
    drop = replace(HUB, name="Ivo Marsh")
    ivo = "ivo.marsh@demo.example"
    _order(store, at, billing=other, shipping=drop, email=ivo, declines=4, units=3)


def _looked_at(store: Store, *, now: datetime) -> None:
    at = now - timedelta(hours=2)
    gift = replace(HOME, name="Oda Brandt", line1="Rua do Cais 3", city="Porto", country="PT")
    oda = "oda@yopmail.com"
    _order(store, at, billing=HOME, shipping=gift, email=oda, method="express")


def _released(store: Store, *, now: datetime) -> None:
    at = now - timedelta(hours=8)
    abroad = replace(LYON, name="Nora Lind")
    order = _order(
        store, at, billing=HOME, shipping=abroad, email="nora.lind@demo.example", declines=3
    )
    with clock.at(now - timedelta(hours=7)), acting(store.staff["sales"].actor):
        reason = "Called her: a present for her sister in Lyon"
        approve_order(order_id=order.pk, reason=reason, now=now - timedelta(hours=7))
        outbox.drain()
