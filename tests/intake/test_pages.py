"""The same import through the browser, and what people do with orders that are told otherwise."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.jobs import run_due
from core.models import AttentionItem, ImportRun
from oms.runtime.layout import ROOT
from orders.models import Order
from tests.intake.files import DATA, counts, run_import, superstore_map
from tests.intake.test_importing import orders

pytestmark = pytest.mark.django_db


def upload(client, content: bytes, **words):
    values = {
        "file": SimpleUploadedFile("orders.csv", content),
        "format": "shopify",
        "channel": "web",
        "existing": "skip",
        "products": "attention",
        "stock": "skip",
        "map": "",
        "import": "1",
        **words,
    }
    return client.post(reverse("import_new") + "?kind=orders", values)


def test_a_file_is_imported_by_the_worker_and_its_page_says_how_it_went(shop, as_manager):
    answer = upload(as_manager, orders({"Currency": "EURO"}, {}))
    run = ImportRun.objects.get()
    assert answer.url == reverse("import_detail", args=[run.pk])
    run_due()
    run.refresh_from_db()
    assert counts(run) == (1, 0, 0, 1)
    page = as_manager.get(answer.url).content.decode()
    assert "Found “EURO”, expected a code such as EUR." in page
    errors = as_manager.get(reverse("import_errors", args=[run.pk]))
    assert b"unknown_currency" in errors.getvalue()


def test_the_example_goes_in_and_what_it_rejects_goes_in_once_mended(shop, as_manager):
    example = (ROOT / "docs" / "examples" / "shopify_orders.csv").read_bytes()
    upload(as_manager, example)
    run_due()
    run = ImportRun.objects.get()
    assert counts(run) == (5, 0, 0, 2)
    errors = as_manager.get(reverse("import_errors", args=[run.pk])).getvalue()
    upload(as_manager, errors.replace(b",two,", b",2,"))
    run_due()
    assert counts(ImportRun.objects.latest("pk")) == (1, 0, 0, 0)
    assert Order.objects.count() == 6


def test_a_file_of_which_nothing_was_read_leaves_nothing_to_be_said(shop, as_manager):
    answer = upload(as_manager, b"a,b,c\n1,2,3\n")
    run_due()
    page = as_manager.get(answer.url).content.decode()
    assert "needs the columns" in page
    assert "What was imported until then" not in page


def test_any_csv_is_imported_with_its_map(shop, as_manager):
    upload(
        as_manager,
        (DATA / "superstore_excerpt.csv").read_bytes(),
        format="generic",
        map=superstore_map(),
        products="create",
    )
    run_due()
    assert Order.objects.count() == 5


def test_a_map_that_cannot_be_used_is_refused_before_the_run(shop, as_manager):
    answer = upload(as_manager, orders({}), format="generic", map="[columns]\nx = 1\n")
    assert (answer.status_code, ImportRun.objects.count()) == (422, 0)


def test_a_difference_stands_on_the_orders_page_until_somebody_keeps_ours(shop, as_manager):
    run_import(orders({}))
    run_import(orders({"Tags": "VIP"}), existing="diff")
    order = Order.objects.get()
    page = reverse("orders:order_detail", args=[order.pk])
    assert "Web shop tells it otherwise" in as_manager.get(page).content.decode()
    answer = as_manager.post(reverse("keep_ours", args=[order.pk]))
    assert answer.url == page
    assert "Web shop tells it otherwise</h2>" not in as_manager.get(page).content.decode()
    assert not AttentionItem.objects.filter(kind="channel_differs", resolved_at=None).exists()
    assert "Kept as it is here" in order.notes.get().text
