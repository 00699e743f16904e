"""Requests sent again: done once, answered alike; another body or a race is refused."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.api.client import Client
from core.api.repeating import act_once
from core.models import ApiKey, StoredAnswer
from orders.models import Note
from tests.races import together


@pytest.fixture
def order(shop):
    return shop.order((shop.mug, 1), when_short="backorder")


def test_a_request_sent_again_gets_the_first_answer_and_does_nothing_more(program, order):
    tool = program()
    first = tool.send(f"/orders/{order.pk}/notes", {"text": "Ring twice"}, key="n-1")
    again = tool.send(f"/orders/{order.pk}/notes", {"text": "Ring twice"}, key="n-1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")
    assert again["ETag"] == first["ETag"]
    assert Note.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(program, order):
    tool = program()
    tool.send(f"/orders/{order.pk}/notes", {"text": "Ring twice"}, key="n-1")
    other = tool.send(f"/orders/{order.pk}/notes", {"text": "Knock"}, key="n-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Note.objects.count() == 1


def test_two_keys_of_two_programs_do_not_meet(program, order):
    for tool in (program(), program()):
        assert tool.send(f"/orders/{order.pk}/notes", {"text": "A"}, key="n-1").status_code == 200
    assert Note.objects.count() == 2


def test_a_refusal_of_the_moment_is_not_kept(program, order):
    tool = program()
    hold = {"kind": "operator", "reason": "Look"}
    assert tool.send(f"/orders/{order.pk}/holds", hold, key="h-1").status_code == 200
    assert tool.send(f"/orders/{order.pk}/holds", hold, key="h-2").status_code == 409
    assert list(StoredAnswer.objects.values_list("key", flat=True)) == ["h-1"]


def test_a_wrong_request_is_answered_alike(program, order):
    tool = program()
    for replayed in (None, "true"):
        answer = tool.send(f"/orders/{order.pk}/lines/1/match", {"sku": ""}, key="m-1")
        assert (answer.status_code, answer.get("Idempotent-Replayed")) == (422, replayed)


def test_after_a_day_a_key_is_new(program, order):
    tool = program()
    tool.send(f"/orders/{order.pk}/notes", {"text": "A"}, key="n-1")
    StoredAnswer.objects.update(answered_at=timezone.now() - timedelta(hours=25))
    again = tool.send(f"/orders/{order.pk}/notes", {"text": "B"}, key="n-1")
    assert (again.status_code, again.get("Idempotent-Replayed")) == (200, None)
    assert Note.objects.count() == 2


def test_a_key_must_be_printable(program, order):
    answer = program().send(f"/orders/{order.pk}/notes", {"text": "A"}, key="x" * 201)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_at_work_the_second_is_told_so(program, order):
    """Both are sent at once; whichever is later is refused, or replayed when it came late enough."""
    tool = program()

    def send():
        with connection.execute_wrapper(_slowly):
            return tool.send(f"/orders/{order.pk}/notes", {"text": "A"}, key="n-1")

    answers = together(send, send, send)
    told = sorted((one.status_code, one.get("Idempotent-Replayed", "")) for one in answers)
    assert told.count((200, "")) == 1
    assert {one for one in told if one != (200, "")} <= {(200, "true"), (409, "")}
    assert Note.objects.count() == 1
    assert tool.send(f"/orders/{order.pk}/notes", {"text": "A"}, key="n-1").status_code == 200
    assert Note.objects.count() == 1


def _slowly(execute, sql, params, many, context):
    if "orders_note" in sql and sql.startswith("INSERT"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.4)")
    return execute(sql, params, many, context)


@pytest.mark.django_db(transaction=True)
def test_a_crash_leaves_neither_change_nor_key(program, order, rf):
    program()
    request = rf.post(
        "/x", b"{}", content_type="application/json", headers={"Idempotency-Key": "k"}
    )

    def crash():
        Note.objects.create(order=order, text="A", author_label="", written_at=timezone.now())
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        act_once(request, Client(ApiKey.objects.get()), crash)
    assert (Note.objects.count(), StoredAnswer.objects.count()) == (0, 0)
