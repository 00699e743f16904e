"""The truth tables of an order's statuses."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.projections import fulfilment_status, payment_status, return_status
from orders.states import FulfilmentStatus, PaymentStatus, ReturnStatus

P, F, R = PaymentStatus, FulfilmentStatus, ReturnStatus


@pytest.mark.parametrize(
    ("owed", "authorised", "captured", "refunded", "status"),
    [
        (100, 0, 0, 0, P.PENDING),
        (100, 99, 0, 0, P.PENDING),
        (100, 100, 0, 0, P.AUTHORISED),
        (100, 0, 40, 0, P.PARTIALLY_PAID),
        (100, 60, 40, 0, P.PARTIALLY_PAID),
        (100, 0, 100, 0, P.PAID),
        (100, 0, 101, 0, P.OVERPAID),
        (80, 0, 100, 0, P.OVERPAID),
        (80, 0, 100, 20, P.PARTIALLY_REFUNDED),
        (100, 0, 100, 20, P.PARTIALLY_PAID),
        (0, 0, 100, 100, P.REFUNDED),
        (0, 0, 100, 99, P.OVERPAID),
        (100, 0, 100, 100, P.PARTIALLY_PAID),
        (0, 0, 0, 0, P.NOT_DUE),
        (0, 50, 0, 0, P.NOT_DUE),
    ],
)
def test_where_the_money_stands(owed, authorised, captured, refunded, status):
    amounts = {"owed": owed, "authorised": authorised, "captured": captured, "refunded": refunded}
    assert payment_status(**{name: Decimal(value) for name, value in amounts.items()}) == status


@pytest.mark.parametrize(
    ("units", "cancelled", "allocated", "shipped", "delivered", "open_work", "status"),
    [
        (5, 0, 0, 0, 0, 0, F.UNFULFILLED),
        (5, 0, 2, 0, 0, 0, F.BACKORDERED),
        (5, 0, 5, 0, 0, 0, F.ALLOCATED),
        (5, 3, 2, 0, 0, 0, F.ALLOCATED),
        (5, 0, 5, 0, 0, 1, F.IN_PROGRESS),
        (5, 0, 3, 2, 0, 1, F.PARTIALLY_SHIPPED),
        (5, 0, 0, 5, 0, 0, F.SHIPPED),
        (5, 0, 0, 5, 4, 0, F.SHIPPED),
        (5, 0, 0, 5, 5, 0, F.DELIVERED),
        (5, 2, 0, 3, 3, 0, F.DELIVERED),
        (5, 5, 0, 0, 0, 0, F.NOT_NEEDED),
    ],
)
def test_where_the_goods_stand(  # noqa: PLR0917
    units, cancelled, allocated, shipped, delivered, open_work, status
):
    assert (
        fulfilment_status(
            units=units,
            cancelled=cancelled,
            allocated=allocated,
            shipped=shipped,
            delivered=delivered,
            open_work=open_work,
        )
        == status
    )


@pytest.mark.parametrize(
    ("shipped", "requested", "returned", "status"),
    [
        (0, 0, 0, R.NONE),
        (5, 0, 0, R.NONE),
        (5, 1, 0, R.REQUESTED),
        (5, 1, 2, R.REQUESTED),
        (5, 0, 2, R.PARTIALLY_RETURNED),
        (5, 0, 5, R.RETURNED),
    ],
)
def test_where_goods_coming_back_stand(shipped, requested, returned, status):
    assert return_status(shipped=shipped, requested=requested, returned=returned) == status


money = st.decimals(min_value=0, max_value=10_000, places=2)


@given(owed=money, authorised=money, captured=money, refunded=money)
def test_every_state_of_money_has_a_status(owed, authorised, captured, refunded):
    refunded = min(refunded, captured)
    status = payment_status(owed=owed, authorised=authorised, captured=captured, refunded=refunded)
    assert (status == P.OVERPAID) == (captured - refunded > owed)
