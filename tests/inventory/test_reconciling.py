"""Do levels add up? The invariants notice, and the command sets right."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from core.invariants import audit
from inventory.models import Demand, StockLevel

pytestmark = pytest.mark.django_db


def reconcile(*options):
    out = StringIO()
    try:
        call_command("reconcile_stock", "--json", *options, stdout=out)
        code = 0
    except SystemExit as ended:
        code = ended.code
    return code, json.loads(out.getvalue())


def test_stock_that_adds_up_is_left_alone(shop):
    shop.stock(shop.mug, 5)
    shop.order((shop.mug, 2))
    assert reconcile() == (0, {"differences": [], "mended_variants": [], "error": ""})


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"sellable": 9}, "S1"),
        ({"damaged": 1}, "S1"),
        ({"allocated": 3}, "S2"),
    ],
)
def test_a_level_that_differs_is_found_and_set_right(shop, values, code):
    shop.stock(shop.mug, 5)
    shop.order((shop.mug, 2))
    StockLevel.objects.update(**values)
    found, report = reconcile()
    assert (found, code in {row["code"] for row in report["differences"]}) == (1, True)
    ended, report = reconcile("--fix")
    assert (ended, report["mended_variants"]) == (0, [shop.mug.pk])
    level = shop.level(shop.mug)
    assert (level.sellable, level.damaged, level.allocated) == (5, 0, 2)


@pytest.mark.breaks_invariants
def test_a_demand_whose_counter_differs_is_found(shop):
    shop.stock(shop.mug, 5)
    shop.order((shop.mug, 2))
    Demand.objects.update(allocated=1)
    assert "S2b" in {finding.invariant.code for finding in audit()}
