"""What conditions ask of an order, its customer, its stock, its money and its way."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, Sum
from django.utils import timezone

from core.markup.people import country_choices
from core.models import Channel
from core.rules.kinds import Amount, ValueKind
from core.rules.registry import Batch, Reader, plug_readers
from customers.models import CustomerGroup
from inventory.models import Allocation, Location
from orders.models import Hold, Note, Order, OrderLine, ShippingService
from orders.selectors.control import may_take_orders
from orders.states import (
    FulfilmentStatus,
    HoldKind,
    OrderState,
    PaymentStatus,
    PaymentTerms,
    ReturnStatus,
    RiskLevel,
)

Values = Mapping[int, Any]
NOBODY = "nobody"
WEEKDAYS = [
    (str(number), name)
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), start=1
    )
]


def of_row(read: Callable[[Any], Any]) -> Callable[[Batch], Values]:
    """A reader of what stands on the order's own row, or beside it."""
    return lambda batch: {pk: read(order) for pk, order in batch.rows.items()}


def money(name: str) -> Callable[[Batch], Values]:
    return of_row(lambda order: Amount(getattr(order, name), order.currency))


def _named(model: Any) -> Callable[[], list[tuple[str, str]]]:
    return lambda: [(str(pk), str(name)) for pk, name in model.objects.values_list("pk", "name")]


def _assignees() -> list[tuple[str, str]]:
    return [(NOBODY, "Nobody"), *((str(user.pk), str(user)) for user in may_take_orders())]


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _weekday(moment: datetime | None) -> str | None:
    return str(timezone.localdate(moment).isoweekday()) if moment else None


def _score(order: Order) -> Decimal | None:
    return None if order.risk_score is None else Decimal(order.risk_score)


def _open_holds(batch: Batch) -> Values:
    kinds: dict[int, list[str]] = {pk: [] for pk in batch.ids}
    rows = Hold.objects.filter(order__in=batch.ids, released_at=None).order_by("id")
    for order_id, kind in rows.values_list("order_id", "kind"):
        kinds[order_id].append(kind)
    return kinds


def _notes(batch: Batch) -> Values:
    noted = set(Note.objects.filter(order__in=batch.ids).values_list("order_id", flat=True))
    return {pk: pk in noted for pk in batch.ids}


def _group_of(order: Order) -> str | None:
    """The customer's own group, else their company's."""
    customer = order.customer
    company = order.company or (customer.company if customer else None)
    own = customer.group_id if customer else None
    group = own or (company.group_id if company else None)
    return str(group) if group else None


def _bought(batch: Batch) -> dict[int, dict[str, Any]]:
    """What each order's customer bought in all. Two queries for the batch."""
    customers = {order.customer_id for order in batch.rows.values() if order.customer_id}
    orders = Order.objects.filter(customer__in=customers).exclude(
        state__in=[OrderState.DRAFT, OrderState.CANCELLED, OrderState.EXPIRED]
    )
    counted = orders.values("customer").annotate(count=Count("id"), first=Min("id"))
    found: dict[int, dict[str, Any]] = {
        row["customer"]: {**row, "sums": {}} for row in counted.order_by("customer")
    }
    sums = orders.values("customer", "currency").annotate(sum=Sum(F("total") - F("credit_total")))
    for row in sums.order_by("customer"):
        found[row["customer"]]["sums"][row["currency"]] = row["sum"]
    return found


def _count(batch: Batch) -> Values:
    bought = batch.shared("bought", _bought)
    return {
        pk: Decimal(bought.get(order.customer_id, {}).get("count", 1))
        for pk, order in batch.rows.items()
    }


def _is_first(batch: Batch) -> Values:
    bought = batch.shared("bought", _bought)
    return {
        pk: bought.get(order.customer_id, {}).get("first", pk) >= pk
        for pk, order in batch.rows.items()
    }


def _spent(batch: Batch) -> Values:
    bought = batch.shared("bought", _bought)
    return {
        pk: Amount(
            bought.get(order.customer_id, {}).get("sums", {}).get(order.currency, Decimal(0)),
            order.currency,
        )
        for pk, order in batch.rows.items()
    }


