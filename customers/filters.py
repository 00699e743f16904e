"""How the list of customers is narrowed."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.listing import Contains, Flag, ListFilter, Period
from customers.models import Company, CreditAccount


class CustomerFilter(ListFilter):
    """The filters of the customers page."""

    company = Contains("company__name", label="Company")
    marketing = Flag("accepts_marketing", label="Accepts marketing")
    business = Flag(label="Buys for a company", condition=Q(company__isnull=False))
    added = Period("created_at", label="Added")


def is_near_limit() -> Exists:
    """Companies that have taken nine tenths of a credit limit, or all of it."""
    return Exists(
        CreditAccount.objects.filter(
            company=OuterRef("pk"), limit__gt=0, exposure__gte=F("limit") * 9 / 10
        )
    )


class CompanyFilter(ListFilter):
    """The filters of the companies page."""

    blocked = Flag(label="Blocked from ordering", condition=Q(blocked_at__isnull=False))
    credit = Flag(label="Has credit", method="with_credit")
    near = Flag(label="Near its credit limit", method="near_limit")
    po = Flag("needs_purchase_order", label="Needs purchase-order numbers")
    added = Period("created_at", label="Added")

    def with_credit(self, rows: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        has = Exists(CreditAccount.objects.filter(company=OuterRef("pk")))
        return rows.filter(has if value == "yes" else ~has)

    def near_limit(self, rows: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        return rows.filter(is_near_limit() if value == "yes" else ~is_near_limit())
