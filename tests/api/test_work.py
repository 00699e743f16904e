"""Work by program as by scanner: scans, counts, short picks, serial numbers, several parcels, papers."""

import pytest

from core.rights import Role
from core.tasks import drain_all
from inventory.services import receive_serials
from inventory.states import Tracking
from oms.api import v1
from orders.models import NoteKind
from orders.services import add_note
from tests.cast import NOON, make_user, make_variant, pay
from tests.shipping.factories import make_service, picked, work_of


@pytest.fixture
def tool(program):
    return program()


@pytest.fixture
def order(shop):
    make_service()
    for variant in (shop.mug, shop.lamp):
        shop.stock(variant, 5)
    return pay(shop.order((shop.mug, 2), (shop.lamp, 3)))


def lines_of(work) -> dict[str, int]:
    return {line.order_line.sku: line.pk for line in work.lines.all()}


def test_work_is_scanned_counted_taken_back_and_found_short(tool, order):
    work = work_of(order)
    lines, path = lines_of(work), f"/fulfilments/{work.pk}"
    assert tool.get(path).json()["picks"] == []
    tool.send(f"{path}/start")
    right = tool.send(f"{path}/scan", {"code": "MUG"}).json()
    assert (right["outcome"], right["text"]) == ("item", "MUG: 1 of 2")
    wrong = tool.send(f"{path}/scan", {"code": "NOTHING"}).json()
    assert (wrong["outcome"], wrong["is_refused"]) == ("unknown", True)
    counted = tool.send(f"{path}/picked", {"line_id": lines["LAMP"], "quantity": 2}).json()
    assert counted["text"] == "LAMP: 2 of 3"
    assert tool.send(f"{path}/undo").json()["text"] == "Taken back: LAMP, now 0 of 3"
    many = tool.send(f"{path}/picked", {"line_id": lines["LAMP"], "quantity": 4})
    assert (many.status_code, many.json()["errors"][0]["pointer"]) == (409, "#/quantity")
    short = {"line_id": lines["LAMP"], "quantity": 1, "reason": "missing"}
    assert tool.send(f"{path}/short", short).json()["outcome"] == "short"
    told = {one["line_id"]: one for one in tool.get(path).json()["picks"]}
    assert told[lines["LAMP"]] == {
        "line_id": lines["LAMP"],
        "bin": "",
        "wanted": 2,
        "picked": 0,
        "packed": 0,
        "short": 1,
        "is_numbered": False,
    }
    read = tool.get(f"/orders/{order.pk}").json()["fulfilments"][0]["lines"]
    assert [one["short"] for one in read] == [0, 1]
    again = {**short, "quantity": 3}
    assert tool.send(f"{path}/short", again).json()["code"] == "cannot_pick"


def test_a_short_pick_told_again_under_its_key_is_one(tool, order):
    work = work_of(order)
    path = f"/fulfilments/{work.pk}"
    tool.send(f"{path}/start")
    short = {"line_id": lines_of(work)["LAMP"], "quantity": 1, "reason": "damaged"}
    for _ in range(2):
        assert tool.send(f"{path}/short", short, key="S-1").json()["outcome"] == "short"
    assert sum(one["short"] for one in tool.get(path).json()["picks"]) == 1


def test_measures_are_refused_at_the_parcel_that_they_are_told_of(tool, order):
    path = f"/fulfilments/{picked(order).pk}"
    first = tool.send(f"{path}/pack").json()["parcels"][0]["id"]

    def refused(*boxes) -> tuple[int, str]:
        answer = tool.send(f"{path}/close", {"boxes": [{"weight_g": 5, **one} for one in boxes]})
        return answer.status_code, answer.json()["errors"][0]["pointer"]

    assert refused({"parcel_id": first}, {"parcel_id": first + 1}) == (
        422, "#/boxes/1/parcel_id",
    )  # fmt: skip
    assert refused({"parcel_id": first}, {}) == (422, "#/boxes/1/parcel_id")
    assert tool.send(f"{path}/close", {"boxes": [{"weight_g": 5}]}).json()["state"] == "packed"


