"""What stock does when stock moved: tell the channels what they may sell now."""

from core import clock
from core.handling import handles
from inventory.events import (
    AllocationLost,
    DemandFilled,
    LotRecalled,
    LotRecallLifted,
    ReservationEnded,
    StockCounted,
    StockMoved,
    ThresholdChanged,
    VariantChanged,
)
from inventory.services import refresh_feeds


@handles(StockMoved)
def tell_channels_of_movement(fact: StockMoved) -> None:
    refresh_feeds(variant_ids=[fact.variant_id], now=clock.now())


@handles(StockCounted)
def tell_channels_of_counts(_fact: StockCounted) -> None:
    refresh_feeds(now=clock.now())


@handles(DemandFilled)
def tell_channels_of_filled_demand(fact: DemandFilled) -> None:
    refresh_feeds(variant_ids=[fact.variant_id], now=clock.now())


@handles(AllocationLost)
def tell_channels_of_lost_allocation(fact: AllocationLost) -> None:
    refresh_feeds(variant_ids=[fact.variant_id], now=clock.now())


@handles(ReservationEnded)
def tell_channels_of_ended_reservation(fact: ReservationEnded) -> None:
    refresh_feeds(variant_ids=[fact.variant_id], now=clock.now())


@handles(ThresholdChanged)
def tell_channels_of_threshold(fact: ThresholdChanged) -> None:
    refresh_feeds(variant_ids=[fact.variant_id], now=clock.now())


@handles(VariantChanged)
def tell_channels_of_variant(fact: VariantChanged) -> None:
    refresh_feeds(variant_ids=[fact.variant_id], now=clock.now())


@handles(LotRecalled)
def tell_channels_of_recall(fact: LotRecalled) -> None:
    refresh_feeds(variant_ids=[fact.variant_id], now=clock.now())


@handles(LotRecallLifted)
def tell_channels_of_lifted_recall(fact: LotRecallLifted) -> None:
    refresh_feeds(variant_ids=[fact.variant_id], now=clock.now())
