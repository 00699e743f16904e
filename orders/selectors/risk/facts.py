"""What is known of orders, gathered for many at once: the statements do not grow with their number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import F, Sum

from orders.models import Order, OrderLine, RiskBaseline
from orders.risk import Facts
from orders.selectors.risk.listed import (
    Listed,
    blocked_of,
    goes_to_forwarder,
    is_express,
    listed_of,
    mail_domain,
)
from orders.states import OrderState, RiskListKind

MOST_USUAL, LEAST_USUAL = 5_000, 100
USUAL_DAYS = timedelta(days=90)


@dataclass(frozen=True)
class Usual:
    """The 99th percentile of a channel's amounts (None: too few orders), and of how many orders."""

    most: Decimal | None
    orders: int


def facts_of(
    order_ids: Collection[int],
    *,
    as_of: datetime | None = None,
    usual: Mapping[int, Decimal | None] | None = None,
) -> dict[int, Facts]:
    """The facts of each order. `as_of` bounds what was known; None: an hour after each was placed,
    when those that came with it were seen, too. `usual` gives each channel's percentile in the place
    of what is kept of it. Five queries.
    """
    if not order_ids:
        return {}
    rows = Order.objects.filter(pk__in=order_ids).select_related("shipping_service", "origin")
    orders = list(rows)
    counts = _counts(order_ids, as_of)
    listed = listed_of(orders)
    most = usual_by_channel() if usual is None else usual
    resale = _resale_units(order_ids, listed)
    return {
        order.pk: _facts(
            order,
            counts[order.pk],
            listed,
            most.get(order.channel_id),
            resale.get(order.pk, 0),
        )
        for order in orders
    }


def usual_by_channel() -> dict[int, Decimal | None]:
    """What is kept of each channel's percentile. One query."""
    return dict(RiskBaseline.objects.values_list("channel_id", "usual_most"))


