"""The order of the sourcing rules."""

from django.db import transaction

from core.outbox import publish
from orders.events.sourcing import SourcingRuleChanged
from orders.locks import lock_sourcing_rules
from orders.models import SourcingRule


@transaction.atomic
def move_rule(*, rule_id: int, up: bool) -> SourcingRule:
    """Let a rule be asked before the one above it (or after the one below); at the end it stays."""
    rules = lock_sourcing_rules()
    at = next(place for place, rule in enumerate(rules) if rule.pk == rule_id)
    other = at - 1 if up else at + 1
    moved = rules[at]
    if 0 <= other < len(rules):
        before, beside = moved.position, rules[other]
        moved.position, beside.position = beside.position, before
        SourcingRule.objects.bulk_update([moved, beside], ["position"])
        what = f"moved {'before' if up else 'after'} {beside.name}"
        publish(SourcingRuleChanged(sourcingrule_id=moved.pk, label=moved.name, what=what))
    return moved
