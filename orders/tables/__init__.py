"""The list of orders: its columns, words, views and what may be done to many at once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.listing import (
    BulkAction,
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
from orders.models import Hold, Order
from orders.rights import CANCEL_ORDERS, EDIT_ORDERS, PLACE_ORDERS, SEE_ORDERS
from orders.selectors import orders_seen_by
from orders.selectors.finding import bears_number, speaks_of
from orders.services import cancel_order, hold_order, release_hold, set_tags
from orders.states import (
    FulfilmentStatus,
    HoldKind,
    OrderState,
    PaymentStatus,
)

TO_SHIP = "state=open&goods=allocated&goods=in_progress&payment=paid&payment=authorised"


class HoldForm(forms.Form):
    kind = forms.ChoiceField(label="Why", choices=HoldKind.choices)
    reason = forms.CharField(label="In your words", max_length=300, required=False)


class HoldOrders(BulkAction):
    code, label, title, icon = "hold", "Hold", "Hold orders", "hold"
    right = EDIT_ORDERS
    form_class = HoldForm
    warning = "Held orders leave the pick queues until the hold is released."

    def refusal(self, row: Order) -> str | None:
        return None if row.state == OrderState.OPEN else "Only open orders can be held."

    def apply(self, rows: Sequence[Order], **values: Any) -> None:
        for row in rows:
            hold_order(
                order_id=row.pk,
                kind=HoldKind(values["kind"]),
                reason=values["reason"],
                now=timezone.now(),
            )


class ReleaseOrders(BulkAction):
    code, label, title, icon = "release", "Release", "Release holds", "play"
    right = EDIT_ORDERS

    def refusal(self, row: Order) -> str | None:
        return None if row.open_holds else "It is not on hold."

    def apply(self, rows: Sequence[Order], **values: Any) -> None:
        for hold in Hold.objects.filter(order__in=rows, released_at=None):
            release_hold(order_id=hold.order_id, hold_id=hold.pk, now=timezone.now())


class TagForm(forms.Form):
    add = forms.CharField(label="Add tags", required=False, help_text="Separated by commas.")
    remove = forms.CharField(label="Remove tags", required=False)


class TagOrders(BulkAction):
    code, label, title, icon = "tag", "Tag", "Tag orders", "tag"
    right = EDIT_ORDERS
    form_class = TagForm

    def apply(
        self, rows: Sequence[Order], *, add: str = "", remove: str = "", **values: Any
    ) -> None:
        for row in rows:
            set_tags(
                order_id=row.pk, add=add.split(","), remove=remove.split(","), now=timezone.now()
            )


class CancelForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=300)


class CancelOrders(BulkAction):
    code, label, title, icon = "cancel", "Cancel", "Cancel orders", "blocked"
    right = CANCEL_ORDERS
    form_class = CancelForm
    warning = "Everything that has not left is cancelled, its stock is freed and money given back."

    def refusal(self, row: Order) -> str | None:
        if row.state != OrderState.OPEN:
            return "It is not open."
        return None if row.units_open else "Everything has left already."

    def apply(self, rows: Sequence[Order], **values: Any) -> None:
        for row in rows:
            cancel_order(order_id=row.pk, reason=values["reason"], now=timezone.now())


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
        Column("state", "State", value=lambda order: order.get_state_display(), is_default=False),
        Column("country", "Country", value="ship_country", is_default=False),
        Column("email", "E-mail", value="email", is_default=False),
        Column("external", "Channel’s id", value="external_id", is_default=False),
        Column("po", "Their number", value="purchase_order", is_default=False),
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
        Preset("late", "Late", "late=yes&sort=ship_by", is_counted=True),
        Preset("waiting", "Waiting for stock", "state=open&goods=backordered&goods=unfulfilled"),
    )
    bulk_actions = (HoldOrders(), ReleaseOrders(), TagOrders(), CancelOrders())
    empty = Empty(
        "No orders yet",
        "Orders come in by import or by phone.",
        "orders:order_create",
        "Create order",
        "orders",
        right=PLACE_ORDERS,
    )

    def queryset(self) -> QuerySet[Order]:
        return orders_seen_by(self.user).select_related("channel")

    def facet_rows(self) -> QuerySet[Order]:
        """Only what is under way is counted: what is over grows without end."""
        return orders_seen_by(self.user).filter(state=OrderState.OPEN)

    def match(self, word: str) -> Q:
        return speaks_of(word)

    def exact(self, text: str) -> str | None:
        found = list(orders_seen_by(self.user).filter(bears_number(text))[:2])
        return reverse("orders:order_detail", args=[found[0].pk]) if len(found) == 1 else None

    def row_class(self, row: Order) -> str:
        if row.state != OrderState.OPEN:
            return "row--muted"
        return "row--warning" if row.open_holds else ""

    def row_label(self, row: Order) -> str:
        return row.number
