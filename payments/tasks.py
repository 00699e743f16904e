"""What the schedule asks of payments."""

from celery import shared_task
from django.utils import timezone

from payments.services import flag_overdue


@shared_task(name="payments.flag_overdue")
def flag_overdue_payments() -> None:
    flag_overdue(today=timezone.localdate())
