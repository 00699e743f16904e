"""What things are called and where their pages are, for rows that know them by kind and id alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse

from core.models import User
from core.rights import Right

Key = tuple[str, int]  # a thing's kind, as core.audit.subject_type names it, and its id


@dataclass(frozen=True)
class Named:
    """A thing as people know it; `url` is empty where the reader may not open it."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class SubjectKind:
    """How one kind of thing is named and linked: `name` and `url` read nothing but the row and what
    is `related` to it.
    """

    model: type[models.Model]
    noun: str
    url: Callable[[Any], str]
    right: Right
    name: Callable[[Any], str] = str
    related: Sequence[str] = ()


_kinds: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    """Name a kind of thing; apps do so in panels.py."""
    _kinds[kind.model._meta.model_name or ""] = kind


def page(url_name: str) -> Callable[[Any], str]:
    """The address of a page that takes the row's id alone."""
    return lambda row: reverse(url_name, args=[row.pk])


def named(user: User, keys: Iterable[Key]) -> dict[Key, Named]:
    """Each thing by its own name. One query for each kind of thing among them; what is of no known
    kind, or not there any more, is called by its kind and id.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for subject_type, subject_id in keys:
        wanted[subject_type].add(subject_id)
    found = {
        (subject_type, subject_id): Named(f"{subject_type.capitalize()} {subject_id}")
        for subject_type, ids in wanted.items()
        for subject_id in ids
    }
    for subject_type, ids in wanted.items():
        if kind := _kinds.get(subject_type):
            may_open = user.has_right(kind.right)
            rows = kind.model._default_manager.select_related(*kind.related).filter(pk__in=ids)
            for row in rows:
                label = f"{kind.noun} {kind.name(row)}".strip()
                found[subject_type, row.pk] = Named(label, kind.url(row) if may_open else "")
    return found


def name_rows(user: User, rows: Sequence[Any]) -> None:
    """Give rows that have a `subject_type` and a `subject_id` an `about`: the thing's name."""
    names = named(user, [(row.subject_type, row.subject_id) for row in rows])
    for row in rows:
        row.about = names[row.subject_type, row.subject_id]
