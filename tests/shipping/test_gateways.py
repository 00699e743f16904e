"""Our own deliveries: rates by zone and weight, and numbers whose slips show."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.address import Address
from shipping.gateways.base import LabelRequest, RateBand, RateRequest
from shipping.gateways.own import (
    OwnCarrier,
    check_digit,
    is_tracking_number,
    tracking_number,
)

DIGITS = "0123456789"


def band(service: str, countries: tuple[str, ...], up_to_g: int, amount: str, **more) -> RateBand:
    return RateBand(
        service=service,
        service_name=service.title(),
        zone=more.get("zone", "/".join(countries)),
        countries=countries,
        transit_days=more.get("days", 2),
        up_to_g=up_to_g,
        currency=more.get("currency", "EUR"),
        amount=Decimal(amount),
        cost=Decimal(amount) / 2,
    )


TARIFF = [
    band("standard", ("DE",), 1_000, "4.90"),
    band("standard", ("DE",), 5_000, "6.90"),
    band("standard", ("*",), 5_000, "14.90", days=9),
    band("express", ("DE", "AT"), 5_000, "12.90", days=1),
    band("standard", ("DE",), 5_000, "7.50", currency="CHF"),
]
CARRIER = OwnCarrier(tariff=lambda: TARIFF, next_serial=lambda: 42)


def rates(country: str, *weights: int, currency: str = "EUR"):
    return {
        rate.service: (str(rate.amount), rate.currency)
        for rate in CARRIER.rates(RateRequest(country, weights, currency))
    }


def test_the_step_that_carries_the_weight_sets_the_price():
    assert rates("DE", 1_000)["standard"] == ("4.90", "EUR")
    assert rates("DE", 1_001)["standard"] == ("6.90", "EUR")


def test_parcels_are_priced_one_by_one():
    assert rates("DE", 500, 4_000)["standard"] == ("11.80", "EUR")


def test_a_zone_that_names_the_country_wins_over_the_one_for_all_others():
    assert rates("FR", 500) == {"standard": ("14.90", "EUR")}


def test_too_heavy_a_parcel_is_not_taken():
    assert rates("DE", 5_001) == {}


def test_another_currency_is_asked_for_where_the_table_has_it():
    assert rates("DE", 900, currency="CHF")["standard"] == ("7.50", "CHF")
    assert rates("DE", 900, currency="USD")["express"] == ("12.90", "EUR")


def test_the_cheapest_stands_first():
    found = CARRIER.rates(RateRequest("DE", (900,), "EUR"))
    assert [rate.service for rate in found] == ["standard", "express"]


def label_of(weight_g: int, country: str = "DE", service: str = "standard"):
    return CARRIER.buy_label(
        LabelRequest(
            key="k",
            reference="SH-1/1",
            service=service,
            weight_g=weight_g,
            currency="EUR",
            ship_to=Address(country=country),
            ship_from=Address(country="DE"),
        )
    )


def test_a_label_is_sold_at_what_the_table_says():
    sold = label_of(900)
    assert sold.ok
    assert sold.response["cost"] == "2.45"
    assert is_tracking_number(sold.response["tracking_number"])


def test_what_no_rate_fits_is_refused_with_a_sentence():
    assert not label_of(9_000).ok
    assert "does not take 9 kg to DE" in label_of(9_000).error


def test_a_request_survives_being_kept_as_json():
    request = LabelRequest(
        key="k",
        reference="r",
        service="s",
        weight_g=1,
        currency="EUR",
        ship_to=Address(name="Ada", country="DE"),
        ship_from=Address(city="Berlin"),
    )
    assert LabelRequest.from_json(request.as_json()) == request


@given(st.integers(0, 10**10 - 1))
def test_our_numbers_are_known_by_their_check_digit(serial):
    assert is_tracking_number(tracking_number(serial))


@given(st.integers(0, 10**10 - 1), st.integers(3, 13), st.sampled_from(DIGITS))
def test_one_wrong_digit_always_shows(serial, place, digit):
    number = tracking_number(serial)
    wrong = number[:place] + digit + number[place + 1 :]
    assert is_tracking_number(wrong) == (wrong == number)


def test_the_check_digit_is_that_of_the_standard():
    assert check_digit("0794") == "5"  # the example of ISO 7064 for MOD 11,10
