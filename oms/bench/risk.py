"""Risk rules on labelled orders: how many bad ones are found, at which share looked at, at what cost."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core import jobs
from core.models import Channel
from oms.bench.capture import draft_of
from oms.bench.goods import fill, sku_of
from oms.bench.risky import (
    COUNTED_FROM,
    EXPRESS,
    FORWARDER,
    KINDS,
    RESALE_SKUS,
    Drawn,
    Season,
)
from orders.drafts import DraftLine, OrderDraft, Origin, Past
from orders.models import Order, RiskDecision, RiskListEntry, RiskRuleSet, RiskSignal
from orders.risk import Decision, decide
from orders.selectors.risk.facts import facts_of, usual_amount
from orders.selectors.risk.listed import value_of
from orders.services import place_order, place_orders
from orders.services.screening import draft_rules, go_live, request_backtest, score_order
from orders.states import RiskListKind, RiskOutcome, RiskSignalKind

SEEDS = (7, 19, 23)
BATCH = 150
TIMED = 150
LOOKED_AT = (RiskOutcome.REVIEW, RiskOutcome.HOLD)


def run(*, seconds: float, connections: tuple[int, ...]) -> dict[str, Any]:
    """Every order goes through the database; `seconds` and `connections` mean nothing here."""
    del seconds, connections
    fill()
    now = timezone.now()
    channel = Channel.objects.get(code="bench")
    rules = draft_rules(channel=None, now=now)
    _fill_lists(now)
    counted = _Counted()
    for number, seed in enumerate(SEEDS):
        begins = now - timedelta(days=130 * (len(SEEDS) - number))
        _season(Season(seed, begins), channel, rules, counted)
    return {**counted.as_dict(), "cost": _cost(channel, rules)}


class _Counted:
    """What the first version made of the orders, by their label."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.by_seed: list[dict[str, float]] = []

    def take(self, pairs: Sequence[tuple[Drawn, Decision]]) -> None:
        """Add one season's orders."""
        for drawn, made in pairs:
            self.of[drawn.kind] += 1
            self.found[drawn.kind] += made.outcome in LOOKED_AT
            self.held[drawn.kind] += made.outcome == RiskOutcome.HOLD
        bad = [made for drawn, made in pairs if drawn.kind]
        looked_at = sum(made.outcome in LOOKED_AT for _, made in pairs)
        caught = sum(made.outcome in LOOKED_AT for made in bad)
        self.by_seed.append(
            {
                "recall_percent": _percent(caught, len(bad)),
                "review_rate_percent": _percent(looked_at, len(pairs)),
            }
        )

    def as_dict(self) -> dict[str, Any]:
        every, looked_at = self.of.total(), self.found.total()
        bad = every - self.of[""]
        caught = looked_at - self.found[""]
        return {
            "orders": every,
            "bad_orders": bad,
            "recall_percent": _percent(caught, bad),
            "review_rate_percent": _percent(looked_at, every),
            "held_rate_percent": _percent(self.held.total(), every),
            "precision_percent": _percent(caught, looked_at),
            "recall_by_kind_percent": {
                kind: _percent(self.found[kind], self.of[kind]) for kind in KINDS
            },
            "by_seed": self.by_seed,
        }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _fill_lists(now: datetime) -> None:
    entries = [
        (RiskListKind.FORWARDER, FORWARDER),
        (RiskListKind.EXPRESS, EXPRESS),
        *((RiskListKind.RESALE, sku_of(number)) for number in range(RESALE_SKUS)),
    ]
    RiskListEntry.objects.bulk_create(
        RiskListEntry(kind=kind, value=value_of(kind, text), added_at=now) for kind, text in entries
    )


def _season(season: Season, channel: Channel, rules: RiskRuleSet, counted: _Counted) -> None:
    """Place a season, tell what was told of its payments, and score what comes after its first days."""
    _place(list(season.earlier()), channel, is_past=True)
    drawn = season.orders()
    _dispute(season, channel)
    orders = _place(drawn, channel)
    _decline(zip(orders, drawn, strict=True))
    counts_from = season.begins + timedelta(days=COUNTED_FROM)
    usual = {channel.pk: usual_amount(channel.pk, before=counts_from).most}
    pairs = [
        (order, one) for order, one in zip(orders, drawn, strict=True) if one.at >= counts_from
    ]
    scored: list[tuple[Drawn, Decision]] = []
    for start in range(0, len(pairs), BATCH):
        chunk = pairs[start : start + BATCH]
        facts = facts_of([order.pk for order, _ in chunk], usual=usual)
        scored += [(one, decide(facts[order.pk], rules.version)) for order, one in chunk]
    counted.take(scored)


