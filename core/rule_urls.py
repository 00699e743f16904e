"""Addresses of automation rules."""

from django.urls import path

from core.views import rules

urlpatterns = [
    path("", rules.rule_list, name="rule_list"),
    path("new/", rules.rule_new, name="rule_new"),
    path("runs/", rules.rule_run_list, name="rule_run_list"),
    path("<int:rule_id>/", rules.rule_detail, name="rule_detail"),
    path("<int:rule_id>/edit/", rules.rule_edit, name="rule_edit"),
    path("<int:rule_id>/act/", rules.rule_act, name="rule_act"),
    path("<int:rule_id>/preview/", rules.rule_preview, name="rule_preview"),
    path("<int:rule_id>/job/", rules.rule_job, name="rule_job"),
    path(
        "told/<slug:subject_type>/<int:subject_id>/",
        rules.rule_told_settle,
        name="rule_told_settle",
    ),
]
