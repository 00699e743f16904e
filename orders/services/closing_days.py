"""Days on which carriers and locations are closed, as the promise calendar sets them."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from core.markup.people import country_name
from core.outbox import publish
from inventory.models import Closure, Location
from inventory.services.premises import close_on, reopen_on
from orders.errors import CannotClose
from orders.events.promises import CarrierClosureSet
from orders.models import ALL_CARRIERS, CarrierClosure
from orders.selectors import promise_tables
from orders.selectors.closures import Proposed, carrier_names


@transaction.atomic
def close_carrier(*, carrier: str, country: str, day: date, label: str) -> CarrierClosure:
    """A carrier (or every one, empty) neither collects nor delivers in a country (empty: anywhere) on a
    day; said again, the reason is replaced. Orders already promised keep their day.
    """
    if carrier and carrier not in carrier_names():
        raise CannotClose("There is no such carrier; choose one of the list.", field="who")
    closure, _ = CarrierClosure.objects.update_or_create(
        carrier=carrier, country=country, day=day, defaults={"name": label[:100]}
    )
    _tell(closure, "Closed")
    promise_tables.forget()
    return closure


@transaction.atomic
def reopen_carrier(*, closure_id: int) -> None:
    """The carrier works on that day after all. Raises CannotClose when it is not closed."""
    closure = CarrierClosure.objects.filter(pk=closure_id).first()
    if closure is None:
        raise CannotClose("That day is not closed any more; reload the page.")
    _tell(closure, "Open again")
    closure.delete()
    promise_tables.forget()


def _tell(closure: CarrierClosure, what: str) -> None:
    who = carrier_names().get(closure.carrier, closure.carrier) or "every carrier"
    where = f" in {country_name(closure.country)}" if closure.country else ""
    publish(
        CarrierClosureSet(
            carrierclosure_id=closure.pk,
            day=closure.day.isoformat(),
            label=f"{who}{where}: {closure.name}",
            what=what,
        )
    )


@transaction.atomic
def close_location(*, location_id: int | None, day: date, label: str) -> None:
    """A location (None: every one) does not work on a day. Raises CannotClose when there is none."""
    places = Location.objects.order_by("pk")
    location = places.first() if location_id is None else places.filter(pk=location_id).first()
    if location is None:
        raise CannotClose("There is no such location; choose one of the list.", field="who")
    close_on(location=location, day=day, label=label[:100], is_everywhere=location_id is None)
    promise_tables.forget()


@transaction.atomic
def reopen_location(*, closure_id: int) -> None:
    """A location works on that day after all. Raises CannotClose when it is not closed."""
    closure = Closure.objects.filter(pk=closure_id).select_related("location").first()
    location = (closure and closure.location) or Location.objects.order_by("pk").first()
    if closure is None or location is None:
        raise CannotClose("That day is not closed any more; reload the page.")
    reopen_on(location=location, closure_id=closure.pk)
    promise_tables.forget()


@transaction.atomic
def close_proposed(*, chosen: Iterable[Proposed]) -> int:
    """Close the holidays that were chosen of those proposed; returns how many."""
    count = 0
    for one in chosen:
        kind, whose, _ = one.key.split(":")
        if kind == "carrier":
            close_carrier(carrier=ALL_CARRIERS, country=whose, day=one.day, label=one.name)
        else:
            close_location(location_id=int(whose), day=one.day, label=one.name)
        count += 1
    return count
