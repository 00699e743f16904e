"""A database of its own for a benchmark, so that no shop's figures are touched."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections


@contextmanager
def scratch_database() -> Iterator[None]:
    """Work in an empty, migrated database beside the configured one; it is dropped at the end."""
    settings = connection.settings_dict
    name = settings["NAME"]
    settings["TEST"]["NAME"] = f"{name}_bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(name, verbosity=0)
