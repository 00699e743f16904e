"""What the demo shop offers to companies: quotes in several states and a standing order."""

from datetime import datetime, timedelta
from decimal import Decimal

from core import clock, documents, outbox
from core.actors import Actor, ActorKind, acting
from customers.models import Customer
from oms.demo.store import Store
from orders.drafts import OrderDraft, Schedule, WhenShort
from orders.models import Quotation
from orders.selectors import quote_order
from orders.selectors.quoting import LineWish, price_draft
from orders.services import (
    accept_quotation,
    decline_quotation,
    expire_quotations,
    place_standing_orders,
    save_quotation,
    save_standing_order,
    send_quotation,
)
from orders.states import PaymentTerms, StandingUnit


def trade(store: Store, *, now: datetime) -> None:
    """A quote drafted, one waiting for its answer, one accepted, one declined, one run out; and what
    a café orders every other week.
    """
    with acting(store.staff["sales"].actor), documents.made_when_opened():
        _quote(store, 0, now=now, is_sent=False)
        _quote(store, 1, now=now - timedelta(days=1))
        _quote(store, 3, now=now - timedelta(days=70), days=14)
        with clock.at(now - timedelta(days=40)):
            expire_quotations(now=now - timedelta(days=40))
        accepted = _quote(store, 2, now=now - timedelta(days=5))
        declined = _quote(store, 0, now=now - timedelta(days=9))
        _answer(accepted, declined, now)
        _repeat(store, now - timedelta(days=20))
        for days in (20, 6):
            with clock.at(now - timedelta(days=days)):
                place_standing_orders(now=now - timedelta(days=days))
        outbox.drain()


def _draft(store: Store, buyer: Customer, units: int, now: datetime) -> OrderDraft:
    """Four products of which there is enough, at list prices."""
    plenty = [variant for variant, goods in store.variants if not goods.can_backorder]
    first = buyer.pk % 5
    address = buyer.addresses.first()
    ship_to = address.as_address() if address else None
    assert ship_to is not None  # noqa: S101  (every buyer of the demo has an address)
    channel = store.channels["b2b"]
    quote = quote_order(
        [LineWish(variant.sku, units) for variant in plenty[first : first + 4]],
        channel=channel,
        country=ship_to.country,
        service=store.services["standard"],
        shipping=None,
        discount=Decimal(units),
        customer_id=buyer.pk,
        now=now,
    )
    draft = OrderDraft(
        channel=channel,
        currency=channel.currency,
        lines=(),
        customer_id=buyer.pk,
        purchase_order=f"PO-{buyer.pk}-{now:%m%d}",
        customer_name=buyer.name,
        email=buyer.email,
        billing_address=ship_to,
        shipping_address=ship_to,
        shipping_service=store.services["standard"],
        shipping_method=store.services["standard"].name,
        payment_terms=PaymentTerms.NET,
        when_short=WhenShort.BACKORDER,
    )
    return price_draft(draft, quote)


def _quote(
    store: Store, buyer: int, *, now: datetime, days: int = 30, is_sent: bool = True
) -> Quotation:
    with clock.at(now):
        quote = save_quotation(
            quotation_id=None,
            draft=_draft(store, store.buyers[buyer], 6 * (buyer + 1), now),
            valid_until=now.date() + timedelta(days=days),
            now=now,
        )
        return send_quotation(quotation_id=quote.pk, now=now) if is_sent else quote


def _answer(accepted: Quotation, declined: Quotation, now: datetime) -> None:
    answered_at = now - timedelta(days=4)
    with clock.at(answered_at):
        for quote, is_taken in ((accepted, True), (declined, False)):
            name = quote.customer_name
            with acting(Actor(ActorKind.CUSTOMER, str(quote.customer_id), name)):
                if is_taken:
                    accept_quotation(quotation_id=quote.pk, by=name, now=answered_at)
                else:
                    decline_quotation(
                        quotation_id=quote.pk,
                        by=name,
                        why="We bought elsewhere this time.",
                        now=answered_at,
                    )


def _repeat(store: Store, began_at: datetime) -> None:
    draft = _draft(store, store.buyers[3], 2, began_at)
    with clock.at(began_at):
        save_standing_order(
            standing_order_id=None,
            draft=draft,
            prices=[None for _ in draft.lines],
            schedule=Schedule(every=2, unit=StandingUnit.WEEKS, first_on=began_at.date()),
            now=began_at,
        )
