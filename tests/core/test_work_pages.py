"""Pages of jobs, documents, messages and imports, as people use them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import documents, imports, jobs, messages, pdf
from core.actors import acting
from core.attachments import safe_name
from core.models import (
    Document,
    DocumentStatus,
    ImportRun,
    Job,
    JobStatus,
    Message,
    MessageStatus,
    MessageTemplate,
    NumberSeries,
)
from core.rights import Role
from tests.cast import make_user
from tests.core.test_documents import SLIP
from tests.core.test_imports import MIXED
from tests.core.test_jobs import count
from tests.core.test_messages import queue

needs_pango = pytest.mark.skipif(not pdf.pdf_available(), reason=f"run: {pdf.INSTALL}")
assert count


def page(client, name: str, *args, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


# --- jobs -------------------------------------------------------------------------------------


def test_a_job_at_work_polls_and_a_finished_one_loads_the_page_again(as_manager):
    job = jobs.start("test.count", params={"upto": 3})
    assert "every 2s" in page(as_manager, "job_detail", job.pk)
    jobs.run_due()
    shown = page(as_manager, "job_detail", job.pk)
    assert "every 2s" not in shown
    assert shown.index("Row 1") < shown.index("Row 0")  # failures first
    response = as_manager.get(reverse("job_progress", args=[job.pk]))
    assert response["HX-Refresh"] == "true"


def test_jobs_are_listed_cancelled_retried_and_repeated(as_manager):
    job = jobs.start("test.count", params={"upto": 3})
    assert "Count" in page(as_manager, "job_list")
    as_manager.post(reverse("job_cancel", args=[job.pk]))
    assert Job.objects.get().status == JobStatus.CANCELLED
    as_manager.post(reverse("job_retry", args=[job.pk]))
    jobs.run_due()
    response = as_manager.post(reverse("job_retry_rows", args=[job.pk]))
    assert response.url == reverse("job_detail", args=[Job.objects.latest("pk").pk])
    assert Job.objects.count() == 2


def test_the_file_of_a_job_comes_as_a_download_under_our_own_name(as_manager, manager):
    job = jobs.start("test.count", params={})
    handle = jobs.Handle(jobs._claim_one())
    handle.file("../../x\r\n.csv", "text/csv", b"a,b")
    response = as_manager.get(reverse("job_file", args=[job.pk]))
    assert response.content == b"a,b"
    assert response["Content-Disposition"] == 'attachment; filename="x-.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_other_people_s_jobs_are_not_seen(client, db):
    with acting(make_user(Role.SALES).actor):
        job = jobs.start("test.count", params={})
    client.force_login(make_user(Role.WAREHOUSE))
    assert client.get(reverse("job_detail", args=[job.pk])).status_code == 404
    assert job.title not in page(client, "job_list").partition("<main")[2]


def test_the_frame_shows_how_many_of_one_s_jobs_are_at_work(as_manager, manager):
    with acting(manager.actor):
        jobs.start("test.count", params={})
    assert "Jobs, 1 running" in page(as_manager, "job_list")


# --- documents --------------------------------------------------------------------------------


@needs_pango
def test_a_document_s_page_waits_for_it_then_opens_prints_and_counts(as_manager):
    document = documents.request(SLIP, 7)
    shown = page(as_manager, "document_detail", document.pk)
    assert "is being made" in shown
    assert "every 1s" in shown
    assert as_manager.get(reverse("document_file", args=[document.pk])).status_code == 302
    documents.render_due()
    assert as_manager.get(reverse("document_progress", args=[document.pk]))["HX-Refresh"] == "true"
    response = as_manager.get(reverse("document_file", args=[document.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="Slip.pdf"'
    response = as_manager.get(reverse("document_file", args=[document.pk]) + "?download")
    assert response["Content-Disposition"].startswith("attachment")
    as_manager.post(reverse("document_print", args=[document.pk]))
    as_manager.post(reverse("document_print", args=[document.pk]))
    assert document.prints.count() == 2
    assert "Printings" in page(as_manager, "document_detail", document.pk)
    assert "Slip" in page(as_manager, "document_list")
    response = as_manager.post(reverse("document_renew", args=[document.pk]))
    assert response.url == reverse("document_detail", args=[document.pk])
    pdf.stop()


def test_the_print_view_keeps_the_page_s_policy(as_manager):
    document = documents.request(SLIP, 7)
    response = as_manager.get(reverse("document_html", args=[document.pk]))
    shown = response.content.decode()
    assert "Quay Ltd" in shown
    assert "style=" not in shown
    assert "<style" not in shown
    assert "css/document.css" in shown


def test_without_pango_the_page_offers_the_print_view(as_manager, monkeypatch):
    monkeypatch.setattr(documents, "pdf_available", lambda: False)
    document = documents.request(SLIP, 7)
    shown = page(as_manager, "document_detail", document.pk)
    assert reverse("document_html", args=[document.pk]) in shown
    assert "libpango" in shown


def test_a_failed_document_says_why_and_can_be_tried_again(as_manager):
    document = documents.request(SLIP, 7)
    Document.objects.update(status=DocumentStatus.FAILED, last_error="No paper.")
    assert "No paper." in page(as_manager, "document_detail", document.pk)
    as_manager.post(reverse("document_renew", args=[document.pk]))
    assert Document.objects.get().status == DocumentStatus.PENDING


def test_documents_of_kinds_one_may_not_see_are_not_there(client, db):
    document = documents.request(SLIP, 7)
    client.force_login(make_user(Role.WAREHOUSE))
    for name in ("document_detail", "document_file", "document_html", "document_progress"):
        assert client.get(reverse(name, args=[document.pk])).status_code == 404
    assert client.post(reverse("document_print", args=[document.pk])).status_code == 404


def test_file_names_hold_nothing_that_misleads():
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name("a\r\nSet-Cookie: x.pdf") == "a-Set-Cookie- x.pdf"
    assert safe_name("invoice\u202efdp.exe") == "invoice-fdp.exe"
    assert safe_name("…") == "file"
    assert len(safe_name("x" * 4000)) == 120


# --- messages ---------------------------------------------------------------------------------


def test_messages_are_listed_read_and_resent(as_manager):
    message = queue()
    messages.send_due()
    assert "SO-7 is on its way" in page(as_manager, "message_list")
    shown = page(as_manager, "message_detail", message.pk)
    assert "Hello Bo &lt;b&gt;," in shown
    assert "<b>" not in shown.partition("<main")[2]
    as_manager.post(reverse("message_resend", args=[message.pk]), {"to": "new@example.com"})
    assert Message.objects.latest("pk").to == "new@example.com"
    response = as_manager.post(reverse("message_resend", args=[message.pk]), {"to": "no"})
    assert response.status_code == 422


def test_a_message_that_failed_waits_on_home_until_it_is_resent(as_manager):
    from core.models import AttentionItem

    message = queue(to="nobody")
    Message.objects.update(status=MessageStatus.SENDING)
    messages.send_due()
    item = AttentionItem.objects.get(kind="message_failed")
    assert item.url == reverse("message_detail", args=[message.pk])
    as_manager.post(reverse("message_resend", args=[message.pk]), {"to": "a@example.com"})
    item.refresh_from_db()
    assert item.resolved_at is not None


def test_a_wording_is_previewed_saved_and_taken_back(as_manager):
    address = reverse("wording_edit", args=["test_shipped"])
    assert "SO-1 is on its way" in page(as_manager, "wording_edit", "test_shipped")
    words = {"subject": "{{ number }} left", "body": "For {{ name }}", "is_on": "on"}
    shown = as_manager.post(address, {**words, "preview": "1", "number": "42"})
    assert "SO-42 left" in shown.content.decode()
    assert MessageTemplate.objects.count() == 0
    assert as_manager.post(address, {**words, "save": "1"}).status_code == 302
    assert "Edited" in page(as_manager, "wording_list")
    as_manager.post(reverse("wording_restore", args=["test_shipped"]))
    assert "As it came" in page(as_manager, "wording_list")


def test_a_preview_with_a_number_that_there_is_not_says_so(as_manager):
    address = reverse("wording_edit", args=["test_shipped"])
    words = {"subject": "x", "body": "y", "preview": "1", "number": "nothing"}
    response = as_manager.post(address, words)
    assert response.status_code == 422
    assert "There is no thing “nothing”." in response.content.decode()


def test_the_entries_of_a_list_are_shown_as_people_write_them(as_manager):
    words = page(as_manager, "wording_edit", "order_placed")
    assert ("name: Mug, quantity: 2" in words, "&#x27;name&#x27;" in words) == (True, False)


def test_an_order_s_message_is_previewed_with_the_order_of_a_number(as_manager, shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 2))
    address = reverse("wording_edit", args=["order_placed"])
    words = {"subject": "{{ order_number }}", "body": "{{ customer_name }}", "preview": "1"}
    shown = as_manager.post(address, {**words, "number": order.number.lower()})
    assert f">{order.number}</p>" in shown.content.decode()


def test_a_broken_wording_comes_back_with_its_line_and_what_was_typed(as_manager):
    address = reverse("wording_edit", args=["test_shipped"])
    response = as_manager.post(
        address, {"subject": "x", "body": "one\n{% if %}", "is_on": "on", "save": "1"}
    )
    assert response.status_code == 422
    assert "Line 2" in response.content.decode()
    assert "one\n{% if %}" in response.content.decode()


def test_a_wording_of_one_language_is_edited_by_itself(as_manager):
    address = reverse("wording_edit", args=["test_shipped"]) + "?language=de"
    as_manager.post(address, {"subject": "Los", "body": "Hallo", "is_on": "on", "save": "1"})
    assert MessageTemplate.objects.get().language == "de"
    assert "language=de" in page(as_manager, "wording_list")


# --- imports ----------------------------------------------------------------------------------


def upload(client, content: bytes, **more):
    file = SimpleUploadedFile("../series.csv", content)
    address = reverse("import_new") + "?kind=test_series"
    return client.post(address, {"file": file, "format": "plain", **more})


def test_a_file_is_checked_then_imported_then_its_errors_mended(as_manager):
    assert "Series" in page(as_manager, "import_new")
    assert "Check the file" in page(as_manager, "import_new", query="?kind=test_series")
    response = upload(as_manager, MIXED)
    run = ImportRun.objects.get()
    assert response.url == reverse("import_detail", args=[run.pk])
    assert run.is_dry_run
    assert "every 2s" in page(as_manager, "import_detail", run.pk)
    jobs.run_due()
    assert as_manager.get(reverse("import_progress", args=[run.pk]))["HX-Refresh"] == "true"
    shown = page(as_manager, "import_detail", run.pk)
    assert "Would be created" in shown
    assert "Import for real" in shown
    assert NumberSeries.objects.count() == 0
    as_manager.post(reverse("import_for_real", args=[run.pk]))
    as_manager.post(reverse("import_for_real", args=[run.pk]))  # pressed twice
    jobs.run_due()
    real = ImportRun.objects.latest("pk")
    assert (ImportRun.objects.count(), real.created) == (2, 2)
    shown = page(as_manager, "import_detail", real.pk)
    assert "Use 0 or more." in shown
    errors = as_manager.get(reverse("import_errors", args=[real.pk]))
    assert errors.content == imports.errors_file(real)
    assert errors["Content-Disposition"].startswith("attachment")
    upload(as_manager, errors.content.replace(b"-", b""), **{"import": "1"})
    jobs.run_due()
    mended = ImportRun.objects.latest("pk")
    assert (mended.created, mended.rejected) == (3, 0)
    assert "series.csv" in page(as_manager, "import_list")


def test_issues_are_narrowed_to_rejections_warnings_or_a_code(as_manager):
    upload(as_manager, MIXED)
    jobs.run_due()
    run = ImportRun.objects.get()
    assert "Is nothing counted?" not in page(
        as_manager, "import_detail", run.pk, query="?show=rejected"
    )
    assert "Is nothing counted?" in page(
        as_manager, "import_detail", run.pk, query="?show=warnings"
    )
    assert "Use 0 or more." not in page(as_manager, "import_detail", run.pk, query="?code=zero")


def test_a_form_without_a_file_comes_back(as_manager):
    response = as_manager.post(reverse("import_new") + "?kind=test_series", {"format": "plain"})
    assert response.status_code == 422


def test_an_original_and_a_template_are_downloads(as_manager):
    upload(as_manager, MIXED)
    run = ImportRun.objects.get()
    response = as_manager.get(reverse("import_source", args=[run.pk]))
    assert (response.content, response["Content-Disposition"]) == (
        MIXED,
        'attachment; filename="series.csv"',
    )
    response = as_manager.get(reverse("import_template", args=["test_series"]))
    assert response.content.decode("utf-8-sig") == "code,last\r\n"


def test_imports_one_has_no_right_to_are_neither_offered_nor_seen(client, as_manager):
    upload(as_manager, MIXED)
    run = ImportRun.objects.get()
    client.force_login(make_user(Role.WAREHOUSE))
    assert client.get(reverse("import_detail", args=[run.pk])).status_code == 404
    assert client.get(reverse("import_template", args=["test_series"])).status_code == 404
    assert "Series" not in page(client, "import_new").partition("<main")[2]
    assert upload(client, MIXED).status_code in {403, 422}
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("job_list", 7), ("document_list", 7), ("message_list", 7), ("import_list", 6)],
)
def test_lists_ask_as_often_with_one_row_as_with_thirty(
    as_manager, rows, name, queries, django_assert_num_queries
):
    for number in range(rows):
        jobs.start("test.count", params={})
        documents.request(SLIP, number)
        queue(f"m{number}")
        imports.new_run(
            "test_series", format="plain", name=f"{number}.csv", content=b"x", options={}
        )
    page(as_manager, name)
    with django_assert_num_queries(queries):
        page(as_manager, name)


def test_the_top_bar_counts_ones_own_jobs_that_are_at_work(client, db):
    mine, other = make_user(Role.SALES), make_user(Role.MANAGER)
    for user in (mine, mine, other):
        with acting(user.actor):
            jobs.start("test.count", params={})
    Job.objects.filter(pk=Job.objects.latest("pk").pk).update(status=JobStatus.RUNNING)
    client.force_login(mine)
    assert 'aria-label="Jobs, 2 running"' in page(client, "home")
    Job.objects.update(status=JobStatus.DONE)
    assert 'aria-label="Jobs"' in page(client, "home")
