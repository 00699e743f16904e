"""The ranking: deterministic, never what is in the basket, out of stock or below the margin."""

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from orders.recommending import Candidate, Limits, Pair, Seller, Suggestion, recommend, say_why

GOODS = range(1, 13)
LIMITS = Limits(together=2, lift=1.1, margin=Decimal(5), most=4)

histories = st.lists(st.sets(st.sampled_from(GOODS), min_size=1, max_size=5), max_size=30)
baskets = st.lists(st.sampled_from(GOODS), min_size=1, max_size=4, unique=True)
candidates = st.dictionaries(
    st.sampled_from(GOODS),
    st.tuples(
        st.integers(1, 8),  # the product: some goods are variants of the same one
        st.integers(0, 2),
        st.one_of(st.none(), st.decimals(-20, 60, places=1)),
    ),
).map(lambda rows: {pk: Candidate(pk, *row) for pk, row in rows.items()})


def counted(history) -> tuple[list[Pair], list[Seller]]:
    bought = {one: sum(one in goods for goods in history) for one in GOODS}
    pairs = []
    for one, other in combinations(GOODS, 2):
        both = sum(one in goods and other in goods for goods in history)
        if both:
            pairs.append(Pair(one, other, both, bought[one], bought[other]))
            pairs.append(Pair(other, one, both, bought[other], bought[one]))
    return pairs, [Seller(one, count) for one, count in bought.items() if count]


@given(histories, baskets, candidates, st.randoms(use_true_random=False))
def test_the_order_of_what_it_is_asked_with_changes_nothing(history, basket, known, chance):
    pairs, sellers = counted(history)
    first = recommend(basket, pairs, sellers, known, orders=len(history), limits=LIMITS)
    for many in (basket, pairs, sellers):
        chance.shuffle(many)
    items = list(known.items())
    chance.shuffle(items)
    again = recommend(basket, pairs, sellers, dict(items), orders=len(history), limits=LIMITS)
    assert again == first


@given(histories, baskets, candidates)
def test_nothing_is_suggested_that_is_there_or_cannot_or_should_not_be_sold(history, basket, known):
    pairs, sellers = counted(history)
    found = recommend(basket, pairs, sellers, known, orders=len(history), limits=LIMITS)
    assert len(found) <= LIMITS.most
    products = [known[one.id].product for one in found]
    assert len(products) == len(set(products))
    for one in found:
        assert one.id not in basket
        assert known[one.id].free > 0
        assert known[one.id].margin is None or known[one.id].margin >= LIMITS.margin
        assert one.count >= LIMITS.together


@given(histories, baskets)
def test_it_is_what_trying_all_of_them_finds(history, basket):
    """Every goods' best pair, looked for the long way."""
    pairs, sellers = counted(history)
    known = {one: Candidate(one, one, 1) for one in GOODS}
    found = recommend(basket, pairs, sellers, known, orders=len(history), limits=LIMITS)
    scores = {}
    for other in GOODS:
        fitting = [
            (-pair.together / (pair.with_anchor + 20), -pair.together, other, pair.anchor)
            for pair in pairs
            if pair.other == other
            and pair.anchor in basket
            and pair.together >= 2
            and pair.together * len(history) / (pair.with_anchor * pair.with_other) >= 1.1
        ]
        if fitting and other not in basket:
            scores[other] = min(fitting)
    ranked = sorted(scores, key=scores.get)[: LIMITS.most]
    assert [one.id for one in found if one.anchor is not None] == ranked
    assert [one.anchor for one in found][: len(ranked)] == [scores[one][3] for one in ranked]


def test_the_strongest_pair_leads_and_best_sellers_fill_what_is_left():
    pairs = [
        Pair(1, 3, 34, 120, 60),
        Pair(2, 3, 6, 30, 60),
        Pair(2, 4, 15, 30, 40),
        Pair(1, 5, 60, 120, 990),  # half of the orders, yet no more often than by chance
        Pair(1, 6, 4, 120, 5),  # too few to say
    ]
    sellers = [Seller(7, 200), Seller(8, 300), Seller(9, 4), Seller(10, 250)]
    known = {one: Candidate(one, one, 5, Decimal(30)) for one in range(1, 11)}
    known[10] = Candidate(10, 99, 5, Decimal(30))  # a sister of what is in the basket
    found = recommend(
        [1, 2], pairs, sellers, known, orders=1000, products={1, 2, 99}, limits=Limits()
    )
    assert found == [
        Suggestion(4, 2, 15, 30),
        Suggestion(3, 1, 34, 120),
        Suggestion(8, None, 300, 1000),
        Suggestion(7, None, 200, 1000),
    ]
    names = {1: "Mug", 2: "Lamp"}
    assert [say_why(one, names) for one in found[1:3]] == [
        "34 of 120 orders with Mug had it, too.",
        "A best seller of its category: in 300 orders.",
    ]


def test_few_orders_say_less_than_many():
    pairs = [Pair(1, 2, 5, 5, 10), Pair(3, 4, 30, 40, 60)]
    known = {one: Candidate(one, one, 1) for one in (2, 4)}
    found = recommend([1, 3], pairs, [], known, orders=500, limits=Limits())
    assert [one.id for one in found] == [4, 2]
