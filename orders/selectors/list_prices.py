"""What variants cost by the lists that hold for a channel and a customer's group."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from core.models import Channel
from inventory.models import Variant
from orders.models import ChannelPolicy, Price, PriceList, PriceListItem
from orders.pricing import Offer, best_offer

BASE = "List price"
BY_HAND = "By hand"


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
    """Two queries, however many variants and lists there are."""
    ids = [variant.pk for variant in variants]
    base = Price.objects.filter(variant_id__in=ids, currency=channel.currency)
    today = now.astimezone(channel.zone).date()
    offers: dict[int, list[Offer]] = defaultdict(list)
    for item in _items(ids, channel, policy, group_id, today):
        offers[item.variant_id].append(
            Offer(
                item_id=item.pk,
                list_id=item.price_list_id,
                list_name=item.price_list.name,
                rank=_rank(item),
                priority=item.price_list.priority,
                min_quantity=item.min_quantity,
                amount=item.amount,
                valid_from=item.valid_from,
            )
        )
    return ListPrices(offers, dict(base.values_list("variant_id", "amount")))


def _rank(item: PriceListItem) -> int:
    names_group = bool(item.names_group)  # type: ignore[attr-defined]
    return (2 if names_group else 0) + (1 if item.names_channel else 0)  # type: ignore[attr-defined]


def holds_on(today: date, prefix: str = "") -> Q:
    """Rows that hold on a day, both their days included."""
    return (Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": today})) & (
        Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gte": today})
    )


def _items(
    variant_ids: list[int],
    channel: Channel,
    policy: ChannelPolicy,
    group_id: int | None,
    today: date,
) -> Iterable[PriceListItem]:
    """The prices of every list that holds: it names the channel and the group, or one of them and
    not another of the other kind; or the channel's policy names it.
    """
    channels = PriceList.channels.through.objects.filter(pricelist=OuterRef("price_list_id"))
    groups = PriceList.groups.through.objects.filter(pricelist=OuterRef("price_list_id"))
    is_policy = Q(price_list_id=policy.price_list_id or 0)
    return (
        PriceListItem.objects.filter(
            holds_on(today) & holds_on(today, "price_list__"),
            variant_id__in=variant_ids,
            price_list__is_active=True,
            price_list__currency=channel.currency,
        )
        .annotate(
            names_channel=Exists(channels.filter(channel=channel.pk)) | is_policy,
            names_group=Exists(groups.filter(customergroup=group_id or 0)),
            has_channels=Exists(channels),
            has_groups=Exists(groups),
        )
        .filter(
            Q(names_channel=True, has_groups=False)
            | Q(names_group=True, has_channels=False)
            | Q(names_channel=True, names_group=True)
        )
        .select_related("price_list")
        .order_by("pk")
    )


def prices_of(variant: Variant) -> dict[str, Decimal | None]:
    """What the variant costs in each currency that an active channel sells in or that it has a price
    in; None where it has none. Two queries.
    """
    known = dict(Price.objects.filter(variant=variant).values_list("currency", "amount"))
    sold = Channel.objects.filter(is_active=True).values_list("currency", flat=True)
    return {currency: known.get(currency) for currency in sorted({*known, *sold})}
