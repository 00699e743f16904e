"""What orders shows in the navigation, on customers' pages and in the search."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse

from core import attention, menu, search, settings_pages, subjects
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.models import Channel, User
from core.panels import plug
from core.rights import EDIT_SETTINGS
from core.search import Hit, Searcher
from core.settings_pages import SettingsPage
from core.subjects import SubjectKind, page
from core.timeline import dress
from core.webhooks import payloads
from customers.models import Customer
from customers.sockets import CHANNEL_CUSTOMERS, CUSTOMER_PAGE
from inventory.models import Lot, Variant
from inventory.sockets import DEMAND_LINKS, LOT_PAGE, VARIANT_SIDE
from orders.documents import CONFIRMATION
from orders.models import (
    ChangeSet,
    Coupon,
    EditRule,
    Fulfilment,
    Order,
    OrderLine,
    PriceList,
    Promotion,
    ShippingRate,
    ShippingService,
    ShippingZone,
    TaxRate,
)
from orders.panels import business, promises, recommending, risk, sourcing
from orders.rights import APPROVE_CHANGES, EDIT_ORDERS, EDIT_PRICES, SEE_ORDERS
from orders.selectors import orders_seen_by
from orders.selectors.finding import is_named, speaks_of
from orders.selectors.list_prices import prices_of
from orders.selectors.reading import channel_id_of
from orders.selectors.recalls import who_got
from orders.services.changing import AWAITS_APPROVAL
from orders.services.placing import UNKNOWN_SKU
from orders.services.settling import HELD
from orders.services.sweeping import EXPIRING
from orders.sockets import PAPER_KINDS, PRINTABLES
from orders.states import OrderState

__all__ = ["business", "promises", "recommending", "risk", "sourcing"]

LATEST = 10
MOST_GOT = 100

menu.add(
    MenuEntry(
        "Orders", "orders:order_list", "orders", MenuGroup.SELL, SEE_ORDERS, 10, shortcut="g o"
    )
)
attention.register(
    AttentionKind(
        UNKNOWN_SKU,
        "Unknown SKU",
        "Match each line to a product, or cancel it.",
        EDIT_ORDERS,
        "question",
    )
)
attention.register(
    AttentionKind(
        HELD,
        "On hold",
        "Settle what keeps the order, then release it or cancel it.",
        EDIT_ORDERS,
        "hold",
    )
)
attention.register(
    AttentionKind(
        AWAITS_APPROVAL,
        "Change awaits approval",
        "Look at what it comes to, then approve or decline it.",
        APPROVE_CHANGES,
        "edit",
    )
)


attention.register(
    AttentionKind(
        EXPIRING,
        "Ends unpaid",
        "Ask for the money, or hold the order to keep it.",
        EDIT_ORDERS,
        "clock",
    )
)

for label, description, name, icon, group, position in (
    (
        "Edit rules",
        "When changing a placed order needs a second person",
        "edit_rule",
        "edit",
        "Store",
        60,
    ),
    ("Tax rates", "The tax on goods, by country", "tax_rate", "invoice", "Money", 40),
    ("Price lists", "By channel, group, quantity and date", "price_list", "tag", "Money", 41),
    ("Promotions", "What is taken off orders, and when", "promotion", "tag", "Money", 42),
    ("Coupons", "Codes that ask for a promotion", "coupon", "tag", "Money", 43),
    ("Shipping services", "Ways to send", "shipping_service", "truck", "Shipping", 50),
    ("Shipping zones", "Countries each service reaches", "shipping_zone", "globe", "Shipping", 51),
    ("Shipping rates", "What a parcel costs", "shipping_rate", "package", "Shipping", 52),
):
    settings_pages.add(
        SettingsPage(label, description, f"orders:{name}_list", icon, group, EDIT_PRICES, position)
    )

settings_pages.add(
    SettingsPage(
        "Channels",
        "Ways by which orders come in: currency, prices, taxes, terms, share of the stock.",
        "orders:channel_list",
        "cart",
        position=11,
    )
)

for fact, icon, role in (
    ("orders.OrderPlaced", "orders", "info"),
    ("orders.OrderHeld", "hold", "warning"),
    ("orders.HoldReleased", "play", "info"),
    ("orders.OrderEdited", "edit", "accent"),
    ("orders.ChangesRequested", "clock", "warning"),
    ("orders.ChangesDeclined", "blocked", "danger"),
    ("orders.ChangesDiscarded", "undo", "neutral"),
    ("orders.OrderCancelled", "blocked", "danger"),
    ("orders.OrderExpired", "clock", "danger"),
    ("orders.OrderCompleted", "check", "success"),
    ("orders.OrderReleased", "box", "info"),
    ("orders.OrderBackordered", "clock", "warning"),
    ("orders.BackorderFilled", "box", "success"),
    ("orders.OrderNoted", "note", "neutral"),
    ("orders.OrderTagged", "tag", "neutral"),
    ("orders.OrderServiceSet", "truck", "neutral"),
    ("orders.OrderDetailsChanged", "edit", "neutral"),
    ("orders.HoldClaimed", "user", "info"),
    ("orders.OrderAssigned", "user", "info"),
    ("orders.WatchersChanged", "eye", "neutral"),
    ("orders.StockSetAside", "box", "success"),
    ("orders.OrderSourcedAgain", "split", "info"),
    ("orders.SourcingOverridden", "user", "warning"),
    ("orders.OrderSplit", "split", "info"),
    ("orders.OrderSplitOff", "split", "info"),
    ("orders.OrderMerged", "layers", "info"),
    ("orders.OrderMergedInto", "layers", "danger"),
    ("orders.OrderReshipped", "truck", "warning"),
    ("orders.FulfilmentStarted", "scan", "info"),
    ("orders.FulfilmentPacked", "package", "info"),
    ("orders.FulfilmentShort", "alert", "warning"),
    ("orders.UnitsShipped", "truck", "success"),
    ("orders.UnitsDelivered", "check", "success"),
):
    dress(fact, icon, role)


def order_history(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What a customer bought: sums by currency and the latest orders. Two queries."""
    orders = orders_seen_by(request.user).filter(customer=customer)  # type: ignore[arg-type]
    sums = (
        orders.exclude(state__in=[OrderState.CANCELLED, OrderState.EXPIRED])
        .values("currency")
        .annotate(
            count=Count("id"),
            total=Sum("total") - Sum("credit_total"),
            open=Count("id", filter=Q(state=OrderState.OPEN)),
            units=Sum("units_shipped"),
            returned=Sum("units_returned"),
        )
        .order_by("currency")
    )
    return {
        "customer": customer,
        "sums": list(sums),
        "orders": list(orders.order_by("-placed_at", "-pk")[:LATEST]),
        "all_orders": f"{reverse('orders:order_list')}?customer={customer.pk}",
    }