def _place(drawn: Sequence[Drawn], channel: Channel, *, is_past: bool = False) -> list[Order]:
    placed: list[Order] = []
    for start in range(0, len(drawn), BATCH):
        drafts = [_draft(one, channel, is_past=is_past) for one in drawn[start : start + BATCH]]
        placed += place_orders(drafts, now=timezone.now())
    return placed


def _draft(one: Drawn, channel: Channel, *, is_past: bool) -> OrderDraft:
    done = Past(captured=one.amount, completed_at=one.at) if is_past else Past()
    return OrderDraft(
        channel=channel,
        currency="EUR",
        email=one.email,
        phone=one.phone,
        billing_address=one.billing,
        shipping_address=one.shipping,
        shipping_method=one.method,
        placed_at=one.at,
        origin=Origin(one.network),
        takes_stock=False,
        is_historical=is_past,
        past=done,
        lines=(
            DraftLine(sku=sku_of(one.sku), quantity=1, unit_price=one.amount, shipped=int(is_past)),
        ),
    )


def _dispute(season: Season, channel: Channel) -> None:
    """An order of two months before by everybody who disputed one."""
    buyers = [season.random.choice(season.buyers) for _ in season.cheated]
    drawn = [
        Drawn(
            at=season.begins - timedelta(days=60),
            email=email,
            phone=buyer.phone,
            network=buyer.network,
            billing=buyer.home,
            shipping=buyer.home,
            amount=Decimal(80),
            sku=1,
        )
        for email, buyer in zip(sorted(season.cheated), buyers, strict=True)
    ]
    _tell(
        (order, RiskSignalKind.DISPUTED, season.begins - timedelta(days=20))
        for order in _place(drawn, channel)
    )


def _decline(pairs: Iterable[tuple[Order, Drawn]]) -> None:
    _tell(
        (order, RiskSignalKind.DECLINED, one.at + timedelta(seconds=number))
        for order, one in pairs
        for number in range(one.declines)
    )


def _tell(told: Iterable[tuple[Order, RiskSignalKind, datetime]]) -> None:
    RiskSignal.objects.bulk_create(
        RiskSignal(order=order, kind=kind, ref=f"{order.pk}:{number}", occurred_at=at, told_at=at)
        for number, (order, kind, at) in enumerate(told)
    )


def _cost(channel: Channel, rules: RiskRuleSet) -> dict[str, Any]:
    """What scoring an order costs beside placing one, each in a transaction of its own, in this run.
    Placing with and without the check take turns, so that whatever else the machine does meets both.
    """
    _let_live(rules)
    placing: dict[bool, list[float]] = {True: [], False: []}
    took = []
    for number in range(2 * TIMED):
        channel.is_screened = is_screened = bool(number % 2)
        order, ms = _place_timed(channel, number)
        placing[is_screened].append(ms)
        if is_screened:
            began = time.perf_counter()
            score_order(order_id=order.pk, now=timezone.now())
            took.append(1000 * (time.perf_counter() - began))
    with_check, scoring = _middle(placing[True]), _middle(took)
    return {
        "orders_behind": Order.objects.count(),
        "decisions": RiskDecision.objects.count(),
        "placing_ms": round(with_check, 2),
        "placing_without_check_ms": round(_middle(placing[False]), 2),
        "scoring_ms": round(scoring, 2),
        "scoring_to_placing": round(scoring / with_check, 3),
    }


def _let_live(rules: RiskRuleSet) -> None:
    now = timezone.now()
    request_backtest(rule_set_id=rules.pk, days=1, user=None, now=now)
    jobs.run_due()
    go_live(rule_set_id=rules.pk, now=now)


def _place_timed(channel: Channel, number: int) -> tuple[Order, float]:
    lines = [(number + step) % 1000 for step in range(0, 1000, 200)]
    draft = replace(draft_of(channel, lines), email=f"cost-{number}@example.com")
    began = time.perf_counter()
    order = place_order(draft, now=timezone.now())
    return order, 1000 * (time.perf_counter() - began)


def _middle(took: Sequence[float]) -> float:
    return sorted(took)[len(took) // 2]