def usual_amount(channel_id: int, *, before: datetime) -> Usual:
    """The percentile of a channel's latest amounts before a moment, in the channel's currency. One
    query along the index by channel.
    """
    rows = Order.objects.filter(
        channel_id=channel_id,
        channel__currency=F("currency"),
        placed_at__lt=before,
        placed_at__gte=before - USUAL_DAYS,
    ).exclude(state__in=(OrderState.CANCELLED, OrderState.EXPIRED, OrderState.DRAFT))
    amounts = sorted(rows.order_by("-placed_at").values_list("total", flat=True)[:MOST_USUAL])
    if len(amounts) < LEAST_USUAL:
        return Usual(None, len(amounts))
    return Usual(amounts[(len(amounts) * 99 + 99) // 100 - 1], len(amounts))


@dataclass(frozen=True, slots=True)
class _Counts:
    """What is counted around one order."""

    by_email: int
    by_phone: int
    by_network: int
    declines: int
    disputes: int
    good: int
    is_first: bool


PHONE_OF = "right(regexp_replace({0}.phone, '[^0-9]', '', 'g'), 9)"
LATELY = (
    "x.placed_at > o.placed_at - interval '1 day'"
    " AND x.placed_at <= least(told.until, o.placed_at + interval '1 day') AND x.id <> o.id"
)
WENT_WELL = (
    "x.state = 'completed' AND x.units_shipped > 0"
    " AND x.completed_at < o.placed_at - interval '30 days'"
)
EARLIER = "x.placed_at < o.placed_at AND x.id <> o.id"
SAME_MAIL = "UPPER(x.email::text) = UPPER(o.email::text)"
TOLD = (
    "(SELECT count(*) FROM orders_risksignal s JOIN orders_order x ON x.id = s.order_id"
    " WHERE s.kind = '{kind}' AND s.occurred_at <= told.until AND {same})"
)


def _orders(condition: str) -> str:
    return f"(SELECT count(*) FROM orders_order x WHERE {condition})"  # noqa: S608  (constants)


def _told(kind: str, same: str) -> str:
    return TOLD.format(kind=kind, same=same)


# One statement of constants: each count goes along its own index, and only where there is something
# to compare. What it counts is told in Facts.
COUNTS = f"""
SELECT o.id,
  CASE WHEN o.email <> '' THEN {_orders(f"{SAME_MAIL} AND {LATELY}")} ELSE 0 END,
  CASE WHEN o.phone <> '' THEN {
    _orders(f"{PHONE_OF.format('x')} = {PHONE_OF.format('o')} AND x.phone <> '' AND {LATELY}")
} ELSE 0 END,
  CASE WHEN origin.network_key <> '' THEN
    (SELECT count(*) FROM orders_orderorigin other
     WHERE other.network_key = origin.network_key AND other.network_key <> ''
       AND other.told_at > origin.told_at - interval '1 day'
       AND other.told_at <= least(told.until, origin.told_at + interval '1 day')
       AND other.order_id <> o.id) ELSE 0 END,
  greatest(
    {_told("declined", "x.id = o.id AND s.occurred_at > o.placed_at - interval '1 day'")},
    CASE WHEN o.email <> '' THEN
      {_told("declined", f"{SAME_MAIL} AND s.occurred_at > o.placed_at - interval '1 day'")}
    ELSE 0 END),
  greatest(
    CASE WHEN o.customer_id IS NOT NULL THEN
      {_told("disputed", "x.customer_id = o.customer_id")} ELSE 0 END,
    CASE WHEN o.email <> '' THEN {_told("disputed", SAME_MAIL)} ELSE 0 END),
  greatest(
    CASE WHEN o.customer_id IS NOT NULL THEN
      {_orders(f"x.customer_id = o.customer_id AND {WENT_WELL}")} ELSE 0 END,
    CASE WHEN o.email <> '' THEN {_orders(f"{SAME_MAIL} AND {WENT_WELL}")} ELSE 0 END),
  NOT (
    (o.customer_id IS NOT NULL AND EXISTS (
      SELECT FROM orders_order x WHERE x.customer_id = o.customer_id AND {EARLIER}))
    OR (o.email <> '' AND EXISTS (SELECT FROM orders_order x WHERE {SAME_MAIL} AND {EARLIER})))
FROM orders_order o
LEFT JOIN orders_orderorigin origin ON origin.order_id = o.id
CROSS JOIN LATERAL (SELECT coalesce(%s, o.placed_at + interval '1 hour') AS until) told
WHERE o.id = ANY(%s)
"""  # noqa: S608  (constants only)


def _counts(order_ids: Collection[int], as_of: datetime | None) -> dict[int, _Counts]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [as_of, list(order_ids)])
        return {row[0]: _Counts(*row[1:]) for row in cursor.fetchall()}


def _resale_units(order_ids: Collection[int], listed: Listed) -> dict[int, int]:
    skus = listed[RiskListKind.RESALE]
    if not skus:
        return {}
    rows = OrderLine.objects.filter(order__in=order_ids, sku__in=skus)
    counted = rows.order_by().values("order").annotate(units=Sum("quantity"))
    return {row["order"]: row["units"] for row in counted}


def _facts(
    order: Order, counts: _Counts, listed: Listed, most: Decimal | None, resale_units: int
) -> Facts:
    billed, sent = order.bill_to, order.ship_to
    codes = [_plain(one.postal_code) for one in (billed, sent)]
    return Facts(
        billing_country=billed.country,
        shipping_country=sent.country,
        postcodes_differ=all(codes) and codes[0] != codes[1],
        orders_by_email=counts.by_email,
        orders_by_phone=counts.by_phone,
        orders_by_network=counts.by_network,
        declines=counts.declines,
        amount=order.total,
        usual_most=most,
        currency=order.currency,
        has_disposable_mail=mail_domain(order) in listed[RiskListKind.DISPOSABLE],
        goes_to_forwarder=goes_to_forwarder(order, listed),
        disputes=counts.disputes,
        good_orders=counts.good,
        is_first_order=counts.is_first,
        is_express=is_express(order, listed),
        resale_units=resale_units,
        blocked=blocked_of(order, listed),
    )


def _plain(code: str) -> str:
    return "".join(one for one in code.casefold() if one.isalnum())
