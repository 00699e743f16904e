"""Standing orders: the same again every so often, each day once, and refusals put before people."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_fsm import can_proceed
from hypothesis import given
from hypothesis import strategies as st

from core.errors import StaleEdit
from core.models import AttentionItem
from core.rights import Role
from inventory.models import Variant
from orders.drafts import Schedule, WhenShort
from orders.errors import BadSchedule, CannotRepeat, CouponSpent
from orders.models import Coupon, Order, Price, Promotion, StandingOrder, StandingRun
from orders.services import (
    end_standing_order,
    falling_due,
    pause_standing_order,
    place_refused_run,
    place_standing_orders,
    resume_standing_order,
    save_standing_order,
    skip_standing_order,
)
from orders.states import RunOutcome, StandingState
from tests.cast import NOON, make_company_buyer, make_shop, make_user
from tests.races import together

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def standing(
    shop, *, every=1, unit="weeks", first_on=TODAY, ends_on=None, price="9.00", codes=(), **more
):
    return save_standing_order(
        standing_order_id=None,
        draft=shop.draft((shop.mug, 2), **more),
        prices=[None if price is None else Decimal(price)],
        schedule=Schedule(every=every, unit=unit, first_on=first_on, ends_on=ends_on),
        codes=codes,
        now=NOON,
    )


def days(count: int) -> datetime:
    return NOON + timedelta(days=count)


def outcomes(made: StandingOrder) -> list[tuple[date, str]]:
    return list(made.runs.order_by("due_on").values_list("due_on", "outcome"))


@pytest.fixture
def stocked(shop):
    shop.stock(shop.mug, 20)
    return shop


def test_it_is_placed_on_each_day_it_is_due_and_once(stocked):
    made = standing(stocked)
    assert [place_standing_orders(now=days(n)) for n in (0, 0, 6, 7, 7)] == [1, 0, 0, 1, 0]
    assert outcomes(made) == [(TODAY, "placed"), (TODAY + timedelta(days=7), "placed")]
    order = Order.objects.earliest("pk")
    assert (order.total, order.tags, order.standing_run.standing_order) == (
        Decimal("18.00"),
        ["standing order"],
        made,
    )


def test_a_line_without_a_price_costs_what_the_list_says_on_the_day(stocked):
    made = standing(stocked, price=None)
    place_standing_orders(now=NOON)
    assert "has no price in EUR" in made.runs.get().detail
    Price.objects.create(variant=stocked.mug, currency="EUR", amount=Decimal("4"))
    assert place_refused_run(run_id=made.runs.get().pk, now=NOON).total == 8
    Price.objects.update(amount=Decimal("5"))
    place_standing_orders(now=days(7))
    assert Order.objects.latest("pk").total == 10


def autumn(code="AHOY", **limits) -> Coupon:
    """A coupon for a tenth off mugs at 9.00."""
    Price.objects.create(variant=Variant.objects.get(sku="MUG"), currency="EUR", amount=9)
    offer = Promotion.objects.create(name="Autumn", kind="percent", percent=10, needs_coupon=True)
    return Coupon.objects.create(promotion=offer, code=code, created_at=NOON, **limits)


def test_a_coupon_is_asked_for_each_time_and_left_out_once_it_is_used_up(stocked):
    autumn(total_limit=1)
    made = standing(stocked, price=None, codes=["ahoy", "AHOY"])
    assert made.coupons == ["AHOY"]
    assert [place_standing_orders(now=days(n)) for n in (0, 7)] == [1, 1]
    first, second = Order.objects.order_by("pk")
    words = "Ordered without coupon AHOY: used up."
    assert (first.total, second.total) == (Decimal("16.20"), Decimal("18.00"))
    assert list(made.runs.order_by("due_on").values_list("detail", flat=True)) == ["", words]
    assert [note.text for note in second.notes.all()] == [words]
    assert (first.notes.count(), AttentionItem.objects.count()) == (0, 0)


def test_a_coupon_counts_from_the_day_it_is_valid(stocked):
    Promotion.objects.filter(pk=autumn().promotion_id).update(valid_from=TODAY + timedelta(days=3))
    standing(stocked, price=None, codes=["AHOY"])
    for count in (0, 7):
        place_standing_orders(now=days(count))
    totals = Order.objects.order_by("pk").values_list("total", flat=True)
    assert list(totals) == [Decimal("18.00"), Decimal("16.20")]


def test_a_coupon_that_there_is_not_is_refused_as_it_is_written(stocked):
    with pytest.raises(CouponSpent, match="There is no coupon AHYO; check it") as refused:
        standing(stocked, price=None, codes=["AHYO"])
    assert refused.value.field == "coupon"


@pytest.mark.breaks_invariants  # its use is counted without the order of the other
def test_a_coupon_used_up_while_it_is_placed_stops_nothing(stocked, monkeypatch):
    kept = autumn(total_limit=1)
    standing(stocked, price=None, codes=["AHOY"])
    find = falling_due.quote_order

    def used_up_after(*args, **words):
        found = find(*args, **words)
        Coupon.objects.filter(pk=kept.pk).update(used=1)
        return found

    monkeypatch.setattr(falling_due, "quote_order", used_up_after)
    assert place_standing_orders(now=NOON) == 1
    order = Order.objects.get()
    assert order.total == Decimal("18.00")
    assert order.notes.get().text == (
        "Coupon AHOY is used up; leave it out. Ordered without coupons."
    )


def test_what_is_short_is_put_before_people_and_holds_up_no_later_day(shop):
    made = standing(shop)
    assert place_standing_orders(now=NOON) == 0
    item = AttentionItem.objects.get(kind="standing_order_refused", resolved_at=None)
    assert (item.subject_id, Order.objects.count()) == (made.pk, 0)
    shop.stock(shop.mug, 20)
    assert place_standing_orders(now=days(7)) == 1
    refused = made.runs.get(outcome=RunOutcome.REFUSED)
    order = place_refused_run(run_id=refused.pk, now=days(8))
    assert place_refused_run(run_id=refused.pk, now=days(8)) == order
    assert (Order.objects.count(), AttentionItem.objects.filter(resolved_at=None).count()) == (2, 0)


def test_what_is_short_waits_where_it_says_so(shop):
    standing(shop, when_short=WhenShort.BACKORDER)
    place_standing_orders(now=NOON)
    assert Order.objects.get().units_backordered == 2


def test_beyond_its_credit_a_company_s_standing_order_is_put_before_people(stocked):
    buyer = make_company_buyer(limit="20")
    made = standing(stocked, customer_id=buyer.pk, payment_terms="net")
    assert [place_standing_orders(now=days(n)) for n in (0, 7)] == [1, 0]
    assert "of the credit limit" in made.runs.first().detail
    assert made.runs.last().order.company == buyer.company


def test_days_missed_are_not_made_up_for(stocked):
    made = standing(stocked)
    assert place_standing_orders(now=days(15)) == 1
    assert [outcome for _, outcome in outcomes(made)] == ["skipped", "skipped", "placed"]
    made.refresh_from_db()
    assert made.next_on == TODAY + timedelta(days=21)


def test_it_is_paused_resumed_skipped_and_ended(stocked):
    made = standing(stocked)
    pause_standing_order(standing_order_id=made.pk)
    assert place_standing_orders(now=NOON) == 0
    with pytest.raises(CannotRepeat):
        pause_standing_order(standing_order_id=made.pk)
    assert resume_standing_order(standing_order_id=made.pk, now=days(8)).next_on == (
        TODAY + timedelta(days=14)
    )
    skip_standing_order(standing_order_id=made.pk, now=days(8))
    assert place_standing_orders(now=days(14)) == 0
    with pytest.raises(CannotRepeat, match="was skipped"):
        place_refused_run(run_id=made.runs.get().pk, now=days(14))
    end_standing_order(standing_order_id=made.pk)
    for verb in (end_standing_order, pause_standing_order):
        with pytest.raises(CannotRepeat):
            verb(standing_order_id=made.pk)
    assert place_standing_orders(now=days(21)) == 0


def test_it_ends_by_itself_after_its_last_day(stocked):
    made = standing(stocked, ends_on=TODAY + timedelta(days=8))
    for count in (0, 7, 14):
        place_standing_orders(now=days(count))
    made.refresh_from_db()
    assert (made.state, made.runs.count()) == (StandingState.ENDED, 2)


MOVES = {
    "pause": {StandingState.ACTIVE},
    "resume": {StandingState.PAUSED},
    "end": {StandingState.ACTIVE, StandingState.PAUSED},
}


@pytest.mark.parametrize("state", list(StandingState))
@pytest.mark.parametrize("move", MOVES)
def test_each_state_allows_its_moves_and_no_other(move, state):
    assert can_proceed(getattr(StandingOrder(state=state), move)) is (state in MOVES[move])


def test_a_schedule_that_cannot_be_is_refused(stocked):
    for bad in (
        {"every": 0},
        {"first_on": TODAY - timedelta(days=1)},
        {"ends_on": TODAY - timedelta(days=1)},
    ):
        with pytest.raises(BadSchedule):
            standing(stocked, **bad)


def test_a_changed_rhythm_begins_after_what_was_dealt_with(stocked):
    made = standing(stocked)
    place_standing_orders(now=NOON)

    def change(version: int) -> StandingOrder:
        return save_standing_order(
            standing_order_id=made.pk,
            draft=stocked.draft((stocked.mug, 3)),
            prices=[None],
            schedule=Schedule(every=1, unit="days", first_on=TODAY),
            version=version,
            now=NOON,
        )

    assert change(2).next_on == TODAY + timedelta(days=1)
    with pytest.raises(StaleEdit):
        change(2)


def test_the_end_of_a_month_stays_the_end_of_a_month():
    made = StandingOrder(first_on=date(2026, 1, 31), every=1, unit="months")
    assert [made.due(turn) for turn in range(4)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
    assert made.due_after(date(2026, 2, 28)) == date(2026, 3, 31)


@given(
    first=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    every=st.integers(1, 20),
    unit=st.sampled_from(["days", "weeks", "months"]),
    gone=st.integers(-10, 3000),
)
def test_the_next_day_is_the_first_turn_after_a_day(first, every, unit, gone):
    made = StandingOrder(first_on=first, every=every, unit=unit)
    day = first + timedelta(days=gone)
    turn = 0
    while made.due(turn) <= day:
        turn += 1
    assert made.due_after(day) == made.due(turn)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_schedulers_at_once_one_places():
    shop = make_shop()
    shop.stock(shop.mug, 20)
    made = standing(shop)
    together(*[lambda: place_standing_orders(now=NOON)] * 3)
    assert (Order.objects.count(), StandingRun.objects.count()) == (1, 1)
    made.refresh_from_db()
    assert made.next_on == TODAY + timedelta(days=7)


# --- pages ------------------------------------------------------------------------------------


def enter_standing(client, shop, url, **more):
    data = {
        "_once": str(uuid.uuid4()),
        "do": "place",
        "channel": shop.web.pk,
        "name": "Nils Berg",
        "email": "nils@ferry.example",
        "line1": "Kai 1",
        "city": "Kiel",
        "country": "DE",
        "payment_terms": "prepaid",
        "when_short": "reject",
        "every": "2",
        "unit": "weeks",
        "first_on": "2099-01-01",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-sku": "MUG",
        "lines-0-quantity": "2",
        "lines-0-unit_price": "8.50",
        **more,
    }
    return client.post(url, data)


def test_a_standing_order_is_kept_by_its_pages(stocked, as_manager):
    create = reverse("orders:standing_create")
    assert as_manager.get(create).status_code == 200
    assert enter_standing(as_manager, stocked, create, every="0").status_code == 422
    enter_standing(as_manager, stocked, create)
    made = StandingOrder.objects.get()
    assert (made.rhythm, made.next_on) == ("every 2 weeks", date(2099, 1, 1))
    edit = reverse("orders:standing_edit", args=[made.pk])
    assert as_manager.get(edit).status_code == 200
    change = {"version": made.version, "unit": "months", "customer_id": made.customer_id}
    assert enter_standing(as_manager, stocked, edit, **change).status_code == 302
    assert enter_standing(as_manager, stocked, edit, **change).status_code == 409

    def press(name):
        url = reverse(f"orders:standing_{name}", args=[made.pk])
        assert as_manager.post(url, {"_once": str(uuid.uuid4())}).status_code == 302
        made.refresh_from_db()
        return made.state

    states = [press(name) for name in ("pause", "resume", "skip", "end")]
    assert states == ["paused", "active", "active", "ended"]
    page = as_manager.get(reverse("orders:standing_detail", args=[made.pk])).content.decode()
    assert "Skipped by hand." in page


def test_a_refused_day_is_tried_again_by_its_button(shop, as_manager):
    made = standing(shop)
    place_standing_orders(now=NOON)
    url = reverse("orders:standing_detail", args=[made.pk])
    assert "Try again" in as_manager.get(url).content.decode()
    shop.stock(shop.mug, 5)
    retry = reverse("orders:standing_retry", args=[made.pk, made.runs.get().pk])
    as_manager.post(retry, {"_once": str(uuid.uuid4())})
    order = Order.objects.get()
    assert order.number in as_manager.get(url).content.decode()
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert made.number in page


def test_the_warehouse_sees_no_standing_orders(client, shop):
    client.force_login(make_user(Role.WAREHOUSE))
    assert client.get(reverse("orders:standing_list")).status_code == 403


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_for_one_and_thirty(stocked, as_manager):
    standing(stocked)
    url = reverse("orders:standing_list")
    one = queries(as_manager, url)
    for _ in range(29):
        standing(stocked)
    assert queries(as_manager, url) == one
