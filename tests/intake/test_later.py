"""An order told again follows the rule that was chosen, and nothing is overwritten once it ships."""

import pytest

from core.models import AttentionItem
from core.outbox import drain
from orders.models import Order
from orders.states import OrderState, PaymentStatus
from payments.models import Payment
from tests.intake.files import counts, run_import
from tests.intake.test_importing import SENT, orders

pytestmark = pytest.mark.django_db

PENDING = {"Financial Status": "pending"}


def open_differences() -> int:
    return AttentionItem.objects.filter(kind="channel_differs", resolved_at=None).count()


def codes(run) -> list[tuple[str, str]]:
    return [(one.column, one.code) for one in run.issues.order_by("id")]


def test_skip_leaves_the_order_as_it_is(shop):
    run_import(orders(PENDING))
    assert counts(run_import(orders({"Shipping City": "Potsdam"}))) == (0, 0, 1, 0)
    order = Order.objects.get()
    assert (order.ship_to.city, order.captured) == ("Berlin", 0)


def test_update_takes_over_address_tags_note_and_money(shop):
    run_import(orders(PENDING))
    later = {"Shipping City": "Potsdam", "Tags": "VIP", "Notes": "Ring twice"}
    assert counts(run_import(orders(later), existing="update")) == (0, 1, 0, 0)
    order = Order.objects.get()
    assert (order.ship_to.city, order.tags) == ("Potsdam", ["vip"])
    assert order.notes.get().text == "Ring twice"
    assert (order.payment_status, Payment.objects.get().captured) == (PaymentStatus.PAID, 20)
    assert counts(run_import(orders(later), existing="update")) == (0, 0, 1, 0)
    assert open_differences() == 0


def test_update_cancels_what_was_cancelled_and_gives_nothing_back_twice(shop):
    shop.stock(shop.mug, 5)
    run_import(orders({}))
    later = {
        "Cancelled at": "2026-09-02 12:00:00 +0000",
        "Financial Status": "refunded",
        "Refunded Amount": "20.00",
    }
    assert counts(run_import(orders(later), existing="update")) == (0, 1, 0, 0)
    drain()
    order = Order.objects.get()
    assert (order.state, order.refunded, order.balance) == (OrderState.CANCELLED, 20, 0)
    assert shop.level(shop.mug).allocated == 0
    assert counts(run_import(orders(later), existing="update")) == (0, 0, 1, 0)


def test_update_of_an_order_that_began_to_leave_only_lists_what_differs(shop):
    run_import(orders(SENT))
    run = run_import(orders({**SENT, "Shipping City": "Potsdam"}), existing="update")
    assert counts(run) == (0, 0, 1, 0)
    assert codes(run) == [("Shipping Address1", "differs")]
    assert Order.objects.get().ship_to.city == "Berlin"
    assert open_differences() == 1


def test_diff_changes_nothing_and_asks_people_until_it_is_even(shop):
    run_import(orders({}))
    run = run_import(orders({"Lineitem quantity": "3", "Tags": "VIP"}), existing="diff")
    assert counts(run) == (0, 0, 1, 0)
    assert codes(run) == [("Tags", "differs"), ("lines", "differs")]
    assert "2 × MUG" in run.issues.get(column="lines").message
    assert (Order.objects.get().tags, open_differences()) == ([], 1)
    run_import(orders({}), existing="diff")
    assert open_differences() == 0


def test_an_order_that_first_came_without_an_id_is_found_by_its_name(shop):
    run_import(orders({"Id": ""}))
    assert counts(run_import(orders({"Id": "6866149310695"}))) == (0, 0, 1, 0)


def test_another_channels_order_of_that_name_is_another_order(shop):
    from core.models import Channel

    run_import(orders({}))
    Channel.objects.create(
        code="de", name="German shop", kind="web", legal_entity=shop.entity, currency="EUR"
    )
    assert counts(run_import(orders({}), channel="de")) == (1, 0, 0, 0)
    assert sorted(Order.objects.values_list("number", flat=True)) == ["#2001", "DE-2001"]


def test_broken_rows_are_refused_before_an_order_is_called_unchanged(shop):
    run_import(orders({}))
    assert counts(run_import(orders({"Lineitem quantity": "x"}))) == (0, 0, 0, 1)
