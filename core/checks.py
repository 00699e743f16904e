"""System checks of the project's own: every address is marked, and production is set up safely."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Error as Mistake
from django.core.checks import Warning as Hint

from core.access import addresses


@register(Tags.security)
def every_view_is_marked(**_: Any) -> list[CheckMessage]:
    """A view without a mark of core.access answers nobody; say so before somebody meets it."""
    return [
        Hint(
            f"The address {address.route} carries no mark.",
            hint="Put core.access.requires(RIGHT), personal or public on its view, outermost.",
            id="oms.W001",
        )
        for address in addresses()
        if address.mark is None
    ]


@register(Tags.security, deploy=True)
def production_is_safe(**_: Any) -> list[CheckMessage]:
    """What a shop on the internet must have set."""
    found: list[CheckMessage] = []
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(
            Mistake(
                "ALLOWED_HOSTS names no host, or all.",
                hint="Set it to your host names.",
                id="oms.E001",
            )
        )
    if settings.IS_HTTPS and not settings.BASE_URL.startswith("https://"):
        found.append(
            Mistake(
                "BASE_URL is not https, yet links with tokens are built with it.",
                hint="Set BASE_URL=https://your.host.",
                id="oms.E002",
            )
        )
    return found
