"""What-ifs: past orders replayed beside how it is; pure replays, the verb, the command and the pages."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.models import JobStatus
from core.once import new_token
from core.rights import Role
from core.tasks import drain_all
from inventory.models import ChannelLocation, Location
from orders.drafts import WhenShort
from orders.errors import BadWhatIf
from orders.models import WhatIf
from orders.selectors.past_sourcing import read_past
from orders.selectors.what_ifs import rows_shown
from orders.services import place_order
from orders.services.simulating import request_what_if, simulate
from orders.sourcing import Band, Criterion
from orders.sourcing.asking import Need
from orders.sourcing.directing import Asked, Rule
from orders.sourcing.distances import km_between, km_to
from orders.sourcing.network import Network, Place, Sending, Terms, Zone
from orders.sourcing.replaying import PastOrder, Receipt, Replay, World, compare
from orders.sourcing.scenario import Move, Scenario
from tests.api.conftest import program  # noqa: F401  (a fixture)
from tests.cast import NOON, make_user
from tests.sourcing.test_placing import rule, terms

LATER = NOON + timedelta(days=1)
AFTER = NOON + timedelta(days=2)
SERVICE = 7


def place(pk: int, parcel: int = 0, unit: int = 0) -> Place:
    return Place(pk, f"Place {pk}", terms=Terms("EUR", parcel, unit))


def past_order(pk: int, wanted: dict[int, int], *, at=NOON, happened=None) -> PastOrder:
    return PastOrder(
        id=pk,
        number=f"SO-{pk}",
        asked=Asked(channel_id=1, country="DE", currency="EUR"),
        sending=Sending("DE", "EUR", False, SERVICE, at),
        needs=tuple(
            Need(index=at, variant_id=variant, quantity=units, item=at, weight_g=100)
            for at, (variant, units) in enumerate(sorted(wanted.items()), start=1)
        ),
        happened=happened,
    )


def world(places, stock, **more) -> World:
    zone = Zone(frozenset({"DE"}), {"EUR": (Band(100_000, 400),)})
    return World({1: Network(tuple(places), {SERVICE: [zone]})}, (), stock, **more)


def changed(one: World, scenario: Scenario) -> World:
    networks = {key: scenario.network(net) for key, net in one.networks.items()}
    return replace(one, networks=networks, rules=scenario.rules_of(one.rules), scenario=scenario)


costs = st.integers(0, 900)
worlds = st.builds(
    lambda costs_, stock: world(
        [place(pk, parcel, unit) for pk, (parcel, unit) in enumerate(costs_, start=1)],
        {(variant, pk): units for (variant, pk), units in stock.items() if pk <= len(costs_)},
    ),
    st.lists(st.tuples(costs, costs), min_size=2, max_size=3),
    st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(0, 9)),
)
baskets = st.dictionaries(st.integers(1, 3), st.integers(1, 5), min_size=1)


@given(worlds, st.lists(baskets, min_size=1, max_size=6))
def test_how_it_is_beside_itself_is_the_same(one, wanted):
    orders = [past_order(pk, basket) for pk, basket in enumerate(wanted, start=1)]
    result = compare(orders, one, one, {})
    assert (result["before"], result["changed"]) == (result["after"], 0)


@given(worlds, baskets)
def test_a_location_less_never_sends_more_nor_as_much_for_less(one, wanted):
    order = past_order(1, wanted)
    for gone in (1, 2):
        result = compare([order], one, changed(one, Scenario(without=frozenset({gone}))), {})
        sides = [
            (side["short"], sum(map(sum, side["cost"].values())))
            for side in (result["before"], result["after"])
        ]
        assert sides[0] <= sides[1]


@given(worlds, st.lists(baskets, min_size=1, max_size=6), st.sampled_from(["1.5", "2", "3"]))
def test_more_stock_never_leaves_more_units_short(one, wanted, factor):
    orders = [past_order(pk, basket) for pk, basket in enumerate(wanted, start=1)]
    result = compare(orders, one, changed(one, Scenario(stock=Decimal(factor))), {})
    assert result["after"]["short"] <= result["before"]["short"]


def test_stock_is_used_up_and_what_waits_is_served_before_who_comes_later():
    receipts = (Receipt(NOON + timedelta(hours=1), 1, 1, 4),)
    one = world([place(1, 100)], {(1, 1): 3}, receipts=receipts)
    orders = [past_order(1, {1: 5}), past_order(2, {1: 3}, at=LATER)]
    result = compare(orders, one, changed(one, Scenario(receipts_first=True)), {1: "Hall"})
    assert {key: result["before"][key] for key in ("units", "short", "later", "parcels")} == {
        "units": 8, "short": 3, "later": 2, "parcels": 2,
    }  # fmt: skip
    assert {key: result["after"][key] for key in ("short", "later")} == {"short": 1, "later": 0}
    assert [(row["was"], row["now"]) for row in result["changes"]] == [("Hall; 2 short", "Hall")]


def test_money_is_told_by_its_parts_and_by_currency():
    one = world([place(1, 100, 20), place(2, 150, 20)], {(1, 1): 5, (2, 2): 5})
    result = compare(
        [past_order(1, {1: 2, 2: 1})], one, changed(one, Scenario(rates=Decimal("1.1"))), {}
    )
    assert result["before"]["cost"] == {"EUR": [250, 800, 60]}
    assert result["after"]["cost"] == {"EUR": [250, 880, 60]}
    assert (result["before"]["split"], result["changed"]) == (1, 0)


def test_less_cost_is_no_gain_where_less_is_sent():
    one = world([place(1, 100), place(2, 150)], {(1, 1): 5, (1, 2): 1})
    order = past_order(1, {1: 3})
    for gone, gains in ((1, {None}), (2, set())):
        result = compare([order], one, changed(one, Scenario(without=frozenset({gone}))), {})
        rows = [row for row in rows_shown(result) if row.difference and "EUR" in row.label]
        assert {row.better for row in rows} == gains
    cheaper = compare([order], one, changed(one, Scenario(rates=Decimal("0.5"))), {})
    assert {row.label: row.better for row in rows_shown(cheaper) if row.difference} == {
        "Freight, EUR": True,
        "Cost in all, EUR": True,
    }


def test_fewer_parcels_and_rules_left_out_are_heard():
    one = replace(
        world([place(1), place(2)], {(1, 1): 5, (2, 2): 5}),
        rules=(Rule("Whole", is_complete=True),),
    )
    order = past_order(1, {1: 1, 2: 1}, happened=frozenset({1, 2}))
    result = compare([order], one, changed(one, Scenario(most_parcels=1)), {})
    assert (result["before"]["parcels"], result["after"]["short"]) == (2, 2)
    assert (result["known"], result["alike"]) == (1, 1)
    scenario = Scenario(most_parcels=1, rules_off=frozenset({"Whole"}))
    assert compare([order], one, changed(one, scenario), {})["after"]["short"] == 1


def test_stock_is_spread_evenly():
    spread = Scenario(levelled=True).start_stock({(1, 1): 7, (2, 3): 1}, [1, 2])
    assert spread == {(1, 1): 4, (1, 2): 3, (2, 1): 1, (2, 2): 0}


@given(
    st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(0, 40)),
    st.lists(
        st.builds(
            Move,
            source=st.integers(1, 2),
            target=st.integers(3, 4),
            variant_id=st.one_of(st.none(), st.integers(1, 3)),
            units=st.none(),
            share=st.decimals(0, 1, places=2),
        )
        | st.builds(
            Move,
            source=st.integers(1, 2),
            target=st.integers(3, 4),
            variant_id=st.one_of(st.none(), st.integers(1, 3)),
            units=st.integers(1, 60),
        ),
        max_size=4,
    ),
)
def test_moves_lose_and_make_no_units(stock, moves):
    moved = Scenario(moves=tuple(moves)).start_stock(stock, [1, 2])
    for variant in (1, 2, 3):
        assert sum(units for (one, _), units in moved.items() if one == variant) == sum(
            units for (one, _), units in stock.items() if one == variant
        )
    assert min(moved.values(), default=0) >= 0


def test_units_or_a_share_of_one_or_of_everything_move_one_after_the_other():
    stock = {(1, 1): 10, (2, 1): 3, (1, 2): 1}
    moves = (
        Move(1, 2, variant_id=1, units=4),
        Move(1, 3, share=Decimal("0.5")),
        Move(2, 3, variant_id=2, units=9),
    )
    assert Scenario(moves=moves).start_stock(stock, [1, 2, 3]) == {
        (1, 1): 3, (1, 2): 5, (1, 3): 3, (2, 1): 1, (2, 3): 2,
    }  # fmt: skip


def test_a_scenario_that_was_kept_before_there_were_moves_is_read():
    kept = Scenario().as_json()
    del kept["moves"]
    assert Scenario.from_json(kept) == Scenario()


def test_room_of_a_day_is_used_up_in_the_replay_alone():
    small = replace(place(1), capacity=1)
    one = world([small], {(1, 1): 9})
    replay = Replay(one)
    for pk in (1, 2):
        replay.step(past_order(pk, {1: 1}))
    assert (replay.tally.late, small.load) == (1, {})


def test_distance_is_that_of_the_globe():
    assert round(km_between((52.52, 13.405), (48.137, 11.575))) == 504
    assert km_to("XX", (0.0, 0.0)) is None
    assert km_to("DE", None) is None


def test_a_scenario_comes_back_as_it_was_kept():
    one = Scenario(without=frozenset({3, 1}), rates=Decimal("1.10"), rules_off=frozenset({"A"}))
    one = replace(one, moves=(Move(1, 2, 3, 4), Move(2, 1, share=Decimal("0.25"))))
    assert Scenario.from_json(json.loads(json.dumps(one.as_json()))) == one


@pytest.fixture
def traded(shop):
    """Berlin is cheap, Munich dear; three orders of mugs, more than Berlin had."""
    terms(shop.warehouse, "1.00", "0.10")
    terms(shop.store, "3.00", "0.10")
    shop.stock(shop.mug, 10)
    shop.stock(shop.mug, 10, shop.store)
    with clock.at(LATER):
        for units in (4, 4, 4):
            placed(shop.draft((shop.mug, units), when_short=WhenShort.BACKORDER))
    return shop


def placed(draft):
    return place_order(draft, now=LATER)


@pytest.mark.django_db
def test_the_past_is_read_as_it_was(traded):
    past = read_past(Scenario(), since=NOON + timedelta(hours=2), until=AFTER)
    berlin, munich = traded.warehouse.pk, traded.store.pk
    assert dict(past.before.stock) == {(traded.mug.pk, berlin): 10, (traded.mug.pk, munich): 10}
    result = simulate(Scenario(), days=1, now=AFTER)
    assert (result["known"], result["alike"], result["before"]["cost"]) == (
        3, 3, {"EUR": [500, 0, 120]},
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 12])
def test_the_past_is_read_in_a_fixed_number_of_queries(shop, count, django_assert_num_queries):
    shop.stock(shop.mug, 50)
    for _ in range(count):
        placed(shop.draft((shop.mug, 1), (shop.mug, 2)))
    scenario = Scenario(added=frozenset({shop.store.pk}))
    with django_assert_num_queries(12):
        read_past(scenario, since=NOON - timedelta(days=1), until=AFTER)


@pytest.mark.django_db
def test_a_what_if_runs_as_a_job_and_stays_as_it_came(traded):
    gone = Scenario(without=frozenset({traded.warehouse.pk}))
    asked = request_what_if(name="No Berlin", days=1, scenario=gone, user=None, now=AFTER)
    drain_all()
    asked.refresh_from_db()
    assert asked.job.status == JobStatus.DONE
    assert asked.job.summary == "3 orders, 3 decided otherwise."
    assert asked.changes == ["without Berlin"]
    assert asked.result["after"]["short"] == 2
    for name, value in (("result", {}), ("name", "Other")):
        with pytest.raises(DatabaseError), transaction.atomic():
            WhatIf.objects.filter(pk=asked.pk).update(**{name: value})


@pytest.mark.django_db
def test_a_location_that_no_channel_knows_may_send(traded):
    ChannelLocation.objects.filter(location=traded.store).delete()
    result = simulate(Scenario(added=frozenset({traded.store.pk})), days=1, now=AFTER)
    assert (result["before"]["short"], result["after"]["short"]) == (2, 0)


@pytest.mark.django_db
def test_worth_of_stock_is_no_money(traded):
    result = simulate(Scenario(worth=True), days=1, now=LATER + timedelta(hours=2))
    assert result["after"]["cost"]["EUR"][1] == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scenario", "days", "field"),
    [
        (Scenario(), 0, "days"),
        (Scenario(rates=Decimal(-1)), 5, "rates"),
        (Scenario(stock=Decimal(101)), 5, "stock"),
        (Scenario(most_parcels=0), 5, "most_parcels"),
        (Scenario(criteria=(Criterion.COST, Criterion.COST)), 5, "criteria"),
        (Scenario(without=frozenset({1}), added=frozenset({1})), 5, "added"),
        (Scenario(without=frozenset({999_999})), 5, "without"),
        (Scenario(service_id=999_999), 5, "service"),
        (Scenario(rules_off=frozenset({"Nothing"})), 5, "rules_off"),
        (Scenario(moves=(Move(1, 1, units=1),)), 5, "moves"),
        (Scenario(moves=(Move(1, 2),)), 5, "moves"),
        (Scenario(moves=(Move(1, 2, units=0),)), 5, "moves"),
        (Scenario(moves=(Move(1, 2, share=Decimal("1.5")),)), 5, "moves"),
        (Scenario(moves=(Move(999_998, 999_999, units=1),)), 5, "moves"),
        (Scenario(moves=(Move(1, 2, units=1),) * 21), 5, "moves"),
    ],
)
def test_what_makes_no_sense_is_refused_on_its_field(scenario, days, field):
    with pytest.raises(BadWhatIf) as refusal:
        request_what_if(name="One", days=days, scenario=scenario, user=None, now=AFTER)
    assert refusal.value.field == field


@pytest.mark.django_db
def test_the_command_compares_in_words_and_as_json(traded):
    code = Location.objects.get(pk=traded.warehouse.pk).code
    with clock.at(AFTER):
        words, figures = StringIO(), StringIO()
        call_command("simulate_sourcing", "--days", "1", "--without", code, stdout=words)
        call_command("simulate_sourcing", "--most-parcels", "1", "--json", stdout=figures)
    lines = words.getvalue().splitlines()
    assert lines[0] == "without Berlin"
    assert "3 of 3 orders are decided otherwise." in lines
    assert json.loads(figures.getvalue())["after"]["split"] == 0
    assert not WhatIf.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--without", "mars"], "There is no location “mars”; there are "),
        (["--service", "beam"], "There is no service “beam”; there are none."),
        (["--rates", "much"], "“much” is no number; give a factor such as 1.1"),
        (["--criteria", "luck"], "“luck” is no criterion; there are "),
        (["--days", "0"], "Give from 1 to 365 days."),
        (["--move", "a:b"], "“a:b” is no move; give one such as berlin:munich:40:MUG"),
        (["--move", "mars:mars:4"], "There is no location “mars”; there are "),
    ],
)
def test_the_command_says_what_is_wrong(shop, options, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("simulate_sourcing", *options)
    assert sentence in str(refusal.value)


@pytest.fixture
def manager(client):
    client.force_login(make_user(Role.MANAGER))
    return client


FORM = {"name": "Without Berlin", "days": "30", "stock": "1", "rates": "1"}


@pytest.mark.django_db
def test_a_what_if_is_asked_and_read_on_its_pages(traded, manager):
    off = rule(most_parcels=2)
    url = reverse("orders:what_if_new")
    assert manager.get(url).status_code == 200
    sent = {
        **FORM,
        "_once": new_token(),
        "without": [traded.warehouse.pk],
        "rules_off": [off.pk],
        "days": "365",
    }
    answer = manager.post(url, sent)
    asked = WhatIf.objects.get()
    assert answer.url == reverse("orders:what_if", args=[asked.pk])
    assert "Progress" in manager.get(answer.url).content.decode()
    drain_all()
    page = manager.get(answer.url).content.decode()
    assert "Without Berlin; without the rule Rule 1" in page
    assert "Cost in all, EUR" in page
    assert "Munich store, what if" in page
    assert "Without Berlin" in manager.get(reverse("orders:what_if_list")).content.decode()


@pytest.mark.django_db
def test_what_a_form_cannot_ask_is_said_on_its_field(shop, manager):
    sent = {**FORM, "_once": new_token(), "without": [shop.store.pk], "added": [shop.store.pk]}
    answer = manager.post(reverse("orders:what_if_new"), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["added"]


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 30])
def test_what_ifs_are_listed_with_the_same_queries(manager, rows, django_assert_num_queries):
    for _ in range(rows):
        request_what_if(name="Same", days=1, scenario=Scenario(), user=None, now=AFTER)
    url = reverse("orders:what_if_list")
    manager.get(url)
    with django_assert_num_queries(4):
        manager.get(url)


@pytest.mark.django_db
def test_only_who_may_change_sourcing_asks_what_if(client):
    client.force_login(make_user(Role.SALES))
    for name in ("what_if_list", "what_if_new"):
        assert client.get(reverse(f"orders:{name}")).status_code == 403


@pytest.mark.django_db
def test_stock_that_lies_elsewhere_is_asked_for_in_the_command_and_the_form(traded, manager):
    codes = [one.code for one in (traded.warehouse, traded.store)]
    with clock.at(AFTER):
        words, share = StringIO(), StringIO()
        move = ":".join([*codes, "10", "MUG"])
        call_command("simulate_sourcing", "--days", "1", "--move", move, stdout=words)
        half = f"{codes[0]}:{codes[1]}:50%"
        call_command("simulate_sourcing", "--days", "1", "--json", "--move", half, stdout=share)
        with pytest.raises(CommandError) as refusal:
            call_command("simulate_sourcing", "--move", f"{codes[0]}:{codes[1]}:some")
    assert words.getvalue().splitlines()[0] == "10 of MUG in Munich store instead of Berlin"
    assert str(refusal.value) == "“some” is neither units nor a share such as 25%."
    told = json.loads(share.getvalue())
    assert dict(told["after"]["by_place"])[traded.store.pk] == 2

    def send(**moved):
        return manager.post(reverse("orders:what_if_new"), {**FORM, "_once": new_token(), **moved})

    berlin, munich = traded.warehouse.pk, traded.store.pk
    both = {"moved_from": berlin, "moved_to": munich}
    for moved, field in (
        ({"moved_from": berlin, "moved_units": 4}, "moved_to"),
        ({**both, "moved_to": berlin, "moved_units": 4}, "moved_to"),
        ({**both, "moved_units": 4, "moved_share": 4}, "moved_units"),
        (both, "moved_units"),
        ({**both, "moved_units": 4, "moved_sku": "NONE"}, "moved_sku"),
    ):
        assert list(send(**moved).context["form"].errors) == [field]
    assert send(**both, moved_share="25", moved_sku="MUG").status_code == 302
    assert WhatIf.objects.get().changes == ["25 % of MUG in Munich store instead of Berlin"]


@pytest.mark.django_db
def test_programs_ask_what_if_once_and_read_what_came_of_it(traded, program):  # noqa: F811
    tool = program()
    move = {"from_location_id": traded.warehouse.pk, "to_location_id": traded.store.pk}
    body = {"name": "Munich has it", "days": 1, "moves": [{**move, "sku": "MUG", "units": 10}]}
    with clock.at(AFTER):
        made = tool.send("/what-ifs", body, key="one")
        again = tool.send("/what-ifs", body, key="one")
    assert (made.status_code, again.json()) == (201, made.json())
    address = made["Location"].removeprefix("/api/v1")
    assert (made.json()["status"], made.json()["outcome"]) == ("waiting", None)
    drain_all()
    told = tool.get(address).json()
    assert (told["status"], told["done"], told["total"]) == ("done", 3, 3)
    sides = [told["outcome"][side]["by_location"] for side in ("before", "after")]
    assert sides == [
        [
            {"location_id": traded.warehouse.pk, "parcels": 2},
            {"location_id": traded.store.pk, "parcels": 1},
        ],
        [{"location_id": traded.store.pk, "parcels": 3}],
    ]
    assert told["outcome"]["after"]["cost"][0]["currency"] == "EUR"
    assert [one["name"] for one in tool.get("/what-ifs").json()["items"]] == ["Munich has it"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"moves": [{"from_location_id": 1, "to_location_id": 1, "units": 1}]}, "#/moves"),
        (
            {"moves": [{"from_location_id": 1, "to_location_id": 2, "units": 1, "sku": "NONE"}]},
            "#/moves",
        ),
        ({"service": "beam"}, "#/service"),
        ({"without": [999_999]}, "#/without"),
    ],
)
def test_what_programs_cannot_ask_is_refused_by_its_field(shop, program, more, pointer):  # noqa: F811
    refused = program().send("/what-ifs", {"name": "One", **more})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not WhatIf.objects.exists()
