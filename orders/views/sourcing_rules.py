"""The settings pages of sourcing: rules in their order, and what locations take for sending."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from core.access import requires
from core.markup import money
from core.settings_pages import Column, ModelSettings
from core.views.settings import setting_form, settings_urls
from orders.events.sourcing import SendingTermsChanged, SourcingRuleChanged
from orders.forms.sourcing import SendingTermsForm, SourcingRuleForm, rule_words
from orders.models import SendingTerms, SourcingRule
from orders.rights import EDIT_SOURCING
from orders.services import move_rule

TERMS = ModelSettings(
    name="sending_terms",
    app_name="orders",
    model=SendingTerms,
    form=SendingTermsForm,
    changed=SendingTermsChanged,
    singular="Sending terms",
    plural="Sending terms",
    description="What each location takes for sending, and whom it may send to. One without terms"
    " sends anywhere, at no cost of its own.",
    columns=(
        Column("Location", lambda row: row.location.name),
        Column("Each parcel", lambda row: money(row.per_parcel, row.currency)),
        Column("Each unit", lambda row: money(row.per_unit, row.currency)),
        Column("Sends with", lambda row: row.service or "what the customer chose"),
        Column("To", lambda row: ", ".join(row.countries) or "anywhere"),
        Column("Hazardous goods", lambda row: "yes" if row.sends_hazardous else "no"),
    ),
    icon="truck",
    right=EDIT_SOURCING,
    order_by=("location__name",),
    related=("location", "service"),
)

RULES = ModelSettings(
    name="sourcing_rule",
    app_name="orders",
    model=SourcingRule,
    form=SourcingRuleForm,
    changed=SourcingRuleChanged,
    singular="Sourcing rule",
    plural="Sourcing rules",
    description="Where orders are sent from, beyond stock and cost. The first rule that applies and"
    " says something of it decides; orders already placed keep their decision.",
    columns=(),
    icon="split",
    right=EDIT_SOURCING,
    order_by=("position",),
    related=("channel", "group", "category"),
    many=("locations",),
)


@requires(EDIT_SOURCING)
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """The rules in the order in which they are asked."""
    rows = [(rule, *rule_words(rule)) for rule in RULES.rows()]
    return render(request, "orders/sourcing/rules.html", {"kind": RULES, "rows": rows})


@requires(EDIT_SOURCING)
@require_POST
def rule_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a rule earlier or later."""
    rule = get_object_or_404(SourcingRule, pk=pk)
    move_rule(rule_id=rule.pk, up=request.POST.get("way") == "up")
    messages.success(request, f"{rule.name} moved.")
    return redirect("orders:sourcing_rule_list")


sourcing_urls = [
    path("settings/sourcing-rules/", rule_list, name="sourcing_rule_list"),
    path("settings/sourcing-rules/new/", setting_form(RULES), name="sourcing_rule_new"),
    path("settings/sourcing-rules/<int:pk>/", setting_form(RULES), name="sourcing_rule_edit"),
    path("settings/sourcing-rules/<int:pk>/move/", rule_move, name="sourcing_rule_move"),
    *settings_urls(TERMS, "settings/sending-terms"),
]
