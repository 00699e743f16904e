"""Versions of the risk rules: changed as drafts, back-tested, then live."""

from datetime import timedelta

import pytest

from core.outbox import drain
from core.tasks import drain_all
from orders.drafts import WhenShort
from orders.errors import BadRiskRules, CannotGoLive
from orders.models import RiskBacktest, RiskListEntry, RiskRuleSet
from orders.services.screening import (
    draft_rules,
    go_live,
    request_backtest,
    retire_rules,
    save_rules,
)
from orders.states import RiskRuleSetState
from tests.cast import BERLIN_ADDRESS, NOON
from tests.orders.risky import PARIS_ADDRESS, RISKY, draft, live, proven, screen

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def test_the_first_draft_brings_the_known_throw_away_providers(shop):
    draft_rules(channel=None, now=NOON)
    assert RiskListEntry.objects.filter(kind="disposable", value="mailinator.com").exists()


def test_a_draft_begins_with_what_is_live(shop):
    live(countries=7)
    made = draft_rules(channel=None, now=NOON)
    assert (made.number, made.weights["countries"]["points"]) == (2, 7)


def test_a_draft_goes_live_only_after_a_back_test_of_what_it_says(shop):
    made = draft(countries=10)
    with pytest.raises(CannotGoLive):
        go_live(rule_set_id=made.pk, now=NOON)
    proven(made)
    weights = {**made.weights, "countries": {"points": 11, "limit": 0}}
    save_rules(rule_set_id=made.pk, weights=weights, review_at=30, hold_at=60, review_hours=24)
    with pytest.raises(CannotGoLive):
        go_live(rule_set_id=made.pk, now=NOON)
    proven(made)
    assert go_live(rule_set_id=made.pk, now=NOON).state == RiskRuleSetState.LIVE
    with pytest.raises(BadRiskRules):
        save_rules(rule_set_id=made.pk, weights=weights, review_at=30, hold_at=60, review_hours=24)


def test_the_version_before_is_retired(shop):
    first, second, own = live(countries=1), live(countries=2), live(shop.web, countries=3)
    states = [RiskRuleSet.objects.get(pk=one.pk).state for one in (first, second, own)]
    assert states == ["retired", "live", "live"]
    retire_rules(rule_set_id=own.pk, now=LATER)
    with pytest.raises(BadRiskRules):
        retire_rules(rule_set_id=own.pk, now=LATER)


@pytest.mark.parametrize(
    ("weights", "review_at", "hold_at", "hours"),
    [
        ({}, 60, 60, 24),
        ({}, 30, 60, 0),
        ({"countries": {"points": -1}}, 30, 60, 24),
        ({"trusted": {"points": 1, "limit": 1}}, 30, 60, 24),
        ({"email": {"points": 1, "limit": 0}}, 30, 60, 24),
        ({"moon": {"points": 1}}, 30, 60, 24),
    ],
)
def test_rules_that_make_no_sense_are_refused(shop, weights, review_at, hold_at, hours):
    made = draft()
    with pytest.raises(BadRiskRules):
        save_rules(
            rule_set_id=made.pk,
            weights=weights,
            review_at=review_at,
            hold_at=hold_at,
            review_hours=hours,
        )


def test_a_back_test_shows_what_a_version_would_have_done_beside_the_live_one(shop):
    screen(shop, countries=60)
    shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER, placed_at=NOON, **RISKY)
    shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER, placed_at=NOON, email="b@x.de")
    drain()
    shop.web.is_screened = False
    unscored = shop.order(
        (shop.mug, 1),
        when_short=WhenShort.BACKORDER,
        placed_at=NOON,
        email="c@x.de",
        billing_address=PARIS_ADDRESS,
        shipping_address=BERLIN_ADDRESS,
    )
    made = draft(countries=40)
    request_backtest(rule_set_id=made.pk, days=7, user=None, now=LATER)
    drain_all()
    test = RiskBacktest.objects.get(rule_set=made)
    assert (test.orders, test.changed) == (3, 2)
    assert test.outcomes == {"pass": 1, "review": 2, "hold": 0}
    assert test.outcomes_beside == {"pass": 1, "review": 0, "hold": 2}
    assert sum(test.scores) == 3
    assert test.scores[4] == 2
    change = test.changes.get(order=unscored)
    assert (change.score, change.score_beside, change.outcome) == (40, 60, "review")


def test_a_back_test_asks_for_days(shop):
    with pytest.raises(BadRiskRules):
        request_backtest(rule_set_id=draft().pk, days=0, user=None, now=LATER)
    with pytest.raises(BadRiskRules):
        request_backtest(rule_set_id=0, days=9, user=None, now=LATER)
