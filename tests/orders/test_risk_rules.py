"""The rules of the risk check by themselves: additive, in any order, the same every time."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.risk import RULES, Facts, Version, Weight, decide, first_weights, version_of
from orders.states import RiskOutcome

FIRST = version_of(first_weights(), 30, 60)
counts = st.integers(0, 20)
amounts = st.decimals(0, 100_000, places=2)
facts = st.builds(
    Facts,
    billing_country=st.sampled_from(["", "DE", "FR"]),
    shipping_country=st.sampled_from(["", "DE", "FR"]),
    postcodes_differ=st.booleans(),
    orders_by_email=counts,
    orders_by_phone=counts,
    orders_by_network=counts,
    declines=counts,
    amount=amounts,
    usual_most=st.none() | amounts,
    currency=st.just("EUR"),
    has_disposable_mail=st.booleans(),
    goes_to_forwarder=st.booleans(),
    disputes=counts,
    good_orders=counts,
    is_first_order=st.booleans(),
    is_express=st.booleans(),
    resale_units=counts,
    blocked=st.lists(st.sampled_from(["phone number", "address"]), unique=True).map(tuple),
)
versions = st.builds(
    lambda weights, review_at, more: Version(tuple(weights), review_at, review_at + more),
    st.tuples(
        *(
            st.builds(
                Weight,
                st.just(rule.code),
                st.integers(0, 200) if rule.points > 0 else st.integers(-200, 0),
                st.integers(1, 10) if rule.limit else st.just(0),
            )
            for rule in RULES
        )
    ),
    st.integers(1, 100),
    st.integers(1, 100),
)
MORE = {
    "orders_by_email": 1,
    "orders_by_phone": 1,
    "orders_by_network": 1,
    "declines": 1,
    "disputes": 1,
    "resale_units": 1,
    "amount": Decimal("10"),
}


@given(facts, versions, st.sampled_from(sorted(MORE)), st.integers(1, 5))
def test_more_evidence_never_lowers_the_score(known, version, name, times):
    worse = replace(known, **{name: getattr(known, name) + MORE[name] * times})
    assert decide(worse, version).score >= decide(known, version).score


@given(
    facts,
    versions,
    st.sampled_from(["postcodes_differ", "has_disposable_mail", "goes_to_forwarder"]),
)
def test_what_is_found_besides_never_lowers_the_score(known, version, name):
    found, not_found = replace(known, **{name: True}), replace(known, **{name: False})
    assert decide(found, version).score >= decide(not_found, version).score


@given(facts, versions)
def test_blocking_a_buyer_never_lowers_the_score(known, version):
    free = replace(known, blocked=())
    assert decide(replace(free, blocked=("address",)), version).score >= decide(free, version).score


@given(facts, versions, st.randoms(use_true_random=False))
def test_the_order_of_the_rules_changes_nothing(known, version, random):
    shuffled = list(version.weights)
    random.shuffle(shuffled)
    other = Version(tuple(shuffled), version.review_at, version.hold_at)
    assert decide(known, other) == decide(known, version)
    assert other.digest == version.digest


@given(facts, versions)
def test_a_decision_is_made_again_from_what_was_kept_of_it(known, version):
    assert decide(Facts.from_json(known.as_json()), version) == decide(known, version)


@given(facts, versions)
def test_the_score_is_the_sum_of_its_reasons_and_never_below_zero(known, version):
    made = decide(known, version)
    assert made.score == max(0, sum(reason.points for reason in made.reasons))
    assert all(reason.sentence for reason in made.reasons)


@pytest.mark.parametrize(
    ("told", "code", "sentence"),
    [
        (
            {"billing_country": "FR", "shipping_country": "DE"},
            "countries",
            "Billed to FR, sent to DE",
        ),
        (
            {"postcodes_differ": True},
            "postcodes",
            "Billed and sent to different postcodes",
        ),
        ({"orders_by_email": 3}, "email", "3 other orders by e-mail within a day"),
        ({"orders_by_phone": 3}, "phone", "3 other orders by phone within a day"),
        (
            {"orders_by_network": 4},
            "network",
            "4 other orders from the same network address within a day",
        ),
        ({"declines": 3}, "declines", "3 payments declined within a day"),
        (
            {"amount": Decimal("501.0000"), "usual_most": Decimal("500"), "currency": "EUR"},
            "amount",
            "501.00 EUR, where 99 of 100 orders of the channel are at most 500.00 EUR",
        ),
        ({"has_disposable_mail": True}, "disposable", "The e-mail address is a throw-away one"),
        ({"goes_to_forwarder": True}, "forwarder", "Sent to a freight forwarder"),
        ({"disputes": 1}, "disputes", "1 payment of this buyer disputed before"),
        (
            {"is_express": True, "is_first_order": True},
            "express",
            "First order, and by express",
        ),
        ({"resale_units": 2}, "resale", "2 units of goods that are easily resold"),
        ({"blocked": ("phone number",)}, "blocked", "Blocked: phone number"),
        ({"good_orders": 2}, "trusted", "2 orders of this buyer went well before"),
    ],
)
def test_every_rule_gives_its_points_and_says_why(told, code, sentence):
    points = next(rule.points for rule in RULES if rule.code == code)
    made = decide(Facts(**told), FIRST)
    assert [(one.code, one.points, one.sentence) for one in made.reasons] == [
        (code, points, sentence)
    ]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"billing_country": "FR"},
        {"orders_by_email": 2, "orders_by_network": 3, "declines": 2},
        {"amount": Decimal("500"), "usual_most": Decimal("500")},
        {"amount": Decimal("500"), "usual_most": None},
        {"is_express": True},
    ],
)
def test_below_its_limit_a_rule_says_nothing(told):
    assert decide(Facts(**told), FIRST).reasons == ()


def test_earlier_orders_speak_for_nobody_who_disputed_one():
    known = Facts(good_orders=9, disputes=1)
    assert [one.code for one in decide(known, FIRST).reasons] == ["disputes"]


def test_the_thresholds_lead_to_review_and_hold():
    assert [
        decide(
            Facts(declines=3, postcodes_differ=more), version_of(first_weights(), at, 35)
        ).outcome
        for more, at in ((False, 31), (False, 30), (True, 30))
    ] == [RiskOutcome.PASS, RiskOutcome.REVIEW, RiskOutcome.HOLD]


def test_a_rule_without_points_is_off():
    weights = {**first_weights(), "declines": {"points": 0, "limit": 1}}
    assert decide(Facts(declines=9), version_of(weights, 30, 60)).reasons == ()
