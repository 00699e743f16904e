"""Orders with money on them, and a provider at the network's edge, as the tests of payments know them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from core.external import OutcomeUnknown
from core.money import ZERO
from orders.models import Order
from payments.gateways import Ask, Capabilities, Reply
from payments.models import Payment
from payments.services import record_payment
from payments.states import Method, Operation
from tests.cast import NOON, Shop

LATER = NOON + timedelta(hours=1)


def an_order(shop: Shop, price: str = "10.00", units: int = 3, **more) -> Order:
    """An open, unpaid order of mugs that are in stock."""
    shop.stock(shop.mug, units)
    return shop.order((shop.mug, units, price), **more)


def pay(
    order: Order, amount: str | Decimal, method: Method = Method.BANK_TRANSFER, **more
) -> Payment:
    """Money for an order, recorded by hand."""
    return record_payment(
        order_id=order.pk,
        method=method,
        amount=Decimal(amount),
        currency=order.currency,
        received_at=more.pop("received_at", LATER),
        now=more.pop("now", LATER),
        **more,
    )


def money_of(order: Order) -> tuple[Decimal, Decimal, Decimal]:
    """What the order knows of its money: authorised, captured, refunded."""
    order.refresh_from_db()
    return order.authorised, order.captured, order.refunded


class FakeProvider:
    """A provider elsewhere. It keeps what it did by ref, so a repeated ask acts once; `drops` lets
    the next answers get lost after the effect, `refuses` names operations it declines.
    """

    code = "fake"
    label = "Fake cards"
    methods = (Method.CARD,)
    capabilities = Capabilities(
        authorises=True, captures_partly=True, captures_often=True, sends_notices=True
    )

    def __init__(self) -> None:
        self.done: dict[str, Reply] = {}
        self.calls: list[tuple[Operation, str]] = []
        self.drops = 0
        self.refuses: set[Operation] = set()

    def able(self, **more) -> "FakeProvider":
        self.capabilities = replace(self.capabilities, **more)
        return self

    def authorise(self, ask: Ask) -> Reply:
        return self._answer(ask)

    def capture(self, ask: Ask) -> Reply:
        return self._answer(ask)

    def void(self, ask: Ask) -> Reply:
        return self._answer(ask)

    def refund(self, ask: Ask) -> Reply:
        return self._answer(ask)

    def look_up(self, ask: Ask) -> Reply | None:
        return self.done.get(ask.ref)

    def read_notices(self, headers, body, *, now):
        return []

    def _answer(self, ask: Ask) -> Reply:
        self.calls.append((ask.operation, ask.ref))
        if ask.operation in self.refuses:
            return Reply(
                is_done=False, amount=ask.amount, occurred_at=ask.asked_at, reason="Declined"
            )
        reply = self.done.setdefault(
            ask.ref,
            Reply(
                is_done=True,
                amount=ask.amount,
                occurred_at=ask.asked_at,
                provider_ref=f"op_{len(self.done)}",
                payment_ref=f"pay_{ask.payment_id}",
            ),
        )
        if self.drops:
            self.drops -= 1
            raise OutcomeUnknown("The connection was lost.")
        return reply

    def total(self, operation: Operation) -> Decimal:
        """What the provider itself did of one operation."""
        refs = {ref for op, ref in self.calls if op == operation}
        return sum((self.done[ref].amount for ref in refs if ref in self.done), ZERO)
