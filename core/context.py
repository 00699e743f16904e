"""What every page's frame asks for beyond its own view."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.models import Job


def running_jobs(request: HttpRequest) -> dict[str, Any]:
    """How many of the user's jobs are at work; asked only where it is shown."""

    def count() -> int:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return 0
        return Job.objects.open().of_user(user.pk).count()

    return {"running_jobs": SimpleLazyObject(count)}
