"""The rules of the benchmark match what the predicates beside them match, written by hand."""

import pytest

from oms.bench.ruling import SHAPES, compare, make_rules
from orders.models import Order

pytestmark = pytest.mark.django_db


def test_the_engine_and_predicates_written_by_hand_agree_on_every_order(shop):
    shop.stock(shop.mug, 99)
    shop.stock(shop.lamp, 99)
    for n in range(12):
        shop.order(
            (shop.mug, 1 + n % 4, f"{10 + 20 * n}.00"),
            *([(shop.lamp, n)] if n % 3 else []),
            tags=("vip",) if n % 5 == 0 else (),
            customer_name=("Ada", "Hanna", "Erik")[n % 3],
        )
    ids = list(Order.objects.values_list("pk", flat=True))
    figures = compare(make_rules(len(SHAPES) * 8), ids)
    assert figures["matches"] > 0
    assert figures["engine"]["queries_per_batch"] == [2]
