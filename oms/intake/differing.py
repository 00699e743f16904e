"""What channels tell otherwise than it is here, kept field by field until people have decided."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from core import actors, attention
from core.models import AttentionItem
from oms.intake.documents import OrderDocument
from oms.intake.plain import as_plain
from oms.models import DifferenceStatus, OrderDifference
from orders.models import Order

CHANNEL_DIFFERS = "channel_differs"
OPEN = DifferenceStatus.OPEN
Row = tuple[str, str, str, bool]  # field, here, there, whether it may be taken over

KEEP = """
    INSERT INTO oms_orderdifference
        (order_id, field, here, there, may_accept, document, status, told_at, decided_by)
    VALUES (%s, %s, %s, %s, %s, %s, 'open', %s, '')
    ON CONFLICT (order_id, field) WHERE status = 'open' DO UPDATE
        SET here = excluded.here, there = excluded.there, may_accept = excluded.may_accept,
            document = excluded.document, told_at = excluded.told_at
"""


def waiting_for_people(orders: Iterable[Order]) -> set[int]:
    """Those of the orders that people were asked about already, by id."""
    return set(
        AttentionItem.objects.filter(
            kind=CHANNEL_DIFFERS,
            subject_type="order",
            subject_id__in=[order.pk for order in orders],
            resolved_at=None,
        ).values_list("subject_id", flat=True)
    )


def label_of(field: str) -> str:
    """A field as people read it."""
    return field.removesuffix("_at").replace("_", " ").capitalize()


def put_before_people(
    order: Order,
    rows: Sequence[Row],
    document: OrderDocument,
    *,
    still: set[str],
    now: datetime,
) -> None:
    """Keep what is told otherwise; what differs no longer (not `still`) is settled by itself."""
    OrderDifference.objects.filter(order=order, status=OPEN).exclude(field__in=still).update(
        status=DifferenceStatus.SETTLED, decided_at=now
    )
    if rows:
        plain = OrderDifference._meta.get_field("document").get_prep_value(as_plain(document))
        adapted = connection.ops.adapt_json_value(plain, None)
        with connection.cursor() as cursor:
            for field, here, there, may_accept in rows:
                cursor.execute(
                    KEEP,
                    [order.pk, field, here[:500], there[:500], may_accept, adapted, now],
                )
    ask_people(order)


def ask_people(order: Order) -> None:
    """One item in Needs attention while any field of the order waits; none when nothing does."""
    left = list(OrderDifference.objects.filter(order=order, status=OPEN).order_by("id"))
    if not left:
        attention.resolve(kind=CHANNEL_DIFFERS, subject_type="order", subject_ids=[order.pk])
        return
    attention.raise_item(
        kind=CHANNEL_DIFFERS,
        subject_type="order",
        subject_id=order.pk,
        title=f"{order.number}: {order.channel.name} tells it otherwise",
        detail="; ".join(
            f"{label_of(one.field)}: {one.here} here, {one.there} there" for one in left
        ),
        url=f"/orders/{order.pk}/",
    )


def close(rows: Sequence[OrderDifference], status: DifferenceStatus, *, now: datetime) -> None:
    """Write down what was decided, and by whom."""
    OrderDifference.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=status, decided_at=now, decided_by=actors.current().actor.label[:150]
    )
