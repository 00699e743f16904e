"""The lists of quotes and of standing orders."""

from django.db.models import Q, QuerySet

from core.listing import (
    Column,
    Empty,
    Listing,
    Preset,
    choice_token,
    day_token,
    number_token,
    text_token,
)
from orders.filters import QuotationFilter, StandingOrderFilter
from orders.models import Quotation, StandingOrder
from orders.rights import PLACE_ORDERS, SEE_QUOTES
from orders.states import QuotationState, StandingState


class QuotationList(Listing):
    name, title, noun = "orders.quotations", "Quotes", ("quote", "quotes")
    url_name, right = "orders:quote_list", SEE_QUOTES
    template = "orders/quote_list.html"
    columns = (
        Column("number", "Quote", sort="number", value=str, is_fixed=True),
        Column("made", "Made", sort="created_at", value="created_at", kind="moment"),
        Column("customer", "For", sort="customer_name", value="customer_name"),
        Column("state", "State", value=lambda quote: quote.get_state_display()),
        Column("valid", "Valid until", sort="valid_until", value="valid_until"),
        Column("total", "Total", sort="total", value="total", kind="money", currency="currency"),
        Column("order", "Order", value=lambda quote: quote.order or ""),
        Column("po", "Their number", value="purchase_order", is_default=False),
        Column("channel", "Channel", value="channel", is_default=False),
    )
    filterset = QuotationFilter
    promoted = ("state", "channel")
    tokens = (
        choice_token("state", QuotationState.choices, "state"),
        number_token("total", "total"),
        text_token("po", lambda word: Q(purchase_order__in=[word, word.upper()])),
        day_token("made", "created_at"),
    )
    search_label = "Search quotes by number, customer, company or e-mail"
    default_sort = "-made"
    row_template = "orders/quote_rows.html"
    presets = (
        Preset("open", "Open", "state=draft&state=sent&state=accepted", is_counted=True),
        Preset("sent", "Waiting for an answer", "state=sent", is_counted=True),
        Preset("accepted", "Accepted, not ordered", "state=accepted", is_counted=True),
    )
    empty = Empty(
        "No quotes yet",
        "A quote offers prices until a day; accepted by its link it becomes an order.",
        "orders:quote_create",
        "Create quote",
        "document",
        right=PLACE_ORDERS,
    )

    def queryset(self) -> QuerySet[Quotation]:
        return Quotation.objects.select_related("channel", "company", "order")

    def match(self, word: str) -> Q:
        return (
            Q(number__iexact=word.partition("/")[0])
            | Q(customer_name__icontains=word)
            | Q(company__name__icontains=word)
            | Q(email__iexact=word)
        )

    def row_class(self, row: Quotation) -> str:
        if row.state not in QuotationState.open_states():
            return "row--muted"
        return "row--warning" if row.state == QuotationState.ACCEPTED else ""

    def row_label(self, row: Quotation) -> str:
        return str(row)


class StandingOrderList(Listing):
    name, title = "orders.standing", "Standing orders"
    noun = ("standing order", "standing orders")
    url_name, right = "orders:standing_list", SEE_QUOTES
    template = "orders/standing_list.html"
    columns = (
        Column("number", "Standing order", sort="number", value="number", is_fixed=True),
        Column("customer", "For", sort="customer_name", value="customer_name"),
        Column("rhythm", "How often", value="rhythm"),
        Column("next", "Next on", sort="next_on", value="next_on"),
        Column("state", "State", value=lambda row: row.get_state_display()),
        Column("ends", "Last on", value="ends_on", is_default=False),
        Column("po", "Their number", value="purchase_order", is_default=False),
    )
    filterset = StandingOrderFilter
    promoted = ("state",)
    tokens = (choice_token("state", StandingState.choices, "state"), day_token("due", "next_on"))
    search_label = "Search standing orders by number, customer or company"
    default_sort = "next"
    row_template = "orders/standing_rows.html"
    presets = (
        Preset("active", "Active", "state=active", is_counted=True),
        Preset("paused", "Paused", "state=paused", is_counted=True),
    )
    empty = Empty(
        "No standing orders yet",
        "A standing order places the same order again every so often.",
        "orders:standing_create",
        "Create standing order",
        "refresh",
        right=PLACE_ORDERS,
    )

    def queryset(self) -> QuerySet[StandingOrder]:
        return StandingOrder.objects.select_related("company")

    def match(self, word: str) -> Q:
        return (
            Q(number__iexact=word)
            | Q(customer_name__icontains=word)
            | Q(company__name__icontains=word)
        )

    def row_class(self, row: StandingOrder) -> str:
        return "" if row.state == StandingState.ACTIVE else "row--muted"

    def row_label(self, row: StandingOrder) -> str:
        return row.number
