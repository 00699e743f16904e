"""The scope of warehouse staff, as a condition on rows of this app and of fulfilments."""

from django.db.models import Q

from core.models import User
from inventory.selectors import is_bound_to_locations, visible_locations


def location_scope(user: User, path: str = "location") -> Q:
    """Narrows rows to the user's locations; `path` leads from the row to its location."""
    if not is_bound_to_locations(user):
        return Q()
    return Q(**{f"{path}__in": visible_locations(user)})


def location_ids_of(user: User) -> set[int] | None:
    """The locations a user is bound to; None for one who works everywhere. One query at most."""
    if not is_bound_to_locations(user):
        return None
    return {location.pk for location in visible_locations(user)}
