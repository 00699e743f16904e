"""The bins of a location and the days on which it is closed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core import outbox
from inventory.errors import BadPlace
from inventory.events import BinsChanged, ClosureSet
from inventory.locks import lock_location
from inventory.models import Bin, Closure, Location, StockLevel

MOST_BINS = 5000
RANGE = re.compile(r"\{(\d{1,4})\.\.(\d{1,4})\}")
CODE = re.compile(r"^[^\s,;\x00-\x1f](?:[^,;\x00-\x1f]*[^\s,;\x00-\x1f])?$")


@dataclass(frozen=True, slots=True)
class NewBin:
    """A bin to be made. Without zone, aisle and shelf they are read off a code such as “A-01-2”."""

    code: str
    zone: str = ""
    aisle: str = ""
    shelf: str = ""


def expand(pattern: str) -> list[str]:
    """The codes that a pattern stands for: “A-{01..03}” is A-01, A-02, A-03. Raises BadPlace."""
    codes = [pattern.strip()]
    while found := RANGE.search(codes[0]):
        first, last = int(found.group(1)), int(found.group(2))
        if last < first:
            raise BadPlace(
                f"“{found.group(0)}” runs backwards; begin with the smaller.", field="bins"
            )
        width = len(found.group(1))
        if len(codes) * (last - first + 1) > MOST_BINS:
            raise BadPlace(
                f"“{pattern.strip()[:60]}” is more than {MOST_BINS:,} bins; add them in parts.",
                field="bins",
            )
        codes = [
            RANGE.sub(str(number).zfill(width), code, count=1)
            for code in codes
            for number in range(first, last + 1)
        ]
    return codes


@transaction.atomic
def add_bins(*, location: Location, bins: Sequence[NewBin]) -> int:
    """Add bins to a location; those that are there already stay as they are. Returns how many are
    new. Raises BadPlace.
    """
    lock_location(location.pk)
    wanted = {bin_.code.upper(): bin_ for bin_ in bins}
    if not wanted:
        raise BadPlace("Name at least one bin, such as A-01-2.", field="bins")
    if len(wanted) > MOST_BINS:
        raise BadPlace(f"At most {MOST_BINS:,} bins can be added at a time.", field="bins")
    for bin_ in wanted.values():
        if len(bin_.code) > 30 or not CODE.match(bin_.code):
            raise BadPlace(
                f"“{bin_.code[:40]}” is no name for a bin: at most 30 characters, no commas.",
                field="bins",
            )
    known = {code.upper() for code in location.bins.values_list("code", flat=True)}
    new = [_placed(location, bin_) for code, bin_ in wanted.items() if code not in known]
    Bin.objects.bulk_create(new)
    if new:
        outbox.publish(BinsChanged(location_id=location.pk, added=len(new), removed=0))
    return len(new)


def _placed(location: Location, bin_: NewBin) -> Bin:
    zone, aisle, shelf = bin_.zone, bin_.aisle, bin_.shelf
    if not (zone or aisle or shelf):
        parts = bin_.code.split("-")
        if len(parts) == 2:
            aisle, shelf = parts
        elif len(parts) == 3:
            zone, aisle, shelf = parts
    return Bin(
        location=location, code=bin_.code, zone=zone[:30], aisle=aisle[:30], shelf=shelf[:30]
    )


@transaction.atomic
def remove_bins(*, location: Location, bin_ids: Iterable[int]) -> int:
    """Take bins away in which nothing is said to lie. Raises BadPlace naming the first that holds
    something.
    """
    lock_location(location.pk)
    bins = list(location.bins.filter(pk__in=list(bin_ids)))
    codes = [bin_.code for bin_ in bins]
    used = (
        StockLevel.objects.filter(location=location, bin__in=codes)
        .select_related("variant")
        .order_by("bin")
        .first()
    )
    if used is not None:
        raise BadPlace(
            f"{used.variant.sku} lies in {used.bin}; give it another bin first.", field="bins"
        )
    location.bins.filter(pk__in=[bin_.pk for bin_ in bins]).delete()
    if bins:
        outbox.publish(BinsChanged(location_id=location.pk, added=0, removed=len(bins)))
    return len(bins)


def bin_named(location_id: int, text: str) -> str:
    """The bin of a location that a text names, as it is written there; the text itself where the
    location keeps no list of bins. Raises BadPlace for one that is not on the list. Two queries at
    most.
    """
    text = text.strip()
    if not text:
        return ""
    found = Bin.objects.filter(location=location_id, code__iexact=text).first()
    if found is not None:
        return found.code
    if Bin.objects.filter(location=location_id).exists():
        raise BadPlace(
            f"There is no bin “{text[:30]}” there; choose one of its bins, or add it to the location.",
            field="bin",
        )
    return text


@transaction.atomic
def close_on(*, location: Location, day: date, label: str, is_everywhere: bool = False) -> Closure:
    """The location (or every location) does not work on a day; said again, the reason is replaced."""
    lock_location(location.pk)
    closure, _ = Closure.objects.update_or_create(
        location=None if is_everywhere else location, day=day, defaults={"name": label}
    )
    _tell(location, closure, "Closed everywhere" if is_everywhere else "Closed")
    return closure


@transaction.atomic
def reopen_on(*, location: Location, closure_id: int) -> None:
    """The location works on that day after all. Raises BadPlace when it is not closed."""
    lock_location(location.pk)
    closure = Closure.objects.filter(pk=closure_id).first()
    if closure is None or closure.location_id not in (None, location.pk):
        raise BadPlace("That day is not closed any more; reload the page.")
    _tell(location, closure, "Open again" if closure.location_id else "Open again everywhere")
    closure.delete()


def _tell(location: Location, closure: Closure, what: str) -> None:
    fact = ClosureSet(
        location_id=location.pk, day=closure.day.isoformat(), label=closure.name, what=what
    )
    outbox.publish(fact)
