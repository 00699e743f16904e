"""The promise kept: 300 articles that sell now and then, 720 days, beside z·σ and an oracle."""

import pytest

from oms.bench.replenishment import compare


@pytest.mark.slow
def test_the_plan_serves_the_target_with_little_more_stock_than_an_oracle():
    table = compare()
    ours, oracle, rule = (
        table[name] for name in ("negative_binomial_fill_rate", "oracle", "z_sigma")
    )
    assert (table["skus"], table["days"], table["lead_days"]) == (300, 720, 14)
    assert ours["mean_fill_percent"] >= 95
    assert ours["skus_far_short_percent"] <= 5
    assert ours["stock_to_oracle"] <= 1.1
    assert oracle["mean_fill_percent"] == pytest.approx(95, abs=1)
    assert rule["skus_far_short_percent"] > 20
