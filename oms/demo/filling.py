"""Filling the demo: its past by import, its present by the verbs of the people who work there."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from oms.demo.business import trade
from oms.demo.buying import buy
from oms.demo.cataloguing import catalogue
from oms.demo.history import bring_in
from oms.demo.hooking import hook
from oms.demo.moving import move
from oms.demo.planning import plan
from oms.demo.pricing import offer
from oms.demo.promising import look_ahead, measure_past, set_calendar
from oms.demo.recommending import recommend
from oms.demo.risking import risk
from oms.demo.ruling import rule
from oms.demo.sending import ask_what_if, say_where_from
from oms.demo.store import Store
from oms.demo.story import Story
from oms.demo.tracing import trace

DAYS = 90
PAST_SHARE = 0.7  # of the orders came with the former system's export


def fill(
    store: Store, *, count: int, seed: int, now: datetime, refills: bool = True
) -> Iterator[int]:
    """Make `count` orders over the last 90 days; yields how many are there."""
    opened_at = now - timedelta(days=DAYS)
    past = int(count * PAST_SHARE)
    if refills:
        set_calendar(store, opened_at=opened_at, now=now)
    yield from bring_in(store, count=past, seed=seed, opened_at=opened_at, now=now)
    if refills:
        measure_past(store, seed=seed)
    story = Story(store, seed=seed + 1, opened_at=opened_at, now=now, refills=refills)
    for placed in story.tell(count - past):
        yield past + placed
    look_ahead(now=now)
    if refills:
        trade(store, now=now)
        offer(store, now=now)
        buy(store, now=now)
        catalogue(store, now=now)
        trace(store, now=now)
        move(store, now=now)
        plan(store, now=now)
        hook(store, now=now)
        say_where_from(store, now=now)
        rule(now=now)
        risk(store, now=now)
        recommend(now=now)
        ask_what_if(store, now=now)
