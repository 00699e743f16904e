"""Links by which a customer sees one order, or one quote, without an account."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from orders.models import Order, Quotation, QuotationLink, TrackingLink

TOKEN_BYTES = 16  # 128 bits
LASTS = timedelta(days=180)
OUTLIVES = timedelta(days=90)  # after its last day a buyer still sees what became of a quote


def issue_tracking_link(*, order: Order, now: datetime) -> str:
    """Make a link to the order's page for its customer. The address holds the only copy of the
    token: here only its hash is kept.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    TrackingLink.objects.create(
        order=order, token_hash=_hash(token), created_at=now, expires_at=now + LASTS
    )
    return f"{settings.BASE_URL}{reverse('orders:track_enter', args=[token])}"


def order_of_token(token: str, *, now: datetime) -> Order | None:
    """The order a token opens; None for one that is unknown or has expired."""
    link = (
        TrackingLink.objects.filter(token_hash=_hash(token), expires_at__gt=now)
        .select_related("order")
        .first()
    )
    return link.order if link else None


def issue_quotation_link(*, quotation: Quotation, now: datetime) -> str:
    """Make a link to the quote's page for its buyer. The address holds the only copy of the token:
    here only its hash is kept.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ends = datetime.combine(quotation.valid_until, now.time(), tzinfo=now.tzinfo)
    QuotationLink.objects.create(
        quotation=quotation,
        token_hash=_hash(token),
        created_at=now,
        expires_at=max(ends, now) + OUTLIVES,
    )
    return f"{settings.BASE_URL}{reverse('orders:quote_enter', args=[token])}"


def quotation_of_token(token: str, *, now: datetime) -> Quotation | None:
    """The quote a token opens; None for one that is unknown or has expired."""
    link = (
        QuotationLink.objects.filter(token_hash=_hash(token), expires_at__gt=now)
        .select_related("quotation")
        .first()
    )
    return link.quotation if link else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
