"""Landed cost: freight, duty and the like, spread over the goods they came with."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from core import outbox
from core.bulk import insert_all
from core.money import ZERO, quantise, split
from inventory.errors import BadPurchase, CannotBuy
from inventory.events import PurchaseChanged
from inventory.locks import lock_purchase
from inventory.models import LandedCost, LandedShare, PurchaseOrder, PurchaseOrderLine
from inventory.services.suppliers import check_cost
from inventory.states import PurchaseState, SplitBy

PLACES = Decimal("0.000001")


@transaction.atomic
def add_landed_cost(*, order_id: int, label: str, amount: Decimal, split_by: SplitBy) -> LandedCost:
    """Spread a cost over the units that are still to come, so that they are worth it once here.

    Raises CannotBuy when nothing is to come any more, BadPurchase for an impossible amount.
    """
    order = lock_purchase(order_id)
    check_cost(amount, field="amount")
    amount = quantise(amount, order.currency)
    if not amount:
        raise BadPurchase("Give an amount above zero.", field="amount")
    if order.state not in {PurchaseState.DRAFT, *PurchaseState.open_states()}:
        raise CannotBuy(
            f"{order.number} is {order.get_state_display().lower()}: nothing is to come any more"
            " that this cost could be spread over."
        )
    lines = list(order.lines.select_related("variant"))
    if not any(line.open for line in lines):
        raise CannotBuy("Add the goods first: there is nothing to spread a cost over.")
    cost = LandedCost.objects.create(
        order=order, label=label[:60], amount=amount, split_by=split_by
    )
    _spread(cost, lines, order.currency)
    _tell(order, cost, "", str(amount))
    return cost


@transaction.atomic
def remove_landed_cost(*, cost_id: int) -> PurchaseOrder:
    """Take a cost off again, as long as no goods came in bearing it. Raises CannotBuy."""
    order_id = LandedCost.objects.filter(pk=cost_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise CannotBuy("This cost is gone already; reload the page.")
    order = lock_purchase(order_id)
    cost = LandedCost.objects.get(pk=cost_id)
    if order.lines.filter(received__gt=0).exists():
        raise CannotBuy("Goods came in bearing this cost already, so it stays.")
    _tell(order, cost, str(cost.amount), "")
    cost.delete()
    return order


def spread_all(order: PurchaseOrder) -> None:
    """Spread the costs of a draft anew, its lines having changed."""
    lines = list(order.lines.select_related("variant"))
    for cost in order.landed_costs.all():
        cost.shares.all().delete()
        if lines:
            _spread(cost, lines, order.currency)


def _spread(cost: LandedCost, lines: Sequence[PurchaseOrderLine], currency: str) -> None:
    """By largest remainder, so that the shares add up to the cost."""
    bearing = [line for line in lines if line.open > 0]
    weights = [_weight(line, cost.split_by) for line in bearing]
    insert_all(
        LandedShare(cost=cost, line=line, units=line.open, amount=amount)
        for line, amount in zip(bearing, split(cost.amount, weights, currency), strict=True)
    )


def _weight(line: PurchaseOrderLine, split_by: str) -> Decimal:
    if split_by == SplitBy.VALUE:
        return Decimal(line.unit_cost * line.open)
    if split_by == SplitBy.WEIGHT:
        return Decimal(line.variant.weight_g * line.open)
    return Decimal(line.open)


def landed_unit_costs(order: PurchaseOrder) -> dict[int, Decimal]:
    """What a unit of each line costs with its way in, in the location's currency, by line id."""
    extra: dict[int, Decimal] = {}
    for share in LandedShare.objects.filter(cost__order=order):
        extra[share.line_id] = extra.get(share.line_id, ZERO) + share.amount / share.units
    return {
        line.pk: ((line.unit_cost + extra.get(line.pk, ZERO)) * order.exchange_rate).quantize(
            PLACES
        )
        for line in order.lines.all()
    }


def _tell(order: PurchaseOrder, cost: LandedCost, before: str, after: str) -> None:
    fact = PurchaseChanged(purchaseorder_id=order.pk, number=order.number, what=cost.label)
    outbox.publish(fact, changes={cost.label: (before, after)})
