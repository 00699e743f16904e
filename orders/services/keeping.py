"""How long the goods of an order must still keep: the most that its draft, channel or customer asks."""

from collections.abc import Sequence

from customers.models import Customer
from inventory.locks import Levels
from inventory.models import ChannelStockRule

Asked = tuple[int, int | None, int]  # a channel, a customer, and the days a draft asks for itself


def shelf_lives(asked: Sequence[Asked], levels: Levels) -> list[int]:
    """Days that goods must still be usable when they are set aside, for each (channel, customer,
    days of its own). Two queries where lots are told apart among the levels, none elsewhere.
    """
    if not any(level.is_by_lot for level in levels.values()):
        return [own for _, _, own in asked]
    rules = ChannelStockRule.objects.filter(channel_id__in={channel for channel, _, _ in asked})
    channels = dict(rules.values_list("channel_id", "shelf_life_days"))
    people = Customer.objects.filter(
        pk__in={customer for _, customer, _ in asked if customer}, shelf_life_days__gt=0
    )
    customers = dict(people.values_list("pk", "shelf_life_days"))
    return [
        max(own, channels.get(channel, 0), customers.get(customer or 0, 0))
        for channel, customer, own in asked
    ]
