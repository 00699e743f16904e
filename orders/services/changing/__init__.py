"""Changing placed orders: registered actions in versioned sets, previewed by doing them."""

from orders.services.changing import amounts, units
from orders.services.changing.applying import Wanted, preview_changes, targets_of
from orders.services.changing.asking import ChangeAsked
from orders.services.changing.deciding import (
    AWAITS_APPROVAL,
    approve_changes,
    confirm_changes,
    decline_changes,
    discard_changes,
    edit_order,
    open_changes,
    wanted_of,
)
from orders.services.changing.picturing import Outcome
from orders.services.changing.working import Target

REGISTERED = (units, amounts)  # the modules whose actions are known by importing them

__all__ = [
    "AWAITS_APPROVAL",
    "REGISTERED",
    "ChangeAsked",
    "Outcome",
    "Target",
    "Wanted",
    "approve_changes",
    "confirm_changes",
    "decline_changes",
    "discard_changes",
    "edit_order",
    "open_changes",
    "preview_changes",
    "targets_of",
    "wanted_of",
]
