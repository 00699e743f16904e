"""What happened to promises, and to what they are made from."""

from core.facts import Fact


class PromiseChanged(Fact, subject="order", is_sequenced=True):
    """Somebody promised the order for another day; the fact's reason says why."""

    sentence = "Promised for {words}"
    order_id: int
    promised_on: str
    earlier: str | None
    words: str


class DeliverByAsked(Fact, subject="order", is_sequenced=True):
    """Its buyer asks for the order by a day, by another one, or by none any more."""

    sentence = "Asked for {words}"
    order_id: int
    deliver_by: str | None
    words: str


class ArrivalExpected(Fact, subject="order"):
    """By all that is known the order arrives after the day it was promised for, or in time again."""

    sentence = "Expected to arrive {words}"
    order_id: int
    expected_on: str | None
    promised_on: str
    is_late: bool
    words: str


class TransitTimeChanged(Fact, subject="transittime"):
    """How long the way from a location to a zone takes; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    transittime_id: int
    label: str
    what: str


class CarrierDaysChanged(Fact, subject="carrierdays"):
    """On which weekdays a carrier works; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    carrierdays_id: int
    label: str
    what: str


class CarrierClosureSet(Fact, subject="carrierclosure"):
    """A carrier, or every one, is closed on a day, or works after all."""

    sentence = "{what}: {day:day} ({label})"
    carrierclosure_id: int
    day: str
    label: str
    what: str
