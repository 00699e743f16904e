"""What a whole is made of: the parts of a kit, and the bill of materials of what is assembled."""

from django.db import models
from django.db.models import F, Q

from inventory.models.catalogue import Variant


class Part(models.Model):
    """Units of `part` that go into one unit of `whole`.

    Of a kit (VariantKind.KIT) they are set aside and sent in its place; of a stocked variant they
    are its bill of materials, used up by an assembly order. Nothing is part of itself, at any depth
    (inventory.services refuses circles).
    """

    whole = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="part_of")
    quantity = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("whole", "part"), name="inventory_part_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_part_positive"),
            models.CheckConstraint(
                condition=~Q(whole=F("part")), name="inventory_part_not_of_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.part_id} in {self.whole_id}"
