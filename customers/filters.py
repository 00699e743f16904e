"""How the list of customers is narrowed."""

from django.db.models import Q

from core.listing import Contains, Flag, ListFilter, Period


class CustomerFilter(ListFilter):
    """The filters of the customers page."""

    company = Contains("company__name", label="Company")
    marketing = Flag("accepts_marketing", label="Accepts marketing")
    business = Flag(label="Buys for a company", condition=Q(company__isnull=False))
    added = Period("created_at", label="Added")
