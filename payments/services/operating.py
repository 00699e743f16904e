"""Asking a provider to move money: at once where nothing is sent anywhere, else through an external
operation whose outcome is settled here.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core import attention, external
from core.external import OperationKind, Outcome
from core.models import ExternalOperation
from core.money import in_words
from payments.gateways import Ask, Gateway, Reply, gateway_named
from payments.locks import lock_payment
from payments.models import Payment
from payments.services.storing import REFUND_FAILED, Movement, append, tell_order
from payments.states import Method, MoneyKind, Operation, Step

MONEY = "payments.money"


def ask_provider(
    payment: Payment,
    operation: Operation,
    amount: Decimal,
    *,
    ref: str,
    now: datetime,
    occurred_at: datetime | None = None,
    method: Method | None = None,
    note: str = "",
) -> Movement:
    """Have the payment's provider do one operation on a locked payment; the step to write.

    Offline providers have done it; of the others it is asked, in the open transaction, and the
    worker calls them after commit.
    """
    gateway = gateway_named(payment.provider)
    ask = Ask(
        operation=operation,
        ref=ref,
        payment_id=payment.pk,
        payment_ref=payment.provider_ref,
        amount=amount,
        currency=payment.currency,
        method=method or Method(payment.method),
        order_number=payment.order.number,
        asked_at=occurred_at or now,
        note=note,
    )
    if gateway.capabilities.is_offline:
        return _movement(operation, ref, _call(gateway, ask), method=method, note=note)
    external.intend(
        MONEY,
        provider=payment.provider,
        key=f"payments:{ref}",
        subject_type="payment",
        subject_id=payment.pk,
        request=_as_json(ask),
    )
    return Movement(
        kind=MoneyKind.of(operation, Step.REQUESTED),
        ref=ref,
        amount=amount,
        occurred_at=now,
        method=method,
        note=note,
    )


def _call(gateway: Gateway, ask: Ask) -> Reply:
    verbs = {
        Operation.AUTHORISE: gateway.authorise,
        Operation.CAPTURE: gateway.capture,
        Operation.VOID: gateway.void,
        Operation.REFUND: gateway.refund,
    }
    return verbs[ask.operation](ask)


def _movement(
    operation: Operation, ref: str, reply: Reply, *, method: Method | None, note: str
) -> Movement:
    return Movement(
        kind=MoneyKind.of(operation, Step.SUCCEEDED if reply.is_done else Step.FAILED),
        ref=ref,
        amount=reply.amount,
        occurred_at=reply.occurred_at,
        provider_ref=reply.provider_ref,
        method=method,
        note=reply.reason or note,
    )


def _as_json(ask: Ask) -> dict[str, Any]:
    return {
        "operation": ask.operation.value,
        "ref": ask.ref,
        "payment_id": ask.payment_id,
        "amount": str(ask.amount),
        "currency": ask.currency,
        "method": ask.method.value,
        "order_number": ask.order_number,
        "asked_at": ask.asked_at.isoformat(),
        "note": ask.note,
    }


def _ask_of(operation: ExternalOperation) -> Ask:
    """The ask as it was written down; the payment's name at the provider as it is known by now."""
    kept = operation.request
    payment = Payment.objects.get(pk=kept["payment_id"])
    return Ask(
        operation=Operation(kept["operation"]),
        ref=kept["ref"],
        payment_id=payment.pk,
        payment_ref=payment.provider_ref,
        amount=Decimal(kept["amount"]),
        currency=kept["currency"],
        method=Method(kept["method"]),
        order_number=kept["order_number"],
        asked_at=datetime.fromisoformat(kept["asked_at"]),
        note=kept["note"],
    )


def _outcome(reply: Reply) -> Outcome:
    return Outcome(
        ok=reply.is_done,
        provider_ref=reply.provider_ref,
        response={
            "amount": str(reply.amount),
            "occurred_at": reply.occurred_at.isoformat(),
            "payment_ref": reply.payment_ref,
            "provider_ref": reply.provider_ref,
            "raw": reply.raw,
        },
        error=reply.reason,
    )


def call(operation: ExternalOperation) -> Outcome:
    """Make the call; the outcome says what the provider answered."""
    ask = _ask_of(operation)
    return _outcome(_call(gateway_named(operation.provider), ask))


def look_up(operation: ExternalOperation) -> Outcome | None:
    """Ask the provider what became of the call."""
    reply = gateway_named(operation.provider).look_up(_ask_of(operation))
    return None if reply is None else _outcome(reply)


def settle(operation: ExternalOperation, outcome: Outcome) -> None:
    """Write what the provider answered, in the operation's own transaction. A notice that came
    earlier has said it already: then nothing changes.
    """
    kept, told, now = operation.request, outcome.response, timezone.now()
    order, payments, payment = lock_payment(kept["payment_id"])
    if told.get("payment_ref") and not payment.provider_ref:
        payment.provider_ref = told["payment_ref"]
        payment.save(update_fields=["provider_ref"])
    movement = Movement(
        kind=MoneyKind.of(
            Operation(kept["operation"]), Step.SUCCEEDED if outcome.ok else Step.FAILED
        ),
        ref=kept["ref"],
        amount=Decimal(told.get("amount") or kept["amount"]),
        occurred_at=datetime.fromisoformat(told["occurred_at"]) if told else now,
        provider_ref=outcome.provider_ref,
        method=Method(kept["method"]),
        note=outcome.error or kept["note"],
    )
    facts = append(payment, movement, now=now)
    facts += release_rest(payment, movement, now=now)
    warn_of_failed_refund(payment, movement)
    tell_order(order, payments, facts, now=now)


def release_rest(payment: Payment, movement: Movement, *, now: datetime) -> list[Any]:
    """A provider that captures once releases what it did not capture: that is no refund."""
    captures_often = gateway_named(payment.provider).capabilities.captures_often
    if movement.kind != MoneyKind.CAPTURED or captures_often or not payment.authorised:
        return []
    rest = Movement(
        kind=MoneyKind.VOIDED,
        ref=f"{movement.ref}:rest",
        amount=payment.authorised,
        occurred_at=movement.occurred_at,
        note="Released by the provider with the capture",
    )
    return append(payment, rest, now=now)


def warn_of_failed_refund(payment: Payment, movement: Movement) -> None:
    """A refund that failed waits for a person: the customer's money is still here."""
    if movement.kind == MoneyKind.REFUND_FAILED:
        attention.raise_item(
            kind=REFUND_FAILED,
            subject_type="order",
            subject_id=payment.order_id,
            title=f"{payment.order.number}: refund of"
            f" {in_words(movement.amount, payment.currency)} failed",
            detail=movement.note or "The provider did not say why.",
            url=f"/payments/{payment.pk}/",
        )


external.register(OperationKind(code=MONEY, call=call, settle=settle, look_up=look_up))
