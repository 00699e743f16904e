"""Promises made from a simulated carrier's first year are kept in its second as often as was asked."""

import pytest

from oms.bench.carriers import WAYS, parcels_of
from oms.bench.promise import Kept, judge, measured


@pytest.mark.parametrize("percentile", [80, 90, 95])
@pytest.mark.parametrize("number", [0, 6])
def test_as_many_promises_are_kept_as_were_asked_for(number, percentile):
    way, kept = WAYS[number], Kept()
    judge(way, parcels_of(way, 7), measured, percentile, kept)
    assert kept.count > 1_500
    assert abs(kept.share - percentile) < 2
