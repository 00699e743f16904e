"""A live version of the risk rules, as tests want one, and orders that it dislikes."""

from datetime import datetime

from core.actors import Actor, ActorKind, acting
from core.models import Channel
from core.tasks import drain_all
from orders.models import RiskRuleSet
from orders.services.screening import draft_rules, go_live, request_backtest, save_rules
from tests.cast import BERLIN_ADDRESS, NOON, Shop

PARIS_ADDRESS = type(BERLIN_ADDRESS)(
    name="Ada Lindqvist", line1="Rue du Port 3", postal_code="75011", city="Paris", country="FR"
)
RISKY = {"billing_address": PARIS_ADDRESS}


def draft(channel: Channel | None = None, *, now: datetime = NOON, **points: int) -> RiskRuleSet:
    """A draft whose rules weigh what `points` says, and nothing else."""
    made = draft_rules(channel=channel, now=now)
    weights = {code: {**told, "points": points.get(code, 0)} for code, told in made.weights.items()}
    return save_rules(
        rule_set_id=made.pk, weights=weights, review_at=30, hold_at=60, review_hours=24
    )


def proven(made: RiskRuleSet, *, now: datetime = NOON) -> RiskRuleSet:
    """The draft after a back-test."""
    with acting(Actor(ActorKind.SYSTEM, "", "System")):
        request_backtest(rule_set_id=made.pk, days=30, user=None, now=now)
    drain_all()
    return made


def live(channel: Channel | None = None, *, now: datetime = NOON, **points: int) -> RiskRuleSet:
    """A live version whose rules weigh what `points` says."""
    return go_live(rule_set_id=proven(draft(channel, now=now, **points), now=now).pk, now=now)


def screen(shop: Shop, **points: int) -> RiskRuleSet:
    """Let the shop's web channel have a risk check."""
    made = live(**points)
    Channel.objects.filter(pk=shop.web.pk).update(is_screened=True)
    shop.web.refresh_from_db()
    return made
