"""What was promised for an order, and why: as its pages show it."""

from dataclasses import dataclass
from datetime import date

from orders.models import Order, OrderPromise
from orders.promising import Inputs, Promise, promise
from orders.states import PromiseBasis


@dataclass(frozen=True, slots=True)
class Told:
    """The promises of an order: the one that holds, its reasons, and those before it, newest first."""

    latest: OrderPromise
    why: tuple[str, ...]
    earlier: tuple[OrderPromise, ...]

    @property
    def is_by_hand(self) -> bool:
        return self.latest.basis == PromiseBasis.PERSON


def promises_of(order: Order) -> Told | None:
    """What an order was promised. One query; none for an order without a promise."""
    if order.promised_on is None:
        return None
    latest, *earlier = order.promises.order_by("-pk")
    found = decided_again(latest)
    return Told(latest, found.why if found else (), tuple(earlier))


def decided_again(kept: OrderPromise) -> Promise | None:
    """A promise decided once more from what it was made from; None for a day set by hand."""
    return promise(Inputs.from_json(kept.inputs)).chosen if kept.inputs else None


def is_running_late(order: Order, *, today: date) -> bool:
    """Whether the order is expected after the day it was promised for, or that day has passed."""
    if order.promised_on is None or order.arrived_on is not None:
        return False
    return order.promised_on < today or bool(
        order.expected_on and order.expected_on > order.promised_on
    )
