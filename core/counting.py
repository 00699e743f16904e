"""Counts that pages show: no further than a cap, many in one statement."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def capped_counts(many: Sequence["QuerySet[Any]"], cap: int) -> list[int]:
    """How many rows each of them has, counting no further than one over the cap. One statement."""
    parts: list[str] = []
    params: list[Any] = []
    for rows in many:
        try:
            sql, more = rows.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
        else:
            parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  (Django wrote it)
            params += more
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return list(cursor.fetchone() or ())
