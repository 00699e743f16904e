"""What every page's frame asks for beyond its own view."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.frame import NOTHING, Frame, frame_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """What waits for the user, counted once and only on pages that show it."""

    def count() -> Frame:
        user = getattr(request, "user", None)
        return frame_of(user) if user is not None and user.is_authenticated else NOTHING

    return {"frame": SimpleLazyObject(count)}
