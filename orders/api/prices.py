"""Prices for machines: what variants cost, everybody's prices and those of a channel."""

from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field, StringConstraints

from core.api.client import channel_asked, client_of
from core.api.errors import Refused
from core.api.paging import Paged, stretch
from core.api.rooms import Room
from core.api.shapes import (
    NO_BOOLEAN,
    Amount,
    Id,
    Input,
    Output,
    Page,
    PathId,
    answer,
    money,
)
from core.api.texts import Word
from core.clock import now
from core.money import exponent
from inventory.models import Variant
from orders.rights import EDIT_PRICES, SEE_ORDERS
from orders.selectors.list_prices import list_prices, prices_of
from orders.selectors.policies import policy_of
from orders.services.prices import set_prices

room = Room("Prices")
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]


class PriceRow(Output):
    """What one unit costs in a channel, and by which list; null where it has no price."""

    variant_id: int
    sku: str
    amount: str | None
    currency: str
    source: str
    prices_include_tax: bool


class PriceFilters(Paged):
    channel: Word | None = Field(None, description="The channel's code; a key's own if it has one.")
    sku: Word | None = None
    group_id: Id | None = Field(None, description="The price for a group of customers.")
    quantity: int = Field(1, ge=1, le=1_000_000)


class PricesOut(Output):
    """Everybody's prices of one variant, by currency; null where it has none."""

    variant_id: int
    sku: str
    amounts: dict[str, str | None]


class PricesIn(Input):
    """Amounts by currency; null takes a price away, what is not named stays."""

    amounts: dict[Currency, Annotated[Amount | None, NO_BOOLEAN]] = Field(
        min_length=1, max_length=200
    )


@room.reads("/prices", SEE_ORDERS, Page[PriceRow])
def list_channel_prices(request: HttpRequest, filters: Query[PriceFilters]) -> HttpResponse:
    """List what variants cost in a channel today, by price lists, groups and quantities."""
    channel = channel_asked(client_of(request), filters.channel)
    rows = Variant.objects.active()
    if filters.sku is not None:
        rows = rows.filter(sku=filters.sku)
    page, after = stretch(rows, filters, order=("id",))
    found = list_prices(page, channel, policy_of(channel), filters.group_id, now=now())
    items = []
    for variant in page:
        amount, source = found.price(variant.pk, filters.quantity)
        items.append(
            PriceRow(
                variant_id=variant.pk,
                sku=variant.sku,
                amount=None if amount is None else money(amount, channel.currency),
                currency=channel.currency,
                source=source,
                prices_include_tax=channel.prices_include_tax,
            )
        )
    return answer(Page[PriceRow](items=items, next=after))


def _variant(variant_id: int) -> Variant:
    found = Variant.objects.filter(pk=variant_id).first()
    if found is None:
        raise Http404("No such variant.")
    return found


def _prices(variant: Variant) -> HttpResponse:
    amounts = {
        currency: None if amount is None else money(amount, currency)
        for currency, amount in prices_of(variant).items()
    }
    return answer(PricesOut(variant_id=variant.pk, sku=variant.sku, amounts=amounts))


@room.reads("/variants/{variant_id}/prices", SEE_ORDERS, PricesOut)
def read_variant_prices(request: HttpRequest, variant_id: PathId) -> HttpResponse:
    """Read everybody's prices of a variant."""
    return _prices(_variant(variant_id))


@room.changes("/variants/{variant_id}/prices", EDIT_PRICES, PricesOut, method="PATCH")
def change_variant_prices(request: HttpRequest, variant_id: PathId, body: PricesIn) -> HttpResponse:
    """Change everybody's prices of a variant; orders already placed keep theirs.

    A key with a channel may not: these prices hold in every channel.
    """
    if client_of(request).channel_id is not None:
        raise Refused(403, "channel_key", "These prices hold in every channel; use a key of all.")
    variant = _variant(variant_id)
    for currency in body.amounts:
        exponent(currency)  # refuses what is no currency
    set_prices(variant=variant, amounts=body.amounts)
    return _prices(variant)
