"""What hangs on an order: the tables below it by foreign keys, its demand, and what is said of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from core.models import Delivery, StoredFact
from inventory.models import Demand
from orders.models import Adjustment, Order

SCHEMA = "copies"  # of the tables that say what is copied, while it is
SUBJECTS = (
    "core.StoredFact",
    "core.StateChange",
    "core.Document",
    "core.Message",
    "core.AttentionItem",
    "core.ExternalOperation",
)
NOT_COPIED = {"inventory.ReceiptFill", "shipping.ParcelSerial", "orders.TrackingLink"}


@dataclass(frozen=True)
class Branch:
    """A table whose rows are copied, and by which column a row knows its order."""

    model: type[models.Model]
    column: str
    above: type[models.Model]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)

    @property
    def roots(self) -> str:
        """The table of its prototypes' ids, each with its order's, and how often it is copied."""
        return f"{SCHEMA}.{self.table}"


def branches() -> Iterator[Branch]:
    """The order, everything below it by foreign keys, its demand, and what is said about any of it;
    what is pointed at before what points at it.
    """
    found: dict[type[models.Model], Branch] = {}
    waiting: list[Branch] = [Branch(Order, "id", Order), Branch(Demand, "id", Order)]
    while waiting:
        branch = waiting.pop(0)
        if branch.model in found or branch.model._meta.label in NOT_COPIED:
            continue
        found[branch.model] = branch
        for relation in branch.model._meta.related_objects:
            child = relation.related_model
            is_later = child is Adjustment and branch.model is Order  # it hangs on a line as well
            if child is not branch.model and not child._meta.auto_created and not is_later:
                waiting.append(Branch(child, str(relation.field.column), branch.model))
    yield from found.values()
    for label in SUBJECTS:
        yield Branch(apps.get_model(label), "subject_id", Order)
    yield Branch(Delivery, "fact_id", StoredFact)
