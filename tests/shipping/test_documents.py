"""The papers of shipping: right content, in bin order, and a label at its true size."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from core import documents
from core.document_batches import merge
from core.listing.bulk import Preview
from orders.models import NoteKind
from orders.services import add_note
from shipping.documents import LABEL, PACKING_SLIP, PICK_LIST, SHIPPING_RECEIPT
from shipping.models import Shipment
from shipping.selectors.work import bin_key, in_bin_order
from shipping.services import void_labels
from shipping.tables import PrintPickLists, WorkList
from tests.cast import NOON
from tests.shipping.factories import (
    dispatched,
    labelled,
    make_picker,
    packed,
    paid_order,
    put_in_bin,
    work_of,
)

pytestmark = pytest.mark.django_db
needs_pdf = pytest.mark.skipif(
    not documents.pdf_available(), reason="Pango is missing: " + documents.install_hint()
)


def html(kind, subject_id) -> str:
    return documents.html_of(documents.request(kind, subject_id))


def test_bins_come_in_the_order_of_a_walk():
    assert sorted(["A-10", "", "B-1", "A-2", "a-1"], key=bin_key) == [
        "a-1",
        "A-2",
        "A-10",
        "B-1",
        "",
    ]


def test_a_pick_list_names_bins_in_order_with_bar_codes(stocked):
    put_in_bin(stocked, stocked.mug, "A-10")
    put_in_bin(stocked, stocked.shirt, "A-2")
    order = paid_order(stocked, (stocked.mug, 2), (stocked.shirt, 1))
    add_note(order_id=order.pk, text="Fragile", kind=NoteKind.PACKING, now=NOON)
    text = html(PICK_LIST, work_of(order).pk)
    assert text.index("A-2") < text.index("A-10")
    assert "Bar code 4006381333931" in text
    assert "Fragile" in text


def test_pick_lists_are_printed_along_one_walk(stocked):
    put_in_bin(stocked, stocked.mug, "B-1")
    put_in_bin(stocked, stocked.lamp, "A-1")
    works = [work_of(paid_order(stocked, (one, 1))).pk for one in (stocked.mug, stocked.lamp)]
    assert in_bin_order(works) == works[::-1]


def test_a_packing_slip_lists_each_parcel_without_prices(stocked):
    shipment = packed(paid_order(stocked, (stocked.mug, 2)))
    text = html(PACKING_SLIP, shipment.pk)
    assert "Parcel 1 of 1" in text
    assert "€" not in text
    assert shipment.number in text


def test_a_shipping_receipt_says_what_was_handed_over(stocked):
    shipment = dispatched(paid_order(stocked, (stocked.mug, 2)))
    text = html(SHIPPING_RECEIPT, shipment.pk)
    assert shipment.parcels.get().tracking_number in text
    assert "3.90" in text


def test_a_label_carries_the_number_as_a_bar_code(stocked):
    parcel = labelled(paid_order(stocked, (stocked.mug, 1))).parcels.get()
    text = html(LABEL, parcel.pk)
    assert f"Bar code {parcel.tracking_number}" in text
    assert "Torstraße 1" in text
    assert "VOID" not in text


def test_a_voided_label_says_so(stocked):
    shipment = labelled(paid_order(stocked, (stocked.mug, 1)))
    void_labels(shipment_id=shipment.pk)
    assert "VOID" in html(LABEL, shipment.parcels.get().pk)


@needs_pdf
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_label_is_a_hundred_by_a_hundred_and_fifty_millimetres(stocked):
    parcel = labelled(paid_order(stocked, (stocked.mug, 1))).parcels.get()
    made = documents.render_now(documents.request(LABEL, parcel.pk))
    reader = PdfReader(BytesIO(documents.content_of(made)))
    box = reader.pages[0].mediabox
    assert len(reader.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in (box.width, box.height)] == [100, 150]


@needs_pdf
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_papers_of_many_are_one_pdf(stocked):
    works = [work_of(paid_order(stocked, (one, 1))).pk for one in (stocked.mug, stocked.lamp)]
    wanted = documents.request_many(PICK_LIST, works)
    for one in wanted:
        documents.render_now(one)
    assert merge(wanted).page_count == 2


def test_bulk_printing_leaves_out_what_is_held(stocked, picker):
    from orders.services import hold_order
    from orders.states import HoldKind
    from shipping.services import start_picking

    order = paid_order(stocked, (stocked.mug, 1))
    start_picking(fulfilment_id=work_of(order).pk, picker=None, now=NOON)
    hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="check", now=NOON)
    paid_order(stocked, (stocked.lamp, 1))
    preview: Preview = PrintPickLists().preview(WorkList.for_user(picker, "").queryset())
    assert (len(preview.eligible), [one.why for one in preview.refused]) == (
        1,
        ["Its order is on hold."],
    )


def test_papers_of_another_location_are_not_seen(stocked):
    stranger = make_picker(stocked.store, "Sam Stranger")
    own = make_picker(stocked.warehouse)
    shipment = dispatched(paid_order(stocked, (stocked.mug, 1)))
    documents.request(PACKING_SLIP, shipment.pk)
    documents.request(PICK_LIST, shipment.fulfilment_id)
    documents.request(LABEL, shipment.parcels.get().pk)
    assert documents.visible_to(own).count() == 3
    assert documents.visible_to(stranger).count() == 0
    assert Shipment.objects.count() == 1
