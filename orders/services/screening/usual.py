"""What is usual in each channel, computed anew by night."""

from datetime import datetime

from core.models import Channel
from orders.models import RiskBaseline
from orders.selectors.risk.facts import usual_amount


def refresh_usual(*, now: datetime) -> int:
    """Compute the 99th percentile of every channel with a risk check; returns how many have one."""
    known = 0
    for channel in Channel.objects.filter(is_screened=True):
        found = usual_amount(channel.pk, before=now)
        RiskBaseline.objects.update_or_create(
            channel=channel,
            defaults={
                "currency": channel.currency,
                "usual_most": found.most,
                "orders": found.orders,
                "computed_at": now,
            },
        )
        known += found.most is not None
    return known
