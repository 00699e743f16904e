"""What payments and channels tell of an order's money that speaks against it."""

from datetime import datetime

from django.db import transaction

from core.outbox import publish
from orders.events.risk import RiskSignalTold
from orders.locks import lock_order
from orders.models import RiskSignal
from orders.states import RiskSignalKind


@transaction.atomic
def record_signal(
    *,
    order_id: int,
    kind: RiskSignalKind,
    ref: str,
    occurred_at: datetime,
    version: int | None = None,
    now: datetime,
) -> RiskSignal:
    """A payment of an order was declined or disputed. `ref` names it: told twice, it counts once. An
    order with a risk check is scored again.
    """
    order = lock_order(order_id, version=version)
    signal, is_new = RiskSignal.objects.get_or_create(
        kind=kind,
        ref=ref[:200],
        defaults={"order": order, "occurred_at": min(occurred_at, now), "told_at": now},
    )
    if is_new and order.risk_level:
        publish(RiskSignalTold(order_id=order.pk, signal_id=signal.pk, what=kind.label.lower()))
    return signal
