"""The form of an API key."""

from typing import Any

from django import forms

from core.api.keys import offered_rights
from core.models import Channel


def scope_choices() -> list[tuple[str, str]]:
    return [(right.code, f"{right.label} ({right.code})") for right in offered_rights()]


class ApiKeyForm(forms.Form):
    """What a key is called, what it may do, where and how often."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="The program that uses it; people see it in histories.",
    )
    channel = forms.ModelChoiceField(
        Channel.objects.all(),
        label="Channel",
        required=False,
        empty_label="All channels",
        help_text="With a channel, it sees and changes nothing of any other. This is for good.",
    )
    per_minute = forms.IntegerField(
        label="Requests a minute", min_value=1, max_value=10_000_000, initial=1_200
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do", choices=scope_choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["channel"]
