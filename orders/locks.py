"""The one way to lock orders: before anything else that a verb touches, whatever its floor. Coupons
are counters: locked last, by code.
"""

from collections.abc import Collection, Iterable

from django.utils.timezone import localtime

from core.errors import StaleEdit
from core.models import StoredFact
from orders.errors import BadQuotation, BadSchedule, OrderNotFound
from orders.models import (
    Coupon,
    Order,
    PriceList,
    Quotation,
    RiskRuleSet,
    SourcingRule,
    StandingOrder,
)

MOST_TOLD = 10  # of what happened since, to whom edits an older version


def lock_order(order_id: int, *, version: int | None = None) -> Order:
    """Lock one order until the transaction ends. With `version`, refuse an edit of an older one:
    StaleEdit names what happened since, newest first, and when.
    """
    order = Order.objects.select_for_update(of=("self",)).filter(pk=order_id).first()
    if order is None:
        raise OrderNotFound("This order does not exist; look it up by its number.")
    refuse_stale(order, version)
    return order


def refuse_stale(order: Order, version: int | None) -> None:
    """Refuse an edit of an older version of a locked order. Raises StaleEdit with what happened since."""
    if version is None or version == order.version:
        return
    since = StoredFact.objects.filter(
        subject_type="order", subject_id=order.pk, subject_version__gt=version
    ).order_by("-id")[:MOST_TOLD]
    raise StaleEdit(
        f"Order {order.number} was changed since you opened it; look at what changed and try again.",
        changes=[
            f"{fact.actor_label}, {localtime(fact.occurred_at):%-d %b %H:%M}: {fact.sentence}"
            for fact in since
        ],
    )


def lock_orders(order_ids: Iterable[int]) -> list[Order]:
    """Lock several orders, by id, in one statement."""
    return list(
        Order.objects.select_for_update(of=("self",))
        .filter(pk__in=sorted(set(order_ids)))
        .order_by("pk")
    )


def lock_coupons(codes: Collection[str]) -> dict[str, Coupon]:
    """The coupons of these codes with their promotions, locked by code in one statement; after
    stock, so that two orders never wait for each other.
    """
    found = (
        Coupon.objects.select_for_update(of=("self",), no_key=True)
        .select_related("promotion")
        .filter(code__in=codes)
        .order_by("code")
    )
    return {coupon.code: coupon for coupon in found}


def lock_price_list(price_list_id: int) -> PriceList:
    """Lock one price list, so that its prices are set one after the other."""
    return PriceList.objects.select_for_update(no_key=True).get(pk=price_list_id)


def lock_quotation(quotation_id: int, *, version: int | None = None) -> Quotation:
    """Lock one quote until the transaction ends, before what placing its order locks. With `version`,
    refuse an edit of an older one.
    """
    quotation = (
        Quotation.objects.select_for_update(of=("self",))
        .select_related("channel__legal_entity", "company")
        .filter(pk=quotation_id)
        .first()
    )
    if quotation is None:
        raise BadQuotation("This quote does not exist; look it up by its number.")
    if version is not None and version != quotation.version:
        raise StaleEdit(
            f"Quote {quotation} was changed since you opened it; reload it and try again."
        )
    return quotation


def lock_standing_order(standing_order_id: int, *, version: int | None = None) -> StandingOrder:
    """Lock one standing order, before what placing its order locks. With `version`, refuse an edit of
    an older one.
    """
    standing = (
        StandingOrder.objects.select_for_update(of=("self",))
        .select_related("channel__legal_entity", "company", "shipping_service")
        .filter(pk=standing_order_id)
        .first()
    )
    if standing is None:
        raise BadSchedule("This standing order does not exist; look it up by its number.")
    if version is not None and version != standing.version:
        raise StaleEdit(f"{standing} was changed since you opened it; reload it and try again.")
    return standing


def lock_rule_sets() -> list[RiskRuleSet]:
    """Every version of the risk rules, locked by number: they are few, and change one at a time."""
    rows = RiskRuleSet.objects.select_for_update(of=("self",)).select_related("channel")
    return list(rows.order_by("number"))


def lock_sourcing_rules() -> list[SourcingRule]:
    """Lock all sourcing rules while their order changes; as they are asked."""
    return list(SourcingRule.objects.select_for_update().order_by("position", "pk"))
