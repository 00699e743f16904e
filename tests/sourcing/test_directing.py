"""What rules say of an order: the first that applies decides each aspect."""

from orders.sourcing import Criterion
from orders.sourcing.directing import Asked, Directions, Rule, direct

ORDER = Asked(
    channel_id=1,
    country="DE",
    tags=frozenset({"vip"}),
    total=12_000,
    currency="EUR",
    group_id=7,
    category_ids=frozenset({4}),
    is_hazardous=True,
)


def test_without_rules_nothing_is_said():
    assert direct([], ORDER) == Directions()


def test_the_first_rule_that_applies_decides_each_aspect():
    rules = [
        Rule("Swiss orders", countries=frozenset({"CH"}), most_parcels=1),
        Rule("Good customers", group_id=7, is_complete=True),
        Rule("Web", channel_id=1, most_parcels=2, is_complete=False),
        Rule("Everybody", most_parcels=9, not_from=frozenset({3}), leaves_within=1),
    ]
    assert direct(rules, ORDER) == Directions(
        not_from=frozenset({3}),
        most_parcels=2,
        is_complete=True,
        leaves_within=1,
        said_by=("Good customers", "Web", "Everybody"),
    )


def test_where_to_send_from_is_one_aspect():
    rules = [
        Rule("Not the store", not_from=frozenset({2})),
        Rule("Only Berlin", only_from=frozenset({1})),
    ]
    found = direct(rules, ORDER)
    assert (found.only_from, found.not_from, found.said_by) == (
        None,
        frozenset({2}),
        ("Not the store",),
    )


def test_a_rule_may_abstain():
    rules = [Rule("Says nothing"), Rule("Cheapest", criteria=(Criterion.COST,))]
    assert direct(rules, ORDER).said_by == ("Cheapest",)


def test_each_criterion_is_asked():
    said = {
        "country": Rule("r", countries=frozenset({"AT"}), most_parcels=1),
        "tag": Rule("r", tags=frozenset({"wholesale"}), most_parcels=1),
        "channel": Rule("r", channel_id=2, most_parcels=1),
        "group": Rule("r", group_id=8, most_parcels=1),
        "category": Rule("r", category_id=5, most_parcels=1),
        "kits": Rule("r", goods="kits", most_parcels=1),
        "worth more": Rule("r", total_from=12_001, currency="EUR", most_parcels=1),
        "worth less": Rule("r", total_below=12_000, currency="EUR", most_parcels=1),
        "currency": Rule("r", total_from=1, currency="SEK", most_parcels=1),
    }
    assert {name for name, rule in said.items() if rule.applies(ORDER)} == set()
    assert Rule(
        "r", channel_id=1, countries=frozenset({"DE"}), tags=frozenset({"vip", "x"}), group_id=7,
        category_id=4, goods="hazardous", total_from=12_000, total_below=12_001, currency="EUR",
    ).applies(ORDER)  # fmt: skip
