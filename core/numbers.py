"""Numbers people read: from a sequence where gaps are fine, from a locked counter where they are not."""

from django.db import connection


def next_values(sequence: str, count: int = 1) -> list[int]:
    """The next values of a PostgreSQL sequence (gaps are fine: a rollback loses them)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]


def next_gapless(series: str) -> int:
    """The next number of a series without gaps; call it last in the transaction that issues it,
    since the series stays locked until that commits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_numberseries (code, last) VALUES (%s, 1)"
            " ON CONFLICT (code) DO UPDATE SET last = core_numberseries.last + 1 RETURNING last",
            [series],
        )
        value: int = cursor.fetchone()[0]
    return value
