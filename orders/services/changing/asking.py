"""What may be asked for when a placed order is changed, as plain values, and how it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.address import Address
from orders.models import ChangeAction
from orders.states import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAsked:
    """One action asked for. Lines and kits are named by id, what is added by SKU. `quantity` is what
    is wanted afterwards, sent units included; `amount` a unit price, a charge or a discount.
    """

    kind: ChangeKind
    line_id: int | None = None
    kit_id: int | None = None
    sku: str = ""
    quantity: int | None = None
    amount: Decimal | None = None
    service_id: int | None = None
    address: Address | None = None
    reason: str = ""

    def values(self) -> dict[str, Any]:
        """Its primitives by name, as they are stored; what was not given is left out."""
        told = {
            "sku": self.sku or None,
            "quantity": self.quantity,
            "amount": None if self.amount is None else str(self.amount),
            "service": self.service_id,
            "address": None if self.address is None else self.address.as_json(),
        }
        return {name: value for name, value in told.items() if value is not None}


def asked_of(action: ChangeAction) -> ChangeAsked:
    """The action as it was asked for."""
    values: Mapping[str, Any] = action.values
    amount, address = values.get("amount"), values.get("address")
    return ChangeAsked(
        kind=ChangeKind(action.kind),
        line_id=action.line_id,
        kit_id=action.kit_id,
        sku=values.get("sku", ""),
        quantity=values.get("quantity"),
        amount=None if amount is None else Decimal(amount),
        service_id=values.get("service"),
        address=None if address is None else Address.from_json(address),
        reason=action.reason,
    )
