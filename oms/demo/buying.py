"""What the demo shop buys: its suppliers, and purchase orders in every state."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from core import clock, documents, outbox
from core.actors import acting
from inventory.models import PurchaseOrder, Supplier, SupplierItem, Variant
from inventory.services.landing import add_landed_cost
from inventory.services.lateness import flag_late_suppliers
from inventory.services.ordering import approve_purchase, send_purchase
from inventory.services.posting import Explained, receive_goods
from inventory.services.purchasing import PurchaseWish, create_purchase
from inventory.services.receiving import Goods
from inventory.states import Difference, SplitBy
from oms.demo.goods import COST_SHARE
from oms.demo.store import Store

SUPPLIERS = (
    ("north-sea", "North Sea Textiles", "orders@northsea.demo.example", "NL", 14, 10),
    ("baltic", "Baltic Ropes & Canvas", "sales@baltic.demo.example", "LT", 21, 5),
    ("galley", "Galley Enamel", "office@galley.demo.example", "PL", 10, 12),
)
LINES = 6


def buy(store: Store, *, now: datetime) -> None:
    """Suppliers with price lists, and an order in each state: received short, late, coming, approved
    and drafted.
    """
    with acting(store.staff["manager"].actor), documents.made_when_opened():
        lists = _suppliers(store)
        suppliers = list(lists)
        received = _order(store, suppliers[0], lists[suppliers[0]], now - timedelta(days=20))
        _receive(received, now - timedelta(days=3))
        _order(store, suppliers[1], lists[suppliers[1]], now - timedelta(days=25))
        _order(store, suppliers[2], lists[suppliers[2]], now - timedelta(days=2))
        _order(store, suppliers[0], lists[suppliers[0]][LINES:], now, is_sent=False)
        _order(store, suppliers[1], lists[suppliers[1]][LINES:], now, is_approved=False)
        flag_late_suppliers(now=now)
        outbox.drain()


def _suppliers(store: Store) -> dict[Supplier, Sequence[Variant]]:
    """Each supplier sells every third variant; prices are those at which it is bought."""
    lists: dict[Supplier, Sequence[Variant]] = {}
    for place, (code, name, email, country, days, pack) in enumerate(SUPPLIERS):
        supplier = Supplier.objects.create(
            code=code,
            name=name,
            email=email,
            country=country,
            lead_time_days=days,
            minimum_order=Decimal(250),
            over_tolerance=5,
        )
        sold = store.variants[place :: len(SUPPLIERS)]
        SupplierItem.objects.bulk_create(
            SupplierItem(
                supplier=supplier,
                variant=variant,
                supplier_sku=f"{code[:2].upper()}-{variant.pk:04}",
                price=(Decimal(goods.euros) * COST_SHARE).quantize(Decimal("0.01")),
                minimum_quantity=pack,
                pack_size=pack,
                is_preferred=True,
            )
            for variant, goods in sold
        )
        lists[supplier] = [variant for variant, _ in sold]
    return lists


def _order(
    store: Store,
    supplier: Supplier,
    variants: Sequence[Variant],
    moment: datetime,
    *,
    is_approved: bool = True,
    is_sent: bool = True,
) -> PurchaseOrder:
    pack = next(row[5] for row in SUPPLIERS if row[0] == supplier.code)
    with clock.at(moment):
        order = create_purchase(
            supplier=supplier,
            location=store.locations["hamburg"],
            wishes=[
                PurchaseWish(one.pk, pack * (1 + n % 3)) for n, one in enumerate(variants[:LINES])
            ],
            buyer_id=store.staff["manager"].pk,
            now=moment,
        )
        add_landed_cost(
            order_id=order.pk, label="Freight", amount=Decimal("48.00"), split_by=SplitBy.WEIGHT
        )
        if is_approved:
            approve_purchase(order_id=order.pk, by=store.staff["manager"].pk, now=moment)
        if is_approved and is_sent:
            send_purchase(order_id=order.pk, now=moment)
    return order


def _receive(order: PurchaseOrder, moment: datetime) -> None:
    """All of it but half of the first line."""
    lines = list(order.lines.all())
    short = Explained(Difference.SHORT_SHIPPED, "One box missing")
    with clock.at(moment):
        receive_goods(
            order_id=order.pk,
            key=f"demo {order.number}",
            goods=[
                (line.pk, Goods(line.quantity if n else line.quantity // 2, bin=f"P-{n + 1:02}"))
                for n, line in enumerate(lines)
            ],
            explained={lines[0].pk: short},
            delivery_note="DN 2207",
            now=moment,
        )
