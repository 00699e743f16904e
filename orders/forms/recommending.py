"""What people enter about suggestions: what goods must reach to be suggested."""

from django import forms

from orders.models import RecommendationRules


class RecommendationRulesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = RecommendationRules
        fields = ("window_days", "least_together", "least_lift", "least_margin")
