"""What orders shows of companies' orders, of quotes and of standing orders."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from core import attention, menu, search, subjects
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.models import User
from core.panels import plug
from core.search import Hit, Searcher
from core.subjects import SubjectKind, page
from core.timeline import dress
from customers.models import Company, Customer
from customers.sockets import COMPANY_PAGE
from orders.models import Order, Quotation, StandingOrder
from orders.rights import PLACE_ORDERS, SEE_ORDERS, SEE_QUOTES
from orders.selectors import orders_seen_by
from orders.services.falling_due import REFUSED
from orders.services.offering import NOT_PLACED
from orders.sockets import ORDER_SIDE

LATEST = 10

attention.register(
    AttentionKind(
        NOT_PLACED,
        "Quote accepted, not ordered",
        "See why its order was refused, then order it or withdraw it.",
        PLACE_ORDERS,
        "document",
    )
)
attention.register(
    AttentionKind(
        REFUSED,
        "Standing order refused",
        "See why the day's order was refused, then try again or skip it.",
        PLACE_ORDERS,
        "refresh",
    )
)
menu.add(
    MenuEntry("Standing orders", "orders:standing_list", "refresh", MenuGroup.SELL, SEE_QUOTES, 16)
)
menu.add(MenuEntry("Quotes", "orders:quote_list", "document", MenuGroup.SELL, SEE_QUOTES, 15))

for fact, icon, role in (
    ("orders.StandingOrderPlaced", "orders", "success"),
    ("orders.StandingOrderRefused", "alert", "danger"),
    ("orders.QuotationSent", "mail", "info"),
    ("orders.QuotationAccepted", "check", "success"),
    ("orders.QuotationDeclined", "cross", "neutral"),
    ("orders.QuotationConverted", "orders", "success"),
    ("orders.QuotationNotPlaced", "alert", "danger"),
):
    dress(fact, icon, role)


def company_orders(request: HttpRequest, company: Company) -> dict[str, Any]:
    """What is open for a company, and its latest orders. One query."""
    orders = orders_seen_by(request.user).filter(company=company)  # type: ignore[arg-type]
    return {"orders": orders.select_related("channel").order_by("-placed_at", "-pk")[:LATEST]}


plug(
    COMPANY_PAGE,
    template="orders/panels/company_orders.html",
    context=company_orders,
    position=10,
    right=SEE_ORDERS,
)


def quotes(_request: HttpRequest, buyer: Company | Customer) -> dict[str, Any]:
    """The latest quotes of a company or a customer. One query."""
    found = buyer.quotations.select_related("order").order_by("-created_at", "-pk")
    return {"quotes": found[:LATEST]}


plug(
    COMPANY_PAGE,
    template="orders/panels/quotes.html",
    context=quotes,
    position=20,
    right=SEE_QUOTES,
)


def standing_orders(_request: HttpRequest, company: Company) -> dict[str, Any] | None:
    """What is ordered for a company again and again. One query."""
    found = list(company.standing_orders.order_by("next_on", "pk")[:LATEST])
    return {"standing_orders": found} if found else None


plug(
    COMPANY_PAGE,
    template="orders/panels/standing_orders.html",
    context=standing_orders,
    position=30,
    right=SEE_QUOTES,
)


def standing_of_order(_request: HttpRequest, order: Order) -> dict[str, Any] | None:
    """The standing order that an order came from."""
    run = getattr(order, "standing_run", None)
    return {"run": run} if run else None


plug(
    ORDER_SIDE,
    template="orders/panels/standing_of_order.html",
    context=standing_of_order,
    position=81,
    right=SEE_QUOTES,
)


def quote_of_order(_request: HttpRequest, order: Order) -> dict[str, Any] | None:
    """The quote that an order came from."""
    found = getattr(order, "quotation", None)
    return {"quote": found} if found else None


plug(
    ORDER_SIDE,
    template="orders/panels/quote_of_order.html",
    context=quote_of_order,
    position=80,
    right=SEE_QUOTES,
)


def find_quotes(_user: User, query: str, limit: int) -> list[Hit]:
    """Quotes by number or the customer's name. One query."""
    number = query.partition("/")[0]
    found = Quotation.objects.filter(Q(number__iexact=number) | Q(customer_name__icontains=query))
    return [
        Hit(
            label=str(quote),
            url=reverse("orders:quote_detail", args=[quote.pk]),
            icon="document",
            hint=f"{quote.customer_name} · {quote.get_state_display()}",
            is_exact=query.upper() == str(quote),
        )
        for quote in found.order_by("-created_at", "-pk")[:limit]
    ]


search.plug(Searcher("Quotes", SEE_QUOTES, find_quotes, position=15))
subjects.register(
    SubjectKind(StandingOrder, "Standing order", page("orders:standing_detail"), SEE_QUOTES)
)
subjects.register(SubjectKind(Quotation, "Quote", page("orders:quote_detail"), SEE_QUOTES))
