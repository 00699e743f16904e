"""The form of what a third party counted: whose count it is."""

from django import forms

from inventory.models import Location
from inventory.states import LocationKind


class SnapshotImportForm(forms.Form):
    """Whose count the file is; nothing is booked by reading it."""

    location = forms.ModelChoiceField(
        Location.objects.filter(kind=LocationKind.THIRD_PARTY, is_active=True),
        empty_label="Choose a third party",
        help_text="Nothing is booked: differences are listed for you to decide.",
    )

    def as_options(self) -> dict[str, str]:
        return {"location": self.cleaned_data["location"].code}
