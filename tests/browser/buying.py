"""Suppliers and purchase orders in every state, and their pages, for the walk over all pages."""

from collections.abc import Iterator
from decimal import Decimal

from inventory.models import PurchaseOrder, Receipt, Supplier, SupplierItem, Variant
from inventory.services.announcing import Announced, announce_shipment
from inventory.services.landing import add_landed_cost
from inventory.services.ordering import approve_purchase
from inventory.services.posting import Explained, post_receipt
from inventory.states import Condition, Difference, SplitBy
from tests.cast import NOON, Shop, make_variant
from tests.inventory.buying import again, bought, counted, drafted, make_price, make_supplier

WITHOUT_ARGUMENTS = (
    "inventory:supplier_list",
    "inventory:supplier_new",
    "inventory:purchase_list",
    "inventory:purchase_create",
    "inventory:receive_start",
    "inventory:difference_list",
)
OF_ORDERS = (
    "purchase_edit",
    "purchase_send",
    "purchase_expect",
    "purchase_close",
    "purchase_cancel",
    "landed_cost_new",
    "notice_new",
    "receive_order",
)


def buy(shop: Shop) -> None:
    """A draft with advice, an approved one, one on its way, one being counted, one closed short."""
    supplier = make_supplier(minimum_order=Decimal(500), note="Rings at ten.")
    make_price(supplier, shop.mug, "4.20", pack_size=6, is_preferred=True, supplier_sku="NST-1")
    draft = drafted(shop, (shop.mug, 10, "4.00"), (shop.lamp, 2, "30.00"))
    add_landed_cost(
        order_id=draft.pk, label="Freight", amount=Decimal("12.50"), split_by=SplitBy.VALUE
    )
    approve_purchase(order_id=drafted(shop, (shop.mug, 12)).pk, now=NOON)
    coming = bought(shop, (shop.mug, 12), (shop.shirt, 5, "9.00"), expected_on=NOON.date())
    announce_shipment(
        order_id=coming.pk,
        reference="DN 88",
        expected_on=NOON.date(),
        goods=[Announced(coming.lines.earliest("pk").pk, 6)],
        now=NOON,
    )
    tea = make_variant("TEA", "Tea", tracking="lot")
    radio = make_variant("RADIO", "Radio", tracking="serial")
    counting = bought(shop, (tea, 10, "3.00"), (radio, 2, "40.00"), (shop.mug, 6))
    counted(counting, 4, 0, 8)
    short = bought(shop, (shop.mug, 12), (shop.lamp, 3, "30.00"))
    receipt = counted(short, 10, 3, condition=Condition.SELLABLE, bin="A-01")
    line = short.lines.get(sku="MUG")
    told = {line.pk: Explained(Difference.SHORT_SHIPPED, "One box missing", ends=True)}
    post_receipt(receipt_id=receipt.pk, explained=told, may_end=True, now=NOON)
    assert again(short).state == "closed_short"


def pages(page) -> Iterator[tuple[str, str]]:
    """The pages of what `buy` made, by the names of their addresses."""
    supplier = Supplier.objects.get(code="nst")
    yield page("inventory:supplier_detail", supplier.pk)
    yield page("inventory:supplier_edit", supplier.pk)
    yield page("inventory:price_new", supplier.pk)
    yield page(
        "inventory:price_edit",
        supplier.pk,
        SupplierItem.objects.filter(supplier=supplier).earliest("pk").pk,
    )
    for order in PurchaseOrder.objects.all():
        yield page("inventory:purchase_detail", order.pk)
    draft = PurchaseOrder.objects.get(state="draft")
    coming = PurchaseOrder.objects.filter(state="sent", receipts=None).get()
    for name in OF_ORDERS:
        yield page(f"inventory:{name}", (draft if name == "purchase_edit" else coming).pk)
    for receipt in Receipt.objects.all():
        yield page("inventory:receipt_page", receipt.pk)
    receipt = Receipt.objects.get(state="counting")
    row = receipt.lines.earliest("pk")
    yield page("inventory:receipt_page", receipt.pk, query=f"?row={row.pk}")
    yield page("inventory:receipt_review", receipt.pk)
    for line in receipt.order.lines.all():
        yield page("inventory:receipt_count", receipt.pk, line.pk)
    yield page("inventory:variant_detail", Variant.objects.get(sku="MUG").pk)
