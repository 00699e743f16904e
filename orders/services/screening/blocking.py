"""The lists that rules look things up in: what of a buyer is blocked, and entries by hand."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from core import actors
from core.outbox import publish
from orders.errors import BadListEntry
from orders.events.risk import BuyerBlocked
from orders.locks import lock_order
from orders.models import RiskListEntry
from orders.selectors.risk.listed import blockable, hints, value_of
from orders.states import RiskListKind

# providers of addresses that nobody keeps; what a shop's list begins with
THROW_AWAY = (
    "10minutemail.com",
    "discard.email",
    "dispostable.com",
    "fakeinbox.com",
    "getnada.com",
    "guerrillamail.com",
    "mailcatch.com",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "mintemail.com",
    "moakt.com",
    "mohmal.com",
    "sharklasers.com",
    "spamgourmet.com",
    "temp-mail.org",
    "tempail.com",
    "tempmail.net",
    "throwawaymail.com",
    "trashmail.com",
    "yopmail.com",
)


@transaction.atomic
def block_buyer(
    *,
    order_id: int,
    kinds: Collection[RiskListKind],
    reason: str,
    version: int | None = None,
    now: datetime,
) -> int:
    """Hold the customer, e-mail, phone, address or network address of an order against later ones;
    returns how many entries are new. Raises BadListEntry where the order has none of what is named.
    """
    order = lock_order(order_id, version=version)
    values = blockable(order)
    missing = [kind for kind in kinds if kind not in values]
    if missing:
        raise BadListEntry(
            f"Order {order.number} has no {_words(missing)} that could be blocked.", field="blocks"
        )
    if not reason.strip():
        raise BadListEntry("Say why; whoever is blocked may ask.", field="reason")
    shown = hints(order)
    fresh = _add(
        ((kind, values[kind], shown.get(kind, "")) for kind in kinds), reason=reason, now=now
    )
    if fresh:
        publish(BuyerBlocked(order_id=order.pk, what=_words(kinds), why=reason.strip()[:300]))
    return fresh


def _words(kinds: Iterable[RiskListKind]) -> str:
    return ", ".join(kind.label.removeprefix("Blocked ") for kind in kinds)


def _add(entries: Iterable[tuple[RiskListKind, str, str]], *, reason: str, now: datetime) -> int:
    """Put (list, value, hint) on the lists; how many are new."""
    who = actors.current().actor.label[:150]
    before = RiskListEntry.objects.count()
    RiskListEntry.objects.bulk_create(
        (
            RiskListEntry(
                kind=kind,
                value=value,
                hint=hint,
                reason=reason.strip()[:300],
                added_by=who,
                added_at=now,
            )
            for kind, value, hint in entries
        ),
        ignore_conflicts=True,
    )
    return RiskListEntry.objects.count() - before


def list_value(kind: RiskListKind, text: str) -> str:
    """What was typed as it is compared. Raises BadListEntry where nothing is left of it."""
    value = value_of(kind, text)[:300]
    if not value:
        raise BadListEntry(f"“{text.strip()}” is no {kind.label.lower()}.", field="value")
    return value


def begin_lists(*, now: datetime) -> int:
    """Put well-known throw-away providers on their list, for a shop's first version."""
    entries = ((RiskListKind.DISPOSABLE, domain, "") for domain in THROW_AWAY)
    return _add(entries, reason="Well known", now=now)
