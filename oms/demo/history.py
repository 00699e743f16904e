"""The demo's past: orders of the former system, brought in by the import's own verb."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from random import Random

from core import clock, outbox
from core.money import ZERO, quantise
from customers.models import Customer, CustomerAddress
from inventory.models import Variant
from oms.demo.goods import Goods
from oms.demo.store import RATES, Store
from oms.intake.documents import BuyerNamed, LineDocument, MoneyMoved, OrderDocument
from oms.intake.options import IntakeOptions
from oms.intake.taking import take_orders

SHOPS = ("web-eu", "web-eu", "web-eu", "web-uk", "web-us")
BATCH = 100
STILL_OPEN = timedelta(days=5)  # so young an order would not be history yet


def bring_in(
    store: Store, *, count: int, seed: int, opened_at: datetime, now: datetime
) -> Iterator[int]:
    """Import `count` finished orders placed since the opening; yields how many are there."""
    random = Random(seed)  # noqa: S311  (a story, not a secret)
    past = _Past(store, random, opened_at, now - STILL_OPEN)
    documents = sorted((past.document(n) for n in range(count)), key=lambda one: one.channel)
    done = 0
    for code, of_channel in groupby(documents, key=lambda one: one.channel):
        options = IntakeOptions(channel=store.channels[code])
        for batch in _batches(sorted(of_channel, key=lambda one: one.placed_at)):
            with clock.at(batch[-1].placed_at):
                take_orders(batch, options, now=batch[-1].placed_at)
                outbox.drain()
            done += len(batch)
            yield done


def _batches(documents: Sequence[OrderDocument]) -> Iterator[Sequence[OrderDocument]]:
    for start in range(0, len(documents), BATCH):
        yield documents[start : start + BATCH]


class _Past:
    """Writes the documents of finished orders."""

    def __init__(self, store: Store, random: Random, first: datetime, last: datetime) -> None:
        self.store = store
        self.random = random
        self.first = first
        self.span = (last - first).total_seconds()
        self.addresses = {
            address.customer_id: address for address in CustomerAddress.objects.order_by("-pk")
        }

    def document(self, number: int) -> OrderDocument:
        code = self.random.choice(SHOPS)
        channel = self.store.channels[code]
        customer = self.random.choice(self.store.customers[code])
        placed_at = self.first + timedelta(seconds=self.random.random() * self.span)
        placed_at = placed_at.replace(hour=7 + self.random.randrange(14), microsecond=0)
        cancelled = self.random.random() < 0.04
        lines = tuple(
            self._line(channel.currency, was_sent=not cancelled)
            for _ in range(self.random.choice((1, 1, 2, 3)))
        )
        worth = sum((line.quantity * line.unit_price for line in lines), ZERO)
        shipping = quantise(Decimal(5) * RATES[channel.currency], channel.currency)
        return OrderDocument(
            channel=code,
            external_id=f"{code}-history-{self.random.randrange(10**9):09d}-{number}",
            number="",
            placed_at=placed_at,
            currency=channel.currency,
            lines=lines,
            buyer=self._buyer(customer),
            billing=self.addresses[customer.pk].as_address(),
            shipping=self.addresses[customer.pk].as_address(),
            prices_include_tax=True,
            shipping_amount=shipping,
            shipping_method="Standard parcel",
            payments=() if cancelled else (MoneyMoved(amount=worth + shipping, at=placed_at),),
            shipped_at=None if cancelled else placed_at + timedelta(days=1),
            cancelled_at=placed_at + timedelta(hours=3) if cancelled else None,
            cancel_reason="Customer changed their mind" if cancelled else "",
        )

    def _buyer(self, customer: Customer) -> BuyerNamed:
        return BuyerNamed(email=customer.email, name=customer.name)

    def _line(self, currency: str, *, was_sent: bool) -> LineDocument:
        pairs: list[tuple[Variant, Goods]] = self.store.variants
        variant, goods = self.random.choices(pairs, [goods.pull for _, goods in pairs])[0]
        quantity = self.random.choice((1, 1, 1, 2))
        price = quantise(goods.euros * RATES[currency], currency) - Decimal("0.10")
        return LineDocument(
            sku=variant.sku,
            name=f"{goods.name}, {variant.name}" if variant.name else goods.name,
            quantity=quantity,
            unit_price=price,
            tax=ZERO if currency == "USD" else None,
            tax_rate=ZERO if currency == "USD" else Decimal("0.19"),
            shipped=quantity if was_sent else 0,
        )
