"""Replenishment: what to order and why, ordering it, reorder rules, and planning anew."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from core.settings_pages import Column, ModelSettings
from core.views.settings import setting_form, settings_urls
from inventory.events import BuyingLimitChanged, ReorderRuleChanged
from inventory.forms.planning import (
    PASTED_COLUMNS,
    BuyingLimitForm,
    OrderForm,
    PastedRulesForm,
    ReorderRuleForm,
)
from inventory.models import BuyingLimit, ReorderRule, Suggestion
from inventory.rights import BUY, SEE_PURCHASES, SEE_STOCK
from inventory.selectors import visible_locations
from inventory.selectors.planning import last_planned_at, suggestions_seen_by
from inventory.selectors.suggesting import ORDERABLE, grouped
from inventory.selectors.valuation import value_by_place
from inventory.services import order_suggestions, plan_replenishment
from inventory.services.reorder_rules import RuleWish, set_reorder_rules
from inventory.tables import AgeingList, CoverList, RuleList, SuggestionList, ValuationList

MOST_AT_ONCE = 200

RULES = ModelSettings(
    name="reorder_rule",
    model=ReorderRule,
    form=ReorderRuleForm,
    changed=ReorderRuleChanged,
    singular="Reorder rule",
    plural="Reorder rules",
    description="How stock is ordered again.",
    columns=(),
    icon="refresh",
    right=BUY,
    app_name="inventory",
)
LIMITS = ModelSettings(
    name="buying_limit",
    model=BuyingLimit,
    form=BuyingLimitForm,
    changed=BuyingLimitChanged,
    singular="Limit of automatic orders",
    plural="Limits of automatic orders",
    description="What may be ordered for a location without anybody being asked.",
    columns=(
        Column("Location", lambda row: row.location.name),
        Column("At most per order", lambda row: f"{row.per_order:,.2f} {row.location.currency}"),
        Column("At most per day", lambda row: f"{row.per_day:,.2f} {row.location.currency}"),
    ),
    icon="bolt",
    order_by=("location__name",),
    related=("location",),
    app_name="inventory",
)
buying_limit_urls = settings_urls(LIMITS, "settings/automatic-orders")
reorder_rule_form = setting_form(RULES)


@requires(SEE_PURCHASES)
@require_GET
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """What should be ordered now, and why."""
    planned_at = last_planned_at()
    suggestions = SuggestionList(request)
    if planned_at is None:
        suggestions = suggestions.before_the_first_plan()
    return suggestions.respond(planned_at=planned_at)


@requires(BUY)
@require_POST
def suggestion_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Order one suggestion as it stands; sent from its row."""
    found = get_object_or_404(suggestions_seen_by(staff_of(request)), pk=pk)
    try:
        made = order_suggestions(
            suggestion_ids=[found.pk], buyer_id=staff_of(request).pk, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"On {', '.join(made.numbers)}, a draft.")
    return redirect("inventory:suggestion_list")


@requires(BUY)
@require_http_methods(["GET", "POST"])
@once
def suggestion_review(request: HttpRequest) -> HttpResponseBase:
    """All that is suggested, by order to be; numbers may be changed before they are made."""
    rows = list(
        suggestions_seen_by(staff_of(request))
        .open()
        .filter(ORDERABLE)
        .select_related("variant__product", "location", "source", "supplier_item__supplier")
        .order_by("covered_days", "pk")[:MOST_AT_ONCE]
    )
    form = OrderForm(request.POST or None, rows=_still(request, rows))
    if request.method == "POST":
        if form.is_valid():
            try:
                made = order_suggestions(
                    suggestion_ids=list(form.quantities),
                    quantities=form.quantities,
                    buyer_id=staff_of(request).pk,
                    now=timezone.now(),
                )
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                if made.numbers:
                    messages.success(request, f"Made as drafts: {', '.join(made.numbers)}.")
                else:
                    messages.info(request, "Nothing was ordered: every number was 0.")
                return redirect("inventory:suggestion_list")
        return _review(request, form, status=422)
    return _review(request, form)


def _still(request: HttpRequest, rows: list[Suggestion]) -> list[Suggestion]:
    """When sent: those rows that the page showed, though more were suggested since."""
    if request.method != "POST":
        return rows
    return [row for row in rows if f"units_{row.pk}" in request.POST]


def _review(request: HttpRequest, form: OrderForm, *, status: int = 200) -> HttpResponse:
    groups = grouped(form.rows)
    for group in groups:
        for line in group.lines:
            line.field = form[f"units_{line.suggestion.pk}"]
    context = {"form": form, "groups": groups, "is_full": len(form.rows) == MOST_AT_ONCE}
    return render(request, "inventory/suggestion_review.html", context, status=status)


@requires(BUY)
@require_POST
def plan_now(request: HttpRequest) -> HttpResponse:
    """Plan anew without waiting for the night."""
    try:
        planned = plan_replenishment(now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Planned: {planned.suggestions} to decide.")
    return redirect("inventory:suggestion_list")


@requires(SEE_PURCHASES)
@require_GET
def reorder_rule_list(request: HttpRequest) -> HttpResponse:
    """How stock is ordered again, and where."""
    return RuleList(request).respond()


@requires(BUY)
@require_http_methods(["GET", "POST"])
def reorder_rule_paste(request: HttpRequest) -> HttpResponse:
    """Many rules at once, from a spreadsheet."""
    form = PastedRulesForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            wishes = [RuleWish(**vars(row)) for row in form.cleaned_data["table"]]
            try:
                changed = set_reorder_rules(wishes)
            except DomainError as error:
                form.add_error("table", error.message)
            else:
                messages.success(request, f"{changed} of {len(wishes)} rules changed.")
                return redirect("inventory:reorder_rule_list")
    context = {"form": form, "columns": PASTED_COLUMNS}
    return render(request, "inventory/reorder_rule_paste.html", context, status=status)


@requires(SEE_STOCK)
@require_GET
def cover_list(request: HttpRequest) -> HttpResponse:
    """How long stock lasts."""
    return CoverList(request).respond()


@requires(SEE_PURCHASES)
@require_GET
def valuation_list(request: HttpRequest) -> HttpResponse:
    """What stock is worth."""
    places = list(visible_locations(staff_of(request)).values_list("pk", flat=True))
    return ValuationList(request).respond(places=value_by_place(places))


@requires(SEE_STOCK)
@require_GET
def ageing_list(request: HttpRequest) -> HttpResponse:
    """How long stock has lain there."""
    return AgeingList(request).respond()
