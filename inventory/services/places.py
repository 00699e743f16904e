"""Which channels sell from where, and who works where."""

from collections.abc import Sequence

from django.db import transaction

from core import outbox
from core.models import Channel, User
from inventory.events import ChannelPlacesChanged, ChannelStockRuleChanged, LocationAccessChanged
from inventory.models import ChannelLocation, ChannelStockRule, Location, LocationAccess

STEP = 10


@transaction.atomic
def set_channel_places(*, channel: Channel, locations: Sequence[Location]) -> None:
    """Let the channel sell from these locations, asked in this order."""
    Channel.objects.select_for_update().get(pk=channel.pk)
    before = _names(channel)
    ChannelLocation.objects.filter(channel=channel).delete()
    ChannelLocation.objects.bulk_create(
        ChannelLocation(channel=channel, location=location, priority=STEP * place)
        for place, location in enumerate(dict.fromkeys(locations), start=1)
    )
    after = _names(channel)
    if before != after:
        fact = ChannelPlacesChanged(
            channel_id=channel.pk, channel=channel.name, places=after or "nowhere"
        )
        outbox.publish(fact, changes={"locations": (before, after)})


@transaction.atomic
def set_stock_rule(*, channel: Channel, shelf_life_days: int) -> None:
    """Let a channel's orders be served only with goods that keep that many days."""
    Channel.objects.select_for_update().get(pk=channel.pk)
    rule = ChannelStockRule.objects.filter(channel=channel).first()
    before = rule.shelf_life_days if rule else 0
    if before == shelf_life_days:
        return
    ChannelStockRule.objects.update_or_create(
        channel=channel, defaults={"shelf_life_days": shelf_life_days}
    )
    fact = ChannelStockRuleChanged(
        channel_id=channel.pk, channel=channel.name, days=shelf_life_days
    )
    outbox.publish(fact, changes={"days goods keep": (before, shelf_life_days)})


def _names(channel: Channel) -> str:
    links = ChannelLocation.objects.filter(channel=channel).select_related("location")
    return ", ".join(link.location.name for link in links.order_by("priority", "location_id"))


@transaction.atomic
def set_location_access(*, user: User, locations: Sequence[Location]) -> None:
    """Let a member of the warehouse work at these locations and see no others."""
    User.objects.select_for_update().get(pk=user.pk)
    kept = LocationAccess.objects.filter(user=user).select_related("location")
    before = ", ".join(sorted(one.location.name for one in kept))
    after = ", ".join(sorted(location.name for location in locations))
    if before == after:
        return
    LocationAccess.objects.filter(user=user).delete()
    LocationAccess.objects.bulk_create(
        LocationAccess(user=user, location=location) for location in locations
    )
    fact = LocationAccessChanged(user_id=user.pk, places=after or "nowhere")
    outbox.publish(fact, changes={"locations": (before, after)})
