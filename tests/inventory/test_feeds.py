"""The feed to channels: the last figure pushed is the truth, whatever the order of the pushes."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.tasks import drain_all
from inventory.models import ChannelStock, ChannelStockRule, Lot, Part, StockLevel, Variant
from inventory.selectors.availability import availability_of
from inventory.selectors.feed import changes_since
from inventory.services import refresh_feed, reserve, set_stock_rule
from inventory.states import Tracking, VariantKind
from tests.cast import NOON, make_variant
from tests.inventory.test_availability import bring

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def told(shop):
    rows = ChannelStock.objects.filter(channel=shop.web)
    return dict(rows.values_list("variant__sku", "available"))


def truth(shop):
    ids = list(Variant.objects.exclude(kind="service").values_list("pk", flat=True))
    found = availability_of(ids, channel=shop.web, today=TODAY)
    return {one.sku: one.to_sell for one in found.values()}


@pytest.fixture
def full(shop):
    """Every way in which a figure comes about."""
    milk = make_variant("MILK", "Milk", tracking=Tracking.LOT)
    for code, days in (("old", -1), ("short", 5), ("long", 40)):
        lot = Lot.objects.create(variant=milk, code=code, expires_on=TODAY + timedelta(days=days))
        bring(shop, milk, 4, lot_id=lot.pk)
    box = make_variant("BOX", "Box", kind=VariantKind.KIT)
    crate = make_variant("CRATE", "Crate", kind=VariantKind.KIT)
    wrap = make_variant("WRAP", "Gift wrap", kind=VariantKind.SERVICE)
    Part.objects.create(whole=box, part=shop.mug, quantity=2)
    Part.objects.create(whole=box, part=shop.lamp)
    Part.objects.create(whole=box, part=wrap)
    Part.objects.create(whole=crate, part=box, quantity=2)
    Part.objects.create(whole=crate, part=shop.mug)
    shop.stock(shop.mug, 9)
    shop.stock(shop.mug, 4, shop.store)
    shop.stock(shop.lamp, 7)
    StockLevel.objects.filter(variant=shop.mug, location=shop.store).update(safety=3)
    shop.web.stock_buffer = 1
    shop.web.save()
    shop.order((shop.lamp, 2))
    reserve(
        key="cart",
        channel=shop.web,
        quantities={shop.mug.pk: 1},
        expires_at=NOON + timedelta(minutes=30),
        now=NOON,
    )
    return shop


def test_the_feed_says_what_the_pages_say(full):
    assert refresh_feed(full.web, now=NOON) == 6
    assert (
        told(full)
        == truth(full)
        == {
            "MUG": 7,
            "SHIRT-M": 0,
            "LAMP": 4,
            "MILK": 7,
            "BOX": 3,
            "CRATE": 1,
        }
    )
    ChannelStockRule.objects.create(channel=full.web, shelf_life_days=20)
    assert refresh_feed(full.web, now=NOON) == 1
    assert told(full) == truth(full)


def test_nothing_new_has_no_new_version(full):
    refresh_feed(full.web, now=NOON)
    assert refresh_feed(full.web, now=NOON) == 0


def test_only_what_changed_and_the_kits_it_is_part_of_get_a_version(full):
    refresh_feed(full.web, now=NOON)
    last = max(row["version"] for row in changes_since(full.web))
    full.stock(full.mug, 3)
    full.stock(full.shirt, 3)
    refresh_feed(full.web, variant_ids=[full.mug.pk], now=NOON)
    assert [row["variant__sku"] for row in changes_since(full.web, last)] == ["MUG", "BOX", "CRATE"]


def test_what_is_no_longer_sold_goes_to_zero(full):
    refresh_feed(full.web, now=NOON)
    Variant.objects.filter(sku="MUG").update(is_active=False)
    refresh_feed(full.web, now=NOON)
    assert told(full)["MUG"] == 0


def test_stock_that_moves_wakes_the_feed(shop):
    shop.stock(shop.mug, 5)
    drain_all()
    assert told(shop)["MUG"] == 5


def test_refreshing_is_a_handful_of_statements_however_many_figures(
    full, django_assert_num_queries
):
    for n in range(30):
        full.stock(make_variant(f"V{n}", "Thing"), n + 1)
    with django_assert_num_queries(5):  # two of them the savepoint
        refresh_feed(full.web, now=NOON)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_c16_pushes_that_arrive_out_of_order_end_in_the_truth(shop, data):
    """Whoever keeps the highest version of each SKU ends with the truth."""
    pushes, since = [], 0
    for change in data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=5)):
        shop.stock(data.draw(st.sampled_from([shop.mug, shop.lamp])), change)
        refresh_feed(shop.web, now=NOON)
        new = list(changes_since(shop.web, since))
        since = max([since, *(row["version"] for row in new)])
        pushes += new
    kept: dict[str, tuple[int, int]] = {}
    for push in data.draw(st.permutations(pushes + pushes[:2])):
        sku, version = push["variant__sku"], push["version"]
        if version > kept.get(sku, (0, 0))[0]:
            kept[sku] = (version, push["available"])
    assert {sku: units for sku, (_, units) in kept.items()} == truth(shop)


def test_the_command_prints_what_is_newer(full):
    out = StringIO()
    with time_machine.travel(NOON, tick=False):
        call_command("export_availability", channel="web", json=True, stdout=out)
    answer = json.loads(out.getvalue())
    assert {row["sku"]: row["available"] for row in answer["changes"]} == truth(full)
    again = StringIO()
    with time_machine.travel(NOON, tick=False):
        call_command("export_availability", channel="web", since=answer["version"], stdout=again)
    assert again.getvalue() == "sku,available,version,changed_at\n"
    with pytest.raises(CommandError, match="there are: web"):
        call_command("export_availability", channel="nowhere")


def test_a_rule_is_set_once_and_told(shop):
    set_stock_rule(channel=shop.web, shelf_life_days=20)
    set_stock_rule(channel=shop.web, shelf_life_days=20)
    assert ChannelStockRule.objects.get().shelf_life_days == 20
