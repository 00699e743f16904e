"""Database triggers that tables share: append-only, and sequence numbers of facts."""

import pgtrigger


def append_only(name: str) -> pgtrigger.Trigger:
    """Refuse UPDATE and DELETE in the database itself, whoever asks."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)
