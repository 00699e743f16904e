"""Our own deliveries: rates from the shop's own table, numbers with a check digit, no network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.external import Outcome
from core.money import ZERO
from shipping.gateways.base import (
    CarrierEvent,
    LabelRequest,
    LabelSold,
    NotServed,
    Rate,
    RateBand,
    RateRequest,
)

PREFIX = "OWN"
SERIAL_DIGITS = 10
EVERYWHERE = "*"


def check_digit(digits: str) -> str:
    """The check digit of a number by ISO 7064 MOD 11,10: every single wrong digit shows."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def tracking_number(serial: int) -> str:
    """The tracking number of a serial: OWN, ten digits, one check digit."""
    digits = f"{serial:0{SERIAL_DIGITS}d}"
    return f"{PREFIX}{digits}{check_digit(digits)}"


def is_tracking_number(text: str) -> bool:
    """Whether a text is one of our numbers, check digit included."""
    digits = text.strip().upper().removeprefix(PREFIX)
    return (
        text.strip().upper().startswith(PREFIX)
        and digits.isascii()
        and digits.isdecimal()
        and len(digits) == SERIAL_DIGITS + 1
        and check_digit(digits[:-1]) == digits[-1]
    )


@dataclass(frozen=True)
class OwnCarrier:
    """Our own vans, or whoever drives for us at the prices of our own table."""

    tariff: Callable[[], Sequence[RateBand]]
    next_serial: Callable[[], int]
    code: str = "own"
    name: str = "Own delivery"
    is_online: bool = False

    def rates(self, request: RateRequest) -> list[Rate]:
        bands = [band for band in self.tariff() if _reaches(band, request.country)]
        found = []
        for service in dict.fromkeys(band.service for band in bands):
            of_service = [band for band in bands if band.service == service]
            if rate := _price(_nearest(of_service), request):
                found.append(rate)
        return sorted(found, key=lambda rate: (rate.amount, rate.transit_days, rate.service))

    def buy_label(self, request: LabelRequest) -> Outcome:
        wanted = RateRequest(request.ship_to.country, (request.weight_g,), request.currency)
        rate = next((one for one in self.rates(wanted) if one.service == request.service), None)
        if rate is None:
            refusal = NotServed(
                f"“{request.service}” does not take {request.weight_g / 1000:g} kg to"
                f" {request.ship_to.country or 'an address without a country'}; choose another"
                " service or split the parcel."
            )
            return Outcome(ok=False, error=refusal.message)
        number = tracking_number(self.next_serial())
        routing = {"service": rate.service_name, "zone": rate.zone}
        return LabelSold(number, rate.cost, rate.currency, number, routing).as_outcome()

    def look_up_label(self, request: LabelRequest) -> Outcome | None:
        """Nothing is ever sold without our knowing: the sale and its record are one commit."""
        return None

    def void_label(self, tracking_number: str, provider_ref: str) -> Outcome:
        return Outcome(ok=True, provider_ref=provider_ref or tracking_number)

    def track(self, tracking_number: str) -> list[CarrierEvent]:
        """Staff and files tell where our own parcels are; there is nobody to ask."""
        return []

    def tracking_url(self, tracking_number: str) -> str:
        return ""


def _reaches(band: RateBand, country: str) -> bool:
    return EVERYWHERE in band.countries or country in band.countries


def _nearest(bands: list[RateBand]) -> list[RateBand]:
    """Bands of a zone that names the country win over those of the zone for all others."""
    named = [band for band in bands if EVERYWHERE not in band.countries]
    return named or bands


def _price(bands: list[RateBand], request: RateRequest) -> Rate | None:
    """All parcels together: in the currency asked for, else in the first that the table has."""
    currencies = {band.currency for band in bands}
    currency = request.currency if request.currency in currencies else min(currencies, default="")
    ladder = sorted(
        (band for band in bands if band.currency == currency), key=lambda band: band.up_to_g
    )
    amount = cost = ZERO
    for weight in request.weights_g:
        fitting = next((band for band in ladder if weight <= band.up_to_g), None)
        if fitting is None:
            return None
        amount += fitting.amount
        cost += fitting.cost
    if not ladder:
        return None
    first = ladder[0]
    return Rate(
        first.service, first.service_name, first.zone, first.transit_days, currency, amount, cost
    )
