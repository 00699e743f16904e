"""The public holidays of countries, as a proposal for the calendar: no carrier is bound by them."""

from datetime import date
from functools import lru_cache

import holidays

NAMED_IN = "en_US"


@lru_cache(maxsize=256)
def _days_of_year(country: str, year: int) -> dict[date, str]:
    try:
        return dict(holidays.country_holidays(country, years=year, language=NAMED_IN))
    except NotImplementedError:  # a country that nobody has written down
        return {}


def country_days(country: str, start: date, end: date) -> list[tuple[date, str]]:
    """The whole country's public holidays between two days, both included; those of single regions
    are not among them.
    """
    years = range(start.year, end.year + 1)
    found = [pair for year in years for pair in _days_of_year(country, year).items()]
    return sorted(pair for pair in found if start <= pair[0] <= end)
