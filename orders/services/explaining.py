"""Why things cost less: the rows that explain discounts."""

from collections.abc import Sequence

from django.db.models import Sum

from core.bulk import insert_all
from core.money import ZERO
from orders.models import Adjustment, Order, OrderLine
from orders.pricing import Adjusted
from orders.states import AdjustmentKind


def adjustment_of(
    why: Adjusted, *, line: OrderLine | None = None, order: Order | None = None
) -> Adjustment:
    """The row of one reason, unsaved."""
    return Adjustment(
        line=line,
        order=order,
        kind=why.kind,
        promotion_id=why.promotion_id,
        label=why.label[:160],
        code=why.code[:60],
        amount=why.amount,
    )


def explain_changes(lines: Sequence[OrderLine], *, label: str) -> None:
    """After discounts of placed lines changed: one row a line says by how much and why, so that the
    rows add up to the discount again. The lines are saved and locked. Two statements at most.
    """
    told = dict(
        Adjustment.objects.filter(line__in=[line.pk for line in lines])
        .values("line_id")
        .annotate(told=Sum("amount"))
        .values_list("line_id", "told")
    )
    insert_all(
        Adjustment(line=line, kind=AdjustmentKind.CHANGED, label=label[:160], amount=missing)
        for line in lines
        if (missing := line.discount - told.get(line.pk, ZERO))
    )