def _set_aside_in(batch: Batch) -> Values:
    """The locations that hold something for each order. One query."""
    places: dict[int, list[str]] = {pk: [] for pk in batch.ids}
    rows = (
        Allocation.objects.filter(
            Q(quantity__gt=F("consumed") + F("released")),
            demand__in=_demands(batch),
        )
        .values_list("demand_id", "level__location_id")
        .distinct()
    )
    for demand_id, location_id in rows:
        pk = _demands(batch)[demand_id]
        if str(location_id) not in places[pk]:
            places[pk].append(str(location_id))
    return places


def _demands(batch: Batch) -> dict[int, int]:
    """The order of each demand."""
    return {
        line.demand_id: pk
        for pk, lines in batch.shared("lines", lines_by_order).items()
        for line in lines
        if line.demand_id
    }


def lines_by_order(batch: Batch) -> dict[int, list[OrderLine]]:
    """The lines of every order that are not cancelled whole, in their order. One query."""
    found: dict[int, list[OrderLine]] = {pk: [] for pk in batch.ids}
    rows = OrderLine.objects.filter(order__in=batch.ids, quantity__gt=F("cancelled"))
    for line in rows.select_related("variant__product", "demand").order_by("order", "position"):
        found[line.order_id].append(line)
    return found


def _weight(batch: Batch) -> Values:
    lines = batch.shared("lines", lines_by_order)
    return {
        pk: Decimal(sum(line.weight_g * (line.quantity - line.cancelled) for line in lines[pk]))
        for pk in batch.ids
    }


KIND = ValueKind


def _personal(code: str, group: str, label: str, read: Callable[[Any], str]) -> Reader:
    """A text that says who somebody is or where they live."""
    return Reader(code, group, label, KIND.TEXT, of_row(read), is_personal=True)


