"""What suppliers are told."""

from core.address import Address
from core.markup.values import money_text
from core.messages import MessageKind, register_kind
from core.wording import Variables
from inventory.models import PurchaseOrder

EXAMPLE: Variables = {
    "number": "PO-1001",
    "supplier_name": "North Sea Textiles",
    "location": "Berlin",
    "ship_to": "Berlin, Torstraße 1, 10119 Berlin, DE",
    "expected_on": "2 December 2026",
    "total": "€340.00 EUR",
    "note": "Please pack by size.",
    "lines": [{"sku": "NST-88", "name": "Mug", "quantity": 20, "price": "€17.00"}],
}


def purchase_variables(order_id: int) -> Variables:
    """What a message about a purchase order may name. Two queries."""
    order = PurchaseOrder.objects.select_related("supplier", "location").get(pk=order_id)
    return {
        "number": order.number,
        "supplier_name": order.supplier.name,
        "location": order.location.name,
        "ship_to": _one_line(order.address),
        "expected_on": f"{order.expected_on:%-d %B %Y}" if order.expected_on else "",
        "total": money_text(order.total, order.currency, explicit=True),
        "note": order.note,
        "lines": [
            {
                "sku": line.supplier_sku or line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "price": money_text(line.unit_cost, order.currency),
            }
            for line in order.lines.all()[:200]
        ],
    }


def _one_line(address: Address) -> str:
    town = f"{address.postal_code} {address.city}".strip()
    parts = (address.name, address.line1, address.line2, town, address.country)
    return ", ".join(part for part in parts if part)


def find_purchase(number: str) -> int | None:
    """The id of the purchase order that people call so."""
    return PurchaseOrder.objects.filter(number__iexact=number).values_list("pk", flat=True).first()


PURCHASE_ORDER_SENT = register_kind(
    MessageKind(
        code="purchase_order",
        label="Purchase order",
        subject_type="purchaseorder",
        variables=EXAMPLE,
        subject="Our order {{ number }}",
        body=(
            "Dear colleagues at {{ supplier_name }},\n\n"
            "Please find our order {{ number }}:\n\n"
            "{% for line in lines %}- {{ line.quantity }} × {{ line.name }} ({{ line.sku }}) at"
            " {{ line.price }}\n{% endfor %}\n"
            "In all {{ total }}. Deliver to: {{ ship_to }}"
            "{% if expected_on %}, by {{ expected_on }}{% endif %}.\n\n"
            "{% if note %}{{ note }}\n\n{% endif %}"
            "Please name {{ number }} on your delivery note, and tell us when it leaves."
        ),
        sample=purchase_variables,
        find=find_purchase,
        paper="purchase_order",
    )
)
