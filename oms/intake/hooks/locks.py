"""Row locks of webhooks that come in."""

from core.models import Channel
from oms.models import ToldOrder, WebhookSource


def lock_told(channel: Channel, external_id: str) -> ToldOrder:
    """What is known of one order of a channel, locked; made where nothing is known yet."""
    ToldOrder.objects.get_or_create(channel=channel, external_id=external_id)
    return ToldOrder.objects.select_for_update().get(channel=channel, external_id=external_id)


def lock_source(source_id: int) -> WebhookSource:
    """The source, locked; what it sends meanwhile is not held up."""
    return WebhookSource.objects.select_for_update(no_key=True).get(pk=source_id)
