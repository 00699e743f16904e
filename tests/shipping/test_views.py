"""Pages of shipping: the way through them, who sees what, and that lists cost the same at any size."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.rights import Role
from inventory.models import LocationAccess
from orders.models import NoteKind
from orders.services import add_note, hold_order
from orders.states import HoldKind
from shipping.models import Label, Shipment
from shipping.services import start_picking
from shipping.states import ShipmentState
from tests.cast import NOON, make_user
from tests.shipping.factories import (
    dispatched,
    fill,
    labelled,
    make_picker,
    packed,
    paid_order,
    picked,
    put_in_bin,
    work_of,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"shipping:{name}", args=args)


def token_of(page):
    return re.search(r'name="_once" value="([^"]+)"', page.content.decode()).group(1)


def post(client, page_name, page_args, name, args, **fields):
    """Open a page as a person does, then send one of its forms with a token of that page."""
    page = client.get(url(page_name, *page_args))
    assert page.status_code == 200
    data = {"_once": token_of(page), **fields}
    return client.post(url(name, *args), data, follow=True)


def on_work(client, work, name, **fields):
    return post(client, "pick_page", [work.pk], name, [work.pk], **fields)


def on_pack(client, work, name, **fields):
    return post(client, "pack_page", [work.pk], name, [work.pk], **fields)


def on_shipment(client, shipment, name, **fields):
    return post(client, "shipment_detail", [shipment.pk], name, [shipment.pk], **fields)


def test_an_order_goes_out_by_the_pages_alone(stocked, as_picker, service):
    put_in_bin(stocked, stocked.mug, "A-01")
    order = paid_order(stocked, (stocked.mug, 2))
    work = work_of(order)
    assert "A-01" in on_work(as_picker, work, "pick_start").content.decode()
    on_work(as_picker, work, "pick_scan", code="A-01")
    for _ in range(2):
        page = on_work(as_picker, work, "pick_scan", code="4006381333931")
    assert "Everything is picked" in page.content.decode()
    page = on_pack(as_picker, work, "pack_scan", code="MUG")
    assert "1 / 2" in page.content.decode()
    on_pack(as_picker, work, "pack_scan", code="MUG")
    parcel = Shipment.objects.get().parcels.get()
    page = on_pack(
        as_picker, work, "pack_finish", **{f"weight_{parcel.pk}": "0.8", "service": service.pk}
    )
    shipment = Shipment.objects.get()
    assert (shipment.state, parcel.shipment_id) == (ShipmentState.PACKED, shipment.pk)
    on_shipment(as_picker, shipment, "labels_buy", service=service.pk)
    page = on_shipment(as_picker, shipment, "shipment_dispatch")
    assert "only a return brings it back" in page.content.decode()
    shipment.refresh_from_db()
    assert shipment.state == ShipmentState.DISPATCHED


def test_a_wrong_item_is_said_in_red_with_the_hook_for_the_sound(stocked, as_picker):
    work = work_of(paid_order(stocked, (stocked.mug, 1)))
    on_work(as_picker, work, "pick_start")
    page = on_work(as_picker, work, "pick_scan", code="LAMP").content.decode()
    assert 'data-flash="wrong" role="alert"' in page
    assert "LAMP is not on this list" in page
    assert "0 / 1" in page


def test_a_scan_answers_a_scanner_with_the_part_that_changes(stocked, as_picker):
    work = work_of(paid_order(stocked, (stocked.mug, 1)))
    page = on_work(as_picker, work, "pick_start")
    answer = as_picker.post(
        url("pick_scan", work.pk),
        {"_once": token_of(page), "code": "MUG"},
        headers={"HX-Request": "true"},
    )
    part = as_picker.get(answer["Location"], headers={"HX-Request": "true"})
    text = part.content.decode()
    assert "<html" not in text
    assert 'id="scan"' in text
    assert 'data-flash="ok"' in text
    assert "HX-Request" in part["Vary"]


def test_one_form_sent_twice_counts_once(stocked, as_picker):
    work = work_of(paid_order(stocked, (stocked.mug, 2)))
    page = on_work(as_picker, work, "pick_start")
    fields = {"_once": token_of(page), "code": "MUG"}
    first, second = (as_picker.post(url("pick_scan", work.pk), fields) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert work.picks.get().lines.get().picked == 1


def test_a_short_pick_by_page_says_so(stocked, as_picker):
    work = work_of(paid_order(stocked, (stocked.mug, 2)))
    on_work(as_picker, work, "pick_start")
    line = work.picks.get().lines.get()
    page = on_work(as_picker, work, "pick_short", line=line.pk, quantity=1, reason="missing")
    assert "1 × MUG: not in its place" in page.content.decode()


def test_undo_quantity_and_put_back_work_by_page(stocked, as_picker):
    work = work_of(paid_order(stocked, (stocked.mug, 2)))
    on_work(as_picker, work, "pick_start")
    line = work.picks.get().lines.get()
    on_work(as_picker, work, "pick_quantity", line=line.pk, quantity=2)
    page = on_work(as_picker, work, "pick_undo")
    assert "Taken back" in page.content.decode()
    page = on_work(as_picker, work, "pick_put_back")
    assert "back in its place" in page.content.decode()


@pytest.mark.parametrize("quantity", ["-1", "many", ""])
def test_a_quantity_that_is_none_is_refused_in_words(stocked, as_picker, quantity):
    work = work_of(paid_order(stocked, (stocked.mug, 2)))
    on_work(as_picker, work, "pick_start")
    line = work.picks.get().lines.get()
    page = on_work(as_picker, work, "pick_quantity", line=line.pk, quantity=quantity)
    assert "Quantity:" in page.content.decode()
    line.refresh_from_db()
    assert line.picked == 0


def test_a_held_order_says_what_to_do_on_every_page(stocked, as_picker):
    order = paid_order(stocked, (stocked.mug, 1))
    work = picked(order)
    fill(work)
    hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="check", now=NOON)
    for name in ("pick_page", "pack_page"):
        assert (
            "is on hold. Put its goods aside" in as_picker.get(url(name, work.pk)).content.decode()
        )


def test_instructions_stand_in_the_way_until_they_are_read(stocked, as_picker, service):
    order = paid_order(stocked, (stocked.mug, 1))
    note = add_note(order_id=order.pk, text="Wrap in tissue", kind=NoteKind.PACKING, now=NOON)
    work = picked(order)
    fill(work)
    parcel = Shipment.objects.get().parcels.get()
    fields = {f"weight_{parcel.pk}": "1", "service": service.pk}
    refused = on_pack(as_picker, work, "pack_finish", **fields)
    assert refused.status_code == 422
    assert "Wrap in tissue" in refused.content.decode()
    on_pack(as_picker, work, "pack_acknowledge", note=note.pk)
    on_pack(as_picker, work, "pack_finish", **fields)
    assert Shipment.objects.get().state == ShipmentState.PACKED


def test_wrong_counts_cannot_be_finished_and_a_part_can_be_sent(stocked, as_picker, service):
    work = picked(paid_order(stocked, (stocked.mug, 2)))
    on_pack(as_picker, work, "pack_scan", code="MUG")
    parcel = Shipment.objects.get().parcels.get()
    fields = {f"weight_{parcel.pk}": "0.5", "service": service.pk}
    assert on_pack(as_picker, work, "pack_finish", **fields).status_code == 422
    on_pack(as_picker, work, "pack_finish", partial="yes", **fields)
    assert Shipment.objects.get().state == ShipmentState.PACKED


@pytest.mark.parametrize("weight", ["0", "-1", "abc", "", "99999"])
def test_an_impossible_weight_comes_back_on_its_field(stocked, as_picker, service, weight):
    work = picked(paid_order(stocked, (stocked.mug, 1)))
    fill(work)
    parcel = Shipment.objects.get().parcels.get()
    page = on_pack(
        as_picker, work, "pack_finish", **{f"weight_{parcel.pk}": weight, "service": service.pk}
    )
    assert page.status_code == 422
    assert f"weight_{parcel.pk}" in page.context["form"].errors


def test_parcels_are_filled_emptied_and_opened_by_page(stocked, as_picker):
    work = picked(paid_order(stocked, (stocked.mug, 3)))
    on_pack(as_picker, work, "pack_rest")
    shipment = Shipment.objects.get()
    parcel = shipment.parcels.get()
    line = work.picks.get().lines.get()
    on_pack(as_picker, work, "pack_quantity", line=line.pk, quantity=1, parcel=parcel.pk)
    on_pack(as_picker, work, "pack_parcel")
    assert shipment.parcels.count() == 2
    on_pack(as_picker, work, "pack_rest")
    assert [one.lines.get().quantity for one in shipment.parcels.all()] == [1, 2]
    post(as_picker, "pack_page", [work.pk], "parcel_empty", [parcel.pk])
    line.refresh_from_db()
    assert line.packed == 2


def test_labels_are_voided_and_parcels_unpacked_by_page(stocked, as_picker):
    shipment = labelled(paid_order(stocked, (stocked.mug, 1)))
    on_shipment(as_picker, shipment, "labels_void")
    on_shipment(as_picker, shipment, "shipment_open")
    on_shipment(as_picker, shipment, "shipment_unpack", reason="crushed")
    shipment.refresh_from_db()
    assert (shipment.state, shipment.cancel_reason) == (ShipmentState.CANCELLED, "crushed")


def test_a_refusal_of_the_carrier_is_shown_with_its_reason(stocked, as_picker, service):
    shipment = packed(paid_order(stocked, (stocked.mug, 1)), weight_g=40_000)
    page = on_shipment(as_picker, shipment, "labels_buy", service=service.pk)
    assert "does not take 40 kg" in page.content.decode()


def test_an_event_is_recorded_by_page_and_the_same_one_only_once(stocked, as_picker):
    parcel = dispatched(paid_order(stocked, (stocked.mug, 1))).parcels.get()
    said = {"status": "in_transit", "occurred_at": "2026-11-19T08:00", "place": "Leipzig"}
    for words in ("Recorded.", "known already"):
        page = post(as_picker, "tracking_add", [parcel.pk], "tracking_add", [parcel.pk], **said)
        assert words in page.content.decode()
    assert parcel.events.count() == 2


def test_an_event_in_the_future_comes_back_on_its_field(stocked, as_picker):
    parcel = dispatched(paid_order(stocked, (stocked.mug, 1))).parcels.get()
    page = post(
        as_picker,
        "tracking_add",
        [parcel.pk],
        "tracking_add",
        [parcel.pk],
        status="delivered",
        occurred_at="2199-01-01T08:00",
    )
    assert page.status_code == 422
    assert "occurred_at" in page.context["form"].errors


def test_the_work_of_another_location_is_not_there(stocked, client):
    stranger = make_picker(stocked.store, "Sam Stranger")
    client.force_login(stranger)
    shipment = dispatched(paid_order(stocked, (stocked.mug, 1)))
    parcel = shipment.parcels.get()
    waiting = work_of(paid_order(stocked, (stocked.lamp, 1)))
    for name, pk in (
        ("pick_page", waiting.pk),
        ("pack_page", waiting.pk),
        ("shipment_detail", shipment.pk),
        ("tracking_add", parcel.pk),
    ):
        assert client.get(url(name, pk)).status_code == 404
    for name, pk in (
        ("pick_start", waiting.pk),
        ("pick_list_request", waiting.pk),
        ("label_print", parcel.pk),
    ):
        token = "7b0a3a1e-6f0e-4a0c-9d9d-0123456789ab"
        assert client.post(url(name, pk), {"_once": token}).status_code == 404
    for name in ("work_list", "shipment_list"):
        assert list(client.get(url(name), {"per": "25"}).context["list"].rows) == []


def test_a_picker_without_a_location_sees_no_work(stocked, client):
    nobody = make_user(Role.WAREHOUSE)
    client.force_login(nobody)
    work = work_of(paid_order(stocked, (stocked.mug, 1)))
    assert client.get(url("pick_page", work.pk)).status_code == 404
    LocationAccess.objects.create(user=nobody, location=stocked.warehouse)
    assert client.get(url("pick_page", work.pk)).status_code == 200


def test_sales_may_look_and_not_pick(stocked, client, sales):
    client.force_login(sales)
    work = work_of(paid_order(stocked, (stocked.mug, 1)))
    page = client.get(url("pick_page", work.pk))
    assert page.status_code == 200
    assert "Start picking" not in page.content.decode()
    assert client.post(url("pick_start", work.pk)).status_code == 403


def test_papers_are_asked_for_by_page(stocked, as_picker):
    shipment = dispatched(paid_order(stocked, (stocked.mug, 1)))
    parcel = shipment.parcels.get()
    for address in (
        url("pick_list_request", shipment.fulfilment_id),
        url("paper_request", shipment.pk, "packing_slip"),
        url("paper_request", shipment.pk, "shipping_receipt"),
        url("label_print", parcel.pk),
    ):
        answer = as_picker.post(address)
        assert answer.status_code == 302
        assert "document" in answer["Location"]
    assert as_picker.post(url("paper_request", shipment.pk, "invoice")).status_code == 404


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("name", "prepare"),
    [
        ("work_list", work_of),
        ("work_list", picked),
        ("shipment_list", dispatched),
        ("shipment_list", labelled),
    ],
)
def test_a_list_costs_the_same_at_any_length(stocked, as_manager, name, prepare):
    for variant in (stocked.mug, stocked.shirt, stocked.lamp):
        stocked.stock(variant, 50)
    query = url(name) + ("?state=ready&state=picking" if name == "work_list" else "?q=")
    prepare(paid_order(stocked, (stocked.mug, 1)))
    as_manager.get(query)
    one = queries(as_manager, query)
    for _ in range(11):
        prepare(paid_order(stocked, (stocked.mug, 1), (stocked.lamp, 1)))
    assert queries(as_manager, query) == one


@pytest.mark.parametrize("name", ["pick_page", "pack_page", "shipment_detail", "orders"])
def test_a_page_costs_the_same_for_any_number_of_lines(stocked, as_manager, name):
    def cost(*lines):
        order = paid_order(stocked, *lines)
        work = picked(order)
        fill(work)
        if name == "shipment_detail":
            address = url(name, Shipment.objects.latest("pk").pk)
        elif name == "orders":
            address = reverse("orders:order_detail", args=[order.pk])
        else:
            address = url(name, work.pk)
        as_manager.get(address)
        return queries(as_manager, address)

    assert cost((stocked.mug, 1)) == cost(
        (stocked.mug, 1), (stocked.shirt, 2), (stocked.lamp, 3), (stocked.mug, 2)
    )


def test_the_order_page_names_the_next_step(stocked, as_manager):
    order = paid_order(stocked, (stocked.mug, 1))
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert "waits at Berlin to be picked" in page
    assert url("pick_page", work_of(order).pk) in page
    shipment = labelled(order)
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert f"{shipment.number} waits at Berlin to leave" in page


def test_a_pick_is_taken_over_by_page(stocked, as_picker, picker):
    work = work_of(paid_order(stocked, (stocked.mug, 1)))
    start_picking(fulfilment_id=work.pk, picker=None, now=NOON)
    on_work(as_picker, work, "pick_start")
    assert work.picks.get().picker == picker


def test_a_label_that_is_not_there_cannot_be_printed(stocked, as_picker):
    shipment = packed(paid_order(stocked, (stocked.mug, 1)))
    page = as_picker.post(url("label_print", shipment.parcels.get().pk), follow=True)
    assert "has no label yet" in page.content.decode()
    assert not Label.objects.exists()


def test_a_tracking_number_leads_straight_to_its_shipment(stocked, as_manager):
    shipment = dispatched(paid_order(stocked, (stocked.mug, 1)))
    number = shipment.parcels.get().tracking_number
    answer = as_manager.get(url("shipment_list"), {"q": number, "go": "1"})
    assert answer["Location"] == url("shipment_detail", shipment.pk)
