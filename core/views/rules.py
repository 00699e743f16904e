"""Automation rules: their list in order, the builder, what one would do, and what it did."""

from typing import Any

from django.contrib import messages as notices
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import editing, jobs
from core.access import RightMissing, requires, staff_of
from core.errors import DomainError, StaleEdit
from core.forms.rules import Builder, builder_of, new_builder, sent_builder
from core.models import Rule, RuleRun, RuleVersion
from core.once import once
from core.rights import EDIT_RULES, SEE_BACK_OFFICE
from core.rules import keeping, previewing, reading, telling
from core.rules.errors import BadRule
from core.rules.registry import subject_named, subjects
from core.sent import whole_number
from core.tables import RuleRunList

NEWEST = 10


@requires(EDIT_RULES)
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """Every rule in the order in which they run."""
    context = {"listed": reading.listed_rules(now=timezone.now())}
    return render(request, "core/rules/rule_list.html", context)


@requires(EDIT_RULES)
@require_GET
def rule_run_list(request: HttpRequest) -> HttpResponse:
    return RuleRunList(request).respond()


@requires(EDIT_RULES)
@require_http_methods(["GET", "POST"])
def rule_new(request: HttpRequest) -> HttpResponse:
    """Write a rule; `do` says what the button meant, see core.forms.rules."""
    subject = subjects()[0].code
    if request.method == "GET":
        return _page(request, new_builder(subject))
    builder = sent_builder(subject, request.POST)
    if request.POST.get("do") == "save" and builder.is_valid():
        entered = builder.head.cleaned_data["name"], builder.definition()
        try:
            rule = keeping.add_rule(name=entered[0], definition=entered[1], now=timezone.now())
        except DomainError as refusal:
            builder.refuse(refusal)
        else:
            notices.success(request, "The rule is written. Look at its preview, then switch it on.")
            return redirect("rule_preview", rule.pk)
    return _page(request, builder)


@requires(EDIT_RULES)
@require_http_methods(["GET", "POST"])
def rule_edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    rule = _rule(rule_id)
    if request.method == "GET":
        builder = builder_of(rule.name, keeping.definition_of(rule))
        return _page(request, builder, rule, version=editing.version_of(rule))
    builder = sent_builder(rule.subject, request.POST)
    version = whole_number(request.POST.get("version", "")) or 0
    if request.POST.get("do") == "save" and builder.is_valid():
        try:
            keeping.change_rule(
                rule_id=rule.pk,
                name=builder.head.cleaned_data["name"],
                definition=builder.definition(),
                version=version,
                now=timezone.now(),
            )
        except StaleEdit as stale:
            builder.refuse(stale)
            return _page(request, builder, rule, version=version, changes=stale.changes, status=409)
        except DomainError as refusal:
            builder.refuse(refusal)
        else:
            notices.success(request, "Saved. It holds for what happens from now on.")
            return redirect("rule_detail", rule.pk)
    return _page(request, builder, rule, version=version)


