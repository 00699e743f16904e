"""What the nightly plan needs to know: rules, suppliers, and how long goods were on their way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import ExpressionWrapper, F, FloatField, QuerySet, StdDev
from django.db.models.aggregates import Avg, Count, Max
from django.db.models.functions import Extract

from core.models import User
from inventory.models import (
    Forecast,
    Location,
    Receipt,
    ReorderRule,
    Suggestion,
    SupplierItem,
    Transfer,
    Variant,
)
from inventory.models.planning import SuggestionQuerySet
from inventory.selectors.demand_history import Pair
from inventory.selectors.scope import is_bound_to_locations, visible_locations
from inventory.states import LocationKind, TransferState, VariantKind

ENOUGH_DELIVERIES = 5
REMEMBERED_DAYS = 742  # 106 weeks: the seasons of two years
USUAL_TRANSFER_DAYS = 2.0


@dataclass(frozen=True)
class LeadTime:
    """Days from order to arrival and their variance; `deliveries` it was measured on (0: as told)."""

    days: float
    variance: float = 0.0
    deliveries: int = 0


@dataclass(frozen=True)
class Rules:
    """The active rules: of one variant at a location, and of everything at a location."""

    own: dict[Pair, ReorderRule]
    of_place: dict[int, ReorderRule]
    paused: frozenset[Pair]

    def of(self, pair: Pair) -> ReorderRule | None:
        """The rule that a variant is planned by at a location; its own one wins, also when paused."""
        if pair in self.paused:
            return None
        return self.own.get(pair) or self.of_place.get(pair[1])


def reorder_rules() -> Rules:
    """Every rule at a location of ours that is in use. One query."""
    rules = (
        ReorderRule.objects.filter(location__is_active=True)
        .exclude(location__kind=LocationKind.SUPPLIER)
        .select_related("location")
    )
    own: dict[Pair, ReorderRule] = {}
    of_place: dict[int, ReorderRule] = {}
    paused: set[Pair] = set()
    for rule in rules:
        if rule.variant_id is None:
            if rule.is_active:
                of_place[rule.location_id] = rule
        elif rule.is_active:
            own[rule.variant_id, rule.location_id] = rule
        else:
            paused.add((rule.variant_id, rule.location_id))
    return Rules(own, of_place, frozenset(paused))


def variants_to_plan() -> list[int]:
    """The variants that are stocked and sold, by id. One query."""
    variants = Variant.objects.active().filter(kind=VariantKind.STOCKED)
    return list(variants.order_by("pk").values_list("pk", flat=True))


def preferred_items(variant_ids: Collection[int]) -> dict[int, SupplierItem]:
    """By variant, where it is bought: the preferred supplier, else the cheapest. One query."""
    items = SupplierItem.objects.filter(variant__in=variant_ids, supplier__is_active=True)
    found: dict[int, SupplierItem] = {}
    for item in items.select_related("supplier").order_by("-is_preferred", "price", "pk"):
        found.setdefault(item.variant_id, item)
    return found


def measured_lead_times() -> dict[int, LeadTime]:
    """By supplier, days from sending an order to its first delivery, where there were enough in the
    past to tell. One query.
    """
    days = ExpressionWrapper(
        Extract(F("posted_at") - F("order__sent_at"), "epoch") / 86_400.0, FloatField()
    )
    rows = (
        Receipt.objects.filter(posted_at__isnull=False, order__sent_at__isnull=False)
        .order_by("order_id", "posted_at")
        .distinct("order_id")
    )
    firsts = Receipt.objects.filter(pk__in=rows.values("pk")).order_by()
    summed = firsts.values("order__supplier_id").annotate(
        deliveries=Count("pk"), mean=Avg(days), spread=StdDev(days, sample=True)
    )
    return {
        row["order__supplier_id"]: LeadTime(row["mean"], row["spread"] ** 2, row["deliveries"])
        for row in summed
        if row["deliveries"] >= ENOUGH_DELIVERIES
    }


def measured_transfer_times() -> dict[tuple[int, int], LeadTime]:
    """By source and target, days that transfers were under way. One query."""
    days = ExpressionWrapper(
        Extract(F("received_at") - F("shipped_at"), "epoch") / 86_400.0, FloatField()
    )
    done = Transfer.objects.filter(
        state=TransferState.RECEIVED, shipped_at__isnull=False, received_at__isnull=False
    )
    summed = (
        done.order_by().values("source_id", "target_id").annotate(mean=Avg(days), n=Count("pk"))
    )
    return {
        (row["source_id"], row["target_id"]): LeadTime(row["mean"], 0.0, row["n"]) for row in summed
    }


def suggestions_seen_by(user: User) -> SuggestionQuerySet:
    """Suggestions for the user's locations."""
    rows = Suggestion.objects.all()
    if is_bound_to_locations(user):
        return rows.filter(location__in=visible_locations(user))
    return rows


def forecasts_of(user: User, variant: Variant) -> list[Forecast]:
    """What is foretold of a variant at the user's locations. One query."""
    rows = Forecast.objects.filter(variant=variant).select_related("location")
    if is_bound_to_locations(user):
        rows = rows.filter(location__in=visible_locations(user))
    return list(rows.order_by("-rate", "location__name"))


def last_planned_at() -> datetime | None:
    """When the plan was last made; None before the first. One query."""
    newest: datetime | None = Forecast.objects.aggregate(newest=Max("made_at"))["newest"]
    return newest


def places_to_plan() -> QuerySet[Location]:
    return Location.objects.active().exclude(kind=LocationKind.SUPPLIER)
