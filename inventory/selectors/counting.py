"""What is to be counted: the stock levels that a choice of bins, category, class or chance names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom

from django.db.models import Q, QuerySet

from inventory.models import (
    Category,
    CountLine,
    CountSession,
    Location,
    Movement,
    Serial,
    StockLevel,
)
from inventory.states import CountMethod, CountState, MovementReason, Tracking, VariantKind

ABC_DAYS = 365
A_SHARE, B_SHARE = 80, 95  # per cent of the worth of what leaves
CLASSES = ("A", "B", "C")


@dataclass(frozen=True)
class CountChoice:
    """What a count is to cover; only what belongs to the method is read."""

    method: CountMethod
    bins: Sequence[str] = ()
    category: Category | None = None
    sample: int = 0
    abc: str = ""
    variant_ids: Sequence[int] = field(default_factory=tuple)

    def in_words(self) -> str:
        words = {
            CountMethod.ALL: "everything there",
            CountMethod.BIN: f"bins {', '.join(self.bins)}",
            CountMethod.CATEGORY: f"category {self.category}",
            CountMethod.SAMPLE: f"a random sample of {self.sample}",
            CountMethod.ABC: f"class {self.abc}",
            CountMethod.SKUS: f"a list of {len(self.variant_ids)} by SKU",
        }[self.method]
        return words[:200]


def levels_to_count(
    location: Location, choice: CountChoice, *, now: datetime
) -> QuerySet[StockLevel]:
    """The levels at a location that the choice names, without what another count has in hand."""
    levels = StockLevel.objects.filter(
        location=location, variant__kind=VariantKind.STOCKED
    ).exclude(variant_id__in=variants_being_counted(location))
    match choice.method:
        case CountMethod.BIN:
            chosen = levels.filter(_in_bins(choice.bins))
        case CountMethod.CATEGORY:
            chosen = levels.filter(variant__product__category=choice.category)
        case CountMethod.SKUS:
            chosen = levels.filter(variant_id__in=choice.variant_ids)
        case CountMethod.ABC:
            chosen = _of_class(levels, location, choice.abc, now=now)
        case CountMethod.SAMPLE:
            keys = list(levels.order_by("pk").values_list("pk", flat=True))
            drawn = SystemRandom().sample(keys, min(choice.sample, len(keys)))
            chosen = StockLevel.objects.filter(pk__in=drawn)
        case _:
            chosen = levels
    return chosen


def _in_bins(bins: Sequence[str]) -> Q:
    """Bins by name; “A-*” is every bin that begins so."""
    named = Q(pk__in=[])
    for text in bins:
        named |= Q(bin__istartswith=text.rstrip("*")) if text.endswith("*") else Q(bin__iexact=text)
    return named


def _of_class(
    levels: QuerySet[StockLevel], location: Location, grade: str, *, now: datetime
) -> QuerySet[StockLevel]:
    classes = abc_classes(location, now=now)
    if grade == CLASSES[-1]:  # what never left is of the last class, too
        return levels.exclude(
            variant_id__in=[variant for variant, one in classes.items() if one != grade]
        )
    return levels.filter(variant_id__in=[v for v, one in classes.items() if one == grade])


def variants_being_counted(location: Location) -> QuerySet[CountLine, int]:
    """The variants that counts have in hand there, as a subquery."""
    open_states = (CountState.OPEN, CountState.SUBMITTED)
    return CountLine.objects.filter(
        session__location=location, session__state__in=open_states
    ).values_list("variant_id", flat=True)


def abc_classes(location: Location, *, now: datetime) -> dict[int, str]:
    """A, B or C by variant id: the few that make up 80 % of the worth that left in a year, those up
    to 95 %, the rest. By units where nothing is known of cost. One query.
    """
    rows = Movement.objects.filter(
        level__location=location,
        reason=MovementReason.SHIPMENT,
        moved_at__gte=now - timedelta(days=ABC_DAYS),
    ).values_list("level__variant_id", "quantity", "unit_cost")
    worth: dict[int, float] = {}
    units: dict[int, float] = {}
    for variant_id, quantity, cost in rows.iterator():
        units[variant_id] = units.get(variant_id, 0) - quantity
        worth[variant_id] = worth.get(variant_id, 0) - float(quantity * cost)
    weights = worth if any(worth.values()) else units
    total = sum(weights.values())
    classes: dict[int, str] = {}
    passed = 0.0
    for variant_id, weight in sorted(weights.items(), key=lambda one: (-one[1], one[0])):
        share = 100 * passed / total if total else 100
        classes[variant_id] = "A" if share < A_SHARE else "B" if share < B_SHARE else "C"
        passed += weight
    return classes


@dataclass(frozen=True)
class NumbersOver:
    """A SKU of which fewer units were counted than have serial numbers there."""

    sku: str
    counted: int
    codes: Sequence[str]


def numbers_over(session: CountSession, lines: Sequence[CountLine]) -> list[NumbersOver]:
    """Where booking a count would leave more serial numbers than units. Reads the lines' variants; one
    query, none where no such line misses any.
    """
    missing = {
        line.variant_id: line
        for line in lines
        if (line.difference or 0) < 0 and line.variant.tracking == Tracking.SERIAL
    }
    if not missing:
        return []
    codes: dict[int, list[str]] = {}
    rows = Serial.objects.filter(
        variant__in=missing, level__location=session.location_id, condition=session.condition
    )
    for variant_id, code in rows.order_by("code").values_list("variant_id", "code"):
        codes.setdefault(variant_id, []).append(code)
    return [
        NumbersOver(missing[variant_id].variant.sku, missing[variant_id].counted or 0, found)
        for variant_id, found in codes.items()
        if len(found) > (missing[variant_id].counted or 0)
    ]


def lines_of(session: CountSession) -> list[CountLine]:
    """The lines of a count with their variants, in the order of a walk. One query."""
    lines = session.lines.select_related("variant__product", "lot")
    return list(lines.order_by("bin", "variant__sku", "id"))
