"""In time means that it arrives by the day that was promised or asked for, from each location."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.models import StoredFact
from core.once import new_token
from core.rights import Role
from core.tasks import drain_all
from inventory.models import ChannelLocation, Closure, Location
from orders.errors import BadDay, CannotEdit
from orders.models import Fulfilment, Order, ShippingZone, SourcingDecision, TransitTime
from orders.promising import Basis, Leg, Measured, Transit, WorkDays
from orders.selectors import promise_tables, quote_order
from orders.selectors.merging import check_merge
from orders.selectors.quoting import LineWish
from orders.selectors.sourcing import plans_shown
from orders.services import (
    ask_deliver_by,
    cancel_order,
    change_promise,
    match_line,
    merge_orders,
    override_sourcing,
    place_order,
    place_orders,
    promise_basket,
    resource_order,
    resource_orders,
    split_order,
)
from orders.services.simulating import simulate
from orders.sourcing import Problem, decide
from orders.sourcing.arriving import Due, both_dues, first_due
from orders.sourcing.asking import Need, Question, problem_of
from orders.sourcing.directing import Directions
from orders.sourcing.network import Network, Place, Sending, arrives_by
from orders.sourcing.scenario import Scenario
from tests.api.conftest import program  # noqa: F401  (a fixture)
from tests.cast import NOON, make_user, pay
from tests.orders.test_pages import enter
from tests.promising.conftest import promising  # noqa: F401  (a fixture)
from tests.sourcing.test_placing import places_of, rule, terms

WEDNESDAY = date(2026, 11, 18)
THURSDAY, FRIDAY, SATURDAY = (WEDNESDAY + timedelta(days=ahead) for ahead in (1, 2, 3))
EVENING = NOON + timedelta(hours=4)  # after every cut-off
ALL_WEEK = WorkDays(frozenset(range(7)))
FIRST = date(2026, 1, 1)

days = st.integers(0, 400).map(lambda ahead: FIRST + timedelta(days=ahead))
calendars = st.builds(
    WorkDays, st.frozensets(st.integers(0, 6), min_size=1), st.frozensets(days, max_size=20)
)
moments = st.integers(0, 360 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)


def leg(transit: int, delivery: WorkDays = ALL_WEEK) -> Leg:
    return Leg(Measured(Transit(transit), Basis.TABLE), delivery, delivery)


def sending(now: datetime, due: date, legs: dict[int, Leg]) -> Sending:
    return Sending("DE", "EUR", False, 1, now, Due(due), lambda _service, place, _to: legs[place])


@st.composite
def places(draw, pk: int) -> Place:
    work = draw(calendars)
    loads = draw(st.dictionaries(days, st.integers(0, 3), max_size=5))
    return Place(
        pk,
        f"Place {pk}",
        cut_off=draw(st.builds(time, st.integers(0, 23), st.integers(0, 59))),
        zone=draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland"])),
        working_days=work.weekdays,
        closed=work.closed,
        capacity=draw(st.none() | st.integers(1, 3)),
        load=loads,
        handling_days=draw(st.integers(0, 2)),
    )


@st.composite
def questions(draw):
    """Two places with stock, and the days that their ways take."""
    found = (draw(places(1)), draw(places(2)))
    now = draw(moments)
    transits = [draw(st.integers(0, 6)) for _ in found]
    delivery = draw(calendars)
    due = (now + timedelta(days=draw(st.integers(0, 14)))).date()
    free = {(7, place.id): draw(st.integers(0, 4)) for place in found}
    return found, now, transits, delivery, due, free


def plan_of(asked):
    found, now, transits, delivery, due, free = asked
    legs = {place.id: leg(one, delivery) for place, one in zip(found, transits, strict=True)}
    question = Question(
        (Need(0, 7, 3, item=1),), Network(found), sending(now, due, legs), Directions(), {}
    )
    problem, _ = problem_of(question, free)
    return problem, decide(problem).chosen


@given(questions(), st.sampled_from([0, 1]), st.integers(1, 6))
def test_a_way_that_takes_less_never_makes_the_plan_later(asked, which, less):
    found, now, transits, *rest = asked
    problem, plan = plan_of(asked)
    sooner = list(transits)
    sooner[which] = max(0, sooner[which] - less)
    nearer, better = plan_of((found, now, sooner, *rest))
    for before, after in zip(problem.nodes, nearer.nodes, strict=True):
        assert after.arrives_on <= before.arrives_on
    if plan is not None:
        assert (better.units_missing, better.units_late) <= (plan.units_missing, plan.units_late)


@given(questions())
def test_a_place_is_late_exactly_when_it_arrives_after_the_day_and_never_on_a_closed_one(asked):
    found, _, _, delivery, due, _ = asked
    problem, _ = plan_of(asked)
    for place, node in zip(found, problem.nodes, strict=True):
        assert node.is_late == (node.arrives_on > due)
        assert delivery.is_open(node.arrives_on)
        day, _ = place.leaves_on(asked[1])
        assert place.sender.work.is_open(day)


@given(questions())
def test_a_question_with_days_is_stored_and_decided_alike(asked):
    problem, plan = plan_of(asked)
    again = Problem.from_json(problem.as_json())
    assert (again, decide(again).chosen) == (problem, plan)


def test_questions_that_were_stored_without_days_are_still_read():
    place = Place(1, "Hall")
    question = Question(
        (Need(0, 7, 3, item=1),),
        Network((place,)),
        Sending("DE", "EUR", False, None, NOON),
        Directions(),
        {},
    )
    problem, _ = problem_of(question, {(7, 1): 3})
    kept = problem.as_json()
    assert "due" not in kept and "arrives_on" not in kept["nodes"][0]
    assert Problem.from_json(kept) == problem


@pytest.mark.parametrize(
    ("now", "arrives"),
    [
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), date(2026, 3, 29)),  # 13:00 in Berlin
        (datetime(2026, 3, 28, 13, 30, tzinfo=UTC), date(2026, 3, 30)),  # 14:30
        (datetime(2026, 3, 29, 11, 59, tzinfo=UTC), date(2026, 3, 30)),  # 13:59, an hour less
        (datetime(2026, 3, 29, 12, 1, tzinfo=UTC), date(2026, 3, 31)),  # 14:01
        (datetime(2026, 10, 25, 12, 59, tzinfo=UTC), date(2026, 10, 26)),  # 13:59, an hour more
        (datetime(2026, 10, 25, 13, 1, tzinfo=UTC), date(2026, 10, 27)),  # 14:01
    ],
)
def test_the_cut_off_is_on_the_clock_of_the_place_also_when_it_is_turned(now, arrives):
    place = Place(1, "Berlin", cut_off=time(14), zone="Europe/Berlin")
    assert arrives_by(place, 1, sending(now, arrives, {1: leg(1)})) == arrives


def test_handling_closed_days_and_full_days_put_the_arrival_off():
    place = Place(1, "Berlin", zone="Europe/Berlin", working_days=frozenset(range(5)))

    def arrival(**more) -> date:
        return arrives_by(replace(place, **more), 1, sending(NOON, FRIDAY, {1: leg(1)}))

    assert arrival() == THURSDAY
    assert arrival(handling_days=1) == FRIDAY
    assert arrival(closed=frozenset({WEDNESDAY})) == FRIDAY
    assert arrival(capacity=1, load={WEDNESDAY: 1}) == FRIDAY
    assert arrival(handling_days=1, capacity=1, load={WEDNESDAY: 1}) == FRIDAY
    assert arrival(handling_days=1, capacity=1, load={THURSDAY: 1, FRIDAY: 1}) == date(2026, 11, 24)
    assert arrival(handling_days=5, told_for=WEDNESDAY) == THURSDAY


def test_the_earlier_of_what_was_promised_and_asked_for_counts():
    assert first_due(asked=None, promised=None) is None
    assert first_due(asked=FRIDAY, promised=None) == Due(FRIDAY)
    assert first_due(asked=FRIDAY, promised=FRIDAY) == Due(FRIDAY)
    assert first_due(asked=FRIDAY, promised=THURSDAY) == Due(THURSDAY, is_promised=True)
    promised = Due(THURSDAY, is_promised=True)
    assert both_dues(asked=FRIDAY, promised=THURSDAY) == (promised, Due(FRIDAY))
    assert both_dues(asked=WEDNESDAY, promised=THURSDAY) == (Due(WEDNESDAY), promised)
    assert both_dues(asked=FRIDAY, promised=FRIDAY) == (Due(FRIDAY), None)
    assert both_dues(asked=None, promised=None) == (None, None)


@pytest.fixture
def two(promising):  # noqa: F811
    """Berlin, three days away, comes before Munich, one day away; both have everything."""
    shop = promising.shop
    for variant in (shop.mug, shop.lamp):
        shop.stock(variant, 50, shop.store)
    TransitTime.objects.create(zone=promising.zone, location=shop.store, days=0)
    promise_tables.forget()
    return promising


@pytest.mark.django_db
def test_the_place_from_which_it_arrives_in_time_sends_and_the_decision_says_so(two):
    assert places_of(two.order()) == {"Berlin": 1}
    assert places_of(two.order(deliver_by=SATURDAY)) == {"Berlin": 1}
    order = two.order(deliver_by=FRIDAY)
    decision = order.sourcing_decisions.get()
    assert (places_of(order), order.deliver_by, order.promised_on) == (
        {"Munich store": 1}, FRIDAY, THURSDAY,
    )  # fmt: skip
    assert decision.why == (
        "Munich store sends all in one parcel for €4.00, arriving on 19 Nov; Berlin would arrive on 21"
        " Nov, after the 20 Nov that was asked for."
    )
    assert decision.skipped == [
        [
            two.shop.warehouse.pk,
            "Berlin has 1 of 1, and would arrive on 21 Nov, after the 20 Nov that was asked for",
        ]
    ]
    assert [one.arrives_on for one in plans_shown(decision, [])] == [THURSDAY, SATURDAY]
    again = decide(Problem.from_json(decision.inputs))
    assert ([one.as_json() for one in again.plans], again.why) == (decision.plans, decision.why)


@pytest.mark.django_db
def test_where_nobody_arrives_in_time_it_is_sent_as_ever_and_said(two):
    decision = two.order(deliver_by=WEDNESDAY).sourcing_decisions.get()
    assert decision.why.startswith(
        "Berlin sends all in one parcel for €4.00, 1 of them late, arriving on 21 Nov, after the 18"
        " Nov that was asked for; Munich store "
    )


@pytest.mark.django_db
def test_in_time_counts_more_than_what_it_costs_and_a_dear_service_may_be_in_time(two):
    terms(two.shop.warehouse, "1.00", service=two.express)
    terms(two.shop.store, "9.00")
    assert places_of(two.order(deliver_by=FRIDAY)) == {"Berlin": 1}
    assert places_of(two.order(deliver_by=THURSDAY)) == {"Munich store": 1}


@pytest.mark.django_db
def test_a_full_day_is_late_only_where_it_makes_it_arrive_late(two):
    Location.objects.filter(pk=two.shop.store.pk).update(capacity_per_day=1)
    drafts = [
        two.shop.draft((two.shop.mug, 1), shipping_service=two.standard, deliver_by=day)
        for day in (THURSDAY, THURSDAY, FRIDAY, FRIDAY)
    ]
    # the first takes today's room, the third tomorrow's, and nobody is in time for the others
    assert [places_of(one) for one in place_orders(drafts, now=NOON)] == [
        {"Munich store": 1}, {"Berlin": 1}, {"Munich store": 1}, {"Berlin": 1},
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_rule_on_when_it_leaves_holds_beside_the_day(two):
    Closure.objects.create(location=two.shop.store, day=WEDNESDAY, name="Stocktaking")
    promise_tables.forget()
    assert places_of(two.order(deliver_by=FRIDAY)) == {"Munich store": 1}
    rule(leaves_within=0)
    assert places_of(two.order(deliver_by=SATURDAY)) == {"Berlin": 1}


@pytest.mark.django_db
def test_without_a_service_no_arrival_is_known_and_nothing_is_late(two, client):
    order = two.order(shipping_service=None, deliver_by=FRIDAY)
    decision = order.sourcing_decisions.get()
    assert (places_of(order), decision.inputs["due"]["day"]) == ({"Berlin": 1}, "2026-11-20")
    assert "arriving" not in decision.why
    client.force_login(make_user(Role.MANAGER))
    page = client.get(reverse("orders:order_sourcing", args=[order.pk])).content.decode()
    assert '<td data-label="Arrives"><span class="muted">not known</span></td>' in page


@pytest.mark.django_db
def test_a_day_of_another_year_is_told_with_its_year(two):
    order = two.order()
    ask_deliver_by(order_id=order.pk, deliver_by=FRIDAY, now=NOON)
    ask_deliver_by(order_id=order.pk, deliver_by=date(2027, 1, 4), now=NOON)
    told = StoredFact.objects.filter(name="orders.DeliverByAsked").order_by("id")
    assert [one.payload["words"] for one in told] == ["by Fri 20 Nov", "by Mon 4 Jan 2027"]


@pytest.mark.django_db
def test_a_day_asked_for_costs_no_statement(two):
    def statements(**more) -> int:
        draft = two.shop.draft((two.shop.mug, 1), shipping_service=two.standard, **more)
        with CaptureQueriesContext(connection) as captured:
            place_order(draft, now=NOON)
        return len(captured)

    statements()
    for number in range(4):
        place = Location.objects.create(code=f"l{number}", name=f"Place {number}", country="DE")
        ChannelLocation.objects.create(channel=two.shop.web, location=place, priority=9)
    statements(deliver_by=FRIDAY)
    assert statements(deliver_by=FRIDAY) == statements()


@pytest.mark.django_db
def test_a_day_that_has_passed_is_refused_but_for_history(two):
    gone = WEDNESDAY - timedelta(days=1)
    with pytest.raises(BadDay) as refused:
        two.order(deliver_by=gone)
    assert (refused.value.field, refused.value.message) == (
        "deliver_by",
        "Tue 17 Nov 2026 has passed; ask for Wed 18 Nov or later.",
    )
    past = two.order(deliver_by=gone, is_historical=True, takes_stock=False)
    assert past.deliver_by == gone


@pytest.mark.django_db
def test_after_the_cut_off_it_moves_to_where_it_still_arrives_in_time(two):
    Location.objects.filter(pk=two.shop.store.pk).update(cut_off=time(20))
    promise_tables.forget()
    order = pay(two.order())
    assert (places_of(order), order.promised_on) == ({"Berlin": 1}, SATURDAY)
    assert resource_orders(since=NOON, now=NOON + timedelta(minutes=10)) == 0
    assert resource_orders(since=EVENING - timedelta(hours=2), now=EVENING) == 1
    decision = order.sourcing_decisions.first()
    assert (places_of(order), decision.cause) == ({"Munich store": 1}, "re-sourced")
    assert decision.why.endswith(
        "Berlin would arrive on 23 Nov, after the 21 Nov that was promised."
    )


@pytest.mark.django_db
def test_a_day_that_nobody_can_keep_does_not_cost_the_one_that_was_promised(two):
    order = two.order(deliver_by=FRIDAY)
    assert (places_of(order), order.promised_on) == ({"Munich store": 1}, THURSDAY)
    ask_deliver_by(order_id=order.pk, deliver_by=WEDNESDAY, now=NOON)
    drain_all()
    assert resource_order(order_id=order.pk, now=NOON) is None
    assert places_of(order) == {"Munich store": 1}
    assert order.sourcing_decisions.count() == 1


@pytest.mark.django_db
def test_where_the_promised_day_is_lost_the_later_one_asked_for_still_counts(two):
    order = two.order(deliver_by=FRIDAY)
    later = NOON + timedelta(days=1)  # Munich arrives on Friday now, Berlin on Monday
    assert resource_order(order_id=order.pk, now=later) is None
    assert places_of(order) == {"Munich store": 1}


@pytest.mark.django_db
def test_who_was_told_in_time_still_sends_on_that_day(two):
    Location.objects.filter(pk=two.shop.warehouse.pk).update(handling_days=1)
    promise_tables.forget()
    order = pay(two.order())
    assert order.promised_on == date(2026, 11, 23)
    assert Fulfilment.objects.get().ship_by.date() == THURSDAY
    assert resource_order(order_id=order.pk, now=NOON + timedelta(hours=20)) is None
    assert places_of(order) == {"Berlin": 1}


@pytest.mark.django_db
def test_another_day_is_asked_for_and_it_is_decided_again(two):
    order = pay(two.order())
    with clock.at(NOON):
        ask_deliver_by(order_id=order.pk, deliver_by=THURSDAY, now=NOON)
        drain_all()
    assert places_of(order) == {"Munich store": 1}
    order = Order.objects.get(pk=order.pk)
    version = order.version
    assert (order.deliver_by, order.promised_on) == (THURSDAY, SATURDAY)
    assert ask_deliver_by(order_id=order.pk, deliver_by=THURSDAY, now=NOON).version == version
    with pytest.raises(BadDay):
        ask_deliver_by(order_id=order.pk, deliver_by=FIRST, now=NOON)
    cancel_order(order_id=order.pk, reason="No more", now=NOON)
    with pytest.raises(CannotEdit):
        ask_deliver_by(order_id=order.pk, deliver_by=None, now=NOON)


@pytest.mark.django_db
def test_an_earlier_promise_moves_it_but_not_what_was_chosen_by_hand(two):
    free, chosen = two.order(), two.order()
    override_sourcing(
        order_id=chosen.pk,
        places={chosen.lines.get().pk: two.shop.warehouse.pk},
        reason="It lies ready there",
        now=NOON,
    )
    with clock.at(NOON):
        for order in (free, chosen):
            change_promise(order_id=order.pk, promised_on=FRIDAY, reason="By phone", now=NOON)
        drain_all()
    assert (places_of(free), places_of(chosen)) == ({"Munich store": 1}, {"Berlin": 1})


@pytest.mark.django_db
def test_what_an_edit_adds_is_to_arrive_by_the_same_day(two):
    two.shop.lamp.sku = "GONE"
    draft = two.shop.draft(
        (two.shop.lamp, 1), shipping_service=two.standard, deliver_by=FRIDAY,
        when_short="backorder",
    )  # fmt: skip
    order = place_order(draft, now=NOON)
    two.shop.stock(two.shop.lamp, 5)
    match_line(order_id=order.pk, line_id=order.lines.get().pk, sku="LAMP", now=NOON)
    decision = SourcingDecision.objects.get(order=order)
    assert (decision.cause, places_of(order)) == ("edited", {"Munich store": 1})


@pytest.mark.django_db
def test_a_what_if_counts_as_late_what_would_come_after_its_day(two):
    two.order()
    two.order(deliver_by=FRIDAY)
    gone = Scenario(without=frozenset({two.shop.store.pk}))
    both = simulate(gone, days=2, now=NOON + timedelta(days=1))
    assert [(both[side]["late"], both[side]["dated"]) for side in ("before", "after")] == [
        (0, 2), (1, 2),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_page_and_programs_read_when_each_plan_arrives(two, client, program):  # noqa: F811
    order = two.order(deliver_by=FRIDAY)
    client.force_login(make_user(Role.MANAGER))
    page = client.get(reverse("orders:order_sourcing", args=[order.pk])).content.decode()
    assert "after the 20 Nov that was asked for" in page and '<th scope="col">Arrives</th>' in page
    told = program().get(f"/orders/{order.pk}/sourcing").json()["decisions"][0]
    assert (told["due_on"], [one["arrives_on"] for one in told["plans"]]) == (
        "2026-11-20", ["2026-11-19", "2026-11-21"],
    )  # fmt: skip
    form = client.get(reverse("orders:sourcing_override", args=[order.pk])).content.decode()
    assert "arriving on 21 Nov)" in form
    plain = two.order()
    page = client.get(reverse("orders:order_sourcing", args=[plain.pk])).content.decode()
    assert "Arrives</th>" not in page


@pytest.mark.django_db
def test_a_program_asks_for_a_day_and_changes_it(two, program):  # noqa: F811
    tool = program()
    today = clock.now().date()
    wanted = {
        "channel": "web",
        "shipping_address": {"name": "Ada", "city": "Berlin", "country": "DE"},
        "lines": [{"sku": "MUG", "quantity": 1}],
        "shipping": {"service": "std"},
        "deliver_by": (today + timedelta(days=30)).isoformat(),
    }
    placed = tool.send("/orders", wanted).json()
    assert placed["deliver_by"] == wanted["deliver_by"]
    for number in (0, 1_796_256_000, "1796256000"):
        refused = tool.send("/orders", {**wanted, "deliver_by": number})
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not_iso_8601")
    gone = {**wanted, "deliver_by": (today - timedelta(days=2)).isoformat()}
    refused = tool.send("/orders", gone)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/deliver_by")
    address = f"/orders/{placed['id']}/deliver-by"
    other = (today + timedelta(days=20)).isoformat()
    changed = tool.send(address, {"deliver_by": other}, method="put")
    assert (changed.status_code, changed.json()["deliver_by"]) == (200, other)
    stale = tool.send(address, {"deliver_by": None}, method="put", match='"1"')
    assert stale.status_code == 412
    assert tool.send(address, {"deliver_by": None}, method="put").json()["deliver_by"] is None
    assert tool.get(f"/orders/{placed['id']}").json()["deliver_by"] is None


@pytest.mark.django_db
def test_a_day_is_asked_for_as_an_order_is_entered_and_changed_on_its_page(two, client):
    client.force_login(make_user(Role.MANAGER))
    soon = clock.now().date() + timedelta(days=30)
    refused = enter(client, two.shop, deliver_by="2020-01-01")
    assert (refused.status_code, b"has passed; ask for" in refused.content) == (422, True)
    placed = enter(client, two.shop, service=two.standard.pk, deliver_by=soon.isoformat())
    page = client.get(placed.url).content.decode()
    assert f'asked for by <time datetime="{soon.isoformat()}">' in page
    order = Order.objects.get()
    address = reverse("orders:order_deliver_by", args=[order.pk])
    sent = {"_once": new_token(), "version": order.version, "deliver_by": ""}
    assert address in page and client.post(address, sent).status_code == 302
    order.refresh_from_db()
    assert order.deliver_by is None
    page = client.get(placed.url).content.decode()
    assert "Asked for without a day" in page
    stale = {**sent, "_once": new_token(), "deliver_by": soon.isoformat()}
    assert client.post(address, stale).status_code == 409


@pytest.mark.django_db
def test_orders_that_are_merged_arrive_by_the_earlier_day(two):
    kept, other = two.order(deliver_by=SATURDAY), two.order(deliver_by=FRIDAY)
    assert check_merge(kept, other).differences == (
        f"{kept.number} is to arrive by Fri 20 Nov then.",
    )
    assert check_merge(other, kept).differences == ()
    merge_orders(order_id=kept.pk, other_ids=[other.pk], now=NOON)
    kept.refresh_from_db()
    assert (kept.deliver_by, places_of(kept)) == (FRIDAY, {"Munich store": 2})


@pytest.mark.django_db
def test_what_is_split_off_is_asked_for_by_the_same_day(two):
    order = two.order((two.shop.mug, 2), deliver_by=FRIDAY)
    part = split_order(order_id=order.pk, units={order.lines.get().pk: 1}, now=NOON)
    assert part.deliver_by == FRIDAY


@pytest.mark.django_db
def test_the_page_says_as_an_order_is_entered_whether_its_day_can_be_kept(two, client):
    client.force_login(make_user(Role.MANAGER))

    def arrival(service, day: date) -> str:
        answer = enter(client, two.shop, do="quote", service=service.pk, deliver_by=day.isoformat())
        page = " ".join(answer.content.decode().split())
        return page[page.index('id="e-day"') : page.index('id="e-sum"')]

    today = clock.now().date()
    far, near = arrival(two.standard, today + timedelta(days=60)), arrival(two.standard, today)
    assert "Asked for by" in far and "in time" in far and "promised later" not in far
    assert "promised later" in near and "in time" not in near
    assert "Asked for by" not in client.get(reverse("orders:order_create")).content.decode()
    typed = enter(client, two.shop, do="quote", service=two.standard.pk, deliver_by="tomorrow")
    assert typed.status_code == 200 and b"Asked for by" not in typed.content


@pytest.mark.django_db
def test_where_the_day_is_lost_it_is_said_which_other_service_keeps_it(two):
    ShippingZone.objects.filter(service=two.express).update(transit_days=0)
    two.shop.stock(two.shop.mug, 50)
    TransitTime.objects.filter(location=two.shop.store).delete()
    promise_tables.forget()
    quote = quote_order(
        [LineWish("MUG", 1)],
        channel=two.shop.web,
        country="DE",
        service=two.standard,
        shipping=None,
        now=NOON,
    )
    offer = promise_basket(
        quote, country="DE", service_id=two.standard.pk, deliver_by=THURSDAY, now=NOON
    )
    assert (offer.is_later, [one.service_id for one in offer.in_time]) == (True, [two.express.pk])
