"""Suggestions decided: ordered in one go, dismissed, or ordered without asking within limits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from core import actors
from core.clock import day_in_words
from core.outbox import publish_all
from inventory.errors import BadQuantity, CannotPlan, NotEnoughStock
from inventory.events import SuggestionDismissed, SuggestionOrdered
from inventory.locks import lock_suggestions
from inventory.models import PurchaseOrder, Suggestion, Transfer
from inventory.selectors.planning import USUAL_TRANSFER_DAYS, measured_transfer_times
from inventory.services.moving import MOST_UNITS
from inventory.services.purchasing import PurchaseWish, create_purchase
from inventory.services.transferring import WantedUnits, create_transfer
from inventory.states import SuggestionKind, SuggestionState

MOST_LINES = 500
QUIET_DAYS = 14
LONGEST_QUIET = 366


@dataclass(frozen=True)
class Ordered:
    """What suggestions became: drafts, by what they are."""

    purchases: tuple[PurchaseOrder, ...]
    transfers: tuple[Transfer, ...]

    @property
    def numbers(self) -> list[str]:
        return [one.number for one in self.purchases] + [one.number for one in self.transfers]


@transaction.atomic
def order_suggestions(
    *,
    suggestion_ids: Sequence[int],
    quantities: Mapping[int, int] | None = None,
    buyer_id: int | None = None,
    now: datetime,
) -> Ordered:
    """Draft a purchase order for each supplier and location, and a transfer for each way.

    `quantities` are other units than suggested, by suggestion id; 0 leaves one out. Raises CannotPlan
    when one was decided already or nobody sells it, BadQuantity, and what the verbs raise.
    """
    chosen = _locked(suggestion_ids)
    units = {row.pk: row.quantity for row in chosen} | dict(quantities or {})
    for quantity in units.values():
        if not 0 <= quantity <= MOST_UNITS:
            raise BadQuantity(
                f"{quantity} is no possible number of units; give a whole number, or 0 to leave the"
                " suggestion for later.",
                field="quantity",
            )
    rows = [row for row in chosen if units[row.pk]]
    purchases = [
        _buy(some, units, buyer_id, now)
        for some in _together([row for row in rows if row.kind == SuggestionKind.PURCHASE])
    ]
    transfers = [
        _send(some, units, now)
        for some in _together([row for row in rows if row.kind == SuggestionKind.TRANSFER])
    ]
    return Ordered(tuple(purchases), tuple(transfers))


def _locked(suggestion_ids: Sequence[int]) -> list[Suggestion]:
    rows = lock_suggestions(suggestion_ids)
    for row in rows:
        if row.state != SuggestionState.OPEN:
            words = row.get_state_display().lower()
            told = f" as {row.reference}" if row.reference else ""
            raise CannotPlan(
                f"{row.variant.sku} for {row.location.name} is {words}{told} already; reload the"
                " list."
            )
        if row.kind == SuggestionKind.PURCHASE and row.supplier_item is None:
            raise CannotPlan(
                f"Nobody is known to sell {row.variant.sku}: add it to a supplier's price list, then"
                " plan again."
            )
    return rows


def _together(rows: Sequence[Suggestion]) -> list[list[Suggestion]]:
    """Rows that fit on one order: from the same supplier or location, to the same location."""
    groups: dict[tuple[int | None, int], list[Suggestion]] = defaultdict(list)
    for row in rows:
        origin = row.supplier_item.supplier_id if row.supplier_item else row.source_id
        groups[origin, row.location_id].append(row)
    return [
        some[start : start + MOST_LINES]
        for some in groups.values()
        for start in range(0, len(some), MOST_LINES)
    ]


def _buy(
    rows: Sequence[Suggestion], units: Mapping[int, int], buyer_id: int | None, now: datetime
) -> PurchaseOrder:
    item = rows[0].supplier_item
    assert item is not None  # noqa: S101 - `_locked` saw to it
    location = rows[0].location
    order = create_purchase(
        supplier=item.supplier,
        location=location,
        wishes=[PurchaseWish(row.variant_id, units[row.pk]) for row in rows],
        exchange_rate=last_rate(item.supplier_id, location.pk),
        note="From replenishment.",
        buyer_id=buyer_id,
        now=now,
    )
    _settle(rows, units, order.number, now)
    return order


def last_rate(supplier_id: int, location_id: int) -> Decimal | None:
    """The exchange rate of the last order of this supplier for this location."""
    orders = PurchaseOrder.objects.filter(supplier=supplier_id, location=location_id)
    return orders.order_by("-pk").values_list("exchange_rate", flat=True).first()


def _send(rows: Sequence[Suggestion], units: Mapping[int, int], now: datetime) -> Transfer:
    source, target = rows[0].source, rows[0].location
    assert source is not None  # noqa: S101 - the constraint sees to it
    measured = measured_transfer_times().get((source.pk, target.pk))
    days = measured.days if measured else USUAL_TRANSFER_DAYS
    try:
        transfer = create_transfer(
            source=source,
            target=target,
            wanted=[WantedUnits(row.variant_id, units[row.pk]) for row in rows],
            expected_on=now.astimezone(target.zone).date() + timedelta(days=max(1, round(days))),
            note="From replenishment.",
            now=now,
        )
    except NotEnoughStock as short:
        raise CannotPlan(
            f"Stock at {source.name} went elsewhere since this was suggested. Plan again, or order"
            f" less under Review and order. {short.message}"
        ) from short
    _settle(rows, units, transfer.number, now)
    return transfer


def _settle(
    rows: Sequence[Suggestion], units: Mapping[int, int], reference: str, now: datetime
) -> None:
    who = actors.current().actor.label
    for row in rows:
        row.quantity = units[row.pk]
        row.order(reference=reference, by=who, now=now)
    _save(rows)
    publish_all(
        [
            SuggestionOrdered(
                variant_id=row.variant_id,
                location=row.location.name,
                quantity=row.quantity,
                reference=reference,
            )
            for row in rows
        ]
    )


def _save(rows: Sequence[Suggestion]) -> None:
    Suggestion.objects.bulk_update(
        rows,
        ["quantity", "state", "reference", "decided_by", "decided_at", "quiet_until"],
        batch_size=500,
    )


@transaction.atomic
def dismiss_suggestions(
    *, suggestion_ids: Sequence[int], days: int = QUIET_DAYS, reason: str = "", now: datetime
) -> int:
    """Somebody knows better: nothing is suggested there again for `days`. Returns how many.

    Raises CannotPlan for a time that is none, or when one was decided already.
    """
    if not 1 <= days <= LONGEST_QUIET:
        raise CannotPlan(f"Give 1 to {LONGEST_QUIET} days.", field="days")
    rows = lock_suggestions(suggestion_ids)
    until: date = timezone.localdate(now) + timedelta(days=days)
    who = actors.current().actor.label
    for row in rows:
        try:
            row.dismiss(until=until, by=who, now=now)
        except TransitionNotAllowed as error:
            raise CannotPlan(
                f"{row.variant.sku} for {row.location.name} was decided already; reload the list."
            ) from error
    _save(rows)
    publish_all(
        [
            SuggestionDismissed(
                variant_id=row.variant_id,
                location=row.location.name,
                quantity=row.quantity,
                until=day_in_words(until),
            )
            for row in rows
        ],
        reason=reason or None,
    )
    return len(rows)
