"""What is refused of drafts before anything is locked: no lines, impossible numbers, twice the same."""

from collections.abc import Sequence

from orders.drafts import OrderDraft
from orders.errors import AlreadyTaken, BadLine, EmptyOrder
from orders.models import Order

MOST_LINES = 2_000


def check_draft(draft: OrderDraft) -> None:
    """Refuse a draft that no stock or money could make an order. Raises EmptyOrder, BadLine."""
    if not draft.lines:
        raise EmptyOrder("An order needs at least one line; add a product.", field="lines")
    if len(draft.lines) > MOST_LINES:
        raise EmptyOrder(f"An order holds at most {MOST_LINES} lines; split it.", field="lines")
    for position, line in enumerate(draft.lines, start=1):
        if not 0 < line.quantity <= 1_000_000:
            raise BadLine(
                f"Line {position} ({line.sku or line.name}): {line.quantity} is no possible"
                " quantity; give a whole number from 1 to 1,000,000.",
                field=f"lines.{position}.quantity",
            )
        if line.unit_price < 0 or line.discount < 0:
            raise BadLine(
                f"Line {position} ({line.sku or line.name}): a price or discount below zero is not"
                " possible; give it as a positive amount.",
                field=f"lines.{position}.unit_price",
            )


def already_taken(drafts: Sequence[OrderDraft]) -> AlreadyTaken:
    """The refusal of a channel’s order that is here already, with the order it became."""
    for draft in drafts:
        earlier = (
            Order.objects.filter(channel=draft.channel, external_id=draft.external_id)
            .exclude(external_id="")
            .first()
        )
        if earlier:
            return AlreadyTaken(
                f"{draft.channel.name} order {draft.external_id} is here already, as"
                f" {earlier.number}.",
                order_id=earlier.pk,
            )
    return AlreadyTaken("The channel’s order is here already.", order_id=0)
