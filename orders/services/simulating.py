"""What-ifs: past orders replayed in another network beside the one there is, asked for and run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from core import clock, jobs
from core.jobs import Handle
from core.models import User
from inventory.models import Location, Variant
from orders.errors import BadWhatIf
from orders.models import ShippingService, SourcingRule, WhatIf
from orders.rights import EDIT_SOURCING
from orders.selectors.past_sourcing import Past, orders_between, read_past
from orders.selectors.what_ifs import changes_in_words
from orders.services.stock_worth import worth_by_place
from orders.sourcing.replaying import Comparison
from orders.sourcing.scenario import Scenario

MOST_DAYS = 365
MOST_ORDERS = 20_000
MOST_PARCELS = 20
MOST_TIMES = Decimal(100)
MOST_MOVES = 20
MOST_MOVED = 1_000_000
STEP = 100
Told = Callable[[int, int], None]  # so many of so many orders are done


@transaction.atomic
def request_what_if(
    *, name: str, days: int, scenario: Scenario, user: User | None, now: datetime
) -> WhatIf:
    """Replay the orders of the last days in a scenario, as a job. Raises BadWhatIf."""
    if not name.strip():
        raise BadWhatIf("Give it a name, to be found by.", field="name")
    check_scenario(scenario, days=days, now=now)
    asked = WhatIf.objects.create(
        name=name.strip()[:100],
        days=days,
        scenario=scenario.as_json(),
        changes=[words[:200] for words in changes_in_words(scenario)],
        asked_by=user,
        asked_at=now,
    )
    asked.job = jobs.start(
        "orders.what_if",
        params={"what_if_id": asked.pk},
        title=f"What if: {asked.name}",
        right=EDIT_SOURCING,
    )
    asked.save(update_fields=["job"])
    return asked


def run_what_if(handle: Handle, *, what_if_id: int) -> str:
    """Replay what was asked for and keep what came of it; started twice, it is run anew until then."""
    asked = WhatIf.objects.get(pk=what_if_id)
    if asked.finished_at:
        return "It was replayed before."
    result = simulate(
        Scenario.from_json(asked.scenario),
        days=asked.days,
        now=asked.asked_at,
        tell=lambda done, total: handle.progress(done, total, "Orders decided again"),
    )
    asked.result, asked.finished_at = result, clock.now()
    asked.save(update_fields=["result", "finished_at"])
    return f"{result['before']['orders']} orders, {result['changed']} decided otherwise."


def simulate(
    scenario: Scenario, *, days: int, now: datetime, tell: Told = lambda _done, _total: None
) -> dict[str, Any]:
    """Both replays side by side (Comparison.as_json): as it is, and as the scenario has it. Writes
    nothing. Raises BadWhatIf.
    """
    check_scenario(scenario, days=days, now=now)
    since = now - timedelta(days=days)
    past = read_past(scenario, since=since, until=now)
    after = replace(past.after, worth=_worth(past, since)) if scenario.worth else past.after
    both = Comparison(past.before, after, past.names)
    for done, order in enumerate(past.orders, start=1):
        both.step(order)
        if done % STEP == 0 or done == len(past.orders):
            tell(done, len(past.orders))
    return both.as_json()


def _worth(past: Past, since: datetime) -> Mapping[str, Mapping[tuple[int, int], int]]:
    """What stock was worth when the orders began to come, by what was asked for before."""
    stock = {(place, variant): units for (variant, place), units in past.before.stock.items()}
    currencies = sorted({order.sending.currency for order in past.orders})
    return {one: worth_by_place(one, now=since, stock=stock) for one in currencies}


def check_scenario(scenario: Scenario, *, days: int, now: datetime) -> None:
    """Refuse what makes no sense, and more orders than can be replayed. Raises BadWhatIf."""
    if not 0 < days <= MOST_DAYS:
        raise BadWhatIf(f"Give from 1 to {MOST_DAYS} days.", field="days")
    for field, factor in (("rates", scenario.rates), ("stock", scenario.stock)):
        if not 0 <= factor <= MOST_TIMES:
            raise BadWhatIf(f"Give a factor from 0 to {MOST_TIMES}.", field=field)
    if scenario.most_parcels is not None and not 0 < scenario.most_parcels <= MOST_PARCELS:
        raise BadWhatIf(f"Give from 1 to {MOST_PARCELS} parcels.", field="most_parcels")
    if scenario.criteria and len(set(scenario.criteria)) < len(scenario.criteria):
        raise BadWhatIf("Name each criterion once.", field="criteria")
    if scenario.without & scenario.added:
        raise BadWhatIf("A location cannot be both left out and added.", field="added")
    _check_named(scenario)
    _check_moves(scenario)
    count = orders_between(now - timedelta(days=days), now).count()
    if count > MOST_ORDERS:
        raise BadWhatIf(
            f"That is {count:,} orders; take fewer days, {MOST_ORDERS:,} can be replayed.",
            field="days",
        )


def _check_named(scenario: Scenario) -> None:
    """Refuse locations, services and rules that are not there."""
    for field, named in (("without", scenario.without), ("added", scenario.added)):
        if named and Location.objects.filter(pk__in=named, is_active=True).count() < len(named):
            raise BadWhatIf("One of the locations is not in use any more.", field=field)
    service = scenario.service_id
    if service is not None and not ShippingService.objects.filter(pk=service).exists():
        raise BadWhatIf("There is no such shipping service.", field="service")
    known = set(SourcingRule.objects.values_list("name", flat=True))
    if unknown := sorted(scenario.rules_off - known):
        raise BadWhatIf(f"There is no sourcing rule “{unknown[0]}”.", field="rules_off")


def _check_moves(scenario: Scenario) -> None:
    """Refuse moves of nothing, to nowhere, and of what is not there. Two queries at most."""
    moves = scenario.moves
    if len(moves) > MOST_MOVES:
        raise BadWhatIf(f"Move stock {MOST_MOVES} times at most.", field="moves")
    for one in moves:
        if one.source == one.target:
            raise BadWhatIf("Stock moves from one location to another.", field="moves")
        if (one.units is None) == (one.share is None):
            raise BadWhatIf("Move either a number of units or a share.", field="moves")
        if one.units is not None and not 0 < one.units <= MOST_MOVED:
            raise BadWhatIf(f"Move from 1 to {MOST_MOVED:,} units.", field="moves")
        if one.share is not None and not 0 < one.share <= 1:
            raise BadWhatIf("Move more than 0 and up to 100 percent.", field="moves")
    places = {pk for one in moves for pk in (one.source, one.target)}
    if Location.objects.filter(pk__in=places, is_active=True).count() < len(places):
        raise BadWhatIf("One of the locations is not in use any more.", field="moves")
    variants = {one.variant_id for one in moves if one.variant_id is not None}
    if Variant.objects.filter(pk__in=variants).count() < len(variants):
        raise BadWhatIf("There are no such goods.", field="moves")
