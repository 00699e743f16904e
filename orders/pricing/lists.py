"""Which price of several lists is a customer's: the same answer whoever asks, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """One price of one list. `rank` says how closely the list is meant: 3 for the customer's group
    in this channel, 2 for the group, 1 for the channel.
    """

    item_id: int
    list_id: int
    list_name: str
    rank: int
    priority: int
    min_quantity: int
    amount: Decimal
    valid_from: date | None = None

    @property
    def words(self) -> str:
        """Where the price comes from, for people."""
        if self.min_quantity > 1:
            return f"Price list {self.list_name}, from {self.min_quantity:,} units"
        return f"Price list {self.list_name}"


def best_offer(offers: Iterable[Offer], quantity: int) -> Offer | None:
    """The offer that holds for a quantity: of the most closely meant list, then of the one with
    priority, then of the older; within a list the highest step reached, then the latest to begin.
    """
    return max((one for one in offers if one.min_quantity <= quantity), key=_weight, default=None)


def _weight(offer: Offer) -> tuple[int, int, int, int, date, int]:
    return (
        offer.rank,
        offer.priority,
        -offer.list_id,
        offer.min_quantity,
        offer.valid_from or date.min,
        offer.item_id,
    )
