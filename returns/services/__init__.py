"""The verbs of returns: the doors that pages call."""

from returns.services.deciding import approve_return, cancel_return, reject_return
from returns.services.receiving import Inspected, inspect_return, receive_return
from returns.services.refunding import close_return, refund_return
from returns.services.requesting import Wanted, request_return

__all__ = [
    "Inspected",
    "Wanted",
    "approve_return",
    "cancel_return",
    "close_return",
    "inspect_return",
    "receive_return",
    "refund_return",
    "reject_return",
    "request_return",
]
