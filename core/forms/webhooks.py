"""Forms of endpoints of webhooks, and of what is sent to them again."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from core import outgoing
from core.errors import DomainError
from core.models import Channel, WebhookEndpoint
from core.webhooks import payloads


class EndpointForm(forms.Form):
    """Where an endpoint is and what it is told; the kinds of events stand in one field an app."""

    name = forms.CharField(max_length=100, help_text="Such as the system that listens there.")
    url = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.URLInput,
        help_text="It must be public and begin with https://.",
    )
    channels = forms.ModelMultipleChoiceField(
        label="Only events of these channels",
        queryset=Channel.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: events of all channels, and those of none.",
    )
    sees_personal = forms.BooleanField(
        label="May be told personal data",
        required=False,
        help_text="Names, notes, reasons and what changed from what to what. Without it events name"
        " things by their ids.",
    )

    def __init__(self, *args: Any, endpoint: WebhookEndpoint | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        chosen = set(endpoint.event_kinds) if endpoint else set()
        self.kind_fields: list[str] = []
        for app, kinds in payloads.event_kinds().items():
            field = f"kinds_{app}"
            self.kind_fields.append(field)
            self.fields[field] = forms.MultipleChoiceField(
                label=f"Events of {app}",
                choices=kinds,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self.initial.setdefault(field, [name for name, _ in kinds if name in chosen])

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> "EndpointForm":
        """The form as the endpoint stands."""
        return cls(
            endpoint=endpoint,
            initial={
                "name": endpoint.name,
                "url": endpoint.url,
                "channels": list(endpoint.channels.all()),
                "sees_personal": endpoint.sees_personal,
            },
        )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            return outgoing.check_address(url)
        except DomainError as refused:
            raise forms.ValidationError(refused.message) from refused

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        kinds = [kind for field in self.kind_fields for kind in entered.get(field, ())]
        if not kinds:
            raise forms.ValidationError("Tick at least one kind of event.")
        entered["event_kinds"] = kinds
        return entered

    def as_values(self) -> dict[str, Any]:
        """What the verbs take."""
        names = ("name", "url", "event_kinds", "channels", "sees_personal")
        return {name: self.cleaned_data[name] for name in names}


class ReplayForm(forms.Form):
    """The days whose events are sent again."""

    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        since, until = entered.get("since"), entered.get("until")
        if since and until and until < since:
            self.add_error("until", "Choose a day that is not before the first.")
        return entered

    def period(self) -> tuple[datetime, datetime]:
        """The days as moments; the last day counts."""
        zone = timezone.get_current_timezone()
        since = datetime.combine(self.cleaned_data["since"], time.min, zone)
        last = self.cleaned_data["until"] + timedelta(days=1)
        return since, datetime.combine(last, time.min, zone)
