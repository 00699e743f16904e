"""How many rows stand behind each choice of a filter, counted in one statement."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet

Facets = dict[str, Counter[str]]


def count_facets(rows: "QuerySet[Any]", columns: Mapping[str, str]) -> Facets:
    """By filter and value, how many of the rows hold it; `columns` is each filter's column. The rows
    are grouped by all the columns together, of which there are few combinations.
    """
    facets: Facets = {name: Counter() for name in columns}
    grouped = rows.order_by().values(*columns.values()).annotate(rows_counted=Count("pk"))
    for group in grouped:
        for name, column in columns.items():
            facets[name][str(group[column])] += group["rows_counted"]
    return facets
