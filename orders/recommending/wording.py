"""Why something is suggested, in one sentence."""

from collections.abc import Mapping

from orders.recommending.ranking import Suggestion


def say_why(suggestion: Suggestion, names: Mapping[int, str]) -> str:
    """“34 of 120 orders with Mug had it, too.” `names` are those of what is in the basket."""
    if suggestion.anchor is None:
        plural = "order" if suggestion.count == 1 else "orders"
        return f"A best seller of its category: in {suggestion.count:,} {plural}."
    anchor = names[suggestion.anchor]
    return f"{suggestion.count:,} of {suggestion.of:,} orders with {anchor} had it, too."
