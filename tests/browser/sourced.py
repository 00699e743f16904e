"""Two what-ifs, one of them without anything otherwise, for the walk over all pages."""

from collections.abc import Iterator

from django.utils import timezone

from core.tasks import drain_all
from orders.models import WhatIf
from orders.services.simulating import request_what_if
from orders.sourcing.scenario import Scenario
from tests.cast import Shop


def ask(shop: Shop) -> None:
    now = timezone.now()
    without = Scenario(without=frozenset({shop.warehouse.pk}), most_parcels=1)
    request_what_if(name="Without Berlin", days=365, scenario=without, user=None, now=now)
    drain_all()
    request_what_if(name="As it is", days=7, scenario=Scenario(), user=None, now=now)


def pages(page) -> Iterator[tuple[str, str]]:
    for asked in WhatIf.objects.all():
        yield page("orders:what_if", asked.pk)
