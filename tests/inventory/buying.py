"""Suppliers and purchase orders as the tests of purchasing know them."""

from decimal import Decimal

from inventory.models import PurchaseOrder, Receipt, Supplier, SupplierItem, Variant
from inventory.services.ordering import approve_purchase, send_purchase
from inventory.services.purchasing import PurchaseWish, create_purchase
from inventory.services.receiving import Goods, count_line, start_receipt
from inventory.states import Condition
from tests.cast import NOON, Shop


def make_supplier(code: str = "nst", **more) -> Supplier:
    """North Sea Textiles, who delivers in two weeks."""
    values = {"name": "North Sea Textiles", "email": "orders@nst.example", "country": "NL", **more}
    return Supplier.objects.create(code=code, **values)


def make_price(supplier: Supplier, variant: Variant, price: str = "4.00", **more) -> SupplierItem:
    return SupplierItem.objects.create(
        supplier=supplier, variant=variant, price=Decimal(price), **more
    )


def drafted(shop: Shop, *lines: tuple, supplier: Supplier | None = None, **more) -> PurchaseOrder:
    """A draft of (variant, quantity[, unit cost]) lines for the warehouse."""
    wishes = [
        PurchaseWish(line[0].pk, line[1], Decimal(line[2]) if len(line) > 2 else None)
        for line in lines
    ]
    return create_purchase(
        supplier=supplier or Supplier.objects.filter(code="nst").first() or make_supplier(),
        location=shop.warehouse,
        wishes=wishes,
        now=NOON,
        **more,
    )


def bought(shop: Shop, *lines: tuple, **more) -> PurchaseOrder:
    """A purchase order that the supplier has."""
    order = drafted(shop, *lines, **more)
    approve_purchase(order_id=order.pk, now=NOON)
    return send_purchase(order_id=order.pk, by_mail=False, now=NOON)


def counted(order: PurchaseOrder, *units: int, **more) -> Receipt:
    """A receipt on which as many of each line were counted."""
    receipt = start_receipt(order_id=order.pk, now=NOON)
    for line, quantity in zip(order.lines.all(), units, strict=True):
        if quantity:
            goods = Goods(quantity, more.pop("condition", Condition.SELLABLE), **more)
            count_line(receipt_id=receipt.pk, line_id=line.pk, goods=goods)
    return receipt


def again(order: PurchaseOrder) -> PurchaseOrder:
    """The order as it stands now."""
    return PurchaseOrder.objects.get(pk=order.pk)
