"""Why an order is not moving, in one sentence, with what mends it."""

from dataclasses import dataclass

from django.urls import reverse

from orders.models import Hold, Order, OrderLine
from orders.rights import EDIT_ORDERS, REVIEW_RISK
from orders.sockets import BLOCKERS
from orders.states import HoldKind, OrderState, RiskLevel

ON_HOLD, UNSCORED, UNKNOWN, SHORT = 10, 15, 20, 40


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
    if order.open_holds:
        own += [_held(order, hold) for hold in order.holds.filter(released_at=None)]
    if order.risk_level == RiskLevel.UNSCORED:
        own.append(
            Blocker(UNSCORED, "Waiting for its risk check; that takes a moment.", icon="shield")
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


def _held(order: Order, hold: Hold) -> Blocker:
    """What keeps it, and who mends it: a hold of the risk check is answered by its review."""
    until = f" until {hold.until:%d %b %Y %H:%M}" if hold.until else ""
    sentence = f"On hold{until} ({hold.get_kind_display().lower()}): {hold.reason}"
    if hold.kind == HoldKind.FRAUD and order.risk_level == RiskLevel.HOLD:
        page = reverse("orders:order_risk", args=[order.pk])
        return Blocker(ON_HOLD, sentence, "Review order", page, REVIEW_RISK.code, "shield")
    page = reverse("orders:hold_release", args=[order.pk, hold.pk])
    return Blocker(ON_HOLD, sentence, "Release hold", page, EDIT_ORDERS.code)
