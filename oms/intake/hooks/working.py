"""The worker's part: deliveries that were kept become orders, or stand before people with the reason."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from core import attention, clock, leases
from core.actors import Actor, ActorKind, acting
from core.errors import DomainError
from oms.intake.hooks import shopify, standard, woocommerce
from oms.intake.hooks.flattening import Told, read_object
from oms.intake.hooks.reducing import Reduced, take_telling
from oms.intake.hooks.telling import Telling
from oms.intake.reading import AHEAD, Source
from oms.models import InboundDelivery, InboundStatus, SourceKind, WebhookSource

logger = logging.getLogger(__name__)

NOT_UNDERSTOOD = "webhook_not_understood"
LEASE = timedelta(minutes=2)
Reader = Callable[[Told, str, Source], Telling | None]

READERS: dict[SourceKind, Reader] = {
    SourceKind.SHOPIFY: shopify.read,
    SourceKind.WOOCOMMERCE: woocommerce.read,
    SourceKind.STANDARD: standard.read,
}


class Malformed(DomainError):
    """Cells of a delivery cannot be read; the sentence names each."""

    code = "malformed"


def take_due(*, limit: int = 50) -> int:
    """Work on what is due, one after the other; returns how many were tried."""
    due = InboundDelivery.objects.filter(
        status=InboundStatus.WAITING, source__is_active=True
    ).select_related("source__channel__legal_entity")
    claimed = leases.claim(due, limit=limit, now=clock.now(), lease=LEASE)
    for delivery in claimed:
        take_one(delivery)
    return len(claimed)


def take_one(delivery: InboundDelivery) -> None:
    """Read one claimed delivery, let its order follow, and write down what became of it."""
    source = delivery.source
    actor = Actor(ActorKind.API_CLIENT, f"webhook:{source.pk}", source.name)
    try:
        with acting(actor, reason=""), transaction.atomic():
            reduced = _understand(delivery, source)
            _done(delivery, reduced, now=clock.now())
    except DomainError as refusal:  # trying again would not help: people have to look
        _park(delivery, refusal.message)
    except Exception as error:
        logger.exception("inbound delivery %s failed", delivery.pk)
        leases.put_off(delivery, leases.explain(error), now=clock.now())
        if delivery.status == InboundStatus.PARKED:
            _tell_people(delivery, delivery.last_error)


def _understand(delivery: InboundDelivery, source: WebhookSource) -> Reduced | None:
    """What became of it; None where it tells nothing of orders."""
    channel = source.channel
    now = clock.now()
    told = Told(read_object(bytes(delivery.body)), latest=now + AHEAD)
    shop = Source(channel.code, channel.zone, channel.currency, channel.prices_include_tax)
    telling = READERS[SourceKind(source.kind)](told, delivery.topic, shop)
    if told.findings.errors:
        words = " ".join(f"{one.column}: {one.message}" for one in told.findings.errors)
        raise Malformed(words[:500])
    if telling is None:
        return None
    delivery.external_id = telling.external_id
    reduced = take_telling(
        _not_ahead(telling, now),
        channel,
        key=delivery.event_id,
        received_at=delivery.received_at,
        now=now,
    )
    doubts = [f"{one.column}: {one.message}" for one in told.findings.warnings]
    return replace(reduced, words=" ".join([reduced.words, *doubts]))


def _not_ahead(telling: Telling, now: datetime) -> Telling:
    """No order is placed later than now, however the shop's clock goes."""
    document = telling.document
    if document is None or document.placed_at <= now:
        return telling
    return replace(telling, document=replace(document, placed_at=now))


def _done(delivery: InboundDelivery, reduced: Reduced | None, *, now: datetime) -> None:
    leases.mark(
        delivery,
        status=InboundStatus.DONE if reduced else InboundStatus.IGNORED,
        external_id=delivery.external_id,
        outcome=(reduced.words if reduced else "It tells nothing of orders.")[:500],
        order_id=reduced.order_id if reduced else None,
        processed_at=now,
        last_error="",
    )


def _park(delivery: InboundDelivery, why: str) -> None:
    with transaction.atomic():
        if leases.mark(
            delivery,
            status=InboundStatus.PARKED,
            external_id=delivery.external_id,
            last_error=why,
            processed_at=clock.now(),
        ):
            _tell_people(delivery, why)


def _tell_people(delivery: InboundDelivery, why: str) -> None:
    attention.raise_item(
        kind=NOT_UNDERSTOOD,
        subject_type="inbounddelivery",
        subject_id=delivery.pk,
        title=f"{delivery.source.name}: {delivery.topic or 'a delivery'} was not understood",
        detail=why,
        url=reverse("inbound_detail", args=[delivery.pk]),
    )


@transaction.atomic
def retry(*, delivery_ids: Sequence[int], now: datetime) -> int:
    """Let deliveries that were set aside run again from the start; returns how many were."""
    attention.resolve(kind=NOT_UNDERSTOOD, subject_type="inbounddelivery", subject_ids=delivery_ids)
    return leases.retry(InboundDelivery, delivery_ids, now=now)


def drain() -> int:
    """Work until nothing is due, for tests and the demo."""
    done = 0
    while tried := take_due():
        done += tried
    return done
