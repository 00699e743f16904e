"""However deliveries are shuffled and repeated, the order ends as if they had come in order."""

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.outbox import drain
from inventory.models import StockLevel
from oms.intake.hooks import working
from oms.models import InboundDelivery, InboundStatus, OrderDifference
from orders.models import Order
from tests.intake.hooked import cancelled, created, make_source, refunded, send, updated

pytestmark = pytest.mark.django_db

CITIES = ("Kiel", "Bremen", "Emden")


@st.composite
def histories(draw) -> list[dict[str, Any]]:
    """What may happen to an order in its shop: changes, money, a cancellation, refunds."""
    told: dict[str, Any] = {}
    if draw(st.booleans()):
        told |= {"paid": "0"}
    history = [created(**told)]
    minute = 0
    for _ in range(draw(st.integers(0, 3))):
        minute += 1
        change = draw(st.sampled_from(("address", "tags", "note", "paid", "day")))
        if change == "address":
            city = draw(st.sampled_from(CITIES))
            told["shipping_address"] = {"line1": "Kai 1", "city": city, "country": "DE"}
        elif change == "tags":
            told["tags"] = [*told.get("tags", []), f"tag {minute}"]
        elif change == "note":
            told["note"] = "Ring twice"
        elif change == "day":
            told["deliver_by"] = draw(st.sampled_from(("2099-12-01", "2099-12-02", None)))
        else:
            told["paid"] = "20.00"
        history.append(updated(minute, **told))
    if draw(st.booleans()):
        history.append(cancelled(minute + 1))
    if told.get("paid") != "0":
        amounts = draw(
            st.sampled_from(([], ["5.00"], ["5.00", "3.50"], ["20.00"], ["12.00", "8.00"]))
        )
        for number, amount in enumerate(amounts):
            history.append(refunded(minute + 2 + number, amount, f"r{number}"))
    return history


@st.composite
def arrivals(draw) -> tuple[list[dict[str, Any]], list[int]]:
    """A history, and the way it arrives: shuffled, each delivery up to three times."""
    history = draw(histories())
    numbers = [number for number in range(len(history)) for _ in range(draw(st.integers(1, 3)))]
    return history, draw(st.permutations(numbers))


def state() -> dict[str, Any]:
    """Everything about the order that people and money see."""
    drain()
    order = Order.objects.get()
    is_over = order.state == "cancelled"
    return {
        "state": order.state,
        "payment": order.payment_status,
        "fulfilment": order.fulfilment_status,
        "totals": [
            order.total,
            order.tax_total,
            order.captured,
            order.refunded,
            order.credit_total,
            order.balance,
        ],
        "lines": [
            (one.sku, one.quantity, one.cancelled, one.amount) for one in order.lines.order_by("id")
        ],
        "city": "" if is_over else order.ship_to.city,
        "day": None if is_over else order.deliver_by,
        "tags": sorted(order.tags),
        "notes": sorted(note.text for note in order.notes.all()),
        "stock": list(StockLevel.objects.order_by("id").values_list("sellable", "allocated")),
        "differences": OrderDifference.objects.filter(status="open").count(),
        "errors": [one.last_error for one in InboundDelivery.objects.all() if one.last_error],
        "statuses": sorted(
            set(InboundDelivery.objects.values_list("status", flat=True)) - {InboundStatus.DONE}
        ),
    }


def play(source, history: list[dict[str, Any]], numbers: list[int]) -> dict[str, Any]:
    """Let deliveries arrive in this order, and take back everything afterwards."""
    with transaction.atomic():
        for number in numbers:
            assert send(source, history[number], f"d{number}") == 200
            working.drain()
        found = state()
        connection.check_constraints()
        transaction.set_rollback(True)
    return found


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(arrivals())
def test_shuffled_and_tripled_histories_end_as_those_in_order(shop, told):
    history, numbers = told
    with transaction.atomic():
        shop.stock(shop.mug, 10)
        source = make_source(shop.web)
        in_order = play(source, history, list(range(len(history))))
        assert play(source, history, numbers) == in_order
        transaction.set_rollback(True)
