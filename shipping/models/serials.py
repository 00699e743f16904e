"""Which unit with a number of its own lies in which parcel."""

from django.db import models
from django.db.models import Q

from inventory.models import Serial
from orders.models import FulfilmentLine
from shipping.models.shipments import Parcel


class ParcelSerial(models.Model):
    """One numbered unit in a parcel; `gone_at` is when it left the house in it. A unit lies in one
    parcel at a time; come back, it may leave in another.
    """

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="serials")
    fulfilment_line = models.ForeignKey(FulfilmentLine, on_delete=models.PROTECT, related_name="+")
    serial = models.ForeignKey(Serial, on_delete=models.PROTECT, related_name="+")
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("serial",), condition=Q(gone_at=None), name="shipping_serial_in_one_parcel"
            ),
        )

    def __str__(self) -> str:
        return f"{self.serial_id} in {self.parcel_id}"
