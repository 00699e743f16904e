"""What every carrier's gateway can do, in values: it knows parcels and addresses, never rows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from core.address import Address
from core.errors import DomainError
from core.external import Outcome


class NotServed(DomainError):
    """The carrier does not take this parcel there."""

    code = "not_served"


@dataclass(frozen=True, slots=True)
class RateBand:
    """A row of our own rate table: up to `up_to_g` grams to these countries (`*`: all others)."""

    service: str
    service_name: str
    zone: str
    countries: tuple[str, ...]
    transit_days: int
    up_to_g: int
    currency: str
    amount: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class RateRequest:
    """What is to be sent where: one weight in grams per parcel. Costs are wanted in `currency`."""

    country: str
    weights_g: tuple[int, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What a service asks for all parcels together: `amount` from the customer, `cost` from us."""

    service: str
    service_name: str
    zone: str
    transit_days: int
    currency: str
    amount: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class LabelRequest:
    """One label to buy. `reference` is ours and stands on the label; `key` makes a repeat safe."""

    key: str
    reference: str
    service: str
    weight_g: int
    currency: str
    ship_to: Address
    ship_from: Address
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "LabelRequest":
        rest = {**value}
        to, sender = rest.pop("ship_to"), rest.pop("ship_from")
        return cls(ship_to=Address.from_json(to), ship_from=Address.from_json(sender), **rest)


@dataclass(frozen=True, slots=True)
class LabelSold:
    """A label the carrier sold; `routing` is what it prints besides the addresses."""

    tracking_number: str
    cost: Decimal
    currency: str
    provider_ref: str = ""
    routing: dict[str, str] = field(default_factory=dict)

    def as_outcome(self) -> Outcome:
        """As the operation keeps it."""
        response = {
            "tracking_number": self.tracking_number,
            "cost": str(self.cost),
            "currency": self.currency,
            "routing": self.routing,
        }
        return Outcome(ok=True, provider_ref=self.provider_ref, response=response)


@dataclass(frozen=True, slots=True)
class CarrierEvent:
    """Something the carrier tells of a parcel; `status` is one of shipping.states.TrackingStatus."""

    status: str
    occurred_at: datetime
    text: str = ""
    place: str = ""
    event_id: str = ""


class Carrier(Protocol):
    """A carrier. Where `is_online`, calls go over a network: they are made by the worker, outside
    any transaction, and raise core.external.OutcomeUnknown when no answer came. A refusal is an
    Outcome that is not ok, with a sentence.
    """

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def is_online(self) -> bool: ...

    def rates(self, request: RateRequest) -> Sequence[Rate]:
        """What each service that takes these parcels asks, cheapest first."""
        ...

    def buy_label(self, request: LabelRequest) -> Outcome:
        """Buy one label; a good outcome's response is that of `LabelSold.as_outcome`."""
        ...

    def look_up_label(self, request: LabelRequest) -> Outcome | None:
        """What became of an earlier `buy_label` with this key; None: the carrier knows nothing."""
        ...

    def void_label(self, tracking_number: str, provider_ref: str) -> Outcome:
        """Give a label back. Good: it costs nothing any more."""
        ...

    def track(self, tracking_number: str) -> Sequence[CarrierEvent]:
        """All that the carrier tells of a parcel so far."""
        ...

    def tracking_url(self, tracking_number: str) -> str:
        """The carrier's own page of a parcel; empty where there is none."""
        ...
