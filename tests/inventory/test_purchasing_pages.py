"""Pages of purchasing and receiving: what they show, to whom, and what they refuse."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import imports
from core.models import ImportRun
from core.rights import Role
from inventory.models import (
    LocationAccess,
    PurchaseOrder,
    Receipt,
    ReceiptDifference,
    Supplier,
    Variant,
)
from inventory.services.landing import add_landed_cost
from inventory.services.posting import Explained, post_receipt
from inventory.states import Difference, SplitBy
from orders.drafts import WhenShort
from tests.cast import NOON, make_user, make_variant
from tests.inventory.buying import again, bought, counted, drafted, make_price, make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def packer(client, shop):
    """A member of the warehouse who works in Berlin, signed in with `client`."""
    user = make_user(Role.WAREHOUSE)
    LocationAccess.objects.create(user=user, location=shop.warehouse)
    client.force_login(user)
    return user


def url(name: str, *args: object) -> str:
    return reverse(f"inventory:{name}", args=args)


def token(**more: object) -> dict[str, object]:
    return {"_once": str(uuid.uuid4()), **more}


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def lines_of(*rows: tuple, initial: int = 0) -> dict[str, object]:
    """What the lines editor sends for (sku, quantity, price) rows."""
    sent: dict[str, object] = {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        for name, value in zip(("sku", "quantity", "unit_cost"), row, strict=False):
            sent[f"lines-{number}-{name}"] = value
    return sent


# --- lists ----------------------------------------------------------------------------------


def with_difference(shop, number: int) -> PurchaseOrder:
    supplier = make_supplier(f"s-{number}", name=f"Supplier {number}")
    order = bought(shop, (shop.mug, 5, "2.00"), supplier=supplier)
    told = {order.lines.get().pk: Explained(Difference.SHORT_SHIPPED)}
    post_receipt(receipt_id=counted(order, 3).pk, explained=told, now=NOON)
    return order


@pytest.mark.parametrize("page", ["supplier_list", "purchase_list", "difference_list"])
def test_a_list_asks_as_much_for_30_rows_as_for_one(as_manager, shop, page):
    with_difference(shop, 0)
    address = url(page) + "?view=all"
    queries(as_manager, address)
    one = queries(as_manager, address)
    for number in range(1, 30):
        with_difference(shop, number)
    assert queries(as_manager, address) == one
    assert len(as_manager.get(address).context["list"].rows) == 30


def test_an_order_s_page_asks_as_much_for_30_lines_and_receipts_as_for_one(as_manager, shop):
    make_price(make_supplier(), shop.mug)

    def order_of(count: int) -> PurchaseOrder:
        start = Variant.objects.count()
        variants = [make_variant(f"V-{start + n}", f"Thing {n}") for n in range(count)]
        order = drafted(shop, *((variant, 5, "2.00") for variant in variants))
        for n in range(count):
            label = f"Cost {n}"
            add_landed_cost(
                order_id=order.pk, label=label, amount=Decimal(3), split_by=SplitBy.VALUE
            )
        PurchaseOrder.objects.filter(pk=order.pk).update(state="approved")
        PurchaseOrder.objects.filter(pk=order.pk).update(state="sent")
        for _ in range(3 if count > 1 else 1):
            post_receipt(receipt_id=counted(again(order), *([1] * count)).pk, now=NOON)
        return order

    first, second = order_of(1), order_of(30)
    queries(as_manager, url("purchase_detail", first.pk))
    one = queries(as_manager, url("purchase_detail", first.pk))
    assert queries(as_manager, url("purchase_detail", second.pk)) == one


def test_a_counted_receipt_asks_as_much_for_30_lines_as_for_one(as_manager, shop):
    small = counted(bought(shop, (shop.mug, 5, "2.00")), 3)
    variants = [make_variant(f"V-{n}", f"Thing {n}") for n in range(30)]
    large = counted(bought(shop, *((variant, 5, "2.00") for variant in variants)), *([3] * 30))
    for page in ("receipt_page", "receipt_review"):
        queries(as_manager, url(page, small.pk))
        assert queries(as_manager, url(page, small.pk)) == queries(as_manager, url(page, large.pk))


def test_late_orders_are_found_and_marked(as_manager, shop, time_machine_now):
    order = bought(shop, (shop.mug, 5, "2.00"), expected_on=NOON.date())
    bought(shop, (shop.mug, 5, "2.00"), expected_on=NOON.date() + timedelta(days=9))
    for query in ({"late": "yes"}, {"q": "is:late"}):
        rows = as_manager.get(url("purchase_list"), query).context["list"].rows
        assert [row.pk for row in rows] == [order.pk]
    assert "2 days late" in as_manager.get(url("purchase_list")).content.decode()


@pytest.fixture
def time_machine_now():
    import time_machine

    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        yield


def test_orders_are_approved_sent_and_closed_in_bulk(as_manager, shop):
    from inventory.tables.purchasing import ApprovePurchases, CloseShort, SendPurchases

    order = drafted(shop, (shop.mug, 5, "2.00"))
    rows = PurchaseOrder.objects.select_related("supplier")
    assert SendPurchases().refusal(rows.get()) == "It is not approved."
    ApprovePurchases().apply(list(rows))
    assert SendPurchases().refusal(rows.get()) is None
    SendPurchases().apply(list(rows))
    assert CloseShort().refusal(rows.get()) is None
    CloseShort().apply(list(rows), reason="Over")
    assert again(order).state == "closed_short"


# --- drafting -------------------------------------------------------------------------------


def test_an_order_is_drafted_with_typed_and_pasted_lines(as_manager, shop):
    supplier = make_supplier()
    make_price(supplier, shop.lamp, "30.00", supplier_sku="NST-L")
    sent = {
        "supplier": supplier.pk,
        "location": shop.warehouse.pk,
        "pasted": "nst-l\t4\nSHIRT-M; 6; 7,50",
        **lines_of(("mug", "10", "2.5"), ("", "", "")),
    }
    response = as_manager.post(url("purchase_create"), token(**sent))
    order = PurchaseOrder.objects.get()
    assert response.url == url("purchase_detail", order.pk)
    assert [(one.sku, one.quantity, one.unit_cost) for one in order.lines.all()] == [
        ("MUG", 10, Decimal("2.5")),
        ("LAMP", 4, Decimal(30)),
        ("SHIRT-M", 6, Decimal("7.5")),
    ]
    assert order.buyer.email == "manager@example.com"


@pytest.mark.parametrize(
    ("row", "pasted", "words"),
    [
        (("NOPE", "1", "1"), "", "No variant has the SKU or barcode “NOPE”."),
        (("MUG", "-1", "1"), "", "Give a whole number of units above zero."),
        (("MUG", "1.5", "1"), "", "Give a whole number of units, such as 12."),
        (("MUG", "NaN", "1"), "", "Give a whole number of units, such as 12."),
        (("MUG", "99999999999", "1"), "", "That is too many; at most 1,000,000 at a time."),
        (("MUG", "1", "NaN"), "", "Give a price, such as 4.20."),
        (("MUG", "1", "-2"), "", "A price cannot be negative."),
        (("MUG", "", "1"), "", "Say how many units."),
        (("MUG", "1", "1"), "MUG -3", "Line 1: “” is no possible quantity"),
        (("MUG", "1", "1"), "MUG, 2.5", "Line 1: “2.5” is no possible quantity"),
        (("MUG", "1", "1"), "MUG, 2, NaN", "Line 1: “NaN” is no price"),
        (("MUG", "1", "1"), "MUG, 2\nHAT, 1", "Line 2: no variant has the SKU “HAT”"),
    ],
)
def test_bad_lines_are_refused_with_a_sentence_and_nothing_is_made(
    as_manager, shop, row, pasted, words
):
    sent = {"supplier": make_supplier().pk, "location": shop.warehouse.pk, "pasted": pasted}
    response = as_manager.post(url("purchase_create"), token(**sent, **lines_of(row)))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not PurchaseOrder.objects.exists()


def test_a_draft_sent_twice_is_made_once(as_manager, shop):
    sent = token(supplier=make_supplier().pk, location=shop.warehouse.pk, **lines_of(("MUG", "1")))
    for _ in range(2):
        assert as_manager.post(url("purchase_create"), sent).status_code == 302
    assert PurchaseOrder.objects.count() == 1


def test_a_draft_is_edited_and_a_stale_edit_is_refused(as_manager, shop):
    order = drafted(shop, (shop.mug, 5, "2.00"))
    page = as_manager.get(url("purchase_edit", order.pk))
    sent = {"version": page.context["version"], "expected_on": "", **lines_of(("MUG", "9", "2"))}
    assert as_manager.post(url("purchase_edit", order.pk), token(**sent)).status_code == 302
    assert order.lines.get().quantity == 9
    stale = as_manager.post(url("purchase_edit", order.pk), token(**sent))
    assert stale.status_code == 409


def test_an_order_goes_its_way_by_its_buttons(as_manager, shop):
    order = drafted(shop, (shop.mug, 5, "2.00"))
    as_manager.post(url("purchase_approve", order.pk), token())
    as_manager.post(url("purchase_reopen", order.pk), token())
    as_manager.post(url("purchase_approve", order.pk), token())
    as_manager.post(url("purchase_send", order.pk), token(by_mail="yes"))
    assert again(order).state == "sent"
    day = {"day": "2027-01-05", "supplier_reference": "A-1", "reason": "Storm"}
    as_manager.post(url("purchase_expect", order.pk), token(**day))
    cost = {"label": "Freight", "amount": "12.50", "split_by": "value"}
    as_manager.post(url("landed_cost_new", order.pk), token(**cost))
    page = as_manager.get(url("purchase_detail", order.pk)).content.decode()
    assert "Freight" in page and "A-1" in page and "orders@nst.example" in page
    as_manager.post(url("purchase_close", order.pk), token(reason="Over"))
    assert again(order).state == "closed_short"


def test_a_delivery_is_announced_by_typing_and_pasting(as_manager, shop):
    order = bought(shop, (shop.mug, 5, "2.00"), (shop.lamp, 3, "9.00"))
    mug = order.lines.get(sku="MUG")
    sent = {"reference": "DN 1", "expected_on": "2026-12-01", f"quantity-{mug.pk}": "2"}
    refused = as_manager.post(url("notice_new", order.pk), token(**sent, pasted="HAT, 1"))
    assert "nothing of “HAT” is still to come" in refused.content.decode()
    as_manager.post(url("notice_new", order.pk), token(**sent, pasted="LAMP, 3"))
    notice = order.notices.get()
    assert [(one.line.sku, one.quantity) for one in notice.lines.all()] == [("MUG", 2), ("LAMP", 3)]
    as_manager.post(url("notice_withdraw", order.pk, notice.pk), token())
    assert not order.notices.exists()


# --- receiving ------------------------------------------------------------------------------


def scan(client, receipt: Receipt, code: str, row: object = "") -> str:
    response = client.post(
        url("receipt_scan", receipt.pk), token(code=code, row=row), HTTP_HX_REQUEST="true"
    )
    return client.get(response.url, HTTP_HX_REQUEST="true").content.decode()


def test_goods_are_received_by_scan_from_the_first_code_to_the_posting(client, packer, shop):
    waiting = shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    order = bought(shop, (shop.mug, 3, "2.00"))
    found = client.post(url("receive_start"), {"code": order.number.lower()})
    assert found.url == url("receive_order", order.pk)
    begun = client.post(url("receive_order", order.pk), token(delivery_note="DN 7"))
    receipt = Receipt.objects.get()
    assert begun.url == url("receipt_page", receipt.pk)
    assert "0 / 3" in client.get(begun.url).content.decode()
    assert "MUG: 1 counted." in scan(client, receipt, "4006381333931")
    assert "No item has the code" in scan(client, receipt, "4711")
    scan(client, receipt, "MUG")
    review = client.get(url("receipt_review", receipt.pk)).content.decode()
    assert "1 short" in review
    line = order.lines.get()
    sent = token(**{f"reason-{line.pk}": "short_shipped", f"note-{line.pk}": "Box open"})
    for _ in range(2):
        posted = client.post(url("receipt_review", receipt.pk), sent)
        assert posted.url == url("receipt_page", receipt.pk)
    assert (shop.level(shop.mug).sellable, again(order).state) == (2, "partly_received")
    page = client.get(posted.url).content.decode()
    assert waiting.number in page and "Box open" in page
    assert ReceiptDifference.objects.get().units == -1


def test_posting_again_from_another_window_changes_nothing(as_manager, shop):
    receipt = counted(bought(shop, (shop.mug, 3, "2.00")), 3)
    for _ in range(2):
        response = as_manager.post(url("receipt_review", receipt.pk), token())
        assert response.url == url("receipt_page", receipt.pk)
    assert shop.level(shop.mug).sellable == 3


def test_the_warehouse_may_not_receive_more_than_is_tolerated_a_manager_may(
    client, packer, manager, shop
):
    receipt = counted(bought(shop, (shop.mug, 3, "2.00")), 5)
    line = receipt.lines.get().line_id
    sent = {f"reason-{line}": "over_shipped"}
    refused = client.post(url("receipt_review", receipt.pk), token(**sent))
    assert refused.status_code == 422
    assert "MUG: 2 more than ordered came, 0 are tolerated." in refused.content.decode()
    client.force_login(manager)
    assert client.post(url("receipt_review", receipt.pk), token(**sent)).status_code == 302
    assert shop.level(shop.mug).sellable == 5


@pytest.mark.parametrize(
    ("tracking", "sent", "words"),
    [
        ("none", {"quantity": "-1"}, "Units are never negative."),
        ("none", {"quantity": "2.5"}, "Give a whole number of units"),
        ("none", {"quantity": "NaN"}, "Give a whole number of units"),
        ("none", {"quantity": "10000000"}, "That is too many"),
        ("lot", {"quantity": "2"}, "Fill this in."),
        ("serial", {"serials": "A 1\nA 1"}, "A serial number stands there twice"),
        ("serial", {"serials": "<b>"}, "is no serial number"),
    ],
)
def test_a_bad_count_is_refused_with_a_sentence(as_manager, shop, tracking, sent, words):
    Variant.objects.filter(pk=shop.mug.pk).update(tracking=tracking)
    receipt = counted(bought(shop, (shop.mug, 3, "2.00")), 0)
    line = receipt.order.lines.get()
    address = url("receipt_count", receipt.pk, line.pk)
    response = as_manager.post(address, token(condition="sellable", **sent))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not receipt.lines.exists()


def test_lot_expiry_bin_and_condition_are_typed_and_taken_back(as_manager, shop):
    Variant.objects.filter(pk=shop.mug.pk).update(tracking="lot")
    receipt = counted(bought(shop, (shop.mug, 3, "2.00")), 0)
    address = url("receipt_count", receipt.pk, receipt.order.lines.get().pk)
    sent = {
        "quantity": "2",
        "condition": "quality_control",
        "lot_code": "L-1",
        "expires_on": "2027-05-01",
        "bin": "A-01",
    }
    response = as_manager.post(address, token(**sent))
    row = receipt.lines.get()
    assert response.url == url("receipt_page", receipt.pk) + f"?row={row.pk}"
    assert "lot <strong>L-1" in as_manager.get(response.url).content.decode()
    as_manager.post(f"{address}?row={row.pk}", token(**{**sent, "quantity": "3"}))
    assert receipt.lines.get().quantity == 3
    as_manager.post(url("receipt_forget", receipt.pk, row.pk), token())
    assert not receipt.lines.exists()
    as_manager.post(url("receipt_discard", receipt.pk), token())
    assert Receipt.objects.get().state == "discarded"


def test_another_location_s_orders_and_receipts_are_not_there(client, packer, shop):
    receipt = counted(bought(shop, (shop.mug, 3, "2.00")), 1)
    LocationAccess.objects.filter(user=packer).update(location=shop.store)
    for address in (
        url("purchase_detail", receipt.order_id),
        url("receipt_page", receipt.pk),
        url("receipt_review", receipt.pk),
        url("receive_order", receipt.order_id),
    ):
        assert client.get(address).status_code == 404
    assert client.get(url("purchase_list") + "?view=all").context["list"].rows == []


def test_the_warehouse_neither_buys_nor_edits_suppliers(client, packer, shop):
    order = drafted(shop, (shop.mug, 3, "2.00"))
    for name, *args in (
        ("purchase_create",),
        ("purchase_edit", order.pk),
        ("supplier_new",),
        ("supplier_edit", order.supplier_id),
        ("purchase_send", order.pk),
    ):
        assert client.get(url(name, *args)).status_code == 403
    assert client.post(url("purchase_approve", order.pk), token()).status_code == 403


# --- suppliers ------------------------------------------------------------------------------


def supplier_sent(**more: object) -> dict[str, object]:
    return {
        "code": "abc",
        "name": "ABC",
        "currency": "eur",
        "lead_time_days": "7",
        "minimum_order": "0",
        "over_tolerance": "5",
        "short_tolerance": "0",
        "is_active": "on",
        **more,
    }


def test_a_supplier_and_its_prices_are_entered_and_shown(as_manager, shop):
    response = as_manager.post(url("supplier_new"), supplier_sent())
    supplier = Supplier.objects.get()
    assert response.url == url("supplier_detail", supplier.pk)
    price = {"sku": "mug", "price": "4.20", "minimum_quantity": "12", "pack_size": "6"}
    as_manager.post(url("price_new", supplier.pk), price)
    item = supplier.items.get()
    assert (item.price, item.pack_size) == (Decimal("4.20"), 6)
    as_manager.post(url("price_edit", supplier.pk, item.pk), {**price, "price": "4.50"})
    assert "€4.50" in as_manager.get(url("supplier_detail", supplier.pk)).content.decode()
    variant = as_manager.get(reverse("inventory:variant_detail", args=[shop.mug.pk]))
    assert "€4.50" in variant.content.decode()
    as_manager.post(url("price_remove", supplier.pk, item.pk))
    assert not supplier.items.exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"currency": "XYZ"}, "is no currency"),
        ({"over_tolerance": "-1"}, "Give 0 or more."),
        ({"country": "Germany"}, "At most 2 characters fit; these are 7."),
        ({"email": "nobody"}, "Give an e-mail address"),
    ],
)
def test_a_supplier_that_makes_no_sense_is_refused(as_manager, more, words):
    response = as_manager.post(url("supplier_new"), supplier_sent(**more))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Supplier.objects.exists()


def test_a_price_list_is_imported_and_bad_rows_are_given_back(shop):
    supplier = make_supplier()
    lines = (
        "supplier,sku,supplier_sku,price,minimum_quantity,pack_size,is_preferred",
        "nst,MUG,M-1,4.20,12,6,yes",
        "nst,LAMP,,30,,,",
        "nst,HAT,,1,,,",
        "abc,MUG,,1,,,",
        "nst,SHIRT-M,,NaN,,,",
        "nst,SHIRT-M,,2,-1,,",
    )

    def run() -> ImportRun:
        return imports.run_here(
            "supplier_prices",
            format="csv",
            name="prices.csv",
            content="\n".join(lines).encode(),
            options={},
        )

    first = run()
    assert (first.created, first.rejected) == (2, 4)
    mug = supplier.items.get(variant=shop.mug)
    assert (mug.price, mug.minimum_quantity, mug.is_preferred) == (Decimal("4.20"), 12, True)
    assert run().unchanged == 2
