"""Addresses of jobs, documents, messages and imports."""

from django.urls import path

from core.views import documents, imports, jobs, messages

urlpatterns = [
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/<int:job_id>/", jobs.job_detail, name="job_detail"),
    path("jobs/<int:job_id>/progress/", jobs.job_progress, name="job_progress"),
    path("jobs/<int:job_id>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("jobs/<int:job_id>/retry/", jobs.job_retry, name="job_retry"),
    path("jobs/<int:job_id>/retry-rows/", jobs.job_retry_rows, name="job_retry_rows"),
    path("jobs/<int:job_id>/file/", jobs.job_file, name="job_file"),
    path("documents/", documents.document_list, name="document_list"),
    path("documents/<int:document_id>/", documents.document_detail, name="document_detail"),
    path(
        "documents/<int:document_id>/progress/",
        documents.document_progress,
        name="document_progress",
    ),
    path("documents/<int:document_id>/file/", documents.document_file, name="document_file"),
    path("documents/<int:document_id>/html/", documents.document_html, name="document_html"),
    path("documents/<int:document_id>/print/", documents.document_print, name="document_print"),
    path("documents/<int:document_id>/renew/", documents.document_renew, name="document_renew"),
    path("messages/", messages.message_list, name="message_list"),
    path("messages/<int:message_id>/", messages.message_detail, name="message_detail"),
    path("messages/<int:message_id>/resend/", messages.message_resend, name="message_resend"),
    path("messages/wordings/", messages.wording_list, name="wording_list"),
    path("messages/wordings/<slug:code>/", messages.wording_edit, name="wording_edit"),
    path(
        "messages/wordings/<slug:code>/restore/", messages.wording_restore, name="wording_restore"
    ),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:run_id>/", imports.import_detail, name="import_detail"),
    path("imports/<int:run_id>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:run_id>/import/", imports.import_for_real, name="import_for_real"),
    path("imports/<int:run_id>/errors/", imports.import_errors, name="import_errors"),
    path("imports/<int:run_id>/source/", imports.import_source, name="import_source"),
    path("imports/template/<slug:kind>/", imports.import_template, name="import_template"),
]