def test_a_parcel_without_measures_is_named_and_a_line_packed_twice_is_summed(tool, order):
    work = picked(order)
    lines, path = lines_of(work), f"/fulfilments/{work.pk}"
    twice = [{"line_id": lines["MUG"], "quantity": 1}] * 2
    first = tool.send(f"{path}/pack", {"lines": twice}).json()["parcels"][0]
    assert first["lines"] == [{"line_id": lines["MUG"], "quantity": 2, "serial_numbers": []}]
    tool.send(f"{path}/parcels")
    tool.send(f"{path}/pack")
    refused = tool.send(f"{path}/close", {"boxes": [{"weight_g": 500}]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/boxes")


def test_what_was_found_short_is_not_wanted_any_more(tool, order):
    work = work_of(order)
    path = f"/fulfilments/{work.pk}"
    tool.send(f"{path}/start")
    short = {"line_id": lines_of(work)["LAMP"], "quantity": 3, "reason": "missing"}
    assert tool.send(f"{path}/short", short).json()["outcome"] == "short"
    told = tool.send(f"{path}/pack/scan", {"code": "LAMP"}).json()
    assert (told["is_refused"], "is not wanted in this work any more" in told["text"]) == (
        True, True,
    )  # fmt: skip


def test_a_fulfilment_leaves_in_several_parcels(tool, order):
    add_note(order_id=order.pk, text="Wrap it", kind=NoteKind.PACKING, now=NOON)
    work = picked(order)
    lines, path = lines_of(work), f"/fulfilments/{work.pk}"
    first = tool.send(f"{path}/pack", {"lines": [{"line_id": lines["MUG"], "quantity": 2}]}).json()[
        "parcels"
    ][0]
    assert first["lines"] == [{"line_id": lines["MUG"], "quantity": 2, "serial_numbers": []}]
    begun = tool.send(f"{path}/parcels")
    assert (begun.status_code, len(begun.json()["parcels"])) == (201, 2)
    second = begun.json()["parcels"][1]["id"]
    assert tool.send(f"{path}/parcels").json()["code"] == "cannot_pack"
    packed = tool.send(f"{path}/pack/scan", {"code": "LAMP", "parcel_id": second}).json()
    assert packed["text"] == "LAMP: 1 of 3 packed"
    rest = tool.send(f"{path}/pack", {"parcel_id": second}).json()
    assert tool.send(f"{path}/pack/scan", {"code": "MUG"}).json()["outcome"] == "too_many"
    boxes = {"boxes": [{"parcel_id": pk, "weight_g": 500} for pk in (first["id"], second)]}
    unread = tool.send(f"{path}/close", boxes)
    assert unread.status_code == 409
    (note,) = tool.get(path).json()["instructions"]
    assert (note["text"], note["is_read"]) == ("Wrap it", False)
    read = tool.send(f"{path}/instructions", {"note_ids": [note["id"]]}).json()
    assert (read["instructions"][0]["is_read"], read["shipment_id"]) == (True, rest["id"])
    closed = tool.send(f"{path}/close", boxes).json()
    counts = [sum(line["quantity"] for line in one["lines"]) for one in closed["parcels"]]
    assert (closed["state"], counts) == ("packed", [2, 3])


def test_a_parcel_is_emptied_and_its_units_are_in_hand(tool, order):
    work = picked(order)
    path = f"/fulfilments/{work.pk}"
    parcel = tool.send(f"{path}/pack").json()["parcels"][0]
    assert tool.send(f"/parcels/{parcel['id']}/empty").json()["parcels"] == []
    assert [one["packed"] for one in tool.get(path).json()["picks"]] == [0, 0]


def test_units_with_serial_numbers_are_scanned_into_the_parcel(tool, shop):
    make_service()
    drill = make_variant("DRILL", "Drill", tracking=Tracking.SERIAL)
    shop.stock(drill, 2)
    receive_serials(variant=drill, location=shop.warehouse, codes=["A-1", "A-2"], now=NOON)
    work = picked(pay(shop.order((drill, 2))), make_user(Role.ADMIN))
    path = f"/fulfilments/{work.pk}"
    assert tool.send(f"{path}/pack").json()["detail"] == (
        "Scan the serial number of each unit that goes into the parcel."
    )
    assert tool.send(f"{path}/pack/scan", {"code": "DRILL"}).json()["outcome"] == "wrong"
    told = [tool.send(f"{path}/pack/scan", {"code": code}).json() for code in ("A-1", "A-1", "A-2")]
    assert [one["outcome"] for one in told] == ["item", "too_many", "item"]
    shipment = tool.get(f"/shipments/{told[-1]['work']['shipment_id']}").json()
    assert shipment["parcels"][0]["lines"][0]["serial_numbers"] == ["A-1", "A-2"]


def test_papers_are_asked_for_and_fetched_when_they_are_made(tool, order):
    work = picked(order)
    asked = tool.send(f"/fulfilments/{work.pk}/pick-list").json()
    assert (asked["label"], asked["status"], asked["content"]) == ("Pick list", "pending", None)
    shipment = tool.send(f"/fulfilments/{work.pk}/pack").json()
    unlabelled = tool.send(f"/parcels/{shipment['parcels'][0]['id']}/label").json()
    assert unlabelled["code"] == "cannot_label"
    for path in (
        f"/shipments/{shipment['id']}/packing-slip",
        f"/shipments/{shipment['id']}/receipt",
        f"/orders/{order.pk}/confirmation",
    ):
        assert tool.send(path).json()["status"] == "pending"


def test_an_order_is_invoiced_once_and_credited_when_it_is_worth_less(tool, order):
    path = f"/orders/{order.pk}"
    stale = tool.send(f"{path}/invoice", match='"999"')
    assert stale.status_code == 412
    made = tool.send(f"{path}/invoice").json()
    assert (made["kind"], made["total"]) == ("invoice", tool.get(path).json()["total"])
    assert tool.send(f"{path}/invoice").json() == made == tool.get(f"/invoices/{made['id']}").json()
    assert tool.send(f"{path}/credit-note").json()["code"] == "cannot_invoice"
    line = order.lines.first()
    tool.send(f"{path}/cancel", {"lines": [{"line_id": line.pk, "quantity": 1}], "reason": "a"})
    drain_all()
    listed = tool.get("/invoices", order_id=order.pk).json()["items"]
    kinds = {one["kind"] for one in listed}
    if kinds == {"invoice"}:
        tool.send(f"{path}/credit-note")
        kinds |= {one["kind"] for one in tool.get("/invoices", order_id=order.pk).json()["items"]}
    assert kinds == {"invoice", "credit_note"}
    assert tool.get(f"/invoices/{made['id']}/paper").json()["label"] == "Invoice"


def test_a_hold_is_claimed_for_a_colleague_who_may_and_watched_by_another(tool, order):
    boss, picker = make_user(Role.MANAGER), make_user(Role.WAREHOUSE, email="petra@example.com")
    path = f"/orders/{order.pk}"
    held = tool.send(f"{path}/holds", {"kind": "fraud", "owner": boss.email}).json()["holds"][0]
    assert order.holds.get().owner == boss
    mine = tool.send(f"{path}/holds/{held['id']}/claim", {"email": picker.email})
    assert mine.json()["code"] == "cannot_assign"
    nobody = tool.send(f"{path}/watchers", {"email": "x@example.com"}).json()
    assert nobody["errors"][0]["pointer"] == "#/email"
    tool.send(f"{path}/watchers", {"email": boss.email})
    assert [one.user for one in order.watchers.all()] == [boss]
    tool.send(f"{path}/watchers", {"email": boss.email, "stops": True})
    assert order.watchers.count() == 0


def test_a_split_is_previewed_and_a_customer_link_made(tool, order):
    line = order.lines.get(sku="MUG")
    seen = tool.send(
        f"/orders/{order.pk}/split/preview", {"lines": [{"line_id": line.pk, "quantity": 1}]}
    ).json()
    assert (seen["units"], seen["currency"]) == (1, "EUR")
    link = tool.send(f"/orders/{order.pk}/link").json()["address"]
    assert "/track/" in link


def test_every_operation_has_a_name_of_its_own():
    paths = v1.get_openapi_schema()["paths"].values()
    names = [told["operationId"] for methods in paths for told in methods.values()]
    assert sorted(set(names)) == sorted(names)
