"""What the demo shop takes off: prices for the trade, four promotions, and coupons that were used."""

from datetime import datetime, timedelta
from decimal import Decimal

from core import clock, documents, outbox
from core.actors import acting
from customers.models import Company, Customer, CustomerGroup
from inventory.models import Category
from oms.demo.store import Store
from orders.drafts import OrderDraft, WhenShort
from orders.models import Coupon, PriceList, Promotion
from orders.selectors import quote_order
from orders.selectors.quoting import LineWish, price_draft
from orders.services import place_order
from orders.services.price_lists import Step, set_list_price

BREAKS = ((1, Decimal("0.90")), (12, Decimal("0.82")), (48, Decimal("0.75")))
TRADED = ("MG", "EP", "TF", "TB", "WSK")
BASKETS = (  # days ago, goods with units, coupons
    (6, (("MG", 6), ("EP", 6)), ()),
    (4, (("BT", 2), ("KB", 1)), ("AHOY-TEN",)),
    (3, (("RJ", 1), ("WSK", 3)), ("AHOY-TEN",)),
    (1, (("TF", 4), ("MG", 3)), ()),
)


def offer(store: Store, *, now: datetime) -> None:
    """A price list for the trade, promotions of every kind, and orders that had something off."""
    with acting(store.staff["manager"].actor):
        _list_prices(store)
        _promote(store, now)
    buyers = store.customers["web-eu"]
    with acting(store.staff["sales"].actor), documents.made_when_opened():
        for buyer, (days, basket, codes) in zip(buyers, BASKETS, strict=False):
            moment = now - timedelta(days=days)
            with clock.at(moment):
                place_order(_draft(store, buyer, basket, codes, moment), now=moment)
        outbox.drain()


def _list_prices(store: Store) -> None:
    """Cafés and shops that sell on pay less, the less the more they take."""
    trade, _ = CustomerGroup.objects.get_or_create(name="Trade")
    companies = [buyer.company_id for buyer in store.buyers[:2] if buyer.company_id]
    Company.objects.filter(pk__in=companies).update(group=trade)
    kept = PriceList.objects.create(name="Trade", currency="EUR", priority=10)
    kept.groups.add(trade)
    for variant, goods in store.variants:
        if goods.code not in TRADED:
            continue
        for units, share in BREAKS:
            amount = (goods.euros * share / Decimal("1.19")).quantize(Decimal("0.05"))
            step = Step(min_quantity=units)
            set_list_price(price_list_id=kept.pk, variant=variant, amount=amount, step=step)


def _promote(store: Store, now: datetime) -> None:
    today = now.date()
    Promotion.objects.create(
        name="Free shipping from 150 EUR",
        kind="free_shipping",
        currency="EUR",
        minimum=150,
    )
    autumn = Promotion.objects.create(
        name="Winter warmers, 15 % off knitwear",
        kind="percent",
        percent=15,
        valid_from=today - timedelta(days=14),
        valid_until=today + timedelta(days=21),
        priority=5,
    )
    autumn.categories.set(Category.objects.filter(name="Knitwear"))
    Promotion.objects.create(
        name="Three mugs for two",
        kind="buy_x_get_y",
        percent=100,
        buy_quantity=2,
        get_quantity=1,
        skus=[variant.sku for variant, goods in store.variants if goods.code == "MG"],
    )
    welcome = Promotion.objects.create(
        name="Ten euros off the first order",
        kind="fixed",
        amount=10,
        currency="EUR",
        minimum=60,
        needs_coupon=True,
        is_stackable=False,
    )
    for code, total, each in (("AHOY-TEN", 200, 1), ("CREW-TEN", 20, None)):
        Coupon.objects.create(
            promotion=welcome,
            code=code,
            total_limit=total,
            customer_limit=each,
            created_at=now - timedelta(days=30),
        )


def _draft(
    store: Store,
    buyer: Customer,
    basket: tuple[tuple[str, int], ...],
    codes: tuple[str, ...],
    now: datetime,
) -> OrderDraft:
    channel, service = store.channels["phone"], store.services["standard"]
    first = {goods.code: variant for variant, goods in reversed(store.variants)}
    address = buyer.addresses.first()
    ship_to = address.as_address() if address else None
    assert ship_to is not None  # noqa: S101  (every customer of the demo lives somewhere)
    quote = quote_order(
        [LineWish(first[code].sku, units) for code, units in basket],
        channel=channel,
        country=ship_to.country,
        service=service,
        shipping=None,
        customer_id=buyer.pk,
        codes=codes,
        now=now,
    )
    draft = OrderDraft(
        channel=channel,
        currency=channel.currency,
        lines=(),
        customer_id=buyer.pk,
        customer_name=buyer.name,
        email=buyer.email,
        billing_address=ship_to,
        shipping_address=ship_to,
        shipping_service=service,
        shipping_method=service.name,
        when_short=WhenShort.BACKORDER,
    )
    return price_draft(draft, quote)
