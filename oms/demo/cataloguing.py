"""Demo goods beyond the plain: a kit, a case code, a substitute, kin, and fields of the shop's own."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.actors import acting
from core.models import CustomField, CustomKind
from inventory.models import Category, Product, Variant
from inventory.services.composing import (
    CodeWish,
    PartWish,
    StandIn,
    set_barcodes,
    set_parts,
    set_related,
    set_substitutes,
)
from inventory.states import VariantKind
from oms.demo.store import Store
from orders.drafts import DraftLine, OrderDraft, WhenShort
from orders.models import Price
from orders.services import place_order


def catalogue(store: Store, *, now: datetime) -> None:
    """A galley set of mugs, plates and a kettle, ordered once by phone."""
    with acting(store.staff["manager"].actor), transaction.atomic():
        variants = {one.sku: one for one in Variant.objects.filter(sku__in=SKUS)}
        if len(variants) < len(SKUS):
            return
        kit = _kit(variants)
        _links(variants)
        _fields(kit)
        _order(store, kit, now=now)


SKUS = ("MG-WHITE", "MG-NAVY", "EP-WHITE", "CK")


def _kit(variants: dict[str, Variant]) -> Variant:
    category, _ = Category.objects.get_or_create(name="Galley")
    product = Product.objects.create(name="Galley set for two", category=category, brand="Quay")
    kit = Variant.objects.create(product=product, sku="SET-GALLEY", kind=VariantKind.KIT)
    set_parts(
        kit,
        [
            PartWish(variants["MG-WHITE"], 2),
            PartWish(variants["EP-WHITE"], 2),
            PartWish(variants["CK"], 1),
        ],
    )
    set_related(variants["MG-WHITE"].product, [product])
    Price.objects.create(variant=kit, currency="EUR", amount=Decimal("84.90"))
    return kit


def _links(variants: dict[str, Variant]) -> None:
    mug = variants["MG-WHITE"]
    set_barcodes(mug, [CodeWish("12000000002918", 12, "case of 12")])
    set_substitutes(mug, [StandIn(variants["MG-NAVY"], "the same mug in navy")])


def _fields(kit: Variant) -> None:
    for subject, code, label, kind in (
        ("inventory.product", "care", "Care", CustomKind.TEXT),
        ("inventory.product", "season", "Season", CustomKind.CHOICE),
        ("customers.customer", "berth", "Berth", CustomKind.TEXT),
    ):
        choices = ["All year", "Summer", "Winter"] if kind == CustomKind.CHOICE else []
        CustomField.objects.create(
            subject=subject, code=code, label=label, kind=kind, choices=choices
        )
    kit.product.custom = {"care": "Wipe with a soft cloth", "season": "All year"}
    kit.product.save(update_fields=["custom"])


def _order(store: Store, kit: Variant, *, now: datetime) -> None:
    channel = store.channels["phone"]
    line = DraftLine(sku=kit.sku, quantity=2, unit_price=Decimal("84.90"), tax_rate=Decimal("0.19"))
    draft = OrderDraft(
        channel=channel,
        currency=channel.currency,
        lines=(line,),
        customer_name="Henrike Lohse",
        when_short=WhenShort.BACKORDER,
    )
    place_order(draft, now=now)
