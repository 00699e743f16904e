"""Whether an order bears tax, and at which rate: the most specific region wins."""

from collections.abc import Mapping
from decimal import Decimal

from core.money import ZERO, quantise
from orders.states import TaxTreatment

STANDARD = "standard"
EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
VAT_PREFIXES = {"EL": "GR"}  # Greece writes its VAT ids with other letters than its country's

Rates = Mapping[tuple[str, str], Decimal]  # by region (empty: the whole country) and class of goods


def rate_of(rates: Rates, tax_class: str, region: str = "") -> Decimal:
    """The rate on a class of goods sent to a region. A rate of the region goes before one of the
    country; a class nobody gave a rate bears the standard one.
    """
    place = region.strip().upper()
    for key in ((place, tax_class), ("", tax_class), (place, STANDARD), ("", STANDARD)):
        if key in rates:
            return rates[key]
    return ZERO


def treatment_of(
    *, seller_country: str, country: str, is_exempt: bool, vat_id: str
) -> TaxTreatment:
    """Whether the order is taxed. `vat_id` is the buyer's, its check digits proved; empty for none.

    Reverse charge (Directive 2006/112/EC, articles 138 and 196): a business of another country of
    the EU buys across a border of it, and owes the tax itself.
    """
    if is_exempt:
        return TaxTreatment.EXEMPT
    home = VAT_PREFIXES.get(vat_id[:2].upper(), vat_id[:2].upper())
    is_across = {seller_country, country, home} <= EU and seller_country not in {country, home}
    return TaxTreatment.REVERSE_CHARGE if is_across else TaxTreatment.TAXED


def without_tax(price: Decimal, rate: Decimal, currency: str) -> Decimal:
    """A price that contains tax at a rate, less that tax."""
    return quantise(price / (1 + rate), currency)
