"""Recommendations for machines: what goes with a basket, what stands in for it, and what was bought."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from core.api.client import client_of
from core.api.rooms import Room
from core.api.shapes import Input, Output, PathId, answer, money
from core.clock import now
from core.models import Channel
from orders.api.baskets import BasketAsked, Name, quoted
from orders.rights import PLACE_ORDERS, SEE_ORDERS
from orders.selectors.quoting import LineWish, Quote
from orders.selectors.recommending import Recommendations, recommendations_for
from orders.selectors.scoped import order_within
from orders.services import record_shown, record_taken
from orders.states import RecommendationPlace

room = Room("Recommendations")


class GoodsAsked(BasketAsked):
    """A basket: `sku` once for each of the goods in it."""

    sku: list[Name] = Field(min_length=1, max_length=100)
    basket: Name | None = Field(
        None,
        description="Your name for the basket: with it what is shown is counted, once for each basket.",
    )


class RecommendedOut(Output):
    """One suggestion: `count` of the `of` orders with `because_of` had it (null: a best seller of its
    category, in `count` of `of` orders); `why` says so. The price is a unit's.
    """

    sku: str
    name: str
    amount: str
    currency: str
    available: int
    because_of: str | None
    count: int
    of: int
    why: str


class InsteadOut(Output):
    """What may stand in for goods of the basket that are short, the best first."""

    short: str
    sku: str
    name: str
    reason: str


class RecommendationsOut(Output):
    """The best first. `counted_at`: when it was counted what is bought together; null: not yet."""

    suggestions: list[RecommendedOut]
    instead: list[InsteadOut]
    counted_at: datetime | None


class TakenIn(Input):
    """The basket that an order was."""

    basket: Name


class TakenOut(Output):
    """How many of the goods that were suggested the order has, and were not told of before."""

    taken: int


def _basket_key(channel_id: int, name: str) -> str:
    return f"api:{channel_id}:{name}"


@room.reads("/recommendations", SEE_ORDERS, RecommendationsOut)
def read_recommendations(request: HttpRequest, filters: Query[GoodsAsked]) -> HttpResponse:
    """Read what goes with a basket, and what may stand in for what of it is short."""
    moment = now()
    wishes = [LineWish(sku, 1) for sku in dict.fromkeys(filters.sku)]
    quote, channel = quoted(request, filters, wishes, field="sku", now=moment)
    found = recommendations_for(
        [line.variant for line in quote.lines if line.variant],
        channel=channel,
        country=filters.country,
        now=moment,
    )
    if filters.basket and found.items:
        record_shown(
            found.suggestions,
            basket_key=_basket_key(channel.pk, filters.basket),
            place=RecommendationPlace.API,
            channel=channel,
            now=moment,
        )
    return answer(_told(quote, found, channel))


def _told(quote: Quote, found: Recommendations, channel: Channel) -> RecommendationsOut:
    skus = {line.variant.pk: line.variant.sku for line in quote.lines if line.variant}
    return RecommendationsOut(
        suggestions=[
            RecommendedOut(
                sku=one.variant.sku,
                name=one.variant.full_name,
                amount=money(one.price, channel.currency),
                currency=channel.currency,
                available=one.free,
                because_of=skus.get(one.suggestion.anchor or 0),
                count=one.suggestion.count,
                of=one.suggestion.of,
                why=one.why,
            )
            for one in found.items
        ],
        instead=[
            InsteadOut(
                short=line.wish.sku,
                sku=one.substitute.sku,
                name=one.substitute.full_name,
                reason=one.reason,
            )
            for line in quote.lines
            for one in line.instead
        ],
        counted_at=found.counted_at,
    )


@room.changes("/orders/{order_id}/recommendations", PLACE_ORDERS, TakenOut)
def tell_taken(request: HttpRequest, order_id: PathId, body: TakenIn) -> HttpResponse:
    """Tell which basket became an order, so that what was suggested for it and bought is counted."""
    order = order_within(client_of(request).channel_id, order_id)
    taken = record_taken(
        basket_key=_basket_key(order.channel_id, body.basket), order_id=order.pk, now=now()
    )
    return answer(TakenOut(taken=taken))
