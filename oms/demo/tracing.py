"""Demo goods whose units are told apart: jam by lot, one of them recalled, and drills by number."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from core.actors import acting
from inventory.models import Category, Lot, Product, Variant
from inventory.services import StockChange, move_stock, recall_lot, receive_serials
from inventory.states import MovementReason, Tracking
from oms.demo.store import Store
from orders.models import Price

LOTS = (("L-2040", 9, 18), ("L-2041", 120, 40), ("L-2042", 300, 60))
NUMBERS = tuple(f"HD18-{number:05d}" for number in range(417, 429))


def trace(store: Store, *, now: datetime) -> None:
    """Jam in three lots, the second of them recalled, and drills with serial numbers, in Hamburg."""
    with acting(store.staff["manager"].actor), transaction.atomic():
        _trace(store, now=now)


def _trace(store: Store, *, now: datetime) -> None:
    place = store.locations["hamburg"]
    jam = _variant(
        "JAM-250",
        "Sea buckthorn jam",
        "Galley",
        tracking=Tracking.LOT,
        euros=Decimal(7),
        weight_g=340,
    )
    for code, days, units in LOTS:
        lot = Lot.objects.create(
            variant=jam,
            code=code,
            made_on=(now - timedelta(days=60)).date(),
            expires_on=(now + timedelta(days=days)).date(),
        )
        change = StockChange(
            jam.pk, place.pk, units, MovementReason.RECEIPT, "Opening stock", lot_id=lot.pk
        )
        move_stock([change], now=now)
    drill = _variant(
        "DRL-18",
        "Cordless drill",
        "Tools",
        tracking=Tracking.SERIAL,
        euros=Decimal(149),
        weight_g=1700,
    )
    units = len(NUMBERS)
    change = StockChange(drill.pk, place.pk, units, MovementReason.RECEIPT, "Opening stock")
    move_stock([change], now=now)
    receive_serials(
        variant=drill, location=place, codes=NUMBERS, reference="Opening stock", now=now
    )
    recalled = Lot.objects.get(variant=jam, code="L-2041")
    recall_lot(lot_id=recalled.pk, reason="A jar may hold a piece of glass", now=now)


def _variant(
    sku: str, name: str, category: str, *, tracking: Tracking, euros: Decimal, weight_g: int
) -> Variant:
    shelf, _ = Category.objects.get_or_create(name=category)
    product = Product.objects.create(name=name, category=shelf)
    variant = Variant.objects.create(
        product=product,
        sku=sku,
        weight_g=weight_g,
        tracking=tracking,
        cost=euros / 2,
    )
    for currency in ("EUR", "GBP", "USD"):
        Price.objects.create(variant=variant, currency=currency, amount=euros)
    return variant
