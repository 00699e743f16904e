"""The bins of a location with what lies in them, and its closed days to come."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from inventory.models import Bin, Closure, Location, StockLevel


def bins_of(location: Location, *, limit: int) -> Sequence[Bin]:
    """Bins in the order of a walk, with `skus`: how many SKUs are said to lie there. One query."""
    there = (
        StockLevel.objects.filter(location=OuterRef("location"), bin=OuterRef("code"))
        .order_by()
        .values("bin")
        .annotate(skus=Count("pk"))
        .values("skus")
    )
    bins = location.bins.annotate(skus=Coalesce(Subquery(there), 0))
    return list(bins.order_by("code", "id")[:limit])


def closures_ahead(location: Location, *, today: date) -> QuerySet[Closure]:
    """The days from today on at which the location, or every location, is closed."""
    mine = Q(location=location) | Q(location=None)
    return Closure.objects.filter(mine, day__gte=today).order_by("day", "id")
