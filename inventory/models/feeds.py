"""What channels are told of stock: their own rules, and the last figure known for each variant."""

from django.db import models

from inventory.models.catalogue import Variant


class ChannelStockRule(models.Model):
    """What a channel asks of the goods it sells; a channel without a row asks nothing.

    `shelf_life_days`: days that a unit must still be usable when it is set aside.
    """

    channel = models.OneToOneField(
        "core.Channel", on_delete=models.CASCADE, related_name="stock_rule"
    )
    shelf_life_days = models.PositiveIntegerField("days goods must still keep", default=0)

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.shelf_life_days} days"


class ChannelStock(models.Model):
    """What a channel was last told to be able to sell of a variant.

    `version` grows with every change, in the order of commits within a channel: whoever asks for
    what changed since the highest version he knows misses nothing. Invariant C16: after a refresh
    every row is the truth.
    """

    channel = models.ForeignKey("core.Channel", on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    available = models.PositiveIntegerField()
    version = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("channel", "variant"), name="inventory_channel_stock_once"
            ),
            models.UniqueConstraint(
                fields=("channel", "version"), name="inventory_channel_stock_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.available} (version {self.version})"
