"""A database of its own for a benchmark, so that no shop's figures are touched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
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


def scratch_environment() -> dict[str, str]:
    """What a process that works in the scratch database runs with; it wakes nobody, since no worker
    reads it.
    """
    parts = urlsplit(os.environ["DATABASE_URL"])
    scratch = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    return os.environ | {
        "DATABASE_URL": scratch,
        "PYTHONPATH": str(settings.BASE_DIR),
        "OMS_WAKES_WORKERS": "0",
    }
