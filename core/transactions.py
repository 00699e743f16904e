"""Whether a transaction is open, for what must or must not happen inside one."""

from django.db import connection


def is_open() -> bool:
    """Whether the code above opened a transaction; the one a test wraps round itself does not count."""
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)


def refuse(what: str) -> None:
    """Slow work and calls to machines elsewhere must not keep a transaction, and its locks, open."""
    if is_open():
        raise RuntimeError(f"{what} inside a transaction")
