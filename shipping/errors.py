"""Refusals about picking, packing and shipping, worded once."""

from core.errors import DomainError, NotPossible


class CannotPick(NotPossible):
    code = "cannot_pick"


class CannotPack(NotPossible):
    code = "cannot_pack"


class CannotLabel(NotPossible):
    code = "cannot_label"


class CannotDispatch(NotPossible):
    code = "cannot_dispatch"


class OrderBlocked(NotPossible):
    """The order is held, cancelled or otherwise not to leave; the sentence says what to do."""

    code = "order_blocked"


class BadParcel(DomainError):
    code = "bad_parcel"


class BadTracking(DomainError):
    code = "bad_tracking"
