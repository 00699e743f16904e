"""What every way of moving money must be able to do, and what it is asked and answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from payments.states import Method, MoneyKind, Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do.

    `is_offline`: nothing is sent anywhere; operations end in the transaction that asks for them.
    `captures_often` False: a capture of part of an authorisation releases the rest of it.
    """

    is_offline: bool = False
    authorises: bool = False
    captures_partly: bool = False
    captures_often: bool = False
    refunds: bool = True
    refunds_partly: bool = True
    sends_notices: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One operation asked of a provider.

    `ref` is our key of the movement, the same for every try: it is sent along, as the provider's
    idempotency key and as metadata, so that notices carry it back. `payment_ref` is the provider's
    name of the payment, empty for the first operation. `amount` lies on the currency's exponent.
    """

    operation: Operation
    ref: str
    payment_id: int
    payment_ref: str
    amount: Decimal
    currency: str
    method: Method
    order_number: str
    asked_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the provider answered. `amount` may be less than asked; `reason` says why it refused."""

    is_done: bool
    amount: Decimal
    occurred_at: datetime
    provider_ref: str = ""
    payment_ref: str = ""
    reason: str = ""
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One step that a provider tells on its own (webhook). `ref` is ours where the provider carries
    it back, otherwise its own name of the movement.
    """

    payment_ref: str
    kind: MoneyKind
    ref: str
    provider_ref: str
    amount: Decimal
    currency: str
    occurred_at: datetime
    note: str = ""


class Gateway(Protocol):
    """A provider of payments, permanent or elsewhere.

    The four verbs answer with a Reply. One that talks over a network raises
    core.external.OutcomeUnknown when no answer arrives, and any other exception only when the call
    certainly had no effect. `look_up` says what became of an earlier ask, None when the provider
    knows nothing of it. `read_notices` checks the signature of a webhook and reads its steps.
    """

    code: str
    label: str
    methods: tuple[Method, ...]
    capabilities: Capabilities

    def authorise(self, ask: Ask) -> Reply: ...

    def capture(self, ask: Ask) -> Reply: ...

    def void(self, ask: Ask) -> Reply: ...

    def refund(self, ask: Ask) -> Reply: ...

    def look_up(self, ask: Ask) -> Reply | None: ...

    def read_notices(
        self, headers: Mapping[str, str], body: bytes, *, now: datetime
    ) -> Sequence[Notice]: ...
