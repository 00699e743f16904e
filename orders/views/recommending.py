"""The settings page of what is suggested with a basket."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_http_methods

from core.access import requires
from core.settings_pages import ModelSettings
from core.views.settings import setting_form
from orders.events.recommending import RecommendationRulesChanged
from orders.forms.recommending import RecommendationRulesForm
from orders.models import RecommendationRules
from orders.rights import EDIT_PRICES

RULES = ModelSettings(
    name="recommendation_rules",
    app_name="orders",
    model=RecommendationRules,
    form=RecommendationRulesForm,
    changed=RecommendationRulesChanged,
    singular="What is suggested",
    plural="Recommendations",
    description="When goods are suggested with others. Pairs are counted anew every night.",
    columns=(),
    icon="tag",
    right=EDIT_PRICES,
    order_by=("pk",),
)
_form = setting_form(RULES)


@requires(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def recommendation_rules(request: HttpRequest) -> HttpResponseBase:
    """The shop's one set of rules: shown, and kept once somebody changes it."""
    only = RecommendationRules.objects.first()
    answer: HttpResponseBase = _form(request, pk=only.pk if only else None)
    return answer


recommendation_urls = [
    path("settings/recommendations/", recommendation_rules, name="recommendation_rules_list"),
]
