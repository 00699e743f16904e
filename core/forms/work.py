"""Forms of messages and imports."""

from typing import Any

from django import forms

from core.imports import Importer
from core.models import Channel
from core.tabular import MOST_BYTES


class WordingForm(forms.Form):
    """One wording of a kind of message."""

    subject = forms.CharField(label="Subject", max_length=300)
    body = forms.CharField(
        label="Text",
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "input mono", "spellcheck": "true"}),
        help_text="Plain text. Variables stand in double braces; links become clickable.",
    )
    is_on = forms.BooleanField(label="Send this message", required=False, initial=True)


class PlaceForm(forms.Form):
    """Which wording is edited: for one language or channel, or for all."""

    language = forms.RegexField(
        label="Language",
        regex=r"^[a-z]{2}(-[A-Z]{2})?$",
        required=False,
        max_length=10,
        help_text="Two letters such as de; empty for all.",
        error_messages={"invalid": "Write two letters, such as de."},
    )
    channel = forms.ModelChoiceField(
        label="Channel", queryset=Channel.objects.all(), required=False, empty_label="All channels"
    )


class PreviewForm(forms.Form):
    """What the preview is filled in with, and whom a test goes to."""

    number = forms.CharField(
        label="Fill in with the one numbered",
        required=False,
        max_length=40,
        help_text="Such as SO-1001; empty: with the examples.",
    )
    to = forms.EmailField(label="Send a test to", required=False)


class ResendForm(forms.Form):
    """To whom a message goes once more."""

    to = forms.EmailField(label="To", max_length=254)


class UploadForm(forms.Form):
    """A file to import."""

    file = forms.FileField(
        label="File",
        help_text="CSV, separated by commas, semicolons or tabs, in any common encoding.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    format = forms.ChoiceField(label="Format")
    max_errors = forms.IntegerField(
        label="Stop after so many rejected rows",
        required=False,
        min_value=0,
        max_value=10_000_000,
        help_text="Leave empty to go through the whole file.",
    )

    def __init__(self, importer: Importer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = list(importer.formats.items())  # type: ignore[attr-defined]
        if len(importer.formats) == 1:
            self.fields["format"].widget = forms.HiddenInput()
            self.fields["format"].initial = next(iter(importer.formats))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"Keep it under {MOST_BYTES // 2**20} MB; split the file.")
        return file


def options_of(form: forms.Form | None) -> dict[str, Any]:
    """The options of a valid form as JSON."""
    if form is None:
        return {}
    as_options = getattr(form, "as_options", None)
    found: dict[str, Any] = as_options() if as_options else dict(form.cleaned_data)
    return found
