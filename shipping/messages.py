"""What customers are told about their parcels."""

from core.messages import MessageKind, register_kind
from core.wording import Variables
from orders.messages import EXAMPLE, find_order, variables_of
from shipping.models import Parcel
from shipping.states import ShipmentState

SHIPPED_EXAMPLE: Variables = {
    **EXAMPLE,
    "is_complete": True,
    "parcels": [{"carrier": "Own delivery", "tracking_number": "OWN00001000015"}],
}


def shipped_variables(order_id: int, *, track_url: str = "") -> Variables:
    """What a message about an order on its way may name. Four queries."""
    from_order = variables_of(order_id, track_url=track_url)
    sent = (
        Parcel.objects.filter(shipment__order_id=order_id, shipment__state=ShipmentState.DISPATCHED)
        .exclude(tracking_number="")
        .order_by("pk")
        .values("carrier", "tracking_number")
    )
    return {**from_order, "is_complete": True, "parcels": list(sent)}


ORDER_SHIPPED = register_kind(
    MessageKind(
        code="order_shipped",
        label="Order shipped",
        subject_type="order",
        variables=SHIPPED_EXAMPLE,
        subject=(
            "{% if is_complete %}Your order {{ order_number }} is on its way"
            "{% else %}Part of your order {{ order_number }} is on its way{% endif %}"
        ),
        body=(
            "Hello {{ customer_name }},\n\n"
            "{% if is_complete %}Everything you ordered has left us"
            "{% else %}Part of your order has left us; the rest follows{% endif %}:\n\n"
            "{% for parcel in parcels %}- {{ parcel.tracking_number }}\n{% endfor %}\n"
            "See where it is at any time: {{ track_url }}\n\n"
            "{{ store_name }}"
        ),
        sample=shipped_variables,
        find=find_order,
    )
)
ORDER_DELIVERED = register_kind(
    MessageKind(
        code="order_delivered",
        label="Order delivered",
        subject_type="order",
        variables=EXAMPLE,
        subject="Your order {{ order_number }} has arrived",
        body=(
            "Hello {{ customer_name }},\n\n"
            "Your order {{ order_number }} was delivered. If it did not reach you, or something is"
            " not right, answer this message.\n\n"
            "All about it: {{ track_url }}\n\n"
            "{{ store_name }}"
        ),
        sample=variables_of,
        find=find_order,
    )
)
ORDER_DELAYED = register_kind(
    MessageKind(
        code="order_delayed",
        label="Order delayed",
        subject_type="order",
        variables=EXAMPLE,
        subject="Your order {{ order_number }} takes longer than planned",
        body=(
            "Hello {{ customer_name }},\n\n"
            "Your order {{ order_number }} should have left us by now and has not. We are sorry and"
            " will send it as soon as we can.\n\n"
            "See where it stands: {{ track_url }}\n\n"
            "{{ store_name }}"
        ),
        sample=variables_of,
        find=find_order,
    )
)
