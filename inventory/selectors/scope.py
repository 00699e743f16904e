"""Who sees which locations: warehouse staff see those where they work, everybody else all."""

from django.db.models import QuerySet
from django.http import Http404

from core.models import User
from core.rights import Role
from inventory.models import Location, StockLevel

UNBOUND = frozenset({Role.SALES, Role.FINANCE, Role.MANAGER, Role.ADMIN})


def is_bound_to_locations(user: User) -> bool:
    """Whether the user sees only locations given to them (LocationAccess): so do warehouse staff who
    hold no office role beside. With none given they see none.
    """
    roles = set(user.roles)
    return not user.is_superuser and Role.WAREHOUSE in roles and not roles & UNBOUND


def visible_locations(user: User) -> QuerySet[Location]:
    """The locations whose stock and work the user sees."""
    locations = Location.objects.all()
    return locations.filter(access__user=user) if is_bound_to_locations(user) else locations


def location_seen_by(user: User, location_id: int) -> Location:
    """One location; Http404 when it is not there or not the user's."""
    location = visible_locations(user).filter(pk=location_id).first()
    if location is None:
        raise Http404("No such location, or it is not yours to see.")
    return location


def visible_levels(user: User) -> QuerySet[StockLevel]:
    """The stock levels at the user's locations."""
    levels = StockLevel.objects.all()
    if is_bound_to_locations(user):
        return levels.filter(location__in=visible_locations(user))
    return levels
