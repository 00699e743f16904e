"""The audit log and timelines: one stream of what happened, filtered by the address."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import audit_log, outbox, timeline
from core.actors import Actor, ActorKind, acting
from core.audit import record_move
from core.events import SessionsEnded, UserChanged
from core.models import StoredFact
from core.rights import Role
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def tell(user, *, times=1, **more):
    with transaction.atomic():
        outbox.publish_all([SessionsEnded(user_id=user.pk)] * times, **more)


def test_facts_and_state_changes_stand_in_one_stream(as_admin, agent):
    tell(agent)
    record_move(agent, "draft", "open", reason="because")
    page = as_admin.get("/settings/audit/").content.decode()
    assert "Signed out everywhere" in page
    assert "state: draft → open" in page
    assert "because" in page


def test_pages_follow_each_other_without_gap_or_repeat(agent):
    tell(agent, times=70)
    for number in range(60):
        record_move(agent, str(number), str(number + 1))
    seen, start = [], ""
    while True:
        stretch = audit_log.read(audit_log.Wanted(), start=start)
        seen += [(line.fact_id, line.change_id) for line in stretch.lines]
        start = stretch.older
        if not start:
            break
    assert len(seen) == len(set(seen)) == 130


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("subject=user", 2),
        ("subject=order", 0),
        ("actor=user:77", 1),
        ("actor=grace", 1),
        ("name=core.SessionsEnded", 1),
        ("name=state change", 0),
        ("since=2030-01-01", 0),
        ("until=2020-01-01", 0),
        ("start=rubbish", 2),
        ("since=rubbish", 2),
    ],
)
def test_filters_stand_in_the_address(as_admin, agent, query, count):
    with acting(Actor(ActorKind.USER, "77", "Grace")), transaction.atomic():
        outbox.publish(UserChanged(user_id=agent.pk))
    tell(agent)
    response = as_admin.get(f"/settings/audit/?{query}")
    assert response.status_code == 200
    assert len(response.context["stretch"].lines) == count


def test_finance_reads_the_log_and_sales_does_not(client, agent):
    client.force_login(make_user(Role.FINANCE))
    assert client.get("/settings/audit/").status_code == 200
    client.force_login(agent)
    assert client.get("/settings/audit/").status_code == 403


def test_the_database_itself_refuses_to_change_what_happened(agent):
    tell(agent)
    for statement in (
        "UPDATE core_storedfact SET sentence = 'x'",
        "DELETE FROM core_storedfact",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_timeline_groups_by_day(agent):
    with time_machine.travel(timezone.now() - timedelta(days=1), tick=False):
        tell(agent)
    tell(agent)
    days = timeline.page_of([("user", agent.pk)]).days
    assert [day.label for day in days] == ["Today", "Yesterday"]


def test_a_long_timeline_is_read_on_with_a_ticket(client, as_admin, agent):
    tell(agent, times=45)
    first = timeline.page_of([("user", agent.pk)])
    second = client.get("/timeline/older", {"ticket": first.ticket}, headers={"HX-Request": "true"})
    assert second.content.decode().count("timeline__text") == 20
    assert "<html" not in second.content.decode()
    whole = client.get("/timeline/older", {"ticket": first.ticket})
    assert "<html" in whole.content.decode()


def test_a_forged_ticket_reads_nothing(as_admin):
    assert as_admin.get("/timeline/older?ticket=W1siZiJd:abc").status_code == 404


def test_every_change_keeps_the_request_it_came_with(as_admin, agent):
    as_admin.post(
        f"/settings/users/{agent.pk}/sign-out/", headers={"X-Request-ID": "from-the-proxy-1"}
    )
    assert StoredFact.objects.get().request_id == "from-the-proxy-1"
