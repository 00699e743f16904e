"""How the list of orders is narrowed."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property, partial
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from core.listing import AnyOf, Contains, Flag, Linked, ListFilter, NumberRange, OneOf, Period
from core.listing.names import names_of
from core.models import Channel, User
from customers.models import Company, Customer
from customers.rights import SEE_CUSTOMERS
from inventory.models import Location
from orders.models import (
    Fulfilment,
    Note,
    Order,
    OrderLine,
    RiskReview,
    ShippingService,
    Watcher,
)
from orders.risk import RULES
from orders.selectors.control import may_take_orders
from orders.states import (
    FulfilmentStatus,
    OrderState,
    PaymentStatus,
    QuotationState,
    ReturnStatus,
    RiskLevel,
    StandingState,
)


def channel_choices() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Channel.objects.values_list("pk", "name")]


WATCHED = (("yes", "Yes"), ("news", "With news"))


def assignee_choices() -> list[tuple[str, str]]:
    people = [(str(user.pk), str(user)) for user in may_take_orders()]
    return [("me", "Me"), ("nobody", "Nobody"), *people]


def customer_name(user: User, pk: int) -> str:
    """What a customer whose orders a link lists is called, to whoever may know."""
    may_know = user.has_right(SEE_CUSTOMERS)
    return str((may_know and Customer.objects.filter(pk=pk).first()) or "one of them")


def company_name(user: User, pk: int) -> str:
    """The same of a company."""
    may_know = user.has_right(SEE_CUSTOMERS)
    return str((may_know and Company.objects.filter(pk=pk).first()) or "one of them")


def is_late() -> Q:
    """Open orders whose goods should have left by now."""
    return Q(state=OrderState.OPEN, ship_by__lt=timezone.now()) & Q(
        units__gt=F("units_cancelled") + F("units_shipped")
    )


def is_due_soon() -> Q:
    """Open orders whose goods should leave within the next two hours."""
    now = timezone.now()
    return Q(state=OrderState.OPEN, ship_by__gte=now, ship_by__lt=now + timedelta(hours=2)) & Q(
        units__gt=F("units_cancelled") + F("units_shipped")
    )


NAMED: dict[str, type[Model]] = {
    "channel": Channel,
    "location": Location,
    "service": ShippingService,
}


class OrderFilter(ListFilter):
    """The filters of the orders page; each name is a parameter of its address."""

    state = AnyOf("state", label="Order", choices=OrderState.choices)
    payment = AnyOf("payment_status", label="Payment", choices=PaymentStatus.choices)
    goods = AnyOf("fulfilment_status", label="Goods", choices=FulfilmentStatus.choices)
    returns = AnyOf("return_status", label="Returns", choices=ReturnStatus.choices)
    channel = AnyOf("channel_id", label="Channel", choices=())
    location = AnyOf(label="Sent from", choices=(), method="sent_from")
    service = AnyOf("shipping_service_id", label="Shipping", choices=())
    held = Flag(label="On hold", condition=Q(open_holds__gt=0))
    risk = AnyOf("risk_level", label="Risk", choices=RiskLevel.choices)
    late = Flag(label="Late", method="only_late")
    due_soon = Flag(label="Due within 2 hours", method="only_due_soon")
    noted = Flag(label="With a note", method="with_note")
    assignee = AnyOf(label="Assigned to", choices=assignee_choices, method="assigned_to")
    watched = OneOf(label="Watched by me", choices=WATCHED, method="watched_by_me")
    placed = Period("placed_at", label="Placed")
    total = NumberRange("total", label="Total")
    country = Contains("ship_country", label="Country", method="in_country")
    customer = Linked("customer_id", label="Customer", named=customer_name)
    company = Linked("company_id", label="Company", named=company_name)
    po = Contains(label="Their number", method="of_purchase")
    sku = Contains(label="SKU", method="with_sku")
    tag = Contains(label="Tag", method="with_tag")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in NAMED.items():
            self.filters[name].extra["choices"] = partial(self._names_of, model)

    def _names_of(self, model: type[Model]) -> list[tuple[str, str]]:
        return self._names[model]

    @cached_property
    def _names(self) -> dict[type[Model], list[tuple[str, str]]]:
        """What may be chosen, read together when the first of them is shown."""
        models = list(NAMED.values())
        return dict(zip(models, names_of(*models), strict=True))

    def sent_from(self, rows: QuerySet[Order], name: str, value: Iterable[str]) -> QuerySet[Order]:
        chosen = Fulfilment.objects.filter(order=OuterRef("pk"), location_id__in=list(value))
        return rows.filter(Exists(chosen)) if value else rows

    def of_purchase(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return rows.filter(purchase_order__in={value.strip(), value.strip().upper()})

    def in_country(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return rows.filter(ship_country=value.strip().upper())

    def with_note(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        noted = Exists(Note.objects.filter(order=OuterRef("pk")))
        return rows.filter(noted if value == "yes" else ~noted)

    def assigned_to(
        self, rows: QuerySet[Order], name: str, value: Iterable[str]
    ) -> QuerySet[Order]:
        chosen = [self.user.pk if one == "me" else one for one in value if one != "nobody"]
        if not value:
            return rows
        nobody = Q(assignee=None) if "nobody" in value else Q(pk__in=())
        return rows.filter(Q(assignee__in=chosen) | nobody)

    def watched_by_me(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        if not value:
            return rows
        mine = Watcher.objects.filter(order=OuterRef("pk"), user=self.user)
        if value == "news":
            mine = mine.filter(seen_version__lt=OuterRef("version"))
        return rows.filter(Exists(mine))

    def only_late(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return rows.filter(is_late() if value == "yes" else ~is_late())

    def only_due_soon(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return rows.filter(is_due_soon() if value == "yes" else ~is_due_soon())

    def with_sku(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return rows.filter(has_sku(value))

    def with_tag(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return rows.filter(tags__contains=[value.lower()])


def has_sku(sku: Any) -> Exists:
    """Orders with a line of this SKU."""
    return Exists(OrderLine.objects.filter(order=OuterRef("pk"), sku=str(sku).upper()))


class RiskReviewFilter(ListFilter):
    """The filters of the queue of risky orders."""

    held = Flag(label="Held", condition=Q(hold__isnull=False))
    late = Flag(label="Late", method="only_late")
    rule = AnyOf(
        label="Because of", choices=[(one.code, one.label) for one in RULES], method="with_rule"
    )
    channel = AnyOf("order__channel_id", label="Channel", choices=channel_choices)
    score = NumberRange("decision__score", label="Score")
    opened = Period("opened_at", label="Scored")

    def only_late(self, rows: QuerySet[RiskReview], name: str, value: str) -> QuerySet[RiskReview]:
        late = Q(due_at__lte=timezone.now())
        return rows.filter(late if value == "yes" else ~late)

    def with_rule(
        self, rows: QuerySet[RiskReview], name: str, value: Iterable[str]
    ) -> QuerySet[RiskReview]:
        chosen = Q()
        for code in value:
            chosen |= has_reason(code)
        return rows.filter(chosen)


def has_reason(code: str) -> Q:
    """Reviews of orders that this rule spoke against or for."""
    return Q(decision__reasons__contains=[{"code": code}])


class QuotationFilter(ListFilter):
    """The filters of the quotes page."""

    state = AnyOf("state", label="Quote", choices=QuotationState.choices)
    channel = AnyOf("channel_id", label="Channel", choices=channel_choices)
    valid = Period("valid_until", label="Valid until")
    made = Period("created_at", label="Made")
    total = NumberRange("total", label="Total")
    customer = Linked("customer_id", label="Customer", named=customer_name)
    company = Linked("company_id", label="Company", named=company_name)


class StandingOrderFilter(ListFilter):
    """The filters of the page of standing orders."""

    state = AnyOf("state", label="State", choices=StandingState.choices)
    due = Period("next_on", label="Next on")
    company = Linked("company_id", label="Company", named=company_name)
    customer = Linked("customer_id", label="Customer", named=customer_name)
