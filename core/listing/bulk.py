"""Bulk actions: what may be done to many rows at once, previewed first, then run as a job."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db import models

from core.rights import Right

MOST_ROWS = 10_000
SHOWN_REFUSALS = 200


@dataclass(frozen=True)
class Refusal:
    """A row that an action leaves alone, and why, in a sentence."""

    row: Any
    why: str


class LeftAlone(str):
    """What `apply` says of a row that it did not change after all: why."""

    __slots__ = ()


@dataclass
class Preview:
    """What an action would do: the rows it takes and those it leaves alone."""

    eligible: list[Any] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


class BulkAction:
    """One action on many rows of a list. An instance stands in `Listing.bulk_actions`, or is plugged
    into a list of a lower app with `plug_action("orders.orders", CreateWave())`.

    `label` is the button (“Hold”), `title` the job (“Hold orders”), `warning` a sentence above the
    confirmation. With `batch` > 1, `apply` gets that many rows in one transaction.
    """

    code: ClassVar[str] = ""
    label: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    warning: ClassVar[str] = ""
    right: ClassVar[Right]
    form_class: ClassVar[type[forms.Form] | None] = None
    batch: ClassVar[int] = 1
    is_danger: ClassVar[bool] = False

    def refusal(self, row: Any) -> str | None:
        """Why the action leaves this row alone; None when it takes it."""
        return None

    def preview(self, rows: "models.QuerySet[Any]") -> Preview:
        """Sort the rows into those it takes and those it leaves alone."""
        found = Preview()
        for row in rows[:MOST_ROWS]:
            why = self.refusal(row)
            if why is None:
                found.eligible.append(row)
            else:
                found.refused.append(Refusal(row, why))
        return found

    def apply(self, rows: Sequence[Any], **values: Any) -> Mapping[int, str] | None:
        """Do it, by one verb, within the open transaction. `values` are the form's cleaned values as
        JSON (days and amounts are strings, objects their ids).
        May return a sentence per row id, `LeftAlone` where a row was not changed.
        A DomainError refuses the batch.
        """
        raise NotImplementedError

    def finish(self, handle: Any, done: Sequence[int], **values: Any) -> str | None:
        """Called once at the end with the ids that succeeded; may return the job's summary."""
        return None

    def form(self, data: Any = None, *, user: Any) -> forms.Form | None:
        """The form of what the action must be told; override to narrow its choices."""
        return self.form_class(data) if self.form_class else None


_plugged: dict[str, list[BulkAction]] = defaultdict(list)


def plug_action(listing: str, action: BulkAction) -> None:
    """Offer an action of an upper app in a list of a lower one; done in panels.py."""
    _plugged[listing].append(action)


def plugged_actions(listing: str) -> tuple[BulkAction, ...]:
    return tuple(_plugged.get(listing, ()))


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as a job can keep them."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return [_plain(one) for one in value]
    return value
