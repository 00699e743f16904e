"""Risky orders and versions of the rules, for the walk over all pages."""

from collections.abc import Iterator

from django.utils import timezone

from core.models import Channel
from core.tasks import drain_all
from orders.drafts import Origin, WhenShort
from orders.models import Order, RiskBacktest, RiskListEntry, RiskReview, RiskRuleSet
from orders.selectors.risk.listed import hint_of, value_of
from orders.services import place_order
from orders.services.screening import draft_rules, go_live, request_backtest
from orders.states import RiskListKind
from tests.cast import Shop
from tests.orders.risky import PARIS_ADDRESS

WITHOUT_ARGUMENTS = (
    "orders:risk_queue",
    "orders:risk_rules",
    "orders:risk_entry_list",
    "orders:risk_entry_new",
)


def risk(shop: Shop) -> None:
    """A live version, one order that it holds, one that it lets go on, and a draft under test."""
    now = timezone.now()
    first = draft_rules(channel=None, note="What suits most shops", now=now)
    request_backtest(rule_set_id=first.pk, days=30, user=None, now=now)
    drain_all()
    go_live(rule_set_id=first.pk, now=now)
    Channel.objects.filter(pk=shop.web.pk).update(is_screened=True)
    shop.web.refresh_from_db()
    RiskListEntry.objects.create(
        kind="email",
        value=value_of(RiskListKind.EMAIL, "mallory@mailinator.com"),
        hint=hint_of(RiskListKind.EMAIL, "mallory@mailinator.com"),
        reason="A stolen card",
        added_at=now,
    )
    for email in ("mallory@mailinator.com", "eve@mailinator.com"):
        place_order(
            shop.draft(
                (shop.lamp, 1, "480.00"),
                when_short=WhenShort.BACKORDER,
                email=email,
                customer_name="Mallory Marsh",
                phone="+49 30 1234567",
                billing_address=PARIS_ADDRESS,
                origin=Origin("203.0.113.7", "Mozilla/5.0 (X11; Linux x86_64)"),
            ),
            now=now,
        )
    drain_all()
    Channel.objects.filter(pk=shop.web.pk).update(is_screened=False)
    shop.web.refresh_from_db()
    second = draft_rules(channel=None, note="Softer on countries", now=now)
    weights = {**second.weights, "countries": {"points": 0, "limit": 0}}
    RiskRuleSet.objects.filter(pk=second.pk).update(weights=weights)
    request_backtest(rule_set_id=second.pk, days=30, user=None, now=now)
    drain_all()
    request_backtest(rule_set_id=second.pk, days=7, user=None, now=now)


def pages(page) -> Iterator[tuple[str, str]]:
    held = RiskReview.objects.filter(hold__isnull=False).first()
    yield page("orders:order_detail", held.order_id)
    yield page("orders:order_risk", held.order_id)
    yield page("orders:order_risk", Order.objects.exclude(pk=held.order_id).first().pk)
    for rules in RiskRuleSet.objects.all():
        yield page("orders:risk_rules_detail", rules.pk)
        yield page("orders:risk_rules_edit", rules.pk)
    for test in RiskBacktest.objects.all():
        yield page("orders:risk_backtest", test.pk)
    yield page("orders:risk_entry_edit", RiskListEntry.objects.get(kind="email").pk)