plug(
    CUSTOMER_PAGE,
    template="orders/panels/customer_orders.html",
    context=order_history,
    position=10,
    right=SEE_ORDERS,
)


@CHANNEL_CUSTOMERS.plug
def buyers_of(channel_id: int) -> QuerySet[Order, Any]:
    """Who bought in a channel, as a subquery of customers' ids."""
    return Order.objects.filter(channel=channel_id, customer__isnull=False).values("customer")


def price_panel(_request: HttpRequest, variant: Variant) -> dict[str, Any]:
    """What a variant costs, on its page. Two queries."""
    return {"variant": variant, "prices": prices_of(variant).items()}


plug(
    VARIANT_SIDE,
    template="orders/panels/variant_prices.html",
    context=price_panel,
    right=SEE_ORDERS,
)


def lot_panel(request: HttpRequest, lot: Lot) -> dict[str, Any]:
    """Which orders and customers got units of a lot, or are to get them. One query."""
    rows = list(who_got(request.user, lot.pk)[: MOST_GOT + 1])  # type: ignore[arg-type]
    return {"lot": lot, "rows": rows[:MOST_GOT], "is_cut": len(rows) > MOST_GOT}


plug(
    LOT_PAGE,
    template="orders/panels/lot_orders.html",
    context=lot_panel,
    position=10,
    right=SEE_ORDERS,
)


