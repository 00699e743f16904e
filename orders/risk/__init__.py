"""How risky an order is: additive rules over what is known of it, each with its points and its reason."""

from orders.risk.deciding import Decision, Reason, decide
from orders.risk.facts import Facts
from orders.risk.rules import RULES, Rule, rule_named
from orders.risk.versions import Version, Weight, first_weights, version_of

__all__ = [
    "RULES",
    "Decision",
    "Facts",
    "Reason",
    "Rule",
    "Version",
    "Weight",
    "decide",
    "first_weights",
    "rule_named",
    "version_of",
]
