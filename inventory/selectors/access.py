"""Which locations a user sees: the one place that knows the scope of warehouse staff."""

from typing import Any

from django.db.models import Q, QuerySet

from inventory.models import Location
from inventory.rights import ALL_LOCATIONS


def location_scope(user: Any, path: str = "location") -> Q:
    """The condition that narrows rows to the user's locations; `path` leads from the row to the
    location. Who may see every location is not narrowed; who works nowhere sees nothing.
    """
    if user.has_right(ALL_LOCATIONS):
        return Q()
    return Q(**{f"{path}__access__user": user})


def locations_for(user: Any) -> QuerySet[Location]:
    """The active locations that the user sees, by name."""
    rows = Location.objects.active()
    return rows if user.has_right(ALL_LOCATIONS) else rows.filter(access__user=user)
