"""Stories pass through days: the clock stands where the story is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from core.tasks import drain_all
from tests.cast import NOON


class Days:
    """The time of a story. Letting time pass lets the workers finish what was asked of them."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller
        self.now = NOON

    def work(self) -> None:
        drain_all()

    def pass_by(self, **time: int) -> None:
        self.work()
        self.now += timedelta(**time)
        self.traveller.move_to(self.now)


@pytest.fixture
def days(db) -> Iterator[Days]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield Days(traveller)
