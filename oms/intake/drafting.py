"""From an order document to what the verbs of each floor ask for."""

from collections.abc import Sequence

from core.models import Channel
from core.models.business import ChannelKind
from customers.services import CustomerWish
from inventory.services import NewVariant
from oms.intake.documents import LineDocument, OrderDocument
from orders.drafts import DraftLine, OrderDraft, Past, WhenShort
from orders.models import Order
from payments.services.history import PastPayment

NO_ADDRESS = "The order names no address to send it to"


def wish_of(document: OrderDocument, channel: Channel) -> CustomerWish:
    """The customer whom the document names."""
    addresses = dict.fromkeys((document.billing, document.shipping))
    return CustomerWish(
        channel=channel,
        external_id=document.buyer.external_id,
        email=document.buyer.email,
        name=document.buyer.name,
        phone=document.buyer.phone,
        accepts_marketing=document.buyer.accepts_marketing,
        addresses=tuple(one for one in addresses if not one.is_empty),
    )


def draft_of(
    document: OrderDocument, channel: Channel, *, number: str, customer_id: int | None
) -> OrderDraft:
    """The draft of an order that comes with its past: never refused for want of stock, and never
    confirmed, since its source did that. What is finished is history and tells nobody anything.
    """
    included = document.prices_include_tax
    is_to_cancel = will_be_cancelled(document)
    return OrderDraft(
        channel=channel,
        currency=document.currency,
        lines=tuple(_line(line) for line in document.lines),
        external_id=document.external_id,
        number=number,
        customer_id=customer_id,
        customer_name=document.buyer.name,
        email=document.buyer.email,
        phone=document.buyer.phone,
        billing_address=document.billing,
        shipping_address=document.shipping,
        prices_include_tax=channel.prices_include_tax if included is None else included,
        order_discount=document.discount,
        discount_code=document.discount_code,
        shipping=document.shipping_amount,
        shipping_tax=document.shipping_tax,
        shipping_tax_rate=document.shipping_tax_rate,
        shipping_method=document.shipping_method,
        when_short=WhenShort.BACKORDER,
        placed_at=document.placed_at,
        is_historical=document.is_finished,
        was_announced=True,
        takes_stock=not is_to_cancel,
        past=_past(document, gives_credit=not is_to_cancel),
        tags=document.tags,
        deliver_by=document.deliver_by,
        customer_note=document.customer_note,
        staff_note=_staff_note(document),
        origin=document.origin,
    )


def _line(line: LineDocument) -> DraftLine:
    return DraftLine(
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        discount=line.discount,
        tax=line.tax,
        tax_rate=line.tax_rate,
        is_physical=line.is_physical,
        shipped=line.shipped,
    )


def will_be_cancelled(document: OrderDocument) -> bool:
    """Whether the document says that what had not left was cancelled."""
    return document.cancelled_at is not None and document.units_shipped < document.units


def lacks_address(order: Order) -> bool:
    """Whether goods are to be sent and nobody said where to; a store hands them over itself."""
    if order.channel.kind == ChannelKind.STORE or order.ship_to.names_a_place:
        return False
    return order.lines.filter(is_physical=True).exists()


def _past(document: OrderDocument, *, gives_credit: bool) -> Past:
    moments = [document.placed_at, *(one.at for one in document.payments)]
    if document.shipped_at:
        moments.append(document.shipped_at)
    return Past(
        captured=document.paid,
        refunded=document.refunded,
        gives_credit=gives_credit,
        completed_at=max(moments),
    )


def _staff_note(document: OrderDocument) -> str:
    return "\n".join(f"{name}: {words}" for name, words in document.extras)


def products_of(documents: Sequence[OrderDocument]) -> list[NewVariant]:
    """The products that the documents name, once per SKU; the first to name one words it."""
    wanted: dict[str, NewVariant] = {}
    for document in documents:
        for line in document.lines:
            if line.sku and line.sku not in wanted:
                wanted[line.sku] = NewVariant(
                    sku=line.sku,
                    name=line.product.name or line.name,
                    brand=line.product.brand,
                    category=line.product.category,
                    barcode=line.product.barcode,
                )
    return list(wanted.values())


def past_payments(document: OrderDocument, order: Order) -> list[PastPayment]:
    """The document's payments, with what was given back of each, newest first as refunds go."""
    left = document.refunded
    refunded_at = document.refunds[-1].at if document.refunds else None
    past: list[PastPayment] = []
    for paid in reversed(document.payments):
        back = min(left, paid.amount)
        left -= back
        past.append(
            PastPayment(
                order=order,
                amount=paid.amount,
                at=paid.at,
                label=paid.method,
                reference=paid.reference,
                refunded=back,
                refunded_at=refunded_at,
            )
        )
    return past[::-1]


def safe_number(document: OrderDocument, channel: Channel) -> str:
    """The number people know the order by, made so that our own sequence never comes to it: bare
    digits, or the channel's own prefix with digits, get the channel's code in front.
    """
    number = document.number
    rest = number.removeprefix(channel.number_prefix)
    if not number or rest.isdigit():
        return f"{channel.code.upper()}-{rest or document.external_id}"[:30]
    return number[:30]


def other_number(number: str, channel: Channel) -> str:
    """The number of an order whose own is another order's already."""
    return f"{channel.code.upper()}-{number.lstrip('#')}"[:30]
