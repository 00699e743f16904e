"""What payments tells an order about its money."""

from datetime import datetime
from decimal import Decimal

from core.facts import Fact
from core.money import ZERO, in_words
from customers.services import give_back_exposure
from orders.errors import BadCredit
from orders.locks import lock_order
from orders.models import Order
from orders.services.settling import settle


def record_money(
    *,
    order_id: int,
    authorised: Decimal,
    captured: Decimal,
    refunded: Decimal,
    authorised_until: datetime | None = None,
    facts: tuple[Fact, ...] = (),
    now: datetime,
) -> Order:
    """Set what was authorised (and may still be captured), captured and refunded for an order in all;
    payments reduces its events to these sums. Paid orders are handed over at once. `facts` are the
    caller's, published with the change; `authorised_until` is when the first of what is authorised
    lapses, where its provider says so: a risk review is due before. Runs in the open
    transaction, order locked first.
    """
    order = lock_order(order_id)
    order.authorised, order.captured, order.refunded = authorised, captured, refunded
    order.authorised_until = authorised_until if authorised else None
    settle(order, facts, now=now)
    return order


def credit(order: Order, amount: Decimal) -> None:
    """Lower what a locked order is worth, by goods taken back or goodwill; saves nothing of it.

    On account, what is no longer outstanding goes back to the company's credit. Raises BadCredit
    when more would be taken back than the order came to.
    """
    if amount < ZERO or order.credit_total + amount > order.total:
        raise BadCredit(
            f"{in_words(amount, order.currency)} cannot be credited: at most"
            f" {in_words(order.total - order.credit_total, order.currency)} is left.",
            field="amount",
        )
    before = order.outstanding
    order.credit_total += amount
    if order.takes_credit and before > order.outstanding:
        give_back_exposure(
            company_id=order.company_id,
            currency=order.currency,
            amount=before - order.outstanding,
        )


def grant_credit(
    *, order_id: int, amount: Decimal, facts: tuple[Fact, ...], now: datetime
) -> Order:
    """Lower what an order is worth as goodwill, so that money may be given back for it."""
    order = lock_order(order_id)
    credit(order, amount)
    settle(order, facts, now=now)
    return order
