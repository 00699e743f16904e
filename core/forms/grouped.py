"""Long forms in parts: what belongs together under one heading, two in a row where there is room."""

from collections.abc import Sequence
from typing import ClassVar

from django import forms
from django.forms import BoundField


class GroupedMixin(forms.BaseForm):
    """A form whose `parts` say which fields stand together and under which heading. Fields that no
    part names follow at the end.
    """

    parts: ClassVar[Sequence[tuple[str, Sequence[str]]]] = ()

    @property
    def grouped(self) -> list[tuple[str, list[BoundField]]]:
        """The parts with their visible fields, as form_fields.html shows them."""
        named = {name for _, names in self.parts for name in names}
        rest = [field for field in self.visible_fields() if field.name not in named]
        shown = [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in self.parts
        ]
        return [(heading, fields) for heading, fields in [*shown, ("", rest)] if fields]
