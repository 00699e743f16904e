"""What is known of orders, gathered for many at once: the statements do not grow with their number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    Expression,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from orders.models import Order, OrderLine, OrderOrigin, RiskBaseline, RiskSignal
from orders.models.orders import PHONE_DIGITS
from orders.risk import Facts
from orders.selectors.risk.listed import (
    Listed,
    blocked_of,
    goes_to_forwarder,
    is_express,
    listed_of,
    mail_domain,
)
from orders.states import OrderState, RiskListKind, RiskSignalKind

WINDOW = timedelta(days=1)
GOOD_AFTER = timedelta(days=30)
HINDSIGHT = timedelta(hours=1)
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
    """The facts of each order. `as_of` bounds what was told of payments; None: an hour after each
    was placed, as it was scored then. `usual` gives each channel's percentile in the place of what is
    kept of it. Four queries.
    """
    orders = list(_annotated(order_ids, as_of))
    listed = listed_of(orders)
    most = usual_by_channel() if usual is None else usual
    resale = _resale_units(order_ids, listed)
    return {
        order.pk: _facts(order, listed, most.get(order.channel_id), resale.get(order.pk, 0))
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


def _count(rows: QuerySet[Any]) -> Subquery:
    counted = rows.order_by().annotate(found=Func(F("pk"), function="COUNT"))
    return Subquery(counted.values("found"), output_field=BigIntegerField())


def _where(told: Q, counted: Expression | Subquery) -> Case:
    """Count only where there is something to compare; the rest costs nothing."""
    return Case(When(told, then=Coalesce(counted, 0)), default=Value(0))


def _lately(same: Q) -> QuerySet[Order]:
    """Other orders placed in the day before this one that share something with it."""
    rows = Order.objects.filter(
        same,
        placed_at__gt=OuterRef("placed_at") - WINDOW,
        placed_at__lte=OuterRef("placed_at"),
    )
    return rows.exclude(pk=OuterRef("pk"))


def _buyer(prefix: str = "") -> tuple[Q, Q]:
    """The same buyer, by customer or by e-mail: apart, so that each goes along its own index."""
    return (
        Q(**{f"{prefix}customer": OuterRef("customer")}),
        Q(**{f"{prefix}email__iexact": OuterRef("email")}),
    )


def _annotated(order_ids: Collection[int], as_of: datetime | None) -> QuerySet[Order]:
    known = ~Q(customer=None)
    mailed, phoned = ~Q(email=""), ~Q(phone="")
    until: Any = Value(as_of) if as_of else OuterRef("placed_at") + HINDSIGHT
    by_customer, by_email = _buyer()
    network = OrderOrigin.objects.filter(
        network_key=OuterRef("origin__network_key"),
        told_at__gt=OuterRef("origin__told_at") - WINDOW,
        told_at__lte=OuterRef("origin__told_at"),
    ).exclude(pk=OuterRef("pk"))
    good = Order.objects.filter(
        state=OrderState.COMPLETED,
        units_shipped__gt=0,
        completed_at__lt=OuterRef("placed_at") - GOOD_AFTER,
    )
    earlier = Order.objects.filter(placed_at__lt=OuterRef("placed_at")).exclude(pk=OuterRef("pk"))
    return (
        Order.objects.filter(pk__in=order_ids)
        .select_related("shipping_service", "origin")
        .annotate(
            by_email=_where(mailed, _count(_lately(by_email))),
            by_phone=_where(phoned, _count(_by_phone())),
            by_network=_where(~Q(origin__network_key="") & ~Q(origin=None), _count(network)),
            good=Greatest(
                _where(known, _count(good.filter(by_customer))),
                _where(mailed, _count(good.filter(by_email))),
            ),
            has_earlier=Case(
                When(known & Exists(earlier.filter(by_customer)), then=Value(1)),
                When(mailed & Exists(earlier.filter(by_email)), then=Value(1)),
                default=Value(0),
            ),
            **_told(until, known, mailed),
        )
    )


def _by_phone() -> QuerySet[Order]:
    same = Order.objects.alias(digits=PHONE_DIGITS).exclude(phone="")
    here = Func(
        OuterRef("phone"),
        template=PHONE_DIGITS.extra["template"],
        output_field=PHONE_DIGITS.output_field,
    )
    return same.filter(
        digits=here,
        placed_at__gt=OuterRef("placed_at") - WINDOW,
        placed_at__lte=OuterRef("placed_at"),
    ).exclude(pk=OuterRef("pk"))


def _told(until: Any, known: Q, mailed: Q) -> dict[str, Expression]:
    """What was told of this buyer's payments: declines of the last day, disputes of other orders."""
    by_customer, by_email = _buyer("order__")
    declined = RiskSignal.objects.filter(
        kind=RiskSignalKind.DECLINED,
        occurred_at__gt=OuterRef("placed_at") - WINDOW,
        occurred_at__lte=until,
    )
    disputed = RiskSignal.objects.filter(kind=RiskSignalKind.DISPUTED, occurred_at__lte=until)
    return {
        "declines": Greatest(
            Coalesce(_count(declined.filter(order=OuterRef("pk"))), 0),
            _where(mailed, _count(declined.filter(by_email))),
        ),
        "disputes": Greatest(
            _where(known, _count(disputed.filter(by_customer))),
            _where(mailed, _count(disputed.filter(by_email))),
        ),
    }


def _resale_units(order_ids: Collection[int], listed: Listed) -> dict[int, int]:
    skus = listed[RiskListKind.RESALE]
    if not skus:
        return {}
    rows = OrderLine.objects.filter(order__in=order_ids, sku__in=skus)
    counted = rows.order_by().values("order").annotate(units=Sum("quantity"))
    return {row["order"]: row["units"] for row in counted}


def _facts(order: Any, listed: Listed, most: Decimal | None, resale_units: int) -> Facts:
    billed, sent = order.bill_to, order.ship_to
    codes = [_plain(one.postal_code) for one in (billed, sent)]
    return Facts(
        billing_country=billed.country,
        shipping_country=sent.country,
        postcodes_differ=all(codes) and codes[0] != codes[1],
        orders_by_email=order.by_email,
        orders_by_phone=order.by_phone,
        orders_by_network=order.by_network,
        declines=order.declines,
        amount=order.total,
        usual_most=most,
        currency=order.currency,
        has_disposable_mail=mail_domain(order) in listed[RiskListKind.DISPOSABLE],
        goes_to_forwarder=goes_to_forwarder(order, listed),
        disputes=order.disputes,
        good_orders=order.good,
        is_first_order=not order.has_earlier,
        is_express=is_express(order, listed),
        resale_units=resale_units,
        blocked=blocked_of(order, listed),
    )


def _plain(code: str) -> str:
    return "".join(one for one in code.casefold() if one.isalnum())
