"""What rules say of an order: asked in their order, the first that applies decides each aspect."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from orders.sourcing.problem import MOST_PARCELS, Criterion

# what decides where nothing has a known cost: one place rather than two, then the channel's order
BY_PRIORITY = (Criterion.PROMISE, Criterion.FILL, Criterion.PARCELS, Criterion.PRIORITY)
BY_COST = (
    Criterion.PROMISE,
    Criterion.FILL,
    Criterion.COST,
    Criterion.BALANCE,
    Criterion.PARCELS,
    Criterion.PRIORITY,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What rules look at of an order; `total` in minor units of its currency."""

    channel_id: int
    country: str = ""
    tags: frozenset[str] = frozenset()
    total: int = 0
    currency: str = ""
    group_id: int | None = None
    category_ids: frozenset[int] = frozenset()
    is_hazardous: bool = False
    has_kits: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as values: what is empty asks nothing, or says nothing. Totals in minor units."""

    name: str
    channel_id: int | None = None
    countries: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    group_id: int | None = None
    category_id: int | None = None
    goods: str = ""  # hazardous or kits
    total_from: int | None = None
    total_below: int | None = None
    currency: str = ""
    only_from: frozenset[int] | None = None
    not_from: frozenset[int] | None = None
    criteria: tuple[Criterion, ...] = ()
    most_parcels: int | None = None
    is_complete: bool | None = None
    keep_together: str = ""
    leaves_within: int | None = None

    def applies(self, asked: Asked) -> bool:
        """Whether it speaks of the order: all that it asks is so."""
        return (
            self.channel_id in (None, asked.channel_id)
            and (not self.countries or asked.country in self.countries)
            and (not self.tags or bool(self.tags & asked.tags))
            and self.group_id in (None, asked.group_id)
            and (self.category_id is None or self.category_id in asked.category_ids)
            and (self.goods != "hazardous" or asked.is_hazardous)
            and (self.goods != "kits" or asked.has_kits)
            and self._is_worth(asked)
        )

    def _is_worth(self, asked: Asked) -> bool:
        if self.total_from is None and self.total_below is None:
            return True
        return (
            self.currency == asked.currency
            and (self.total_from is None or asked.total >= self.total_from)
            and (self.total_below is None or asked.total < self.total_below)
        )


@dataclass(frozen=True, slots=True)
class Directions:
    """What the rules came to for one order; `said_by` names those that had a say."""

    only_from: frozenset[int] | None = None
    not_from: frozenset[int] = frozenset()
    criteria: tuple[Criterion, ...] = ()
    most_parcels: int = MOST_PARCELS
    is_complete: bool = False
    keep_together: str = ""
    leaves_within: int | None = None
    said_by: tuple[str, ...] = ()


@dataclass(slots=True)
class _Said:
    values: dict[str, object] = field(default_factory=dict)
    by: list[str] = field(default_factory=list)

    def take(self, name: str, values: Mapping[str, object]) -> None:
        new = {key: value for key, value in values.items() if key not in self.values}
        if new:
            self.values.update(new)
            self.by.append(name)


def direct(rules: Sequence[Rule], asked: Asked) -> Directions:
    """What the rules say of the order. Pure; the rules come in their order."""
    said = _Said()
    for rule in rules:
        if rule.applies(asked):
            said.take(rule.name, dict(_aspects(rule)))
    if not said.values:
        return NO_DIRECTIONS
    places = said.values.pop("places", None)
    told = replace(NO_DIRECTIONS, **said.values, said_by=tuple(said.by))  # type: ignore[arg-type]
    if isinstance(places, Rule):
        told = replace(told, only_from=places.only_from, not_from=places.not_from or frozenset())
    return told


NO_DIRECTIONS = Directions()


def _aspects(rule: Rule) -> Iterable[tuple[str, object]]:
    """What the rule says, by aspect; where to send from is one aspect, only or not."""
    if rule.only_from is not None or rule.not_from is not None:
        yield "places", rule
    if rule.criteria:
        yield "criteria", rule.criteria
    if rule.most_parcels is not None:
        yield "most_parcels", rule.most_parcels
    if rule.is_complete is not None:
        yield "is_complete", rule.is_complete
    if rule.keep_together:
        yield "keep_together", rule.keep_together
    if rule.leaves_within is not None:
        yield "leaves_within", rule.leaves_within
