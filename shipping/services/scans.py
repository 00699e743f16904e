"""The log of scans, and what a line's item is called in it."""

from datetime import datetime

from core import actors
from shipping.models import Pick, PickLine, PickScan
from shipping.states import ScanOutcome, ScanStage


def log_scan(
    pick: Pick,
    outcome: ScanOutcome,
    text: str,
    *,
    now: datetime,
    line: PickLine | None = None,
    code: str = "",
    quantity: int = 0,
    stage: ScanStage = ScanStage.PICK,
) -> PickScan:
    """Keep one scan; `quantity` is what it counted, below zero when it was taken back."""
    return PickScan.objects.create(
        pick=pick,
        line=line,
        stage=stage,
        outcome=outcome,
        code=code[:100],
        quantity=quantity,
        text=text[:300],
        actor_label=actors.current().actor.label[:150],
        scanned_at=now,
    )


def item_name(line: PickLine) -> str:
    """What people call the item of a line. Reads the order line: select it along."""
    sold = line.fulfilment_line.order_line
    return sold.sku or sold.name
