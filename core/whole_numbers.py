"""Whole numbers go to the database as text, so that it refuses those that do not fit their column.

Django names the size of each integer parameter. With server-side binding psycopg would send it in
that many bytes and cut off what does not fit: 99,999,999,999 became 1,215,752,191 without a word.
"""

import psycopg
from psycopg.types import numeric

DUMPERS = (
    (numeric.Int2, numeric.Int2Dumper),
    (numeric.Int4, numeric.Int4Dumper),
    (numeric.Int8, numeric.Int8Dumper),
)


def send_as_text() -> None:
    """Make text the form in which sized integers are sent, for every connection opened from now on."""
    for kind, dumper in DUMPERS:
        psycopg.adapters.register_dumper(kind, dumper)
