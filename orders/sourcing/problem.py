"""The problem of sourcing as values: what is wanted, who has it, what sending costs, what is forbidden.

Costs are whole minor units of one currency, weights whole grams, so that sums are exact and the same
problem has the same answer everywhere. The formulation is that of Acimovic and Graves (2015): fixed and
variable cost of each node that sends, plus the worth of the stock that is used up.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from orders.sourcing.arriving import Due

MOST_PARCELS = 4
TIME_LIMIT_S = 0.25
NO_BAND = 2**31


class Criterion(StrEnum):
    """What a plan is judged by; a problem names them in the order in which they count."""

    PROMISE = "promise"  # units that would not come in time, or not at all
    FILL = "fill"  # units that nobody sends
    COST = "cost"
    BALANCE = "balance"  # how much of the senders' free stock it uses up
    PARCELS = "parcels"
    PRIORITY = "priority"  # the channel's own order of locations


USUAL_ORDER = (
    Criterion.PROMISE,
    Criterion.FILL,
    Criterion.COST,
    Criterion.BALANCE,
    Criterion.PARCELS,
)


class Method(StrEnum):
    """How a decision was reached."""

    NOTHING = "nothing"
    EXACT = "exact"  # every set of locations was weighed, every split that may be cheaper looked at
    PROGRAMME = "programme"  # an integer programme: decisions of earlier releases
    GREEDY = "greedy"  # in the time that was left
    HAND = "hand"  # by choice of a person


@dataclass(frozen=True, slots=True)
class Band:
    """What a parcel up to a weight costs."""

    up_to_g: int
    cost: int


@dataclass(frozen=True, slots=True)
class Item:
    """One line: units of a variant. Items of one `group` leave from one location or not at all."""

    index: int
    variant_id: int
    units: int
    weight_g: int = 0
    group: str = ""
    only_from: frozenset[int] = frozenset()  # must be sent from one of these; empty: from anywhere

    def as_json(self) -> dict[str, Any]:
        return {
            "index": self.index,
            "variant_id": self.variant_id,
            "units": self.units,
            "weight_g": self.weight_g,
            "group": self.group,
            "only_from": sorted(self.only_from),
        }


@dataclass(frozen=True, slots=True)
class Node:
    """A location that may send. `parcel` is what each parcel costs whatever is in it (handling, and
    the split), `per_unit` what each unit costs, `bands` the carrier's price by weight; `arrives_on`
    the day on which what it sends arrives, where that is known.
    """

    id: int
    name: str
    parcel: int = 0
    per_unit: int = 0
    bands: tuple[Band, ...] = ()
    is_late: bool = False
    priority: int = 0
    arrives_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        day = {"arrives_on": self.arrives_on.isoformat()} if self.arrives_on else {}
        return {
            "id": self.id,
            "name": self.name,
            "parcel": self.parcel,
            "per_unit": self.per_unit,
            "bands": [{"up_to_g": band.up_to_g, "cost": band.cost} for band in self.bands],
            "is_late": self.is_late,
            "priority": self.priority,
            **day,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Node":
        day = kept.get("arrives_on")
        bands = tuple(Band(**band) for band in kept["bands"])
        arrives_on = date.fromisoformat(day) if day else None
        return cls(**{**kept, "bands": bands, "arrives_on": arrives_on})

    def freight(self, grams: int) -> int:
        """What the carrier takes: the band of the weight; beyond the last band, full parcels of it and
        one for the rest.
        """
        if not self.bands or grams < 0:
            return 0
        last = self.bands[-1]
        full, rest = divmod(max(grams - 1, 0), last.up_to_g) if grams > last.up_to_g else (0, grams)
        rest = rest + 1 if full else rest
        return full * last.cost + self.bands[bisect_left(self.bands, rest, key=_weight)].cost


def _weight(band: Band) -> int:
    return band.up_to_g


@dataclass(frozen=True)
class Problem:
    """One order to be sent. `free` are the units that may be taken, by (node, variant); `worth` what a
    unit taken there costs later orders (shadow price); `is_complete` sends all or nothing; `due` is
    the day by which it is to arrive, which made nodes late.
    """

    items: tuple[Item, ...]
    nodes: tuple[Node, ...]
    free: Mapping[tuple[int, int], int]
    currency: str = "EUR"
    most_parcels: int = MOST_PARCELS
    is_complete: bool = False
    criteria: tuple[Criterion, ...] = USUAL_ORDER
    worth: Mapping[tuple[int, int], int] = field(default_factory=dict)
    due: Due | None = None

    def as_json(self) -> dict[str, Any]:
        """The problem as it is stored beside its decision, to be decided again (`from_json`)."""
        return {
            "items": [item.as_json() for item in self.items],
            "nodes": [node.as_json() for node in self.nodes],
            "free": [
                [node, variant, units] for (node, variant), units in sorted(self.free.items())
            ],
            "worth": [
                [node, variant, cost] for (node, variant), cost in sorted(self.worth.items())
            ],
            "currency": self.currency,
            "most_parcels": self.most_parcels,
            "is_complete": self.is_complete,
            "criteria": list(self.criteria),
            **({"due": self.due.as_json()} if self.due else {}),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Problem":
        return cls(
            items=tuple(
                Item(**{**item, "only_from": frozenset(item["only_from"])})
                for item in kept["items"]
            ),
            nodes=tuple(Node.from_json(node) for node in kept["nodes"]),
            free={(node, variant): units for node, variant, units in kept["free"]},
            worth={(node, variant): cost for node, variant, cost in kept["worth"]},
            currency=kept["currency"],
            most_parcels=kept["most_parcels"],
            is_complete=kept["is_complete"],
            criteria=tuple(Criterion(one) for one in kept["criteria"]),
            due=Due.from_json(kept.get("due")),
        )

    def judged_by(self, criteria: tuple[Criterion, ...]) -> "Problem":
        """The same problem with other criteria."""
        return replace(self, criteria=criteria)

    @property
    def has_costs(self) -> bool:
        """Whether sending costs something that is known."""
        return bool(self.worth) or any(
            node.parcel or node.per_unit or node.bands for node in self.nodes
        )

    @property
    def cost_of_units(self) -> str:
        """What units cost beside their parcel, in words; the worth of stock only where it counts."""
        return "Handling of units and worth of stock" if self.worth else "Handling of units"

    @cached_property
    def sorted_nodes(self) -> tuple[Node, ...]:
        """By id, so that neither the order of nodes nor that of lines changes an answer."""
        return tuple(sorted(self.nodes, key=lambda node: node.id))


@dataclass(frozen=True, slots=True, order=True)
class Take:
    """Units of the item at `index` sent from a node."""

    index: int
    node_id: int
    units: int


@dataclass(frozen=True, slots=True)
class CostLine:
    """One part of what a plan costs, in words."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to send the order, and what it comes to."""

    takes: tuple[Take, ...]
    units_sent: int
    units_late: int
    units_missing: int
    cost: int
    balance: int  # thousandths of the senders' free stock, summed over what is taken
    node_ids: tuple[int, ...]
    cost_lines: tuple[CostLine, ...] = ()

    @property
    def parcels(self) -> int:
        return len(self.node_ids)

    def as_json(self) -> dict[str, Any]:
        """The plan as it is stored; takes as [item, node, units], cost lines as [label, amount]."""
        return {
            "takes": [[take.index, take.node_id, take.units] for take in self.takes],
            "units_sent": self.units_sent,
            "units_late": self.units_late,
            "units_missing": self.units_missing,
            "cost": self.cost,
            "balance": self.balance,
            "node_ids": list(self.node_ids),
            "cost_lines": [[line.label, line.amount] for line in self.cost_lines],
        }

    def score(
        self, criteria: Iterable[Criterion], priorities: Mapping[int, int]
    ) -> tuple[int, ...]:
        """What it is compared by: lower is better; ties go to the lower node ids."""
        values = {
            Criterion.PROMISE: self.units_missing + self.units_late,
            Criterion.FILL: self.units_missing,
            Criterion.COST: self.cost,
            Criterion.BALANCE: self.balance,
            Criterion.PARCELS: self.parcels,
            Criterion.PRIORITY: sum(priorities.get(one, 0) for one in self.node_ids),
        }
        return (*(values[one] for one in criteria), self.parcels, *self.node_ids)