@DEMAND_LINKS.plug
def order_links(demand_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Which order wished each demand, for the variant's page. One query."""
    lines = OrderLine.objects.filter(demand_id__in=list(demand_ids))
    return {
        demand_id: (number, reverse("orders:order_detail", args=[order_id]))
        for demand_id, number, order_id in lines.values_list(
            "demand_id", "order__number", "order_id"
        )
    }


def find_orders(user: User, query: str, limit: int) -> list[Hit]:
    """Orders by number, the channel's id, e-mail or the customer's name. One query."""
    found = orders_seen_by(user).filter(speaks_of(query)).order_by("-placed_at", "-pk")[:limit]
    return [
        Hit(
            label=order.number,
            url=reverse("orders:order_detail", args=[order.pk]),
            icon="orders",
            hint=f"{order.customer_name} · {order.get_fulfilment_status_display()}",
            is_exact=is_named(order, query),
        )
        for order in found
    ]


search.plug(Searcher("Orders", SEE_ORDERS, find_orders, position=10))

subjects.register(SubjectKind(Order, "Order", page("orders:order_detail"), SEE_ORDERS))
subjects.register(
    SubjectKind(
        Fulfilment,
        "Fulfilment",
        lambda row: reverse("orders:order_detail", args=[row.order_id]),
        SEE_ORDERS,
    )
)
subjects.register(
    SubjectKind(
        ChangeSet,
        "Change",
        lambda row: reverse("orders:change_detail", args=[row.order_id, row.pk]),
        SEE_ORDERS,
        name=lambda row: f"{row.number} of {row.order.number}",
        related=("order",),
    )
)
for kind in (
    SubjectKind(Channel, "Channel", page("orders:channel_edit"), EDIT_SETTINGS),
    SubjectKind(PriceList, "Price list", page("orders:price_list_prices"), EDIT_PRICES),
    SubjectKind(Promotion, "Promotion", page("orders:promotion_edit"), EDIT_PRICES),
    SubjectKind(Coupon, "Coupon", page("orders:coupon_edit"), EDIT_PRICES),
    SubjectKind(
        EditRule,
        "Edit rule",
        page("orders:edit_rule_edit"),
        EDIT_PRICES,
        name=lambda row: row.channel.name,
        related=("channel",),
    ),
    SubjectKind(TaxRate, "Tax rate", page("orders:tax_rate_edit"), EDIT_PRICES),
    SubjectKind(
        ShippingService, "Shipping service", page("orders:shipping_service_edit"), EDIT_PRICES
    ),
    SubjectKind(
        ShippingZone,
        "Shipping zone",
        page("orders:shipping_zone_edit"),
        EDIT_PRICES,
        related=("service",),
    ),
    SubjectKind(
        ShippingRate,
        "Shipping rate",
        page("orders:shipping_rate_edit"),
        EDIT_PRICES,
        related=("zone__service",),
    ),
):
    subjects.register(kind)

payloads.tell_channel("order_id", channel_id_of)


@PAPER_KINDS.plug
def own_papers() -> list[tuple[str, str]]:
    return [(CONFIRMATION.code, CONFIRMATION.label)]


@PRINTABLES.plug
def confirmations(
    codes: Sequence[str], order_ids: Sequence[int]
) -> dict[int, list[tuple[str, int]]]:
    """Every order has a confirmation."""
    wanted = order_ids if CONFIRMATION.code in codes else ()
    return {order_id: [(CONFIRMATION.code, order_id)] for order_id in wanted}
