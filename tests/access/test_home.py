"""Home: what waits for a person, for those who can mend it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import attention
from core.attention import AttentionKind
from core.models import AttentionItem
from core.rights import SEE_BACK_OFFICE, SEE_HEALTH
from core.sockets import ALL_CLEAR

pytestmark = pytest.mark.django_db

ODD = AttentionKind("test.odd", "Odd things", "Look at them.", SEE_BACK_OFFICE)
GRAVE = AttentionKind("test.grave", "Grave things", "Mend them.", SEE_HEALTH)


@pytest.fixture(autouse=True)
def kinds():
    attention.register(ODD)
    attention.register(GRAVE)
    yield
    attention._kinds.pop("test.odd")
    attention._kinds.pop("test.grave")


def wait(kind="test.odd", number=1, **more):
    attention.raise_item(
        kind=kind, subject_type="thing", subject_id=number, title=f"Thing {number}", **more
    )
    return AttentionItem.objects.get(kind=kind, subject_id=number)


@pytest.fixture
def page(client, agent):
    client.force_login(agent)
    return lambda query="": client.get(f"/{query}").content.decode()


def test_items_stand_under_their_kind_with_count_and_hint(page):
    for number in range(1, 4):
        wait(number=number, url="/settings/")
    shown = page()
    assert "Odd things" in shown
    assert "Look at them." in shown
    assert '<span class="count"><span class="amount">3</span></span>' in shown
    assert shown.count('class="queue__item"') == 3


def test_an_item_raised_twice_is_one(page):
    wait()
    wait()
    assert AttentionItem.objects.count() == 1


def test_nobody_sees_what_they_cannot_mend(page):
    wait(kind="test.grave")
    assert "Grave things" not in page()
    assert "Nothing needs you" in page()


def test_when_nothing_waits_the_page_says_what_goes_well(page):
    def say(user):
        return "43 orders are on their way."

    ALL_CLEAR.plug(say)
    try:
        assert "43 orders are on their way." in page()
    finally:
        ALL_CLEAR._entries.remove(say)


def test_a_group_shows_five_and_leads_to_the_rest(page):
    for number in range(1, 9):
        wait(number=number)
    shown = page()
    assert shown.count('class="queue__item"') == 5
    assert "?kind=test.odd" in shown
    assert page("?kind=test.odd").count('class="queue__item"') == 8


def test_one_kind_pages_by_its_oldest_first(page):
    for number in range(1, 61):
        wait(number=number)
    first = page("?kind=test.odd")
    last = AttentionItem.objects.order_by("raised_at", "id")[49]
    assert f"after={last.pk}" in first
    second = page(f"?kind=test.odd&after={last.pk}")
    assert second.count('class="queue__item"') == 10


def test_claiming_shows_the_owner_and_mine(client, agent, page):
    item = wait()
    client.post("/attention/", {"claim": item.pk})
    item.refresh_from_db()
    assert item.owner == agent
    assert "Sam Sales" in page("?mine=1")
    wait(number=2)
    assert page("?mine=1").count('class="queue__item"') == 1
    client.post("/attention/", {"let_go": item.pk})
    item.refresh_from_db()
    assert item.owner is None


def test_the_chosen_are_snoozed_until_tomorrow_morning(client, agent, page):
    first, second = wait(number=1), wait(number=2)
    client.post(
        "/attention/?until=tomorrow", {"action": "snooze", "selected": [first.pk, second.pk]}
    )
    first.refresh_from_db()
    local = timezone.localtime(first.snoozed_until)
    assert (local.hour, local.date()) == (8, timezone.localdate() + timedelta(days=1))
    assert "Nothing needs you" in page()


def test_nobody_acts_on_what_they_cannot_mend(client, agent):
    client.force_login(agent)
    item = wait(kind="test.grave")
    client.post("/attention/", {"claim": item.pk})
    item.refresh_from_db()
    assert item.owner is None


def test_home_costs_the_same_with_one_and_with_thirty(page, queries_of):
    wait()
    page()
    few = queries_of("/")
    for number in range(2, 32):
        wait(number=number)
    assert queries_of("/") == few


def test_a_title_full_of_markup_is_shown_as_text(page):
    attention.raise_item(
        kind="test.odd", subject_type="thing", subject_id=9, title="<script>alert(1)</script>"
    )
    assert "<script>alert(1)" not in page()
