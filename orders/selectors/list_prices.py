"""What variants cost by the lists that hold for a channel and a customer's group."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from core.models import Channel
from inventory.models import Variant
from orders.models import ChannelPolicy, Price
from orders.pricing import Offer, best_offer

BASE = "List price"
BY_HAND = "By hand"
# A list holds when it names the channel and the group, or one of them and none of the other kind, or when
# the channel's policy names it; one that names the group ranks before one that names the channel.
# Written by hand, and one, since every order that is priced runs it.
PRICES = """
    WITH wanted AS MATERIALIZED (
        SELECT told::bigint AS id FROM json_array_elements_text(%(variants)s) AS told
    ), list AS MATERIALIZED (
        SELECT list.id, list.name, list.priority,
               (CASE WHEN said.our_group THEN 2 ELSE 0 END
                + CASE WHEN said.our_channel THEN 1 ELSE 0 END) AS rank
        FROM orders_pricelist list CROSS JOIN LATERAL (SELECT
            list.id = %(of_policy)s OR EXISTS (
                SELECT FROM orders_pricelist_channels named
                WHERE named.pricelist_id = list.id AND named.channel_id = %(channel)s
            ) AS our_channel,
            EXISTS (SELECT FROM orders_pricelist_groups named
                    WHERE named.pricelist_id = list.id AND named.customergroup_id = %(group)s
            ) AS our_group,
            EXISTS (SELECT FROM orders_pricelist_channels named
                    WHERE named.pricelist_id = list.id) AS any_channel,
            EXISTS (SELECT FROM orders_pricelist_groups named
                    WHERE named.pricelist_id = list.id) AS any_group
        ) said
        WHERE list.is_active AND list.currency = %(currency)s
          AND (list.valid_from IS NULL OR list.valid_from <= %(today)s)
          AND (list.valid_until IS NULL OR list.valid_until >= %(today)s)
          AND (said.our_channel AND NOT said.any_group
               OR said.our_group AND NOT said.any_channel
               OR said.our_channel AND said.our_group)
    )
    SELECT price.variant_id, NULL, NULL, NULL, NULL, NULL, NULL, price.amount, NULL
    FROM wanted JOIN orders_price price ON price.variant_id = wanted.id
    WHERE price.currency = %(currency)s
    UNION ALL
    (SELECT item.variant_id, item.id, list.id, list.name, list.rank, list.priority,
            item.min_quantity, item.amount, item.valid_from
     FROM wanted JOIN orders_pricelistitem item ON item.variant_id = wanted.id
     JOIN list ON list.id = item.price_list_id
     WHERE (item.valid_from IS NULL OR item.valid_from <= %(today)s)
       AND (item.valid_until IS NULL OR item.valid_until >= %(today)s)
     ORDER BY item.id)
"""


@dataclass(frozen=True, slots=True)
class ListPrices:
    """The prices of some variants for one buyer: of the lists that hold, and everybody's."""

    offers: Mapping[int, list[Offer]]
    base: Mapping[int, Decimal]

    def price(self, variant_id: int, quantity: int) -> tuple[Decimal | None, str]:
        """A unit's price and where it comes from; None where no list has one."""
        offer = best_offer(self.offers.get(variant_id, ()), max(quantity, 1))
        if offer:
            return offer.amount, offer.words
        amount = self.base.get(variant_id)
        return amount, "" if amount is None else BASE


def list_prices(
    variants: Iterable[Variant],
    channel: Channel,
    policy: ChannelPolicy,
    group_id: int | None,
    *,
    now: datetime,
) -> ListPrices:
    """One query, however many variants and lists there are."""
    ids = [variant.pk for variant in variants]
    asked = {
        "variants": json.dumps(ids),
        "currency": channel.currency,
        "channel": channel.pk,
        "group": group_id or 0,
        "of_policy": policy.price_list_id or 0,
        "today": now.astimezone(channel.zone).date(),
    }
    base: dict[int, Decimal] = {}
    offers: dict[int, list[Offer]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(PRICES, asked)
        for variant_id, *told in cursor.fetchall():
            item_id, amount = told[0], told[6]
            if item_id is None:
                base[variant_id] = amount
            else:
                offers[variant_id].append(Offer(*told))
    return ListPrices(offers, base)


def prices_of(variant: Variant) -> dict[str, Decimal | None]:
    """What the variant costs in each currency that an active channel sells in or that it has a price
    in; None where it has none. Two queries.
    """
    known = dict(Price.objects.filter(variant=variant).values_list("currency", "amount"))
    sold = Channel.objects.filter(is_active=True).values_list("currency", flat=True)
    return {currency: known.get(currency) for currency in sorted({*known, *sold})}
