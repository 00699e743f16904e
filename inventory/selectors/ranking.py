"""Which locations a channel sells from, first choice first."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

RANKED = """
    SELECT link.channel_id, location.id, location.name
    FROM json_array_elements_text(%s) AS wanted(id)
    JOIN inventory_channellocation link ON link.channel_id = wanted.id::bigint
    JOIN inventory_location location ON location.id = link.location_id AND location.is_active
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
        cursor.execute(RANKED, [json.dumps(sorted(channel_ids))])
        for channel_id, location_id, name in cursor.fetchall():
            places[channel_id].append(RankedPlace(location_id, name))
    return places
