"""The day's figures: each counted over exactly the rows of the list that it links to.

Days are the store's. What a user may not see is not counted for them.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse

from core.listing import Listing
from core.listing.dates import Days
from core.listing.paging import count_text
from core.markup import money
from core.models import User
from core.money import ZERO
from orders.selectors import orders_seen_by
from orders.states import OrderState
from orders.tables import TO_SHIP, OrderList
from reports.rights import SEE_REVENUE
from returns.states import ReturnState
from returns.tables import ReturnList
from shipping.tables import ShipmentList

logger = logging.getLogger(__name__)

CHART_DAYS = 14
FILL_DAYS = 30
EARNING = "placed=today&state=open&state=completed"
RETURNS_WAITING = "&".join(f"state={state}" for state in ReturnState.waiting_states())
SHORT = "placed=last-30-days&state=open&goods=backordered&goods=unfulfilled"


@dataclass(frozen=True)
class Tile:
    """One figure; `url` is the list of what was counted, `role` its tone (danger, warning)."""

    label: str
    value: str
    note: str
    url: str
    role: str = ""


@dataclass(frozen=True)
class OrdersPerDay:
    """Orders placed on each of the last days, today last."""

    days: Sequence[tuple[date, int]]

    @property
    def counts(self) -> list[int]:
        return [count for _, count in self.days]

    @property
    def today(self) -> int:
        return self.days[-1][1]

    @property
    def a_week_ago(self) -> int:
        return self.days[-8][1]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def url(self) -> str:
        first, last = self.days[0][0], self.days[-1][0]
        return f"{reverse('orders:order_list')}?placed_from={first}&placed_to={last}"


def orders_per_day(user: User, *, today: date) -> OrdersPerDay:
    """Orders placed on each of the last 14 days. One query."""
    first = today - timedelta(days=CHART_DAYS - 1)
    counted = (
        orders_seen_by(user)
        .filter(Days(first, today).within("placed_at"))
        .annotate(day=TruncDate("placed_at"))
        .values("day")
        .order_by("day")
        .annotate(count=Count("pk"))
    )
    found = {row["day"]: row["count"] for row in counted}
    days = [first + timedelta(days=n) for n in range(CHART_DAYS)]
    return OrdersPerDay([(day, found.get(day, 0)) for day in days])


def revenue_today(user: User) -> list[tuple[str, Decimal]]:
    """What the orders placed today come to, by currency, without cancelled and expired ones and
    less what was taken back. One query.
    """
    rows = OrderList.for_user(user, EARNING).rows.order_by("currency").values("currency")
    return list(
        rows.annotate(sum=Sum(F("total") - F("credit_total"))).values_list("currency", "sum")
    )


def fill_rate(user: User, *, today: date) -> Decimal | None:
    """The share of the units ordered in the last 30 days that was sent or set aside, in percent;
    None when nothing was ordered. Orders that came with their history took no stock and do not
    count. One query.
    """
    sums = (
        orders_seen_by(user)
        .filter(
            Days(today - timedelta(days=FILL_DAYS - 1), today).within("placed_at"),
            state__in=(OrderState.OPEN, OrderState.COMPLETED),
            is_historical=False,
        )
        .aggregate(
            wanted=Sum(F("units") - F("units_cancelled"), default=0),
            served=Sum(F("units_shipped") + F("units_allocated"), default=0),
        )
    )
    if not sums["wanted"]:
        return None
    rate: Decimal = Decimal(100 * sums["served"]) / sums["wanted"]
    return rate


def home_tiles(user: User, per_day: OrdersPerDay | None, *, today: date) -> list[Tile]:
    """The figures of Home that the user may see: one query each, however many orders there are."""
    figures = [
        _Figure("Orders in today", OrderList, "placed=today", lambda: [_orders_in(per_day)]),
    ]
    if user.has_right(SEE_REVENUE):
        figures.append(_Figure("Revenue today", OrderList, EARNING, lambda: _revenue_tiles(user)))
    figures += [
        _counted(OrderList, user, "To ship now", TO_SHIP, note="paid, stock set aside"),
        _counted(
            OrderList,
            user,
            "Late orders",
            "late=yes",
            note="past their day, for any reason",
            role="danger",
        ),
        _counted(
            OrderList, user, "Due within 2 h", "due_soon=yes", note="not yet sent", role="warning"
        ),
        _counted(ShipmentList, user, "Shipped today", "dispatched=today", note="shipments"),
    ]
    if ReturnList.allows(user):
        figures.append(
            _counted(ReturnList, user, "Returns waiting", RETURNS_WAITING, note="for one of us")
        )
    figures.append(_Figure("Fill rate", OrderList, SHORT, lambda: [_fill_tile(user, today=today)]))
    return [tile for figure in figures for tile in figure.tiles()]


@dataclass(frozen=True)
class _Figure:
    """A figure still to be worked out; one that cannot be costs its own tile and no other."""

    label: str
    listing: type[Listing]
    query: str
    work_out: Callable[[], list[Tile]]

    @property
    def url(self) -> str:
        return f"{reverse(self.listing.url_name)}?{self.query}"

    def tiles(self) -> list[Tile]:
        try:
            return self.work_out()
        except Exception:
            logger.exception("the figure “%s” could not be worked out", self.label)
            return [Tile(self.label, "–", "could not be worked out", self.url, "warning")]


def _orders_in(per_day: OrdersPerDay | None) -> Tile:
    if per_day is None:
        raise LookupError("the orders of the last days could not be counted")
    return Tile(
        "Orders in today",
        count_text(per_day.today),
        f"{count_text(per_day.a_week_ago)} a week ago",
        f"{reverse('orders:order_list')}?placed=today",
    )


def _fill_tile(user: User, *, today: date) -> Tile:
    rate = fill_rate(user, today=today)
    return Tile(
        "Fill rate",
        "–" if rate is None else f"{rate:.1f} %",
        "sent or set aside, last 30 days",
        f"{reverse('orders:order_list')}?{SHORT}",
    )


def _revenue_tiles(user: User) -> list[Tile]:
    """One tile per currency: sums of different money are never added up."""
    url = f"{reverse('orders:order_list')}?{EARNING}"
    found = revenue_today(user)
    if not found:
        return [Tile("Revenue today", "–", "no orders yet", url)]
    return [
        Tile(
            f"Revenue today, {currency}",
            money(amount or ZERO, currency),
            "less what was taken back",
            url,
        )
        for currency, amount in found
    ]


def _counted(
    listing: type[Listing], user: User, label: str, query: str, *, note: str, role: str = ""
) -> _Figure:
    """A tile that counts the rows of a list as its address narrows it."""

    def work_out() -> list[Tile]:
        count = listing.for_user(user, query).count
        return [Tile(label, count_text(count), note, figure.url, role if count else "")]

    figure = _Figure(label, listing, query, work_out)
    return figure
