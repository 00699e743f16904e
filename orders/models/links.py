"""Orders that belong together, and the people who watch one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models.guards import append_only
from orders.models.orders import Order
from orders.states import LinkKind


class OrderLink(models.Model):
    """`units` of `source` went to (merge, split) or are sent again by (reship) `target`.

    Never changed. An order is merged into another at most once: that order is where it went on.
    """

    kind = models.CharField(max_length=8, choices=LinkKind.choices)
    source = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="links_in")
    units = models.PositiveIntegerField()
    why = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("source", "target"), name="orders_link_once"),
            models.UniqueConstraint(
                fields=("source",), condition=Q(kind="merge"), name="orders_merged_once"
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")) & Q(units__gt=0), name="orders_link_of_two"
            ),
        )
        triggers = (append_only("order_links_are_kept"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source_id} → {self.target_id}"


class Watcher(models.Model):
    """Somebody wants to know what happens to an order; `seen_version` is what they last looked at."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(fields=("user", "order"), name="orders_watcher_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.order_id}"
