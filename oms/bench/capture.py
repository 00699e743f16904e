"""Orders a second through the HTTP API and the placing service, beside the same rows by hand in SQL."""

from random import Random
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Channel
from oms.bench import http
from oms.bench.goods import (
    ADDRESS,
    LINES,
    LOCATIONS,
    PRICE,
    SKUS,
    TAX_RATE,
    fill,
    say_costs,
    sku_of,
)
from oms.bench.handwritten import HandWritten
from oms.bench.load import Measured, Work, measure
from orders.drafts import DraftLine, OrderDraft
from orders.services import place_order


def run(*, seconds: float, connections: tuple[int, ...]) -> dict[str, Any]:
    """Measure both sides at each number of connections; ratios are within this run."""
    fill()
    figures: dict[str, Any] = {
        "lines": LINES,
        "skus": SKUS,
        "locations": LOCATIONS,
        "queries_per_order": {str(lines): _count_queries(lines) for lines in (1, LINES, 20)},
    }
    for count in connections:
        by_hand = measure(prepare_by_hand, processes=count, seconds=seconds)
        service = measure(prepare_service, processes=count, seconds=seconds)
        figures[f"connections_{count}"] = _beside(service, by_hand)
    hot_by_hand = measure(prepare_hot_by_hand, processes=max(connections), seconds=seconds)
    hot = measure(prepare_hot_service, processes=max(connections), seconds=seconds)
    figures[f"hot_sku_{max(connections)}"] = _beside(hot, hot_by_hand)
    through = http.run(seconds=seconds)
    beside = measure(prepare_by_hand, processes=http.CLIENTS, seconds=seconds)
    figures["http"] = {
        "workers": through["workers"],
        "clients": through["clients"],
        "spread": _beside(through["spread"], beside),
        "hot_sku": _beside(through["hot"], hot_by_hand),
        "rush": through["rush"],
    }
    figures["sourced_by_cost"] = _by_cost(seconds=seconds, processes=max(connections))
    return figures


def _by_cost(*, seconds: float, processes: int) -> dict[str, Any]:
    """The service where locations are only asked in turn, and where costs and rules decide."""
    in_turn = measure(prepare_service, processes=processes, seconds=seconds)
    say_costs()
    by_cost = measure(prepare_service, processes=processes, seconds=seconds)
    return {
        "in_turn": in_turn.as_dict(),
        "by_cost": by_cost.as_dict(),
        "ratio": round(by_cost.per_second / in_turn.per_second, 3),
    }


def _beside(service: Measured, by_hand: Measured) -> dict[str, Any]:
    return {
        "service": service.as_dict(),
        "hand_written_sql": by_hand.as_dict(),
        "ratio": round(service.per_second / by_hand.per_second, 3),
    }


def draft_of(channel: Channel, numbers: list[int]) -> OrderDraft:
    return OrderDraft(
        channel=channel,
        currency="EUR",
        customer_name=ADDRESS.name,
        email="buyer@example.com",
        billing_address=ADDRESS,
        shipping_address=ADDRESS,
        lines=tuple(
            DraftLine(sku=sku_of(number), quantity=1, unit_price=PRICE, tax_rate=TAX_RATE)
            for number in numbers
        ),
    )


def _count_queries(lines: int) -> int:
    channel = Channel.objects.select_related("legal_entity").get(code="bench")
    place_order(draft_of(channel, [0]), now=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        place_order(draft_of(channel, list(range(lines))), now=timezone.now())
    return len([query for query in captured if query["sql"] not in {"BEGIN", "COMMIT"}])


def prepare_service() -> Work:
    channel = Channel.objects.get(code="bench")

    def work(random: Random) -> None:
        place_order(draft_of(channel, random.sample(range(SKUS), LINES)), now=timezone.now())

    return work


def prepare_hot_service() -> Work:
    channel = Channel.objects.get(code="bench")

    def work(_random: Random) -> None:
        place_order(draft_of(channel, [0]), now=timezone.now())

    return work


def prepare_by_hand() -> Work:
    by_hand = HandWritten("bench")

    def work(random: Random) -> None:
        by_hand.place([sku_of(n) for n in random.sample(range(SKUS), LINES)])

    return work


def prepare_hot_by_hand() -> Work:
    by_hand = HandWritten("bench")

    def work(_random: Random) -> None:
        by_hand.place([sku_of(0)])

    return work
