"""How orders are to be taken in: the choices that a command's options and a page's form give."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from core.models import Channel


class StockRule(models.TextChoices):
    """What units that have left already do to stock."""

    SKIP = "skip", "Leave stock as it is: it was counted since"
    TAKE = "take", "Take what was sent out of stock"


class ExistingRule(models.TextChoices):
    """What a later telling of an order that is here already does."""

    SKIP = "skip", "Leave it as it is"
    UPDATE = "update", "Take over what may still change, list the rest"
    DIFF = "diff", "Change nothing, list what differs"


class ProductRule(models.TextChoices):
    """What becomes of a SKU that is not in the catalogue."""

    ATTENTION = "attention", "Keep the line and let people match it"
    CREATE = "create", "Add the product from the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeOptions:
    """`labels` are the source's own names of our fields, for sentences that point to its cells."""

    channel: Channel
    stock: StockRule = StockRule.SKIP
    existing: ExistingRule = ExistingRule.SKIP
    products: ProductRule = ProductRule.ATTENTION
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        return self.labels.get(name, name)
