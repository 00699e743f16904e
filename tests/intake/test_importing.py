"""Files become orders with their dates, states and money; what is broken comes back to be mended."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import imports, timeline
from core.models import AttentionItem, ImportStatus, Message, StoredFact
from core.outbox import drain
from core.tabular import write_table
from customers.models import Customer
from inventory.models import Movement, Variant
from oms.intake.shopify import COLUMNS
from orders.models import Order
from orders.states import FulfilmentStatus, OrderState, PaymentStatus
from payments.models import Payment
from tests.intake.files import DATA, counts, run_import, superstore_map, table_of
from tests.intake.shopify_files import BREAKS, make_export

pytestmark = pytest.mark.django_db


def superstore(**more):
    content = (DATA / "superstore_excerpt.csv").read_bytes()
    return run_import(
        content, format="generic", map=superstore_map(), **{"products": "create", **more}
    )


def shopify(export, **more):
    return run_import(export.write(), **more)


def orders(*heads: dict[str, str], **common: str) -> bytes:
    """A small export: one order per dictionary, with sensible cells where it says nothing."""
    rows = []
    for count, head in enumerate(heads):
        values = {
            "Name": f"#{2001 + count}",
            "Id": str(900 + count),
            "Created at": "2026-09-01 10:00:00 +0200",
            "Financial Status": "paid",
            "Fulfillment Status": "unfulfilled",
            "Currency": "EUR",
            "Total": "20.00",
            "Subtotal": "20.00",
            "Lineitem quantity": "2",
            "Lineitem name": "Mug",
            "Lineitem price": "10.00",
            "Lineitem sku": "MUG",
            "Email": "ada@example.com",
            "Billing Name": "Ada Lindqvist",
            "Shipping Name": "Ada Lindqvist",
            "Shipping Address1": "Torstraße 1",
            "Shipping City": "Berlin",
            "Shipping Country": "DE",
            **common,
            **head,
        }
        rows.append([values.get(name, "") for name in COLUMNS])
    return write_table(COLUMNS, rows)


SENT = {"Fulfillment Status": "fulfilled", "Lineitem fulfillment status": "fulfilled"}


def test_superstore_comes_in_with_dates_states_money_and_products(shop):
    run = superstore()
    assert counts(run) == (5, 0, 0, 0)
    order = Order.objects.get(number="US-2015-108966")
    assert order.state == OrderState.COMPLETED
    assert order.payment_status == PaymentStatus.PAID
    assert order.fulfilment_status == FulfilmentStatus.DELIVERED
    assert order.placed_at == datetime(2015, 10, 10, 22, tzinfo=UTC)  # midnight in Berlin
    assert order.completed_at == datetime(2015, 10, 17, 22, tzinfo=UTC)
    assert (order.total, order.captured) == (Decimal("979.95"), Decimal("979.95"))
    assert order.is_historical
    line = order.lines.get(position=1)
    assert (line.total, line.unit_price) == (Decimal("957.58"), Decimal("348.2100"))
    assert line.variant.product.category.name == "Tables"
    assert order.customer.identities.get().external_id == "SO-20335"
    payment = Payment.objects.get(order=order)
    assert (payment.captured, payment.received_at) == (order.total, order.placed_at)


def test_the_same_file_again_changes_nothing(shop):
    superstore()
    before = list(Order.objects.order_by("pk").values())
    assert counts(superstore()) == (0, 0, 5, 0)
    assert counts(superstore(existing="update")) == (0, 0, 5, 0)
    run = superstore(existing="diff")
    assert (counts(run), run.warnings) == ((0, 0, 5, 0), 0)
    assert list(Order.objects.order_by("pk").values()) == before
    assert Payment.objects.count() == 5


def test_history_sends_no_mail_and_leaves_stock_alone(shop):
    superstore()
    drain()
    assert (Message.objects.count(), Movement.objects.count()) == (0, 0)


def test_an_open_order_takes_stock_and_is_not_confirmed_again(shop):
    shop.stock(shop.mug, 10)
    run_import(orders({}))
    drain()
    order = Order.objects.get()
    assert (order.state, order.number) == (OrderState.OPEN, "#2001")
    assert (order.fulfilment_status, order.units_allocated) == (FulfilmentStatus.ALLOCATED, 2)
    assert order.fulfilments.count() == 1  # paid, so it was handed over
    assert shop.level(shop.mug).allocated == 2
    assert not order.is_historical  # it will be told when it leaves
    assert Message.objects.count() == 0


def test_nasty_cells_and_five_broken_rows(shop):
    export = make_export(300)
    run = shopify(export)
    assert 600 <= run.rows <= 800
    rejected = sum(1 for row in export.rows if row["Name"] in broken_names())
    assert counts(run) == (295, 0, 0, rejected)
    assert run.status == ImportStatus.DONE
    assert Customer.objects.filter(email="buyer0@example.com").count() == 1
    assert Order.objects.filter(lines__sku="00123").exists()
    assert Order.objects.filter(lines__name='=HYPERLINK("x")').exists()


def broken_names() -> set[str]:
    return {f"#{1001 + index}" for index in BREAKS}


def test_the_errors_file_holds_whole_orders_and_is_fed_back_when_mended(shop):
    export, whole = make_export(300), make_export(300, broken=False)
    run = shopify(export)
    errors = imports.errors_file(run)
    rows = table_of(errors)
    assert {row["Name"] for row in rows} == broken_names()
    assert rows == [
        {name: row.get(name, "").strip() for name in COLUMNS}
        for row in export.rows
        if row["Name"] in broken_names()
    ]
    mended = [
        [row.get(name, "") for name in COLUMNS]
        for row in whole.rows
        if row["Name"] in broken_names()
    ]
    assert counts(run_import(write_table(COLUMNS, mended))) == (5, 0, 0, 0)
    assert counts(shopify(whole)) == (0, 0, 300, 0)


def test_the_errors_file_says_row_column_code_and_sentence(shop):
    errors = imports.errors_file(run_import(orders({"Currency": "EURO"}, {})))
    header, row = errors.decode("utf-8-sig").splitlines()[:2]
    assert header.endswith("Payment References,_row,_column,_code,_message")
    assert row.endswith('2,Currency,unknown_currency,"found “EURO”, expected a code such as EUR."')


@pytest.mark.parametrize(
    ("encoding", "delimiter", "newline"),
    [
        ("utf-8-sig", ",", "\r\n"),
        ("utf-16", ";", "\n"),
        ("utf-16-le", "\t", "\r\n"),
        ("cp1252", ";", "\r\n"),
        ("utf-8", ",", "\r"),
    ],
)
def test_any_encoding_and_separator_comes_to_the_same_orders(shop, encoding, delimiter, newline):
    run = run_import(make_export(40).write(encoding=encoding, delimiter=delimiter, newline=newline))
    assert counts(run)[:2] == (40, 0)
    assert Order.objects.get(number="#1001").billing_address["line1"] == "Straße 0"


def test_a_dry_run_finds_the_same_and_keeps_nothing(shop):
    run = shopify(make_export(100), is_dry_run=True)
    assert counts(run)[0] == 98
    assert (Order.objects.count(), Customer.objects.count()) == (0, 0)
    assert imports.errors_file(run) is not None


def test_an_unknown_sku_does_not_lose_the_order(shop):
    run = run_import(orders({"Lineitem sku": "NEW-1"}))
    order = Order.objects.get()
    assert order.unknown_lines == 1
    item = AttentionItem.objects.get(kind="unknown_sku", resolved_at=None)
    assert (item.subject_id, item.title) == (order.pk, "#2001: unknown SKU")
    assert run.issues.get().code == "unknown_sku"


def test_an_unknown_sku_that_was_sent_asks_nobody(shop):
    run_import(orders({"Lineitem sku": "NEW-1", **SENT}))
    assert Order.objects.get().state == OrderState.COMPLETED
    assert AttentionItem.objects.count() == 0


def test_products_may_be_added_from_the_file(shop):
    run_import(orders({"Lineitem sku": "NEW-1", "Vendor": "Quayside"}), products="create")
    variant = Variant.objects.get(sku="NEW-1")
    assert (variant.product.name, variant.product.brand) == ("Mug", "Quayside")
    assert Order.objects.get().unknown_lines == 0


def test_a_cancelled_order_keeps_its_date_and_its_money(shop):
    run_import(
        orders(
            {
                "Cancelled at": "2026-09-02 12:00:00 +0000",
                "Financial Status": "refunded",
                "Refunded Amount": "20.00",
            }
        )
    )
    drain()
    order = Order.objects.get()
    assert order.state == OrderState.CANCELLED
    assert order.cancelled_at == datetime(2026, 9, 2, 12, tzinfo=UTC)
    assert (order.captured, order.refunded, order.balance) == (20, 20, 0)
    assert order.payment_status == PaymentStatus.REFUNDED


def test_a_refund_lowers_what_the_order_is_worth(shop):
    run_import(
        orders({**SENT, "Financial Status": "partially_refunded", "Refunded Amount": "5.00"})
    )
    order = Order.objects.get()
    assert (order.state, order.payment_status) == (
        OrderState.COMPLETED,
        PaymentStatus.PARTIALLY_REFUNDED,
    )
    assert (order.credit_total, order.balance) == (5, 0)


def test_a_total_that_differs_from_its_lines_is_reported_and_not_hidden(shop):
    run = run_import(orders({"Total": "21.00", "Subtotal": "21.00", **SENT}))
    order = Order.objects.get()
    assert (order.total, order.captured, order.payment_status) == (20, 21, PaymentStatus.OVERPAID)
    assert [(one.column, one.code) for one in run.issues.order_by("id")] == [
        ("Subtotal", "subtotal_differs"),
        ("Total", "total_differs"),
    ]


def test_what_was_sent_is_taken_out_of_stock_where_that_is_asked_for(shop):
    shop.stock(shop.mug, 3)
    run = run_import(orders(SENT, SENT), stock="take")
    assert counts(run) == (1, 0, 0, 1)
    assert run.issues.get(is_rejection=True).code == "not_enough_stock"
    assert shop.level(shop.mug).sellable == 1
    movement = Movement.objects.get(quantity=-2)
    assert (movement.reason, movement.reference) == ("shipment", "#2001")


def test_one_refused_order_takes_no_other_with_it(shop):
    heads = [{} for _ in range(20)]
    heads[7] = {"Lineitem quantity": "1000001"}
    heads[13] = {"Lineitem price": "9999999999999", "Lineitem quantity": "500000"}
    run = run_import(orders(*heads))
    assert counts(run) == (18, 0, 0, 2)


def test_a_number_that_is_ours_or_anothers_is_not_taken(shop):
    run_import(orders({"Name": "SO-77"}, {"Name": "1044"}, {"Name": "#5"}))
    assert sorted(Order.objects.values_list("number", flat=True)) == ["#5", "WEB-1044", "WEB-77"]


def test_one_key_for_two_orders_is_refused(shop):
    run = run_import(orders({"Id": "1"}, {"Id": "1"}))
    assert counts(run) == (1, 0, 0, 1)
    assert run.issues.get(is_rejection=True).code == "told_twice"


def test_a_high_risk_is_held_until_people_have_looked(shop):
    shop.stock(shop.mug, 10)
    run_import(orders({"Risk Level": "High"}))
    order = Order.objects.get()
    assert [hold.kind for hold in order.holds.all()] == ["fraud"]
    assert not order.fulfilments.filter(state="ready").exists()


def test_more_statements_are_not_made_for_more_orders(shop):
    run_import(orders({}))

    def statements(count: int, start: int, **rule: str) -> int:
        heads = [{"Name": f"#{start + n}", "Id": str(start + n)} for n in range(count)]
        content = orders(*heads, **SENT)
        with CaptureQueriesContext(connection) as captured:
            run_import(content, batch_size=500, **rule)
        # the job's progress is written by the clock, not by the order
        return sum(1 for one in captured if "core_job" not in one["sql"])

    assert statements(50, 5000) == statements(150, 6000)
    assert statements(50, 5000, existing="diff") == statements(150, 6000, existing="diff")


def test_a_file_without_the_columns_fails_with_a_sentence(shop):
    run = run_import(b"a;b\n1;2\n")
    assert run.status == ImportStatus.FAILED
    assert run.error.startswith("Shopify’s order export needs the columns “Name”, “Created at”")


def test_a_row_with_too_many_cells_is_refused(shop):
    content = orders({}).replace(b"\r\n", b",\r\n", 0).rstrip(b"\r\n") + b",x,y\r\n"
    run = run_import(content)
    assert counts(run) == (0, 0, 0, 1)
    assert run.issues.get().code == "ragged"


def test_too_many_errors_stop_the_run(shop):
    run = run_import(orders(*[{"Currency": "X"} for _ in range(6)]), max_errors=2, batch_size=2)
    assert (run.status, run.rejected) == (ImportStatus.STOPPED, 4)


def test_the_timeline_of_history_tells_when_it_happened(shop):
    run_import(orders({**SENT, "Fulfilled at": "2026-09-03 09:00:00 +0200"}))
    order = Order.objects.get()
    facts = StoredFact.objects.filter(subject_type="order", subject_id=order.pk)
    assert {fact.name: fact.occurred_at for fact in facts} == {
        "orders.OrderPlaced": order.placed_at,
        "orders.OrderCompleted": order.completed_at,
    }
    assert order.completed_at.year == 2026
    assert [day.label for day in timeline.page_of([("order", order.pk)]).days] == [
        f"{moment:%A}, {moment.day} {moment:%B %Y}"
        for moment in (order.completed_at, order.placed_at)
    ]


def test_a_cancelled_order_of_the_past_was_cancelled_then(shop):
    run_import(orders({"Cancelled at": "2026-09-02 12:00:00 +0200"}))
    order = Order.objects.get()
    told = StoredFact.objects.get(subject_id=order.pk, name="orders.OrderCancelled")
    assert told.occurred_at == datetime(2026, 9, 2, 10, tzinfo=UTC)
