"""What is refused of drafts before anything is locked: no lines, impossible numbers, twice the same."""

from collections.abc import Sequence
from datetime import date, datetime

from core.models import Channel
from orders.drafts import OrderDraft
from orders.errors import AlreadyTaken, BadDay, BadLine, EmptyOrder
from orders.models import Order
from orders.promising.wording import day_words

MOST_LINES = 2_000


def check_draft(draft: OrderDraft, *, now: datetime) -> None:
    """Refuse a draft that no stock, money or day could make an order. Raises EmptyOrder, BadLine,
    BadDay.
    """
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
    if not draft.is_historical:
        check_deliver_by(draft.deliver_by, draft.channel, now=draft.placed_at or now)


def check_deliver_by(day: date | None, channel: Channel, *, now: datetime) -> None:
    """Refuse a day to arrive by that has passed where the channel sells. Raises BadDay."""
    today = now.astimezone(channel.zone).date()
    if day is not None and day < today:
        raise BadDay(
            f"{day_words(day)} {day.year} has passed; ask for {day_words(today)} or later.",
            field="deliver_by",
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
