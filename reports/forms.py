"""What a report is narrowed by, as its address says."""

from django import forms

from core.listing.dates import Span
from core.models import Channel
from orders.states import RecommendationPlace


class RecommendationFilterForm(forms.Form):
    days = forms.ChoiceField(label="Shown", choices=Span.choices, required=False)
    place = forms.ChoiceField(
        label="Place", choices=[("", "Everywhere"), *RecommendationPlace.choices], required=False
    )
    channel = forms.ModelChoiceField(
        Channel.objects.order_by("name"), required=False, empty_label="All channels"
    )
