"""What is known of an order when it is scored: counts, amounts and yes or no, nobody's name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The whole input of a decision, kept with it so that it can be made again.

    Counts of orders and of declines look at a day around the order, as far as it has passed;
    `usual_most` is the 99th percentile of the channel's amounts (None: too few orders to say).
    `good_orders` were completed at least a month before. `blocked` names what of the order is on the
    list of the blocked. It holds no name, address or number, since decisions are kept for good and
    people may ask to be forgotten.
    """

    billing_country: str = ""
    shipping_country: str = ""
    postcodes_differ: bool = False
    orders_by_email: int = 0
    orders_by_phone: int = 0
    orders_by_network: int = 0
    declines: int = 0
    amount: Decimal = Decimal(0)
    usual_most: Decimal | None = None
    currency: str = ""
    has_disposable_mail: bool = False
    goes_to_forwarder: bool = False
    disputes: int = 0
    good_orders: int = 0
    is_first_order: bool = False
    is_express: bool = False
    resale_units: int = 0
    blocked: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As plain values; amounts as strings."""
        plain: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        plain["amount"] = str(self.amount)
        plain["usual_most"] = None if self.usual_most is None else str(self.usual_most)
        plain["blocked"] = list(self.blocked)
        return plain

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Facts":
        """Read what `as_json` wrote; what an earlier release did not know has its default."""
        known = {field.name for field in fields(cls)}
        plain = {name: value for name, value in told.items() if name in known}
        if "amount" in plain:
            plain["amount"] = Decimal(plain["amount"])
        if plain.get("usual_most") is not None:
            plain["usual_most"] = Decimal(plain["usual_most"])
        plain["blocked"] = tuple(plain.get("blocked", ()))
        return cls(**plain)
