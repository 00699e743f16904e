"""Icons: drawn once in static/icons/sprite.svg, referred to by name."""

from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "icons/sprite.svg"


@cache
def icon(name: str, size: str = "") -> SafeString:
    """An icon that says nothing to screen readers; give its button a text or an aria-label."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" icon--{size}" if size else "",
        static(SPRITE),
        name,
    )
