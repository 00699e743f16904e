"""What happens to the demo's orders, day by day, through the verbs that people press as buttons."""

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from core import clock, documents, outbox
from core.actors import acting
from core.errors import DomainError
from core.money import ZERO
from customers.models import Customer
from inventory.models import Variant
from inventory.services import receive_stock
from oms.demo.fates import FATES, Fate
from oms.demo.goods import Goods
from oms.demo.steps import STEPS, Case
from oms.demo.store import Store
from orders.drafts import DraftLine, OrderDraft, WhenShort
from orders.models import Order
from orders.selectors import Quote, quote_order
from orders.selectors.quoting import LineWish
from orders.services import place_order, refresh_lanes
from orders.states import PaymentTerms

Action = Callable[[datetime], None]
CHANNELS = ("web-eu",) * 9 + ("web-uk",) * 4 + ("web-us",) * 4 + ("phone",) * 2 + ("b2b",)
BASKETS = (45, 28, 15, 8, 4)  # how often an order has one line, two, three …
WORKDAY_START, WORKDAY_HOURS = 7, 14


@dataclass(order=True)
class Event:
    """Something that happens at a moment; ties in the order in which they were thought of."""

    at: datetime
    serial: int
    act: Action = field(compare=False)


class Story:
    """Orders over the last days, each with its fate; the same seed tells the same story."""

    def __init__(
        self,
        store: Store,
        *,
        seed: int,
        opened_at: datetime,
        now: datetime,
        refills: bool = True,
        baskets: tuple[int, ...] = BASKETS,
    ) -> None:
        self.store = store
        self.random = Random(seed)  # noqa: S311  (a story, not a secret)
        self.opened_at = opened_at
        self.now = now
        self.refills = refills
        self.baskets = baskets
        self.serials = itertools.count()
        self.queue: list[Event] = []

    def tell(self, count: int) -> Iterator[int]:
        """Place `count` orders and let happen to them what is due by now; yields as orders are
        placed. What comes later than now is left to the people who try the demo.
        """
        for moment in sorted(self._moment() for _ in range(count)):
            self.at(moment, self._place)
        if self.refills:
            self._refill_shelves()
        self._count_transit()
        placed = 0
        while self.queue:
            event = heapq.heappop(self.queue)
            if event.at > self.now:
                break
            with clock.at(event.at), documents.made_when_opened():
                event.act(event.at)
                outbox.drain()
            if event.act == self._place:  # bound methods of one object are equal
                placed += 1
                yield placed

    def at(self, moment: datetime, act: Action) -> None:
        heapq.heappush(self.queue, Event(moment, next(self.serials), act))

    def _moment(self) -> datetime:
        """A moment since the opening: more of them lately, none at night."""
        span = (self.now - self.opened_at).total_seconds()
        day = self.opened_at + timedelta(seconds=span * self.random.random() ** 0.4)
        minutes = self.random.randint(0, WORKDAY_HOURS * 60)
        moment = day.replace(hour=WORKDAY_START, minute=0, second=0, microsecond=0)
        return min(moment + timedelta(minutes=minutes), self.now - timedelta(minutes=5))

    def _refill_shelves(self) -> None:
        """Every other week goods come to the large warehouse; some never do, so that orders wait."""
        moment = self.opened_at + timedelta(days=12)
        while moment < self.now:
            self.at(moment, self._receive)
            moment += timedelta(days=14)

    def _count_transit(self) -> None:
        """Every week it is counted how long parcels took, so that promises get better."""
        moment = self.opened_at + timedelta(days=7)
        while moment < self.now:
            self.at(moment, _count_days)
            moment += timedelta(days=7)

    def _receive(self, now: datetime) -> None:
        coming = [
            (variant, goods)
            for variant, goods in self.store.variants
            if not goods.can_backorder and self.random.random() < 0.5
        ]
        with acting(self.store.staff["warehouse"].actor), transaction.atomic():
            receive_stock(
                location_id=self.store.locations["hamburg"].pk,
                quantities={v.pk: self.random.randint(5, 10) * g.pull for v, g in coming},
                reference=f"Delivery {now:%d %b}",
                now=now,
            )

    def _place(self, now: datetime) -> None:
        code = self.random.choice(CHANNELS)
        fate = self._fate(code)
        customer = self._customer(code)
        draft = self._draft(code, fate, customer)
        actor = self.store.staff["sales"].actor if code in {"phone", "b2b"} else None
        try:
            with acting(actor):
                order = place_order(draft, now=now)
        except DomainError:
            return  # sold out or beyond the credit limit: the customer went elsewhere
        self._follow(order, fate, now)

    def _follow(self, order: Order, fate: Fate, now: datetime) -> None:
        """Think of what will happen to the order, step after step."""
        case = Case(order.pk, self.store, self.random.random())
        moment = now
        for step in fate.steps:
            name, earliest, latest = step
            hours = self.random.uniform(earliest, latest)
            moment += timedelta(hours=hours)
            self.at(moment, _bound(name, case))

    def _fate(self, code: str) -> Fate:
        fitting = [fate for fate in FATES if fate.fits(code)]
        return self.random.choices(fitting, [fate.weight for fate in fitting])[0]

    def _customer(self, code: str) -> Customer:
        if code == "b2b":
            return self.random.choice(self.store.buyers)
        known = self.store.customers[code if code in self.store.customers else "web-eu"]
        return known[int(len(known) * self.random.random() ** 1.6)]

    def _draft(self, code: str, fate: Fate, customer: Customer) -> OrderDraft:
        channel = self.store.channels[code]
        address = customer.addresses.first()
        ship_to = address.as_address() if address else None
        assert ship_to is not None  # noqa: S101  (every customer of the demo lives somewhere)
        service = self.store.services["express" if self.random.random() < 0.15 else "standard"]
        wishes = self._wishes(code, fate)
        discount = ZERO
        quote = quote_order(
            wishes, channel=channel, country=ship_to.country, service=service, shipping=None
        )
        if self.random.random() < 0.12:
            discount = (quote.price.subtotal / 10).quantize(Decimal("0.01"))
        return OrderDraft(
            channel=channel,
            currency=channel.currency,
            external_id=f"{code}-{self.random.randrange(10**9):09d}" if "web" in code else "",
            customer_id=customer.pk,
            purchase_order=f"PO-{next(self.serials)}" if code == "b2b" else "",
            customer_name=customer.name,
            email=customer.email,
            billing_address=ship_to,
            shipping_address=ship_to,
            prices_include_tax=channel.prices_include_tax,
            order_discount=discount,
            discount_code="AHOY10" if discount else "",
            shipping=quote.price.shipping_total,
            shipping_tax_rate=quote.shipping_tax_rate,
            shipping_service=service,
            shipping_method=service.name,
            payment_terms=PaymentTerms.NET if code == "b2b" else PaymentTerms.PREPAID,
            when_short=WhenShort.BACKORDER if fate.may_wait else WhenShort.REJECT,
            tags=fate.tags,
            customer_note="Please ring twice." if self.random.random() < 0.05 else "",
            lines=_lines(quote, fate),
        )

    def _wishes(self, code: str, fate: Fate) -> list[LineWish]:
        count = self.random.choices(range(1, 1 + len(self.baskets)), self.baskets)[0]
        pool: list[tuple[Variant, Goods]] = [
            pair for pair in self.store.variants if not pair[1].can_backorder or fate.may_wait
        ]
        if fate.wants_scarce:
            pool = [pair for pair in pool if pair[1].can_backorder]
        chosen = self.random.choices(pool, [goods.pull for _, goods in pool], k=count)
        most = 12 if code == "b2b" else 2
        units: dict[str, int] = {}
        for variant, _ in chosen:
            units[variant.sku] = units.get(variant.sku, 0) + self.random.randint(1, most)
        if fate.wants_scarce:
            units = {sku: count + 15 for sku, count in units.items()}
        return [LineWish(sku, quantity) for sku, quantity in units.items()]


def _bound(name: str, case: Case) -> Action:
    def act(now: datetime) -> None:
        try:
            STEPS[name](case, now)
        except DomainError:
            return  # what people could not do either (it was cancelled, is on hold …) is not done

    return act


def _lines(quote: Quote, fate: Fate) -> tuple[DraftLine, ...]:
    """The quoted lines, and one of an older season where the fate wants it."""
    lines = [
        DraftLine(
            sku=line.variant.sku if line.variant else line.wish.sku,
            quantity=line.wish.quantity,
            unit_price=line.unit_price,
            tax_rate=line.tax_rate,
        )
        for line in quote.lines
    ]
    if fate.has_unknown_sku:
        lines.append(
            DraftLine(
                sku="GIFT-2019",
                name="Gift set of an older season",
                quantity=1,
                unit_price=Decimal("24.90"),
            )
        )
    return tuple(lines)


def _count_days(now: datetime) -> None:
    refresh_lanes(now=now)