plug_readers(
    "order",
    Reader("order.total", "Order", "Total", KIND.MONEY, money("total")),
    Reader("order.discount", "Order", "Discount", KIND.MONEY, money("discount_total")),
    Reader(
        "order.channel",
        "Order",
        "Channel",
        KIND.CHOICE,
        of_row(lambda order: str(order.channel_id)),
        choices=_named(Channel),
    ),
    Reader(
        "order.state",
        "Order",
        "State",
        KIND.CHOICE,
        of_row(lambda order: order.state),
        choices=lambda: OrderState.choices,
    ),
    Reader("order.tags", "Order", "Tag", KIND.TEXT, of_row(lambda order: order.tags), each="tag"),
    Reader("order.units", "Order", "Units", KIND.NUMBER, of_row(lambda o: Decimal(o.units))),
    Reader("order.coupon", "Order", "Discount code", KIND.TEXT, of_row(lambda o: o.discount_code)),
    Reader("order.held", "Order", "On hold", KIND.FLAG, of_row(lambda o: o.open_holds > 0)),
    Reader(
        "order.holds",
        "Order",
        "Reason of hold",
        KIND.CHOICE,
        _open_holds,
        each="hold",
        choices=lambda: HoldKind.choices,
    ),
    Reader("order.noted", "Order", "Has a note", KIND.FLAG, _notes),
    Reader(
        "order.assignee",
        "Order",
        "Assigned to",
        KIND.CHOICE,
        of_row(lambda order: str(order.assignee_id) if order.assignee_id else NOBODY),
        choices=_assignees,
    ),
    Reader(
        "order.risk",
        "Order",
        "Risk",
        KIND.CHOICE,
        of_row(lambda order: order.risk_level),
        choices=lambda: RiskLevel.choices,
    ),
    Reader("order.score", "Order", "Risk score", KIND.NUMBER, of_row(_score)),
    Reader("order.placed", "Order", "Placed", KIND.DAY, of_row(lambda o: _day(o.placed_at))),
    Reader(
        "order.weekday",
        "Order",
        "Weekday of placing",
        KIND.CHOICE,
        of_row(lambda order: _weekday(order.placed_at)),
        choices=lambda: WEEKDAYS,
    ),
    Reader(
        "order.purchase",
        "Order",
        "Their order number",
        KIND.TEXT,
        of_row(lambda o: o.purchase_order),
    ),
    Reader(
        "order.returns",
        "Order",
        "Returns",
        KIND.CHOICE,
        of_row(lambda order: order.return_status),
        choices=lambda: ReturnStatus.choices,
    ),
    _personal("customer.name", "Customer", "Name", lambda order: order.customer_name),
    _personal("customer.email", "Customer", "E-mail", lambda order: order.email),
    _personal("customer.phone", "Customer", "Phone number", lambda order: order.phone),
    Reader(
        "customer.group",
        "Customer",
        "Customer group",
        KIND.CHOICE,
        of_row(_group_of),
        choices=_named(CustomerGroup),
    ),
    Reader(
        "customer.company",
        "Customer",
        "Company",
        KIND.TEXT,
        of_row(lambda order: order.company.name if order.company else ""),
    ),
    Reader(
        "customer.tags",
        "Customer",
        "Customer’s tag",
        KIND.TEXT,
        of_row(lambda order: order.customer.tags if order.customer else []),
        each="customer’s tag",
    ),
    Reader("customer.first", "Customer", "First order", KIND.FLAG, _is_first),
    Reader("customer.orders", "Customer", "Orders so far", KIND.NUMBER, _count),
    Reader("customer.spent", "Customer", "Bought so far", KIND.MONEY, _spent),
    Reader(
        "stock.status",
        "Stock",
        "Goods",
        KIND.CHOICE,
        of_row(lambda order: order.fulfilment_status),
        choices=lambda: FulfilmentStatus.choices,
    ),
    Reader(
        "stock.waiting",
        "Stock",
        "Units that wait for stock",
        KIND.NUMBER,
        of_row(lambda order: Decimal(order.units_backordered)),
    ),
    Reader(
        "stock.complete",
        "Stock",
        "All of it is set aside",
        KIND.FLAG,
        of_row(lambda order: order.units_open > 0 and order.units_backordered == 0),
    ),
    Reader(
        "stock.places",
        "Stock",
        "Set aside in",
        KIND.CHOICE,
        _set_aside_in,
        each="location",
        choices=_named(Location),
    ),
    Reader(
        "payment.status",
        "Payment",
        "Payment status",
        KIND.CHOICE,
        of_row(lambda order: order.payment_status),
        choices=lambda: PaymentStatus.choices,
    ),
    Reader(
        "payment.terms",
        "Payment",
        "Payment terms",
        KIND.CHOICE,
        of_row(lambda order: order.payment_terms),
        choices=lambda: PaymentTerms.choices,
    ),
    Reader("payment.outstanding", "Payment", "Still to pay", KIND.MONEY, money("outstanding")),
    Reader("payment.received", "Payment", "Received", KIND.MONEY, money("captured")),
    Reader(
        "shipping.service",
        "Shipping",
        "Shipping service",
        KIND.CHOICE,
        of_row(lambda o: str(o.shipping_service_id) if o.shipping_service_id else None),
        choices=_named(ShippingService),
    ),
    Reader(
        "shipping.method",
        "Shipping",
        "Shipping as the shop calls it",
        KIND.TEXT,
        of_row(lambda order: order.shipping_method),
    ),
    Reader("shipping.charge", "Shipping", "Shipping charge", KIND.MONEY, money("shipping_total")),
    Reader(
        "shipping.country",
        "Shipping",
        "Country",
        KIND.CHOICE,
        of_row(lambda order: order.ship_country),
        choices=country_choices,
    ),
    _personal("shipping.postcode", "Shipping", "Postcode", lambda o: o.ship_to.postal_code),
    _personal("shipping.town", "Shipping", "Town", lambda order: order.ship_to.city),
    Reader(
        "shipping.elsewhere",
        "Shipping",
        "Bill and parcel go to different countries",
        KIND.FLAG,
        of_row(lambda o: bool(o.bill_to.country) and o.bill_to.country != o.ship_country),
    ),
    Reader("shipping.weight", "Shipping", "Weight in grams", KIND.NUMBER, _weight),
    Reader("shipping.by", "Shipping", "Ship by", KIND.DAY, of_row(lambda o: _day(o.ship_by))),
    Reader(
        "shipping.asked_for", "Shipping", "Asked for by", KIND.DAY, of_row(lambda o: o.deliver_by)
    ),
    Reader(
        "shipping.promised", "Shipping", "Promised for", KIND.DAY, of_row(lambda o: o.promised_on)
    ),
    Reader(
        "shipping.expected", "Shipping", "Expected on", KIND.DAY, of_row(lambda o: o.expected_on)
    ),
    Reader(
        "shipping.late",
        "Shipping",
        "Will come later than promised",
        KIND.FLAG,
        of_row(lambda o: bool(o.promised_on and o.expected_on and o.expected_on > o.promised_on)),
    ),
    Reader(
        "shipping.sent",
        "Shipping",
        "Units sent",
        KIND.NUMBER,
        of_row(lambda order: Decimal(order.units_shipped)),
    ),
)
