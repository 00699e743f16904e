"""What rules decide about where orders are sent from: another location, or the decision once more."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from core.rules.kinds import ValueKind
from core.rules.registry import Action, ActionField, Doing, plug_actions
from inventory.events import DemandFilled
from inventory.models import Allocation, Location
from orders.errors import CannotSource
from orders.events import BackorderFilled, OrderReleased
from orders.events.sourcing import OrderSourcedAgain, SourcingOverridden
from orders.models import OrderLine
from orders.rules.buying import locations
from orders.services import override_sourcing, resource_order

Values = Mapping[str, str]


def send_from(doing: Doing, values: Values) -> str:
    """Send all that is still to be sent from one location, where it has the units and may."""
    place = Location.objects.get(pk=values["location"])
    lines = [
        line
        for line in OrderLine.objects.filter(order=doing.subject_id, demand__isnull=False)
        if line.open
    ]
    held = Allocation.objects.filter(
        demand__in=[line.demand_id for line in lines],
        quantity__gt=F("consumed") + F("released"),
    )
    if held.exists() and not held.exclude(level__location=place).exists():
        return f"Is sent from {place.name} already"
    try:
        with transaction.atomic():
            override_sourcing(
                order_id=doing.subject_id,
                places={line.pk: place.pk for line in lines},
                reason=f"Rule “{doing.rule_name}”",
                now=doing.now,
            )
    except CannotSource as refusal:
        return f"Stays where it is: {refusal.message}"
    return f"To be sent from {place.name}"


def decide_again(doing: Doing, _values: Values) -> str:
    """Move what is set aside where that is better by now."""
    try:
        with transaction.atomic():
            decided = resource_order(order_id=doing.subject_id, now=doing.now)
    except CannotSource as refusal:
        return f"Stays where it is: {refusal.message}"
    return f"Decided again: {decided.why}" if decided else "Stays where it is: nothing is better"


plug_actions(
    "order",
    Action(
        "orders.send_from",
        "Send it from a location",
        send_from,
        fields=(
            ActionField(
                "location",
                "Which",
                ValueKind.CHOICE,
                locations,
                hint="Where it lacks units or may not send, the order stays as it is.",
            ),
        ),
        causes=(SourcingOverridden, OrderReleased, BackorderFilled, DemandFilled),
    ),
    Action(
        "orders.source_again",
        "Decide again where it is sent from",
        decide_again,
        causes=(OrderSourcedAgain, OrderReleased, BackorderFilled, DemandFilled),
    ),
)
