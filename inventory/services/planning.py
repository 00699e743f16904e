"""The plan of every night: demand foretold, order-up-to levels, what to order, what runs low."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from inventory.errors import CannotPlan
from inventory.forecasting.foretelling import DAYS_A_WEEK, Foretold, foretell
from inventory.forecasting.lead_time import Outlook, order_up_to
from inventory.forecasting.ordering import z_rule
from inventory.models import Forecast, ReorderRule, SupplierItem
from inventory.selectors.demand_history import Pair, wanted_by_day
from inventory.selectors.planning import (
    REMEMBERED_DAYS,
    LeadTime,
    Rules,
    measured_lead_times,
    preferred_items,
    reorder_rules,
    variants_to_plan,
)
from inventory.selectors.supply import Standing, standings
from inventory.services.alerting import tell_low_stock
from inventory.services.suggesting import Need, Wanted, keep_suggestions, needs_of

VARIANTS_AT_ONCE = 1_000
SHOWN_WEEKS = 26
UNTOLD_LEAD_DAYS = 14.0  # where nobody is known to sell it
PLAN_LOCK = 7_303_001


@dataclass(frozen=True)
class Planned:
    """What a plan came to: pairs of variant and location, open suggestions, and what runs low."""

    pairs: int
    suggestions: int
    low: int


@transaction.atomic
def plan_replenishment(*, now: datetime) -> Planned:
    """Foretell demand of all that has a reorder rule and renew what is suggested. Safe to repeat.

    Raises CannotPlan while another plan is being made. Queries grow with thousands of variants, not
    with variants.
    """
    _lock_plan()
    rules, measured = reorder_rules(), measured_lead_times()
    today = timezone.localdate(now)
    variants = variants_to_plan() if rules.own or rules.of_place else []
    wanted: list[Wanted] = []
    pairs, low = 0, []
    for start in range(0, len(variants), VARIANTS_AT_ONCE):
        needs = _plan_some(variants[start : start + VARIANTS_AT_ONCE], rules, measured, today, now)
        pairs += len(needs)
        wanted += needs_of(needs)
        low += [need for need in needs if need.runs_out(today)]
    Forecast.objects.filter(made_at__lt=now).delete()
    kept = keep_suggestions(wanted, today=today, now=now)
    tell_low_stock(low)
    return Planned(pairs, kept, len(low))


def _lock_plan() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PLAN_LOCK])
        if not cursor.fetchone()[0]:
            raise CannotPlan("A plan is being made at this moment; look again in a minute.")


def _plan_some(
    variants: Sequence[int],
    rules: Rules,
    measured: dict[int, LeadTime],
    today: date,
    now: datetime,
) -> list[Need]:
    """Forecast some variants wherever they are planned, and say how they stand."""
    history = wanted_by_day(variants, until=today, days=REMEMBERED_DAYS)
    standing = standings(variants)
    chosen = _pairs(variants, rules, {*history, *standing})
    if not chosen:
        return []
    items = preferred_items(variants)
    nothing = np.zeros(REMEMBERED_DAYS)
    table = np.stack([history.get(pair, nothing) for pair, _ in chosen])
    leads = [_lead(items.get(variant), measured) for (variant, _), _ in chosen]
    horizons = [lead.days + rule.review_days for lead, (_, rule) in zip(leads, chosen, strict=True)]
    told = foretell(table, horizon=np.ceil(horizons))
    weeks = table[:, -SHOWN_WEEKS * DAYS_A_WEEK :].reshape(len(chosen), SHOWN_WEEKS, -1).sum(axis=2)
    forecasts = [
        _forecast(
            pair,
            rule,
            told=told,
            row=row,
            lead=leads[row],
            weeks=weeks[row].astype(int).tolist(),
            now=now,
        )
        for row, (pair, rule) in enumerate(chosen)
    ]
    _write(forecasts)
    return [
        Need(
            forecast=forecast,
            rule=rule,
            standing=standing.get(pair, Standing()),
            item=items.get(pair[0]),
        )
        for forecast, (pair, rule) in zip(forecasts, chosen, strict=True)
    ]


def _pairs(
    variants: Sequence[int], rules: Rules, known: set[Pair]
) -> list[tuple[Pair, ReorderRule]]:
    """What is planned: pairs with a rule of their own, and those known at a place with a rule."""
    of_these = set(variants)
    pairs = {pair for pair in (*rules.own, *known) if pair[0] in of_these}
    return [(pair, rule) for pair in sorted(pairs) if (rule := rules.of(pair)) is not None]


def _lead(item: SupplierItem | None, measured: dict[int, LeadTime]) -> LeadTime:
    if item is None:
        return LeadTime(UNTOLD_LEAD_DAYS)
    return measured.get(item.supplier_id) or LeadTime(float(item.days))


def _forecast(
    pair: Pair,
    rule: ReorderRule,
    *,
    told: Foretold,
    row: int,
    lead: LeadTime,
    weeks: list[int],
    now: datetime,
) -> Forecast:
    """One row of the forecasts, and the stock that its rule asks for."""
    outlook = Outlook(
        rate=float(told.rate[row]),
        variance=float(told.variance[row]),
        lead_days=lead.days,
        lead_variance=lead.variance,
        days_seen=int(told.days_seen[row]),
    )
    whole = replace(outlook, review_days=float(rule.review_days))
    target = float(rule.target_fill) / 100
    most = float("inf") if rule.maximum is None else rule.maximum
    point = int(min(max(order_up_to(outlook, target=target), rule.minimum), most))
    level = int(min(max(order_up_to(whole, target=target), point), most))
    interval = float(told.pattern.interval[row])
    return Forecast(
        variant_id=pair[0],
        location_id=pair[1],
        kind=told.pattern.kind[row],
        method=told.method[row],
        rate=outlook.rate,
        variance=outlook.variance,
        interval=interval if isfinite(interval) else None,
        variability=float(told.pattern.variability[row]),
        weeks=weeks,
        lead_days=lead.days,
        lead_variance=lead.variance,
        target_fill=rule.target_fill,
        reorder_point=point,
        order_up_to=level,
        z_level=z_rule(whole, target=target),
        made_at=now,
    )


def _write(forecasts: list[Forecast]) -> None:
    fields = [
        field.name
        for field in Forecast._meta.concrete_fields
        if field.name not in {"id", "variant", "location"}
    ]
    Forecast.objects.bulk_create(
        forecasts,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["variant", "location"],
        update_fields=fields,
    )
