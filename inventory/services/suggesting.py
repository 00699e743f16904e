"""What should be ordered: from a location that has too much first, else from the supplier."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from inventory.forecasting.ordering import economic_quantity, rounded_order
from inventory.locks import lock_suggestions
from inventory.models import Forecast, ReorderRule, Suggestion, SupplierItem
from inventory.selectors.supply import Standing
from inventory.states import SuggestionKind, SuggestionState

HOLDING_SHARE = 0.25  # a year on the shelf costs a quarter of what the goods cost
WORTH_A_TRANSFER = 0.2  # of what is missing; less is not worth the way
DAYS_A_YEAR = 365

Key = tuple[int, int, str, int | None]


@dataclass
class Need:
    """One variant at one location: what is foretold, what there is, where it is bought."""

    forecast: Forecast
    rule: ReorderRule
    standing: Standing
    item: SupplierItem | None

    @property
    def missing(self) -> int:
        """Units up to the order-up-to level; 0 while the reorder point is not passed."""
        if self.standing.position >= self.forecast.reorder_point:
            return 0
        return max(0, self.forecast.order_up_to - self.standing.position)

    @property
    def spare(self) -> int:
        """Free units here that this location does not need itself."""
        here = self.standing.free - self.standing.leaving - self.standing.waiting
        return max(0, here - self.forecast.order_up_to)

    @property
    def covered_days(self) -> float | None:
        """How long what is free lasts; None where nothing is sold."""
        if self.forecast.rate <= 0:
            return None
        return max(0.0, (self.standing.free - self.standing.waiting) / self.forecast.rate)

    def runs_out(self, today: date) -> bool:
        """Whether it is sold out before an order made today would be here."""
        lead = self.forecast.lead_days
        by_then = today + timedelta(days=ceil(lead))
        there = self.standing.free - self.standing.waiting + self.standing.coming_by(by_then)
        return self.forecast.rate > 0 and there < self.forecast.rate * lead


@dataclass
class Wanted:
    """A suggestion in the making."""

    need: Need
    kind: SuggestionKind
    quantity: int
    source: Need | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        at = self.need.forecast
        source = self.source.forecast.location_id if self.source else None
        return at.variant_id, at.location_id, self.kind.value, source


def needs_of(needs: Sequence[Need]) -> list[Wanted]:
    """What to order for these needs (all locations of a variant together), the most urgent first."""
    by_variant: dict[int, list[Need]] = defaultdict(list)
    for need in needs:
        by_variant[need.forecast.variant_id].append(need)
    found: list[Wanted] = []
    for everywhere in by_variant.values():
        spare = {need.forecast.location_id: need.spare for need in everywhere}
        for need in sorted(everywhere, key=_urgency):
            if need.missing:
                found += _answers(need, everywhere, spare)
    return found


def _urgency(need: Need) -> tuple[float, int]:
    days = need.covered_days
    return (float("inf") if days is None else days, need.forecast.location_id)


def _answers(need: Need, everywhere: list[Need], spare: dict[int, int]) -> list[Wanted]:
    """Transfers as far as other locations have too much, and a purchase of the rest."""
    left, found = need.missing, []
    for other in sorted(everywhere, key=lambda one: -spare[one.forecast.location_id]):
        place = other.forecast.location_id
        part = min(left, spare[place])
        same_money = other.rule.location.currency == need.rule.location.currency
        if other is need or not same_money or part < max(1, WORTH_A_TRANSFER * need.missing):
            continue
        figures = _figures(need) | {"spare": spare[place]}
        found.append(Wanted(need, SuggestionKind.TRANSFER, part, other, figures))
        spare[place] -= part
        left -= part
    bought = _purchase(need, left) if left else None
    return [*found, bought] if bought else found


def _purchase(need: Need, left: int) -> Wanted | None:
    item, at = need.item, need.forecast
    figures = _figures(need) | {"sent": need.missing - left}
    quantity = max(left, _economic(need))
    if quantity > left:
        figures["economic"] = quantity
    pack, minimum = (item.pack_size, item.minimum_quantity) if item else (1, 1)
    most = None
    if need.rule.maximum is not None:
        most = max(0, need.rule.maximum - need.standing.position - (need.missing - left))
    figures |= {"pack": pack, "minimum": minimum}
    rounded = rounded_order(quantity, minimum=minimum, pack=pack, most=most)
    if not rounded:
        return None
    figures["is_cut"] = rounded < quantity
    if item is None:
        figures["held"] = "nobody is known to sell it: add a supplier and a price"
    figures["lead_days"] = round(at.lead_days, 1)
    return Wanted(need, SuggestionKind.PURCHASE, rounded, None, figures)


def _economic(need: Need) -> int:
    """The economic quantity where the rule says what an order costs; 0 otherwise."""
    cost = float(need.standing.cost or (need.item.price if need.item else 0))
    if not need.rule.order_cost or not cost or need.forecast.rate <= 0:
        return 0
    return round(
        economic_quantity(
            demand=need.forecast.rate * DAYS_A_YEAR,
            order_cost=float(need.rule.order_cost),
            holding_cost=cost * HOLDING_SHARE,
        )
    )


def _figures(need: Need) -> dict[str, Any]:
    """The figures behind a suggestion, as they are kept with it."""
    at, there = need.forecast, need.standing
    return {
        "rate": round(at.rate, 4),
        "kind": str(at.kind),
        "method": str(at.method),
        "lead_days": round(at.lead_days, 1),
        "review_days": need.rule.review_days,
        "target": float(need.rule.target_fill),
        "reorder_point": at.reorder_point,
        "order_up_to": at.order_up_to,
        "free": there.free,
        "checking": there.checking,
        "coming": there.on_the_way,
        "waiting": there.waiting,
        "leaving": there.leaving,
        "need": need.missing,
    }


def keep_suggestions(wanted: Sequence[Wanted], *, today: date, now: datetime) -> int:
    """Make the open suggestions those that are wanted: new ones are added, others changed or no
    longer needed. What was dismissed stays quiet until its day. Returns how many are open.
    """
    quiet = set(
        Suggestion.objects.filter(
            state=SuggestionState.DISMISSED, quiet_until__gt=today
        ).values_list("variant_id", "location_id", "kind")
    )
    chosen = {one.key: one for one in wanted if one.key[:3] not in quiet}
    open_ones = {
        (row.variant_id, row.location_id, row.kind, row.source_id): row
        for row in lock_suggestions()
    }
    for key, row in open_ones.items():
        if key in chosen:
            _write(row, chosen[key])
        else:
            row.outdate(now=now)
    if open_ones:
        Suggestion.objects.bulk_update(
            open_ones.values(),
            [
                "supplier_item",
                "quantity",
                "unit_cost",
                "currency",
                "covered_days",
                "reasons",
                "state",
                "decided_at",
            ],
            batch_size=500,
        )
    new = [
        _write(Suggestion(made_at=now), one) for key, one in chosen.items() if key not in open_ones
    ]
    Suggestion.objects.bulk_create(new, batch_size=1_000)
    return len(chosen)


def _write(row: Suggestion, one: Wanted) -> Suggestion:
    """Put what is wanted onto a row."""
    row.variant_id, row.location_id, kind, row.source_id = one.key
    row.kind = SuggestionKind(kind)
    item = one.need.item if one.kind == SuggestionKind.PURCHASE else None
    row.supplier_item = item
    row.quantity = one.quantity
    if item:
        row.unit_cost, row.currency = item.price, item.supplier.currency
    else:
        here = one.source or one.need
        row.unit_cost = here.standing.cost or Decimal(0)
        row.currency = one.need.rule.location.currency
    row.covered_days = one.need.covered_days
    row.reasons = one.figures
    return row
