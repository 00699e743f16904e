"""On account: a company pays within its net days; what it owes counts against its credit limit."""

from datetime import date, timedelta

from payments.gateways.offline import Offline
from payments.states import Method


class Terms(Offline):
    code = "terms"
    label = "On account"
    methods: tuple[Method, ...] = (Method.ON_ACCOUNT,)


def due_on(issued_on: date, net_days: int) -> date:
    """The last day on which an invoice of that day is paid in time."""
    return issued_on + timedelta(days=net_days)
