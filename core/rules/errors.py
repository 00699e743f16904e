"""Refusals about rules, worded once."""

from core.errors import DomainError, NotPossible


class BadRule(DomainError):
    """What the rule says cannot be: a field, an operator or an action that is not known."""

    code = "bad_rule"


class RuleLoops(DomainError):
    """What the rule does would start it again."""

    code = "rule_loops"


class NoSuchRule(DomainError):
    code = "no_such_rule"


class CannotRunRule(NotPossible):
    code = "cannot_run_rule"
