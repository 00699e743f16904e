"""Orders made without asking: within the limits of a location, for what a rule says so."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import attention
from core.actors import Actor, ActorKind, acting
from core.errors import DomainError
from core.markup.values import money_text
from core.models import AttentionItem
from inventory.locks import lock_buying_limit
from inventory.models import Location, PurchaseOrder, Suggestion
from inventory.selectors.planning import reorder_rules
from inventory.services.ordering import approve_purchase, send_purchase
from inventory.services.replenishing import last_rate, order_suggestions
from inventory.states import SuggestionKind, SuggestionState

ORDER_HELD = "automatic_order_held"
ROBOT = Actor(ActorKind.RULE, "replenishment", "Replenishment")
Held = dict[tuple[str, int], tuple[str, str]]  # subject -> title, detail


def order_automatically(*, now: datetime) -> list[str]:
    """Order what rules let be ordered without asking; returns the numbers. Purchases keep to the
    location's limits an order and a day and to the supplier's smallest order; what does not fit, and
    what a verb refuses, waits for a person and is put before people.
    """
    numbers: list[str] = []
    held: Held = {}
    with acting(ROBOT):
        for rows in _groups():
            try:
                with transaction.atomic():
                    numbers += _order(rows, held, now)
            except DomainError as refusal:
                _hold(rows, refusal.message, held)
        _tell(held)
    return numbers


def _groups() -> list[list[Suggestion]]:
    """Open suggestions that rules let be ordered, those for one order together."""
    rules = reorder_rules()
    groups: dict[tuple[str, int | None, int], list[Suggestion]] = defaultdict(list)
    rows = Suggestion.objects.open().select_related("location", "supplier_item__supplier", "source")
    for row in rows.order_by("covered_days", "pk"):
        rule = rules.of((row.variant_id, row.location_id))
        if rule is None or not rule.is_automatic:
            continue
        if row.kind == SuggestionKind.PURCHASE and row.supplier_item is None:
            continue
        origin = row.supplier_item.supplier_id if row.supplier_item else row.source_id
        groups[row.kind, origin, row.location_id].append(row)
    return list(groups.values())


def _order(rows: Sequence[Suggestion], held: Held, now: datetime) -> list[str]:
    item = rows[0].supplier_item
    if item is not None:
        refusal = _over_limit(rows, now)
        if refusal:
            _hold(rows, refusal, held)
            return []
    made = order_suggestions(suggestion_ids=[row.pk for row in rows], now=now)
    for order in made.purchases:
        approve_purchase(order_id=order.pk, now=now)
        if order.supplier.email:
            send_purchase(order_id=order.pk, now=now)
        else:
            words = f"{order.number} is approved; {order.supplier.name} has no e-mail address."
            _hold(rows, f"{words} Send it by hand.", held)
    return made.numbers


def _over_limit(rows: Sequence[Suggestion], now: datetime) -> str:
    """Why an order may not be made without asking; empty where it may."""
    location, item = rows[0].location, rows[0].supplier_item
    assert item is not None  # noqa: S101 - asked for purchases only
    limit = lock_buying_limit(location)
    if limit is None:
        return f"{location.name} has no limit for orders made without asking; set one in settings."
    supplier = item.supplier
    net = sum((row.value for row in rows), Decimal(0))
    if net < supplier.minimum_order:
        asked = money_text(supplier.minimum_order, supplier.currency)
        return f"{_money(net, supplier.currency)}, and {supplier.name} takes orders from {asked}."
    rate = Decimal(1)
    if supplier.currency != location.currency:
        known = last_rate(supplier.pk, location.pk)
        if known is None:
            return f"What one {supplier.currency} is worth in {location.currency} is not known yet."
        rate = known
    worth = net * rate
    if worth > limit.per_order:
        return _beyond(worth, limit.per_order, "an order", location)
    if worth + ordered_today(location, now) > limit.per_day:
        return _beyond(worth, limit.per_day, "a day", location)
    return ""


def ordered_today(location: Location, now: datetime) -> Decimal:
    """What was ordered for a location without asking since midnight, in its currency."""
    midnight = timezone.localtime(now, location.zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    numbers = Suggestion.objects.filter(
        location=location,
        state=SuggestionState.ORDERED,
        kind=SuggestionKind.PURCHASE,
        decided_by=ROBOT.label,
        decided_at__gte=midnight,
    ).values("reference")
    orders = PurchaseOrder.objects.filter(number__in=numbers)
    return sum((order.total * order.exchange_rate for order in orders), Decimal(0))


def _beyond(worth: Decimal, most: Decimal, per: str, location: Location) -> str:
    return (
        f"{_money(worth, location.currency)} is beyond the limit of"
        f" {_money(most, location.currency)} {per}; order it by hand."
    )


def _money(amount: Decimal, currency: str) -> str:
    return money_text(amount, currency)


def _hold(rows: Sequence[Suggestion], why: str, held: Held) -> None:
    row = rows[0]
    if row.supplier_item:
        origin, key = row.supplier_item.supplier.name, row.supplier_item.supplier_id
        subject = f"supplier_for_{row.location_id}"
    else:
        origin, key = str(row.source), row.source_id or 0
        subject = f"source_for_{row.location_id}"
    held[subject, key] = (f"{origin} for {row.location.name}: {len(rows)} to order", why)


def _tell(held: Held) -> None:
    """Put what is held before people; what is no longer, is let go."""
    url = reverse("inventory:suggestion_list")
    for (subject, key), (title, detail) in held.items():
        attention.raise_item(
            kind=ORDER_HELD,
            subject_type=subject,
            subject_id=key,
            title=title,
            detail=detail,
            url=url,
        )
    for item in AttentionItem.objects.filter(kind=ORDER_HELD, resolved_at=None):
        if (item.subject_type, item.subject_id) not in held:
            attention.resolve(
                kind=ORDER_HELD, subject_type=item.subject_type, subject_ids=[item.subject_id]
            )
