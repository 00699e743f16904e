"""Do levels add up? The invariants notice, and the command sets right."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from core.invariants import audit
from core.models import AttentionItem
from inventory.models import Demand, Movement, StockLevel

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
    ("values", "code", "kept"),
    [
        ({"sellable": 9}, "S1", (9, 0, 2, 0)),
        ({"damaged": 1}, "S1", (5, 1, 2, 0)),
        ({"allocated": 3}, "S2", (5, 0, 2, 0)),
        ({"reserved": 2}, "S2d", (5, 0, 2, 0)),
    ],
)
def test_a_level_that_differs_is_found_and_the_ledger_follows_it(shop, values, code, kept):
    shop.stock(shop.mug, 5)
    shop.order((shop.mug, 2))
    StockLevel.objects.update(**values)
    found, report = reconcile()
    assert (found, code in {row["code"] for row in report["differences"]}) == (1, True)
    ended, report = reconcile("--fix")
    assert (ended, report["mended_variants"]) == (0, [shop.mug.pk])
    level = shop.level(shop.mug)
    assert (level.sellable, level.damaged, level.allocated, level.reserved) == kept


def test_a_bad_row_of_the_ledger_is_noticed_told_and_compensated_never_removed(shop):
    """C20: somebody with all rights writes into the ledger by hand."""
    shop.stock(shop.mug, 5)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_movement (level_id, condition, quantity, balance, reason,"
            " reference, note, unit_cost, actor_kind, actor_key, actor_label, moved_at)"
            " VALUES (%s, 'sellable', -3, 2, 'lost', '', '', 0, 'system', '', 'nobody', now())",
            [shop.level(shop.mug).pk],
        )
    before = Movement.objects.count()
    found, _ = reconcile()
    told = AttentionItem.objects.get(kind="stock_drift")
    assert (found, told.subject_id, told.resolved_at) == (1, shop.mug.pk, None)
    assert reconcile("--fix")[0] == 0
    newest = Movement.objects.order_by("-pk").first()
    assert (Movement.objects.count(), newest.quantity, newest.balance) == (before + 1, 3, 5)
    assert (newest.reason, newest.reference, shop.level(shop.mug).sellable) == (
        "correction",
        "reconcile_stock",
        5,
    )


def test_a_ledger_whose_last_balance_alone_is_wrong_ends_on_the_right_one(shop):
    shop.stock(shop.mug, 5)
    with connection.cursor() as cursor:
        for quantity, balance in ((2, 7), (-2, 9)):
            cursor.execute(
                "INSERT INTO inventory_movement (level_id, condition, quantity, balance, reason,"
                " reference, note, unit_cost, actor_kind, actor_key, actor_label, moved_at)"
                " VALUES (%s, 'sellable', %s, %s, 'found', '', '', 0, 'system', '', 'x', now())",
                [shop.level(shop.mug).pk, quantity, balance],
            )
    assert reconcile()[0] == 1
    assert reconcile("--fix")[0] == 0


@pytest.mark.breaks_invariants
def test_a_demand_whose_counter_differs_is_found(shop):
    shop.stock(shop.mug, 5)
    shop.order((shop.mug, 2))
    Demand.objects.update(allocated=1)
    assert "S2b" in {finding.invariant.code for finding in audit()}
    assert reconcile("--fix")[0] == 0
    assert Demand.objects.get().allocated == 2
