"""How far a parcel goes: from where its location lies to the middle of the country it is sent to."""

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
Point = tuple[float, float]  # degrees north, degrees east

# the middle of each country, to a tenth of a degree
MIDDLES: dict[str, Point] = {
    "AT": (47.6, 14.1),
    "AU": (-25.7, 134.5),
    "BE": (50.6, 4.6),
    "BG": (42.8, 25.2),
    "BR": (-10.8, -53.1),
    "CA": (61.4, -98.3),
    "CH": (46.8, 8.2),
    "CN": (36.6, 103.8),
    "CY": (35.0, 33.0),
    "CZ": (49.7, 15.3),
    "DE": (51.1, 10.4),
    "DK": (56.0, 10.0),
    "EE": (58.7, 25.5),
    "ES": (40.2, -3.6),
    "FI": (64.5, 26.3),
    "FR": (46.6, 2.5),
    "GB": (54.1, -2.9),
    "GR": (39.1, 22.9),
    "HR": (45.1, 16.4),
    "HU": (47.2, 19.4),
    "IE": (53.2, -8.1),
    "IN": (22.9, 79.6),
    "IS": (65.0, -18.6),
    "IT": (42.8, 12.1),
    "JP": (37.6, 138.0),
    "LI": (47.1, 9.5),
    "LT": (55.3, 23.9),
    "LU": (49.8, 6.1),
    "LV": (56.9, 24.9),
    "MT": (35.9, 14.4),
    "MX": (23.9, -102.5),
    "NL": (52.1, 5.3),
    "NO": (64.5, 13.8),
    "NZ": (-41.8, 171.5),
    "PL": (52.1, 19.4),
    "PT": (39.6, -8.5),
    "RO": (45.9, 25.0),
    "SE": (62.8, 16.7),
    "SI": (46.1, 14.8),
    "SK": (48.7, 19.5),
    "TR": (39.1, 35.2),
    "UA": (49.0, 31.4),
    "US": (39.8, -98.6),
}


def km_between(one: Point, other: Point) -> float:
    """The great circle (haversine), on a sphere."""
    north, far = radians(one[0]), radians(other[0])
    half = (
        sin((far - north) / 2) ** 2
        + cos(north) * cos(far) * sin(radians(other[1] - one[1]) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def km_to(country: str, start: Point | None) -> float | None:
    """From a point to the middle of a country; None where either is not known."""
    middle = MIDDLES.get(country)
    return km_between(start, middle) if start and middle else None
