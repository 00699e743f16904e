"""Names, countries and postal addresses."""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2s
from typing import Any

from babel import Locale
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.markup.values import NOTHING, locale

AVATAR_HUES = 6
# How the line with the town reads; other countries write the postal code before the town.
TOWN_LINES: Mapping[str, str] = {
    "US": "{city}, {region} {postal_code}",
    "CA": "{city} {region} {postal_code}",
    "AU": "{city} {region} {postal_code}",
    "NZ": "{city} {postal_code}",
    "GB": "{city}\n{region}\n{postal_code}",
    "IE": "{city}\n{region}\n{postal_code}",
    "IN": "{city} {postal_code}\n{region}",
    "BR": "{city} - {region}\n{postal_code}",
    "IT": "{postal_code} {city} {region}",
    "ES": "{postal_code} {city}\n{region}",
    "JP": "{postal_code}\n{region} {city}",
    "SG": "{city} {postal_code}",
}
OTHERWISE = "{postal_code} {city}"
NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}  # CLDR's groups and stand-ins
NAMES = {
    "name": ("name", "full_name"),
    "company": ("company",),
    "line1": ("line1", "street"),
    "line2": ("line2",),
    "city": ("city",),
    "region": ("region", "province", "state"),
    "postal_code": ("postal_code", "postcode"),
    "country": ("country", "country_code"),
    "phone": ("phone",),
}


def country_name(code: str) -> str:
    """The country's name in the reader's language; an unknown code as it is."""
    return locale().territories.get(code.upper(), code) if code else ""


def country_choices() -> list[tuple[str, str]]:
    """Every country as (code, name) in the reader's language, by name, for select fields."""
    names = locale().territories
    return [
        ("", "Choose…"),
        *sorted(
            ((code, str(names[code])) for code in country_codes() if code in names),
            key=lambda c: c[1],
        ),
    ]


@cache
def country_codes() -> frozenset[str]:
    """The code of every country, by ISO 3166-1 alpha-2."""
    codes = map(str, Locale("en").territories)
    return frozenset(
        code for code in codes if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    )


def address_lines(source: Any, with_country: bool = True) -> list[str]:
    """The lines of an address in the order its country writes them.

    `source` has attributes or keys: name company line1 line2 city region postal_code country.
    """
    part = {key: _read(source, names) for key, names in NAMES.items()}
    town = TOWN_LINES.get(part["country"].upper(), OTHERWISE).format(**part)
    lines = [part["name"], part["company"], part["line1"], part["line2"], *town.split("\n")]
    if with_country:
        lines.append(country_name(part["country"]))
    return [line for raw in lines if (line := " ".join(raw.split()).strip(" ,-"))]


def _read(source: Any, names: tuple[str, ...]) -> str:
    for name in names:
        found = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
        if found and not callable(found):
            return str(found)
    return ""


def address(source: Any, one_line: bool = False) -> SafeString:
    """A postal address as a block, or in one line."""
    lines = address_lines(source) if source else []
    if not lines:
        return NOTHING
    if one_line:
        return format_html('<span dir="auto">{}</span>', ", ".join(lines))
    return format_html(
        '<address class="address" dir="auto">{}</address>',
        format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines)),
    )


def avatar(name: str) -> SafeString:
    """A disc with initials; decoration only, the name stands beside it."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    initials = "".join(word[0] for word in ([words[0], words[-1]] if words[1:] else words))
    hue = blake2s(str(name).encode(), digest_size=1).digest()[0] % AVATAR_HUES
    return format_html(
        '<span class="avatar avatar--{}" aria-hidden="true">{}</span>', hue, initials.upper() or "?"
    )
