"""What happened in the guided first hour of a training store."""

from core.facts import Fact


class OrderFound(Fact, subject="user"):
    """Somebody in training was asked for an order of a customer and named one."""

    user_id: int
    number: str
