"""Versions of the risk rules: listed, drafted, changed, back-tested and let live; and their lists."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from core.settings_pages import Column, ModelSettings
from core.views.settings import settings_urls
from orders.events.risk import RiskListChanged
from orders.forms.risk import BacktestForm, DraftForm, RiskListEntryForm, RulesForm
from orders.models import RiskBacktest, RiskListEntry, RiskRuleSet
from orders.rights import EDIT_RISK
from orders.selectors.risk.backtests import (
    backtests_of,
    bars_shown,
    changes_shown,
    has_proof,
    outcomes_beside,
    scores_shown,
    weights_beside,
)
from orders.selectors.risk.reading import live_rule_set, rule_sets, screened_channels
from orders.services.screening import (
    draft_rules,
    go_live,
    request_backtest,
    retire_rules,
    save_rules,
)
from orders.states import RiskRuleSetState

LIST_ENTRIES = ModelSettings(
    name="risk_entry",
    app_name="orders",
    model=RiskListEntry,
    form=RiskListEntryForm,
    changed=RiskListChanged,
    singular="Risk list entry",
    plural="Risk lists",
    description="What the risk rules look up: throw-away mail providers, freight forwarders, goods"
    " easily resold, express services, and what is blocked.",
    columns=(
        Column("What", lambda row: row.shown),
        Column("List", lambda row: row.get_kind_display()),
        Column("Why", lambda row: row.reason or "–"),
        Column("Added by", lambda row: row.added_by or "–"),
    ),
    icon="shield",
    right=EDIT_RISK,
    order_by=("kind", "value"),
)


@requires(EDIT_RISK)
@require_GET
def risk_rules(request: HttpRequest) -> HttpResponse:
    """Every version, the newest first."""
    context = {"rule_sets": rule_sets(), "screened": screened_channels(), "form": DraftForm()}
    return render(request, "orders/risk/rules.html", context)


@requires(EDIT_RISK)
@require_POST
@once
def risk_rules_draft(request: HttpRequest) -> HttpResponse:
    """Begin a new version from what is live."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        context = {"rule_sets": rule_sets(), "screened": screened_channels(), "form": form}
        return render(request, "orders/risk/rules.html", context, status=422)
    draft = draft_rules(
        channel=form.cleaned_data["channel"], note=form.cleaned_data["note"], now=timezone.now()
    )
    return redirect("orders:risk_rules_edit", draft.pk)


@requires(EDIT_RISK)
@require_GET
def risk_rules_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A version beside the live one: what it weighs, its back-tests, and whether it may go live."""
    return _detail(request, pk, BacktestForm())


def _detail(
    request: HttpRequest, pk: int, form: BacktestForm, refusal: str = "", status: int = 200
) -> HttpResponse:
    rules = get_object_or_404(RiskRuleSet.objects.select_related("channel"), pk=pk)
    live = live_rule_set(rules.channel_id)
    context = {
        "rules": rules,
        "live": live if live != rules else None,
        "weights": weights_beside(rules, live),
        "tests": backtests_of(rules),
        "has_proof": has_proof(rules),
        "is_draft": rules.state == RiskRuleSetState.DRAFT,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "orders/risk/rules_detail.html", context, status=status)


@requires(EDIT_RISK)
@once
def risk_rules_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a draft weighs."""
    rules = get_object_or_404(RiskRuleSet, pk=pk)
    form = RulesForm(request.POST if request.method == "POST" else None, rule_set=rules)
    if request.method == "POST" and form.is_valid():
        try:
            save_rules(
                rule_set_id=rules.pk,
                weights=form.weights,
                review_at=form.cleaned_data["review_at"],
                hold_at=form.cleaned_data["hold_at"],
                review_hours=form.cleaned_data["review_hours"],
                note=form.cleaned_data["note"],
            )
        except DomainError as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message)
        else:
            messages.success(request, f"{rules} saved; back-test it before it goes live.")
            return redirect("orders:risk_rules_detail", rules.pk)
    context = {
        "rules": rules,
        "form": form,
        "is_draft": rules.state == RiskRuleSetState.DRAFT,
    }
    status = 422 if form.is_bound else 200
    return render(request, "orders/risk/rules_edit.html", context, status=status)


@requires(EDIT_RISK)
@require_POST
@once
def risk_backtest_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Run a version over past orders."""
    form = BacktestForm(request.POST)
    if not form.is_valid():
        return _detail(request, pk, form, status=422)
    test = request_backtest(
        rule_set_id=pk,
        days=form.cleaned_data["days"],
        user=staff_of(request),
        now=timezone.now(),
    )
    return redirect("orders:risk_backtest", test.pk)


@requires(EDIT_RISK)
@require_GET
def risk_backtest(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version would have done, beside the one that was live."""
    rows = RiskBacktest.objects.select_related("rule_set__channel", "beside", "job")
    test = get_object_or_404(rows, pk=pk)
    context = {
        "test": test,
        "job": test.job,
        "outcomes": outcomes_beside(test),
        "bars": bars_shown(test),
        "scores": scores_shown(test),
        "changes": changes_shown(staff_of(request), test),
        "is_same": test.digest == test.rule_set.version.digest,
    }
    return render(request, "orders/risk/backtest.html", context)


@requires(EDIT_RISK)
@require_POST
@once
def risk_rules_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a draft score from now on."""
    try:
        rules = go_live(rule_set_id=pk, now=timezone.now())
    except DomainError as refusal:
        return _detail(request, pk, BacktestForm(), refusal.message, status=422)
    messages.success(request, f"{rules} scores {rules.covers.lower()} from now on.")
    return redirect("orders:risk_rules")


@requires(EDIT_RISK)
@require_POST
@once
def risk_rules_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """End a version."""
    try:
        rules = retire_rules(rule_set_id=pk, now=timezone.now())
    except DomainError as refusal:
        return _detail(request, pk, BacktestForm(), refusal.message, status=422)
    messages.success(request, f"{rules} is retired.")
    return redirect("orders:risk_rules")


risk_rule_urls = [
    path("settings/risk/", risk_rules, name="risk_rules"),
    path("settings/risk/draft/", risk_rules_draft, name="risk_rules_draft"),
    path("settings/risk/<int:pk>/", risk_rules_detail, name="risk_rules_detail"),
    path("settings/risk/<int:pk>/edit/", risk_rules_edit, name="risk_rules_edit"),
    path("settings/risk/<int:pk>/backtest/", risk_backtest_start, name="risk_backtest_start"),
    path("settings/risk/<int:pk>/live/", risk_rules_live, name="risk_rules_live"),
    path("settings/risk/<int:pk>/retire/", risk_rules_retire, name="risk_rules_retire"),
    path("settings/risk/backtests/<int:pk>/", risk_backtest, name="risk_backtest"),
    *settings_urls(LIST_ENTRIES, "settings/risk-lists"),
]
