"""The names that filters offer, of several kinds of rows at once."""

from typing import Any

from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Cast

Choices = list[tuple[str, str]]


def names_of(*models: type[Model]) -> list[Choices]:
    """(id, name) of all rows of each model, which have a `name`, by name. One statement."""
    first, *others = (
        _names(model._default_manager.all(), place) for place, model in enumerate(models)
    )
    names: list[Choices] = [[] for _ in models]
    for row in first.union(*others, all=True).order_by("place", "label"):
        names[row["place"]].append((str(row["key"]), row["label"]))
    return names


def _names(rows: "QuerySet[Any]", place: int) -> "QuerySet[Any, Any]":
    """Rows of one kind, with its place among the kinds."""
    return rows.order_by().values(place=Value(place), key=F("pk"), label=Cast("name", CharField()))
