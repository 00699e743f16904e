"""Filling large tables: one to a connection, without its indexes, which are built again at the end."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection

AT_ONCE = 2
SETTINGS = (
    "SET session_replication_role = replica",  # neither keys nor triggers are asked
    "SET synchronous_commit = off",
    "SET work_mem = '256MB'",
    "SET maintenance_work_mem = '1GB'",
    "SET max_parallel_maintenance_workers = 0",  # the other connection has the other core
)
UNIQUE_CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(own.oid) FROM pg_constraint own
    WHERE contype = 'u' AND conrelid = %s::regclass
      AND NOT EXISTS (SELECT 1 FROM pg_constraint other
                      WHERE other.contype = 'f' AND other.conindid = own.conindid)
"""
PLAIN_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)
"""


def side_by_side(fillings: Mapping[str, Callable[[], None]]) -> None:
    """Fill each table by its function, `AT_ONCE` at a time, those that are largest already first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name"
            " ORDER BY pg_table_size(name::regclass) DESC, name",
            [list(fillings)],
        )
        tables = [name for (name,) in cursor.fetchall()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(_fill, table, fillings[table]) for table in tables]:
            done.result()


def _fill(table: str, filling: Callable[[], None]) -> None:
    try:
        with connection.cursor() as cursor:
            for setting in SETTINGS:
                cursor.execute(setting)
        with without_indexes(table):
            filling()
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {table}")
    finally:
        connection.close()  # it is this thread's own


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """All but the primary key and what foreign keys point at."""
    held_back = []
    with connection.cursor() as cursor:
        cursor.execute(UNIQUE_CONSTRAINTS, [table])
        for name, definition in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            held_back.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute(PLAIN_INDEXES, [table])
        for name, definition in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')
            held_back.append(definition)
    yield
    with connection.cursor() as cursor:
        for definition in held_back:
            cursor.execute(definition)
