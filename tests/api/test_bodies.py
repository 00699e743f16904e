"""Bodies that are no good are refused with a pointer and a code, and never break anything."""

import pytest

from core.api.errors import Refused
from core.api.reading import read_json


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "invalid"),
        (b"{", 400, "bad_json"),
        (b"\xff\xfe{}", 400, "bad_json"),
        (b'{"text": "a", "text": "b"}', 400, "name_twice"),
        (b'{"text": NaN}', 400, "bad_number"),
        (b'{"text": -Infinity}', 400, "bad_number"),
        (b'{"text": 1e400}', 400, "bad_number"),
        (b'{"text": 1e999999999}', 400, "bad_number"),
        (b'{"text": ' + b"9" * 5000 + b"}", 400, "bad_number"),
        (b"[" * 40 + b"]" * 40, 400, "too_deep"),
        (b"[" * 10_000 + b"]" * 10_000, 400, "too_deep"),
        (b'{"text": "a\\u0000b"}', 422, "invalid"),
        (b'{"text": "\\ud800"}', 422, "invalid"),
        (b'{"a\\u0000b": "c"}', 422, "invalid"),
        (b'"' + b"x" * 2_200_000 + b'"', 413, "too_large"),
        (b'{"text": "a", "total": "0.00"}', 422, "invalid"),
        (b'{"text": null}', 422, "invalid"),
        (b"[]", 422, "invalid"),
    ],
)
def test_a_bad_body_is_refused(program, shop, body, status, code):
    order = shop.order((shop.mug, 1), when_short="backorder")
    answer = program().send(f"/orders/{order.pk}/notes", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_every_field_has_its_pointer(program, shop):
    order = shop.order((shop.mug, 1), when_short="backorder")
    answer = program().send(f"/orders/{order.pk}/tags", {"add": ["", "ok"], "status": "paid"})
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("#/add/0", "string_too_short"),
        ("#/status", "extra_forbidden"),
    ]


def test_a_text_that_cannot_be_stored_has_its_pointer():
    with pytest.raises(Refused) as refusal:
        read_json(b'{"lines": [{"sku": "ok"}, {"a/b": "\\udc00"}]}')
    assert [one.pointer for one in refusal.value.errors] == ["#/lines/1/a~1b"]


def test_a_whole_pair_of_surrogates_is_text():
    assert read_json(b'{"text": "\\ud83d\\ude00"}') == {"text": "\U0001f600"}


def test_a_body_must_say_that_it_is_json(program, shop):
    tool = program()
    answer = tool.http.post("/api/v1/orders/1/notes", {"text": "a"})
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


def test_parameters_are_judged_too(program):
    tool = program()
    for query in (
        {"limit": "0"},
        {"limit": "x"},
        {"state": "lost"},
        {"colour": "red"},
        {"cursor": "!!"},
        {"cursor": "WzFd"},
        {"customer_id": "9" * 30},
    ):
        answer = tool.get("/orders", **query)
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, *query)
    assert tool.get("/orders", number="a\x00b").status_code == 400
    assert tool.get("/orders/99999999999999999999999").status_code == 422


def test_an_address_that_is_none_is_a_problem_too(program):
    tool = program()
    assert tool.get("/nothing").json()["code"] == "not_found"
    missing = tool.send("/orders/1", {}, method="delete")
    assert (missing.status_code, missing["Allow"], missing.json()["code"]) == (
        405,
        "GET",
        "method_not_allowed",
    )


@pytest.mark.parametrize("body", [b'{"due_on": "2099-01-01"}', b"[1]", b'"x"', b"{"])
def test_a_body_where_none_is_taken_is_not_ignored(program, shop, body):
    order = shop.order((shop.mug, 1), when_short="backorder")
    answer = program().send(f"/orders/{order.pk}/confirmation", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#")
    for nothing in (b"", b"{}", b" null "):
        assert program().send(f"/orders/{order.pk}/confirmation", nothing).status_code == 200
