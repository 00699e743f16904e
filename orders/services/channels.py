"""What a channel goes by: its policy, and where it sells from."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from core import outbox
from core.models import Channel
from inventory.models import Location
from inventory.services import set_channel_places
from orders.events import ChannelPolicyChanged
from orders.models import ChannelPolicy
from orders.selectors.policies import places_of


@transaction.atomic
def set_policy(*, channel: Channel, values: Mapping[str, Any]) -> ChannelPolicy:
    """Say how a channel prices, taxes and is paid; orders already placed keep what they have."""
    policy, _ = ChannelPolicy.objects.get_or_create(channel=channel)
    changes = {
        _label(name): (_words(getattr(policy, name)), _words(value))
        for name, value in values.items()
        if getattr(policy, name) != value
    }
    if changes:
        for name, value in values.items():
            setattr(policy, name, value)
        policy.save()
        fact = ChannelPolicyChanged(channel_id=channel.pk, fields=", ".join(changes))
        outbox.publish(fact, changes=changes)
    return policy


def _label(name: str) -> str:
    return str(ChannelPolicy._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _words(value: object) -> str:
    return "none" if value is None else str(value)


@transaction.atomic
def set_places(*, channel: Channel, locations: Sequence[Location]) -> None:
    """Let a channel sell from these locations: those it had keep their order, new ones come last."""
    before = places_of(channel)
    kept = [one for one in before if one in locations]
    after = [*kept, *(one for one in locations if one not in before)]
    if after != before:
        set_channel_places(channel=channel, locations=after)
