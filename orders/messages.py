"""What customers are told about their orders."""

from core.markup.values import money_text
from core.messages import MessageKind, register_kind
from core.wording import Variables
from inventory.models import Lot
from orders.models import Order, Quotation
from orders.promising.wording import long_day

EXAMPLE: Variables = {
    "order_number": "SO-1001",
    "customer_name": "Ada Lindqvist",
    "store_name": "Quay Goods",
    "total": "€34.87",
    "lines": [{"name": "Mug", "quantity": 2}],
    "arrives_by": "Thursday 3 December",
    "track_url": "https://shop.example/track/…",
}


def variables_of(order_id: int, *, track_url: str = "") -> Variables:
    """What a message about an order may name. Three queries."""
    order = Order.objects.select_related("channel__legal_entity").get(pk=order_id)
    return {
        "order_number": order.number,
        "customer_name": order.customer_name or "there",
        "store_name": order.channel.legal_entity.name,
        "total": money_text(order.total, order.currency, explicit=True),
        "lines": [
            {
                "name": f"{line.name} ({line.kit.name})" if line.kit else line.name,
                "quantity": line.quantity - line.cancelled,
            }
            for line in order.lines.select_related("kit")
            if line.quantity > line.cancelled
        ],
        "arrives_by": long_day(order.promised_on) if order.promised_on else "",
        "track_url": track_url or "(a link made for each message)",
    }


def find_order(number: str) -> int | None:
    """The id of the order that people call so."""
    return Order.objects.filter(number__iexact=number).values_list("pk", flat=True).first()


ORDER_PLACED = register_kind(
    MessageKind(
        code="order_placed",
        label="Order placed",
        subject_type="order",
        variables=EXAMPLE,
        subject="We have your order {{ order_number }}",
        body=(
            "Hello {{ customer_name }},\n\n"
            "Thank you for your order {{ order_number }}. We are getting it ready:\n\n"
            "{% for line in lines %}- {{ line.quantity }} × {{ line.name }}\n{% endfor %}\n"
            "It comes to {{ total }}.\n\n"
            "{% if arrives_by %}It arrives by {{ arrives_by }}.\n\n{% endif %}"
            "See where it stands at any time: {{ track_url }}\n\n"
            "{{ store_name }}"
        ),
        sample=variables_of,
        find=find_order,
    )
)


def recall_variables(order: Order, lot: Lot, units: int) -> Variables:
    """What a message about a recalled lot may name; channel and product are selected along."""
    return {
        "order_number": order.number,
        "customer_name": order.customer_name or "there",
        "store_name": order.channel.legal_entity.name,
        "product": lot.variant.full_name,
        "lot": lot.code,
        "units": units,
        "reason": lot.recall_reason,
    }


LOT_RECALLED = register_kind(
    MessageKind(
        code="lot_recalled",
        label="Lot recalled",
        subject_type="order",
        variables={
            "order_number": "SO-1001",
            "customer_name": "Ada Lindqvist",
            "store_name": "Quay Goods",
            "product": "Sea buckthorn jam",
            "lot": "L-2041",
            "units": 2,
            "reason": "A jar may hold a piece of glass",
        },
        subject="Please do not use {{ product }} from your order {{ order_number }}",
        body=(
            "Hello {{ customer_name }},\n\n"
            "We recall lot {{ lot }} of {{ product }}: {{ reason }}.\n"
            "Your order {{ order_number }} held {{ units }} of it. Please do not use what is left,"
            " and answer this message: we replace it or give your money back.\n\n"
            "We are sorry.\n\n"
            "{{ store_name }}"
        ),
        find=find_order,
    )
)


def quotation_variables(quotation_id: int, *, quote_url: str = "") -> Variables:
    """What a message about a quote may name. Two queries."""
    quotation = Quotation.objects.select_related("channel__legal_entity").get(pk=quotation_id)
    return {
        "quote_number": str(quotation),
        "customer_name": quotation.customer_name or "there",
        "store_name": quotation.channel.legal_entity.name,
        "total": money_text(quotation.total, quotation.currency, explicit=True),
        "valid_until": f"{quotation.valid_until:%-d %B %Y}",
        "note": quotation.note,
        "lines": [
            {
                "name": line.name,
                "quantity": line.quantity,
                "price": money_text(line.unit_price, quotation.currency),
            }
            for line in quotation.lines.all()[:200]
        ],
        "quote_url": quote_url or "(a link made for each message)",
    }


def find_quotation(number: str) -> int | None:
    """The id of the newest version of a quote."""
    found = Quotation.objects.filter(number__iexact=number.partition("/")[0])
    return found.order_by("-revision").values_list("pk", flat=True).first()


QUOTE_SENT = register_kind(
    MessageKind(
        code="quote_sent",
        label="Quote",
        subject_type="quotation",
        variables={
            "quote_number": "Q-1001",
            "customer_name": "Nils Berg",
            "store_name": "Quay Goods",
            "total": "€340.00",
            "valid_until": "31 December 2026",
            "note": "With the discount we spoke of.",
            "lines": [{"name": "Mug", "quantity": 48, "price": "€7.10"}],
            "quote_url": "https://shop.example/quotes/open/…",
        },
        subject="Our quote {{ quote_number }}",
        body=(
            "Hello {{ customer_name }},\n\n"
            "Here is what we can offer you:\n\n"
            "{% for line in lines %}- {{ line.quantity }} × {{ line.name }} at {{ line.price }}\n"
            "{% endfor %}\n"
            "It comes to {{ total }} and is valid until {{ valid_until }}.\n\n"
            "{% if note %}{{ note }}\n\n{% endif %}"
            "Look at it, and accept or decline it, here: {{ quote_url }}\n\n"
            "{{ store_name }}"
        ),
        sample=quotation_variables,
        find=find_quotation,
        paper="quotation",
    )
)

RULE_MAIL = register_kind(
    MessageKind(
        code="rule_mail",
        label="Mail of a rule",
        subject_type="order",
        variables={**EXAMPLE, "subject": "About your order SO-1001", "text": "It is packed today."},
        subject="{{ subject }}",
        body="{{ text }}\n\n{{ store_name }}",
        sample=lambda order_id: {
            **variables_of(order_id),
            "subject": "About your order",
            "text": "What the rule writes stands here.",
        },
        find=find_order,
    )
)
