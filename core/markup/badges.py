"""Badges: a state in words, with an icon and the colour of its role."""

from collections.abc import Mapping
from typing import Literal

from django.db import models
from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.markup.icons import icon

Role = Literal["neutral", "info", "success", "warning", "danger", "accent"]

ROLE_ICONS: Mapping[str, str] = {
    "neutral": "minus",
    "info": "info",
    "success": "check",
    "warning": "alert",
    "danger": "blocked",
    "accent": "star",
}


def badge(label: object, role: str = "neutral", icon_name: str = "") -> SafeString:
    """A badge; without an icon of its own it takes the one of its role, so colour never stands alone."""
    return format_html(
        '<span class="badge badge--{}">{}{}</span>',
        role,
        icon(icon_name or ROLE_ICONS[role]),
        label,
    )


class BadgeSet:
    """The badges of one set of choices. Every member must have its look: (role, icon)."""

    def __init__(
        self, choices: type[models.TextChoices], looks: Mapping[str, tuple[Role, str]]
    ) -> None:
        missing = set(choices.values) - {str(value) for value in looks}
        if missing:
            raise ValueError(f"{choices.__name__} has no badge for {', '.join(sorted(missing))}")
        self._html = {str(member.value): (member.label, *looks[member.value]) for member in choices}

    def add_to(self, library: Library, name: str) -> None:
        """Make it a template tag: `{% name order.state %}`."""

        def tag(value: str) -> SafeString:
            return self.badge(value)

        library.simple_tag(tag, name=name)

    def badge(self, value: str) -> SafeString:
        """The badge of a stored value; an empty value shows nothing."""
        return badge(*self._html[str(value)]) if value else SafeString("")
