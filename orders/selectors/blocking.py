"""Why an order is not moving, in one sentence, with what mends it."""

from dataclasses import dataclass

from django.urls import reverse

from orders.models import Order, OrderLine
from orders.rights import EDIT_ORDERS
from orders.sockets import BLOCKERS
from orders.states import OrderState

ON_HOLD, UNKNOWN, SHORT = 10, 20, 40


@dataclass(frozen=True)
class Blocker:
    """One thing that keeps an order from moving. The lowest rank is mended first; apps above add
    theirs through orders.sockets.BLOCKERS. `action` and `url` mend it (empty: it only waits);
    `right` is what mending takes.
    """

    rank: int
    sentence: str
    action: str = ""
    url: str = ""
    right: str = ""
    icon: str = "hold"


def blockers_of(order: Order, lines: list[OrderLine]) -> list[Blocker]:
    """Everything in the order's way, the first to mend first; empty when nothing is."""
    if order.state != OrderState.OPEN:
        return []
    found = [*_own(order, lines), *BLOCKERS.ask(order)]
    return sorted(found, key=lambda one: one.rank)


def _own(order: Order, lines: list[OrderLine]) -> list[Blocker]:
    own: list[Blocker] = []
    here = reverse("orders:order_detail", args=[order.pk])
    for hold in order.holds.filter(released_at=None) if order.open_holds else ():
        until = f" until {hold.until:%d %b %Y %H:%M}" if hold.until else ""
        own.append(
            Blocker(
                ON_HOLD,
                f"On hold{until} ({hold.get_kind_display().lower()}): {hold.reason}",
                "Release hold",
                reverse("orders:hold_release", args=[order.pk, hold.pk]),
                EDIT_ORDERS.code,
            )
        )
    unknown = [line for line in lines if line.variant_id is None and line.is_physical and line.open]
    if unknown:
        names = ", ".join(line.sku or line.name for line in unknown[:3])
        own.append(
            Blocker(
                UNKNOWN,
                f"No product has this SKU: {names}. Say which it is, or cancel the line.",
                "Match product",
                reverse("orders:line_match", args=[order.pk, unknown[0].pk]),
                EDIT_ORDERS.code,
                "question",
            )
        )
    short = [line for line in lines if line.demand and line.demand.backordered]
    if short:
        words = ", ".join(
            f"{line.demand.backordered} × {line.sku}" for line in short[:3] if line.demand
        )
        more = f" and {len(short) - 3} more" if len(short) > 3 else ""
        own.append(
            Blocker(
                SHORT,
                f"Waiting for stock: {words}{more}.",
                "See lines",
                f"{here}#lines",
                "",
                "clock",
            )
        )
    return own
