"""What channels were told to be able to sell, and what changed since."""

from typing import Any

from django.db.models import QuerySet

from core.models import Channel
from inventory.models import ChannelStock


def changes_since(channel: Channel, version: int = 0) -> QuerySet[ChannelStock, Any]:
    """SKU, available units, version and moment of each figure that is newer, oldest first; the last
    version given is where to go on from.
    """
    rows = ChannelStock.objects.filter(channel=channel, version__gt=version)
    return rows.order_by("version").values("variant__sku", "available", "version", "changed_at")
