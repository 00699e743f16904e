"""Barcodes of cases: one scan counts the units that the case holds."""

import pytest

from inventory.models import Barcode
from shipping.services import scan_pack, scan_pick, start_picking
from shipping.states import ScanOutcome
from tests.shipping.factories import SOON, paid_order, work_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(shop):
    shop.stock(shop.mug, 20)
    Barcode.objects.create(variant=shop.mug, code="14006381333938", units=6)
    work = work_of(paid_order(shop, (shop.mug, 4), (shop.mug, 4)))
    start_picking(fulfilment_id=work.pk, picker=None, now=SOON)
    return work


def scan(work, code, verb=scan_pick):
    return verb(fulfilment_id=work.pk, code=code, now=SOON)


def test_a_case_counts_its_units_over_the_lines_of_its_item(work):
    last = scan(work, "14006381333938")
    assert (last.outcome, last.quantity) == (ScanOutcome.ITEM, 2)
    assert last.text == "MUG: 2 of 4 (a case of 6)"
    assert sorted(work.picks.get().lines.values_list("picked", flat=True)) == [2, 4]


def test_a_case_with_more_than_is_wanted_counts_nothing(work):
    scan(work, "14006381333938")
    refused = scan(work, "14006381333938")
    assert (refused.outcome, refused.quantity) == (ScanOutcome.TOO_MANY, 0)
    assert "only 2 are wanted" in refused.text


def test_a_case_is_packed_by_one_scan_too(work):
    scan(work, "14006381333938")
    last = scan(work, "]C10114006381333938", scan_pack)
    assert (last.outcome, last.text) == (ScanOutcome.ITEM, "MUG: 2 of 4 packed (a case of 6)")
