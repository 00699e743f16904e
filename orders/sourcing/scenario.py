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
class Scenario:
    """What is otherwise; as it stands, nothing is. `without` locations send nothing, `added` ones send
    for every channel, last in its order. `rates` multiplies what carriers take, `service_id` is what
    every location sends with. `stock` multiplies the units at the start, `levelled` spreads each
    variant's evenly over the locations, `receipts_first` has there from the start what came later.
    `rules_off` names rules that do not count.
    """

    without: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    rates: Decimal = Decimal(1)
    service_id: int | None = None
    stock: Decimal = Decimal(1)
    levelled: bool = False
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
        """The units at the start by (variant, location), multiplied and spread as the scenario says;
        `places` are the locations that send.
        """
        grown = {key: _times(units, self.stock) for key, units in stock.items() if units > 0}
        return _levelled(grown, sorted(set(places))) if self.levelled else grown


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
