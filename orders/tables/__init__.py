"""The list of orders: its columns, words, views and what may be done to many at once."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.listing import (
    Column,
    Empty,
    Listing,
    Preset,
    choice_token,
    day_token,
    flag_token,
    number_token,
    text_token,
)
from core.rights import Role
from orders.filters import OrderFilter, has_sku, is_late
from orders.models import Order
from orders.rights import PLACE_ORDERS, SEE_ORDERS
from orders.selectors import orders_seen_by
from orders.selectors.finding import WITHIN, bears_number, is_marked
from orders.states import FulfilmentStatus, OrderState, PaymentStatus
from orders.tables.acting import ACTIONS

TO_SHIP = "state=open&goods=allocated&goods=in_progress&payment=paid&payment=authorised"


class OrderList(Listing):
    name, title, noun = "orders.orders", "Orders", ("order", "orders")
    url_name, right = "orders:order_list", SEE_ORDERS
    template = "orders/order_list.html"
    custom_subject = "orders.order"
    columns = (
        Column("number", "Order", sort="number", value="number", is_fixed=True),
        Column("placed", "Placed", sort="placed_at", value="placed_at", kind="moment"),
        Column("customer", "Customer", sort="customer_name", value="customer_name"),
        Column("channel", "Channel", value="channel"),
        Column("payment", "Payment", value=lambda order: order.get_payment_status_display()),
        Column("goods", "Goods", value=lambda order: order.get_fulfilment_status_display()),
        Column("items", "Items", value="units", kind="number"),
        Column("total", "Total", sort="total", value="total", kind="money", currency="currency"),
        Column("ship_by", "Ship by", sort="ship_by", value="ship_by", kind="moment"),
        Column(
            "promised",
            "Promised for",
            sort="promised_on",
            value="promised_on",
            kind="day",
            is_default=False,
        ),
        Column("state", "State", value=lambda order: order.get_state_display(), is_default=False),
        Column(
            "risk", "Risk", value=lambda order: order.get_risk_level_display(), is_default=False
        ),
        Column("risk_score", "Risk score", value="risk_score", kind="number", is_default=False),
        Column("country", "Country", value="ship_country", is_default=False),
        Column("email", "E-mail", value="email", is_default=False),
        Column("external", "Channel’s id", value="external_id", is_default=False),
        Column("po", "Their number", value="purchase_order", is_default=False),
        Column("assignee", "Assigned to", value="assignee", is_default=False),
        Column("tags", "Tags", value=lambda order: ", ".join(order.tags), is_default=False),
    )
    filterset = OrderFilter
    promoted = ("payment", "goods", "channel")
    facets = {
        "payment": "payment_status",
        "goods": "fulfilment_status",
        "returns": "return_status",
        "channel": "channel_id",
        "service": "shipping_service_id",
    }
    tokens = (
        choice_token("state", OrderState.choices, "state"),
        choice_token("payment", PaymentStatus.choices, "payment_status"),
        choice_token("goods", FulfilmentStatus.choices, "fulfilment_status"),
        text_token("tag", lambda word: Q(tags__contains=[word.lower()])),
        text_token("sku", lambda sku: Q(has_sku(sku))),
        text_token("country", lambda word: Q(ship_country=word.upper()), "country:DE"),
        text_token("po", lambda word: Q(purchase_order__in=[word, word.upper()])),
        number_token("total", "total"),
        day_token("placed", "placed_at"),
        flag_token(
            "is",
            lambda: {
                "late": is_late(),
                "held": Q(open_holds__gt=0),
                "historical": Q(is_historical=True),
            },
            example="is:late",
        ),
    )
    search_label = "Search orders: number, customer, e-mail, tracking, sku:…"
    within = WITHIN
    default_sort = "-placed"
    is_live = True
    row_template = "orders/order_rows.html"
    presets = (
        Preset("open", "Open", "state=open", is_counted=True),
        Preset("to-ship", "To ship", TO_SHIP, roles=(Role.WAREHOUSE,), is_counted=True),
        Preset(
            "unpaid",
            "Unpaid",
            "state=open&payment=pending&payment=partially_paid",
            roles=(Role.FINANCE,),
            is_counted=True,
        ),
        Preset("held", "On hold", "state=open&held=yes", is_counted=True),
        Preset("mine", "Mine", "state=open&assignee=me"),
        Preset("watched", "Watched", "watched=news"),
        Preset("late", "Late", "late=yes&sort=ship_by", is_counted=True),
        Preset("waiting", "Waiting for stock", "state=open&goods=backordered&goods=unfulfilled"),
    )
    bulk_actions = ACTIONS
    empty = Empty(
        "No orders yet",
        "Orders come in by import or by phone.",
        "orders:order_create",
        "Create order",
        "orders",
        right=PLACE_ORDERS,
    )

    def queryset(self) -> QuerySet[Order]:
        return orders_seen_by(self.user).select_related("channel", "assignee")

    def facet_rows(self) -> QuerySet[Order]:
        """Only what is under way is counted: what is over grows without end."""
        return orders_seen_by(self.user).filter(state=OrderState.OPEN)

    def match(self, word: str) -> Q:
        return is_marked(word)

    def exact(self, text: str) -> str | None:
        found = list(orders_seen_by(self.user).filter(bears_number(text))[:2])
        return reverse("orders:order_detail", args=[found[0].pk]) if len(found) == 1 else None

    def row_class(self, row: Order) -> str:
        if row.state != OrderState.OPEN:
            return "row--muted"
        return "row--warning" if row.open_holds else ""

    def row_label(self, row: Order) -> str:
        return row.number
