"""On which day an order arrives: cut-off, handling, carrier, closed days. Rules without rows."""

from orders.promising.calendars import WorkDays, moment_of
from orders.promising.deciding import arrival, promise, ships_on
from orders.promising.inputs import Inputs, Leg, Part, Sender, Way
from orders.promising.outcome import Decision, Leaves, Promise
from orders.promising.transit import (
    LEAST_DELIVERIES,
    Basis,
    Measured,
    Spread,
    Transit,
    choose_transit,
)

__all__ = [
    "LEAST_DELIVERIES",
    "Basis",
    "Decision",
    "Inputs",
    "Leaves",
    "Leg",
    "Measured",
    "Part",
    "Promise",
    "Sender",
    "Spread",
    "Transit",
    "Way",
    "WorkDays",
    "arrival",
    "choose_transit",
    "moment_of",
    "promise",
    "ships_on",
]
