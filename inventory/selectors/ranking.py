"""Which locations a channel sells from, first choice first."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

RANKED = """
    SELECT link.channel_id, location.id, location.name
    FROM inventory_channellocation link JOIN inventory_location location ON location.id = link.location_id
    WHERE link.channel_id = ANY(%s) AND location.is_active
    ORDER BY link.channel_id, link.priority, location.id
"""


@dataclass(frozen=True, slots=True)
class RankedPlace:
    id: int
    name: str


def ranked_places(channel_ids: Collection[int]) -> dict[int, list[RankedPlace]]:
    """The active locations of each channel, in the order in which they are asked. One statement,
    written by hand since every order that is placed runs it.
    """
    places: dict[int, list[RankedPlace]] = {channel_id: [] for channel_id in channel_ids}
    with connection.cursor() as cursor:
        cursor.execute(RANKED, [list(channel_ids)])
        for channel_id, location_id, name in cursor.fetchall():
            places[channel_id].append(RankedPlace(location_id, name))
    return places
