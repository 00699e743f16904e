"""Which payments a refund comes out of: pure, newest first or as chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, in_words, quantise
from orders.models import Order
from payments.errors import BadAmount, OverRefund
from payments.gateways import gateway_named
from payments.models import Payment


@dataclass(frozen=True, slots=True)
class Share:
    """What a refund takes from one payment."""

    payment: Payment
    amount: Decimal


def refundable(payments: Sequence[Payment]) -> list[Payment]:
    """Payments of which something can be given back, newest first."""
    return [
        one
        for one in sorted(payments, key=lambda one: (one.created_at, one.pk), reverse=True)
        if one.refundable > ZERO and gateway_named(one.provider).capabilities.refunds
    ]


def plan_refund(
    order: Order,
    payments: Sequence[Payment],
    amount: Decimal,
    *,
    chosen: Mapping[int, Decimal] | None = None,
) -> list[Share]:
    """The shares of `amount`, from the newest payment on, or as `chosen` by payment id.

    Raises BadAmount, and OverRefund with what is possible.
    """
    check_amount(amount, order.currency)
    able = refundable(payments)
    possible = sum((one.refundable for one in able), ZERO)
    if amount > possible:
        raise OverRefund(_too_much(order, payments, amount, possible), possible=possible)
    shares = _chosen(order, able, amount, chosen) if chosen else _newest_first(able, amount)
    for share in shares:
        _check_whole(share)
    return shares


def _newest_first(able: Sequence[Payment], amount: Decimal) -> list[Share]:
    shares, left = [], amount
    for payment in able:
        part = min(left, payment.refundable)
        if part > ZERO:
            shares.append(Share(payment, part))
            left -= part
    return shares


def _chosen(
    order: Order, able: Sequence[Payment], amount: Decimal, chosen: Mapping[int, Decimal]
) -> list[Share]:
    by_id = {one.pk: one for one in able}
    shares = []
    for payment_id, part in chosen.items():
        check_amount(part, order.currency, field="shares")
        payment = by_id.get(payment_id)
        if payment is None or part > payment.refundable:
            possible = payment.refundable if payment else ZERO
            name = payment.method_label.lower() if payment else "this payment"
            raise OverRefund(
                f"{in_words(part, order.currency)} cannot come out of {name}: at most"
                f" {in_words(possible, order.currency)} of it is left.",
                possible=possible,
                field="shares",
            )
        shares.append(Share(payment, part))
    total = sum((share.amount for share in shares), ZERO)
    if total != amount:
        raise OverRefund(
            f"The parts come to {in_words(total, order.currency)}, but"
            f" {in_words(amount, order.currency)} is to be given back; make them agree.",
            possible=total,
            field="shares",
        )
    return shares


def _check_whole(share: Share) -> None:
    capabilities = gateway_named(share.payment.provider).capabilities
    if share.amount < share.payment.refundable and not capabilities.refunds_partly:
        raise OverRefund(
            f"{share.payment.method_label} can only be given back whole:"
            f" {in_words(share.payment.refundable, share.payment.currency)}.",
            possible=share.payment.refundable,
        )


def _too_much(order: Order, payments: Sequence[Payment], amount: Decimal, possible: Decimal) -> str:
    captured = sum((one.captured for one in payments), ZERO)
    if not captured:
        return f"Nothing was received for order {order.number}, so nothing can be given back."
    gone = sum((one.refunded for one in payments), ZERO)
    under_way = sum((one.refund_pending for one in payments), ZERO)
    words = f"{in_words(captured, order.currency)} was received"
    if gone:
        words += f", {in_words(gone, order.currency)} was given back"
    if under_way:
        words += f", {in_words(under_way, order.currency)} is under way"
    return (
        f"{in_words(amount, order.currency)} cannot be given back: {words}. At most"
        f" {in_words(possible, order.currency)} is possible."
    )


def check_amount(amount: Decimal, currency: str, *, field: str = "amount") -> None:
    """Refuse what no one can pay: nothing, less than nothing, or parts of the smallest coin."""
    if amount <= ZERO:
        raise BadAmount("Give an amount above zero.", field=field)
    if amount != quantise(amount, currency):
        raise BadAmount(
            f"{amount} {currency} has more decimals than the currency; the nearest amount is"
            f" {in_words(amount, currency)}.",
            field=field,
        )


def surplus(order: Order, payments: Sequence[Payment]) -> Decimal:
    """What has to be given back and is not under way: above what the order is worth."""
    under_way = sum((one.refund_pending for one in payments), ZERO)
    return max(ZERO, -order.balance - under_way)
