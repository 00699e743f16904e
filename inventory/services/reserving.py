"""Units kept for somebody who has not ordered yet, until they order, let go or the time is over."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from core.bulk import insert_all
from core.models import Channel
from core.outbox import publish_all
from inventory.errors import BadQuantity, NotEnoughStock
from inventory.events import ReservationEnded
from inventory.locks import Levels, LockedLevel, lock_levels, write_levels
from inventory.models import Reservation, Variant
from inventory.selectors.ranking import ranked_places
from inventory.services.filling import fill_backorders
from inventory.services.moving import check_quantity
from inventory.states import ReservationEnd

LONGEST = timedelta(days=30)


def reserve(
    *,
    key: str,
    channel: Channel,
    quantities: Mapping[int, int],
    expires_at: datetime,
    now: datetime,
) -> list[Reservation]:
    """Keep units, by variant id, for whoever holds `key`, all or none; what the key held before is
    let go first, so that the same cart may be sent again.

    Raises BadQuantity for impossible figures or times, NotEnoughStock (by variant id) when the
    channel's locations have not that much to sell.
    """
    if not now < expires_at <= now + LONGEST:
        raise BadQuantity(
            f"A reservation ends in the future and after {LONGEST.days} days at the latest.",
            field="expires_at",
        )
    for quantity in quantities.values():
        check_quantity(quantity)
    with transaction.atomic():
        earlier = _open_of([key])
        levels = lock_levels({*quantities, *(row.level.variant_id for row in earlier)})
        end_reservations([key], levels=levels, end=ReservationEnd.RELEASED, now=now)
        rows = [
            Reservation(
                key=key,
                level_id=level.id,
                channel=channel,
                quantity=units,
                made_at=now,
                expires_at=expires_at,
            )
            for level, units in _keep(channel, quantities, levels, today=now.date())
        ]
        write_levels(levels.values())
        insert_all(rows)
        # a cart that keeps less of the same than before frees the difference
        fill_backorders({row.level.variant_id for row in earlier}, levels=levels, now=now)
    return rows


def _keep(
    channel: Channel, quantities: Mapping[int, int], levels: Levels, *, today: date
) -> list[tuple[LockedLevel, int]]:
    """What to keep where, claimed on the locked copies, in the channel's order of locations."""
    places = ranked_places([channel.pk])[channel.pk]
    kept: list[tuple[LockedLevel, int]] = []
    short: dict[int, int] = {}
    for variant_id, wanted in sorted(quantities.items()):
        left = wanted
        for place in places:
            level = levels.get((variant_id, place.id))
            free = level.available(channel.stock_buffer, usable_on=today) if level else 0
            part = min(left, free)
            if level and part:
                level.reserved += part
                left -= part
                kept.append((level, part))
        if left:
            short[variant_id] = left
    if short:
        raise _too_little(quantities, short)
    return kept


def _too_little(quantities: Mapping[int, int], short: Mapping[int, int]) -> NotEnoughStock:
    skus = dict(Variant.objects.filter(pk__in=short).values_list("pk", "sku"))
    words = "; ".join(
        f"{skus.get(variant_id, variant_id)}: {quantities[variant_id] - missing} of"
        f" {quantities[variant_id]}"
        for variant_id, missing in sorted(short.items())
    )
    return NotEnoughStock(
        f"Not enough stock to keep ({words}); lower the quantity.", short=dict(short)
    )


def reserved_variants(keys: Iterable[str]) -> set[int]:
    """The variants of which units are kept under these keys, so that they can be locked."""
    return {row.level.variant_id for row in _open_of(keys)}


def end_reservations(
    keys: Iterable[str], *, levels: Levels, end: ReservationEnd, now: datetime
) -> int:
    """End what is kept under these keys, on levels that are locked and that the caller writes (or
    claims from) afterwards; returns the units. Whoever comes too late finds nothing to end.
    """
    return _end(_open_of(keys), levels=levels, end=end, now=now)


def _open_of(keys: Iterable[str]) -> list[Reservation]:
    wanted = [key for key in keys if key]
    if not wanted:
        return []
    return list(Reservation.objects.open().filter(key__in=wanted).select_related("level"))


def _end(rows: Iterable[Reservation], *, levels: Levels, end: ReservationEnd, now: datetime) -> int:
    by_id = {level.id: level for level in levels.values()}
    ended = [row for row in rows if row.level_id in by_id]
    if not ended:
        return 0
    # read again under the lock: another may have ended them meanwhile
    still = set(
        Reservation.objects.open()
        .filter(pk__in=[row.pk for row in ended])
        .values_list("pk", flat=True)
    )
    ended = [row for row in ended if row.pk in still]
    for row in ended:
        by_id[row.level_id].reserved -= row.quantity
    Reservation.objects.filter(pk__in=still).update(ended_at=now, end=end)
    write_levels({row.level_id: by_id[row.level_id] for row in ended}.values())
    publish_all(
        [
            ReservationEnded(
                reservation_id=row.pk,
                variant_id=row.level.variant_id,
                key=row.key,
                quantity=row.quantity,
                how=end.label.lower(),
            )
            for row in ended
        ]
    )
    return sum(row.quantity for row in ended)


def release_reservation(key: str, *, now: datetime) -> int:
    """Let go what is kept under a key; returns the units, 0 when there is nothing any more."""
    with transaction.atomic():
        variants = reserved_variants([key])
        levels = lock_levels(variants)
        count = end_reservations([key], levels=levels, end=ReservationEnd.RELEASED, now=now)
        fill_backorders(variants, levels=levels, now=now)
    return count


def expire_reservations(*, now: datetime, limit: int = 500) -> int:
    """End what is past its time, oldest first; returns the units that became free."""
    with transaction.atomic():
        rows = list(
            Reservation.objects.overdue(now)
            .select_related("level")
            .order_by("expires_at", "id")[:limit]
        )
        variants = {row.level.variant_id for row in rows}
        levels = lock_levels(variants)
        count = _end(rows, levels=levels, end=ReservationEnd.EXPIRED, now=now)
        fill_backorders(variants, levels=levels, now=now)
    return count


def end_for_shortage(level_id: int, units: int, *, levels: Levels, now: datetime) -> int:
    """Give up the youngest reservations at a level whose units turned out not to be there, until
    `units` are free; returns how many were given up.
    """
    rows: list[Reservation] = []
    found = Reservation.objects.open().filter(level_id=level_id).select_related("level")
    for row in found.order_by("-id"):
        if sum(one.quantity for one in rows) >= units:
            break
        rows.append(row)
    return _end(rows, levels=levels, end=ReservationEnd.RELEASED, now=now)
