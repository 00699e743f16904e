"""Refusals about returns, worded once."""

from core.errors import NotPossible


class CannotReturn(NotPossible):
    code = "cannot_return"
