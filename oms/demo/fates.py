"""The fates of demo orders: which steps follow their placing, how long after each other, how often."""

from dataclasses import dataclass

Step = tuple[str, float, float]  # a step of oms.demo.steps, and how many hours after the last one


@dataclass(frozen=True)
class Fate:
    """One way an order goes. `channels` empty: every channel but those on account."""

    name: str
    weight: int
    steps: tuple[Step, ...] = ()
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    has_unknown_sku: bool = False
    may_wait: bool = False
    wants_scarce: bool = False

    def fits(self, channel: str) -> bool:
        return channel in self.channels if self.channels else channel != "b2b"


PAID: Step = ("pay", 0.02, 3)
SENT: tuple[Step, ...] = (("send", 3, 24), ("scan", 2, 20))
ARRIVED: tuple[Step, ...] = (*SENT, ("deliver", 24, 90))

FATES = (
    Fate("delivered", 52, (PAID, *ARRIVED)),
    Fate("delivered to a business", 10, (*ARRIVED, ("pay", 200, 600)), ("b2b",), ("wholesale",)),
    Fate("waits for a business", 2, (), ("b2b",)),
    Fate("in two parcels", 4, (PAID, ("send_part", 4, 30), ("send", 30, 90), ("deliver", 30, 90))),
    Fate("half of it sent", 2, (PAID, ("send_part", 4, 30))),
    Fate("on its way", 5, (PAID, *SENT)),
    Fate("late", 4, (PAID,), tags=("follow up",)),
    Fate("picked", 3, (PAID, ("start", 3, 30))),
    Fate("packed", 3, (PAID, ("pack", 3, 30))),
    Fate("not paid", 6),
    Fate("paid late", 3, (("pay", 48, 160), *ARRIVED)),
    Fate("expired", 3, (("expire", 340, 400),)),
    Fate("cancelled", 4, (PAID, ("cancel", 1, 20))),
    Fate("one unit less", 2, (PAID, ("cancel_part", 1, 3), *ARRIVED)),
    Fate("on hold for its address", 2, (PAID, ("hold_address", 0.1, 2))),
    Fate("on hold for fraud", 2, (PAID, ("hold_fraud", 0.1, 2)), tags=("check",)),
    Fate("held and let go", 2, (PAID, ("hold_address", 0.1, 2), ("let_go", 2, 30), *ARRIVED)),
    Fate("waits for stock", 4, (PAID,), may_wait=True, wants_scarce=True),
    Fate("unknown product", 2, (PAID,), has_unknown_sku=True, may_wait=True),
    Fate("returned", 6, (PAID, *ARRIVED, ("ask_return", 40, 200), ("take_back", 60, 160))),
    Fate("return on its way", 3, (PAID, *ARRIVED, ("ask_return", 40, 200), ("approve", 2, 20))),
    Fate("return asked for", 3, (PAID, *ARRIVED, ("ask_return", 40, 200))),
    Fate("return to inspect", 2, (PAID, *ARRIVED, ("ask_return", 40, 200), ("receive", 60, 160))),
    Fate("lost on the road", 2, (PAID, *SENT, ("trouble", 30, 60)), tags=("carrier",)),
    Fate("goodwill", 2, (PAID, *ARRIVED, ("goodwill", 20, 100))),
)
