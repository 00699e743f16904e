"""What is otherwise in a what-if: the network, its stock, its rates and its rules, changed as values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from orders.sourcing.directing import Directions, Rule
from orders.sourcing.network import Network, Place, Zone
from orders.sourcing.problem import Band, Criterion

Stock = dict[tuple[int, int], int]  # units by (variant, location)


@dataclass(frozen=True, slots=True)
class Move:
    """Stock that lies elsewhere at the start: either `units` of a variant, or a `share` of what is there
    (0 to 1); without a variant, that of each. No more moves than there is.
    """

    source: int
    target: int
    variant_id: int | None = None
    units: int | None = None
    share: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "target": self.target,
            "variant_id": self.variant_id,
            "units": self.units,
            "share": None if self.share is None else str(self.share),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Move":
        share = kept["share"]
        return cls(**{**kept, "share": None if share is None else Decimal(share)})

    def of(self, there: int) -> int:
        """The units that move of those that are there."""
        if self.share is not None:
            return min(there, _times(there, self.share))
        return min(there, self.units or 0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is otherwise; as it stands, nothing is. `without` locations send nothing, `added` ones send
    for every channel, last in its order. `rates` multiplies what carriers take, `service_id` is what
    every location sends with. `stock` multiplies the units at the start, `levelled` spreads each
    variant's evenly over the locations, then `moves` take some of it elsewhere, one after the other;
    `receipts_first` has there from the start what came later. `rules_off` names rules that do not
    count.
    """

    without: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    rates: Decimal = Decimal(1)
    service_id: int | None = None
    stock: Decimal = Decimal(1)
    levelled: bool = False
    moves: tuple[Move, ...] = ()
    receipts_first: bool = False
    rules: bool = True
    rules_off: frozenset[str] = frozenset()
    criteria: tuple[Criterion, ...] = ()
    most_parcels: int | None = None
    worth: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "without": sorted(self.without),
            "added": sorted(self.added),
            "rates": str(self.rates),
            "service_id": self.service_id,
            "stock": str(self.stock),
            "levelled": self.levelled,
            "moves": [one.as_json() for one in self.moves],
            "receipts_first": self.receipts_first,
            "rules": self.rules,
            "rules_off": sorted(self.rules_off),
            "criteria": list(self.criteria),
            "most_parcels": self.most_parcels,
            "worth": self.worth,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Scenario":
        return cls(
            **{
                **kept,
                "without": frozenset(kept["without"]),
                "added": frozenset(kept["added"]),
                "rules_off": frozenset(kept["rules_off"]),
                "rates": Decimal(kept["rates"]),
                "stock": Decimal(kept["stock"]),
                "moves": tuple(Move.from_json(one) for one in kept.get("moves", ())),
                "criteria": tuple(Criterion(one) for one in kept["criteria"]),
            }
        )

    def directions(self, told: Directions) -> Directions:
        """What the rules said, and over it what the scenario says of every order."""
        if self.criteria:
            told = replace(told, criteria=self.criteria)
        if self.most_parcels is not None:
            told = replace(told, most_parcels=self.most_parcels)
        return told

    def rules_of(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """The rules that count, in their order."""
        return tuple(rule for rule in rules if self.rules and rule.name not in self.rules_off)

    def network(self, network: Network, extra: Iterable[Place] = ()) -> Network:
        """A channel's network as the scenario has it; `extra` are the places that are added."""
        own = {place.id for place in network.places}
        places = [*network.places, *(place for place in extra if place.id not in own)]
        return Network(
            places=tuple(self._place(place) for place in places if place.id not in self.without),
            zones={
                service: [self._zone(zone) for zone in zones]
                for service, zones in network.zones.items()
            },
        )

    def _place(self, place: Place) -> Place:
        if self.service_id is None or place.terms is None or place.terms.service_id is None:
            return place
        return replace(place, terms=replace(place.terms, service_id=self.service_id))

    def _zone(self, zone: Zone) -> Zone:
        if self.rates == 1:
            return zone
        return replace(
            zone,
            bands={
                currency: tuple(Band(band.up_to_g, _times(band.cost, self.rates)) for band in bands)
                for currency, bands in zone.bands.items()
            },
        )

    def start_stock(self, stock: Mapping[tuple[int, int], int], places: Iterable[int]) -> Stock:
        """The units at the start by (variant, location), multiplied, spread and moved as the scenario
        says; `places` are the locations that send.
        """
        found = {key: _times(units, self.stock) for key, units in stock.items() if units > 0}
        if self.levelled:
            found = _levelled(found, sorted(set(places)))
        for move in self.moves:
            found = _moved(found, move)
        return found


def _times(value: int, factor: Decimal) -> int:
    return int((value * factor).quantize(Decimal(1), ROUND_HALF_UP))


def _levelled(stock: Stock, places: Sequence[int]) -> Stock:
    """Each variant's units shared evenly; what does not divide goes to the lower ids."""
    if not places:
        return stock
    totals: dict[int, int] = defaultdict(int)
    for (variant, _), units in stock.items():
        totals[variant] += units
    spread: Stock = {}
    for variant, units in totals.items():
        each, rest = divmod(units, len(places))
        for turn, place in enumerate(places):
            spread[variant, place] = each + (turn < rest)
    return spread


def _moved(stock: Stock, move: Move) -> Stock:
    """The stock after a move; what lies nowhere else appears nowhere else."""
    moved = dict(stock)
    for (variant, place), there in stock.items():
        if place != move.source or move.variant_id not in {None, variant}:
            continue
        units = move.of(there)
        moved[variant, place] -= units
        moved[variant, move.target] = moved.get((variant, move.target), 0) + units
    return moved