def _page(
    request: HttpRequest,
    builder: Builder,
    rule: Rule | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The builder, or for htmx only its form; with what the rule would do, where that was asked."""
    context: dict[str, Any] = {"builder": builder, "rule": rule, **more}
    if request.POST.get("do") == "preview" and builder.is_valid():
        context |= _would_do(builder, rule)
    if builder.is_sent and any(form.errors for form in builder.forms):
        status = 422 if status == 200 else status
    htmx = getattr(request, "htmx", None)
    template = "core/rules/_builder.html" if htmx else "core/rules/rule_form.html"
    return render(request, template, context, status=200 if htmx and status == 422 else status)


def _would_do(builder: Builder, rule: Rule | None) -> dict[str, Any]:
    definition = builder.definition()
    try:
        telling.check(definition)
    except BadRule as refusal:
        builder.refuse(refusal)
        return {}
    preview = previewing.preview(definition, rule=rule, now=timezone.now())
    return {"preview": preview, "subject": subject_named(definition.subject)}


@requires(EDIT_RULES)
@require_GET
def rule_detail(request: HttpRequest, rule_id: int) -> HttpResponse:
    """A rule in words, what it did last, and how it came to say what it says."""
    rule = _rule(rule_id)
    definition = keeping.definition_of(rule)
    context = {
        "rule": rule,
        "definition": definition,
        "subject": subject_named(rule.subject),
        "when": telling.when(definition),
        "conditions": telling.conditions(definition),
        "steps": telling.steps(definition),
        "newest": RuleRun.objects.filter(rule=rule).select_related("fact").order_by("-id")[:NEWEST],
        "versions": RuleVersion.objects.filter(rule=rule).order_by("-number")[:NEWEST],
    }
    return render(request, "core/rules/rule_detail.html", context)


@requires(EDIT_RULES)
@require_POST
def rule_act(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Switch on or off, move, copy or remove, as the pressed button says."""
    rule = _rule(rule_id)
    action = request.POST.get("action", "")
    try:
        said = _act(rule, action)
    except DomainError as refusal:
        notices.error(request, refusal.message)
        said = ""
    if said:
        notices.success(request, said)
    if action in ("up", "down", "remove", "copy") or request.POST.get("back") == "list":
        return redirect("rule_list")
    return redirect("rule_detail", rule.pk)


def _act(rule: Rule, action: str) -> str:
    if action == "on":
        keeping.switch_on(rule_id=rule.pk)
        return f"“{rule.name}” runs from now on."
    if action == "off":
        keeping.switch_off(rule_id=rule.pk)
        return f"“{rule.name}” rests."
    if action in ("up", "down"):
        keeping.move_rule(rule_id=rule.pk, is_up=action == "up")
        return f"“{rule.name}” moved {action}."
    if action == "copy":
        copy = keeping.copy_rule(rule_id=rule.pk, now=timezone.now())
        return f"“{copy.name}” is written; it is off."
    if action == "remove":
        keeping.remove_rule(rule_id=rule.pk, now=timezone.now())
        return f"“{rule.name}” is removed; what it did stays told."
    return ""


@requires(EDIT_RULES)
@require_GET
def rule_preview(request: HttpRequest, rule_id: int) -> HttpResponse:
    """What a rule would do now for what happened in the last 30 days, and what it would skip."""
    rule = _rule(rule_id)
    definition = keeping.definition_of(rule)
    context: dict[str, Any] = {
        "rule": rule,
        "subject": subject_named(rule.subject),
        "when": telling.when(definition),
        "most": previewing.MOST_SHOWN,
    }
    try:
        context["preview"] = previewing.preview(definition, rule=rule, now=timezone.now())
    except BadRule as refusal:
        context["refusal"] = refusal.message
    return render(request, "core/rules/rule_preview.html", context)


@requires(EDIT_RULES)
@once
@require_POST
def rule_job(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Look at all of the last 30 days, or run the rule for it: as a job that people can follow."""
    rule = _rule(rule_id)
    kind = "core.run_rule" if request.POST.get("do") == "run" else "core.preview_rule"
    words = "Run" if kind == "core.run_rule" else "Preview of"
    with transaction.atomic():
        started = jobs.start(
            kind,
            params={"rule_id": rule.pk, "upto": previewing.newest_fact_id()},
            title=f"{words} “{rule.name}”",
            right=EDIT_RULES,
        )
    return redirect("job_detail", started.pk)


@requires(SEE_BACK_OFFICE)
@require_POST
def rule_told_settle(request: HttpRequest, subject_type: str, subject_id: int) -> HttpResponse:
    """What a rule put before people about a thing is done."""
    try:
        subject = subject_named(subject_type)
    except BadRule:
        return redirect("home")
    if not staff_of(request).has_right(subject.right):
        raise RightMissing(subject.right)
    if reading.settle_told(subject_type, [subject_id]):
        notices.success(request, "It no longer stands in Needs attention.")
    return redirect(subject.page(subject_id))


def _rule(rule_id: int) -> Rule:
    return get_object_or_404(Rule, pk=rule_id, removed_at=None)
