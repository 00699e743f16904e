"""The rates of taxes by place, and whether a buyer bears them."""

from collections.abc import Collection
from decimal import Decimal

from orders.models import TaxRate
from orders.pricing import treatment_of
from orders.selectors.policies import Buyer
from orders.states import TaxTreatment


def tax_rates(countries: Collection[str]) -> dict[str, dict[tuple[str, str], Decimal]]:
    """By country: the rates by region (capitals; empty for the whole) and class. One query."""
    rates: dict[str, dict[tuple[str, str], Decimal]] = {country: {} for country in countries}
    for row in TaxRate.objects.filter(country__in=countries):
        rates[row.country][(row.region.strip().upper(), row.tax_class)] = row.rate
    return rates


def treatment_for(buyer: Buyer, *, seller: str, country: str) -> TaxTreatment:
    """Whether a buyer is taxed on what a seller sends to a country."""
    return treatment_of(
        seller_country=seller,
        country=country,
        is_exempt=buyer.is_tax_exempt,
        vat_id=buyer.vat_id,
    )
