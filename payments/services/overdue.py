"""Expected money that is late waits for a person."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from core import attention
from core.listing.dates import midnight
from core.money import in_words
from payments.models import Payment

OVERDUE = "payment_overdue"
BATCH = 500


@transaction.atomic
def flag_overdue(*, today: date) -> int:
    """Put payments whose day has passed before people; raised again it stays one item."""
    late = (
        Payment.objects.awaited()
        .filter(due_on__lt=today)
        .select_related("order")
        .order_by("due_on", "id")
    )
    count = 0
    for payment in late[:BATCH]:
        attention.raise_item(
            kind=OVERDUE,
            subject_type="payment",
            subject_id=payment.pk,
            title=f"{payment.order.number}: {in_words(payment.expected, payment.currency)} overdue",
            detail=f"{payment.method_label}, due on {payment.due_on:%d %b %Y}",
            url=f"/payments/{payment.pk}/",
            since=midnight(payment.due_on + timedelta(days=1)) if payment.due_on else None,
        )
        count += 1
    return count


def no_longer_overdue(payments: Sequence[Payment]) -> None:
    """Take those of which nothing is expected any more off people's list."""
    attention.resolve(
        kind=OVERDUE,
        subject_type="payment",
        subject_ids=[one.pk for one in payments if not one.expected],
    )
