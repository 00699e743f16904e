"""Baskets that machines ask about before they are orders: where they go, and what is in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field, StringConstraints

from core.api.client import channel_asked, client_of
from core.api.shapes import NO_NUL, Country, Input
from core.api.texts import Word
from core.models import Channel
from orders.errors import BadLine
from orders.selectors import quote_order
from orders.selectors.quoting import LineWish, Quote

Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=NO_NUL)]


class BasketAsked(Input):
    """Where a basket goes, and whose it is."""

    country: Country = Field("", description="Where it goes; the seller's own if left out.")
    channel: Word | None = Field(None, description="The channel's code; a key's own if it has one.")


def quoted(
    request: HttpRequest,
    asked: BasketAsked,
    wishes: Sequence[LineWish],
    *,
    field: str,
    now: datetime,
) -> tuple[Quote, Channel]:
    """What the basket would come to, and in which channel. Raises BadLine for goods that are unknown."""
    channel = channel_asked(client_of(request), asked.channel)
    quote = quote_order(
        wishes, channel=channel, country=asked.country, service=None, shipping=None, now=now
    )
    unknown = next((line.problem for line in quote.lines if line.variant is None), "")
    if unknown:
        raise BadLine(unknown, field=field)
    return quote, channel
