"""Payments of orders, and the append-only list of what was reported of each."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from core.actors import ActorKind
from core.model_fields import AmountField, CurrencyField
from core.models.guards import append_only
from orders.models import Order
from payments.projections import Amounts, standing
from payments.states import Method, MoneyKind, PaymentStanding


class PaymentQuerySet(models.QuerySet["Payment"]):
    def awaited(self) -> "PaymentQuerySet":
        """Those of which money is still to come."""
        return self.filter(expected__gt=0)


class Payment(models.Model):
    """One payment of an order by one provider, in the order's currency.

    The amounts are what its events come to (payments.projections.reduce), stored so that the
    database can refuse the impossible (invariant P1); nothing else writes them.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=30)
    method = models.CharField(max_length=20, choices=Method.choices)
    label = models.CharField(
        max_length=80, blank=True, help_text="How the shop or the provider calls it."
    )
    reference = models.CharField(
        max_length=120, blank=True, help_text="What stands on the statement or the receipt."
    )
    provider_ref = models.CharField(max_length=120, blank=True)
    currency = CurrencyField()
    status = models.CharField(max_length=20, choices=PaymentStanding.choices)
    expected = AmountField(default=0)
    approved = AmountField(default=0)
    authorised = AmountField(default=0)
    pending = AmountField(default=0)
    captured = AmountField(default=0)
    refund_pending = AmountField(default=0)
    refunded = AmountField(default=0)
    due_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(captured__gte=0)
                & Q(refunded__gte=0)
                & Q(refund_pending__gte=0)
                & Q(captured__gte=F("refunded") + F("refund_pending")),
                name="payments_refunds_within_captured",
            ),
            models.CheckConstraint(
                condition=Q(approved=0) | Q(captured__lte=F("approved")),
                name="payments_captured_within_approved",
            ),
            models.CheckConstraint(
                condition=Q(expected__gte=0)
                & Q(approved__gte=0)
                & Q(authorised__gte=0)
                & Q(pending__gte=0),
                name="payments_amounts_not_negative",
            ),
            models.UniqueConstraint(
                fields=("provider", "provider_ref"),
                condition=~Q(provider_ref=""),
                name="payments_provider_ref_once",
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="payments_newest"),
            models.Index(
                fields=("due_on", "id"), name="payments_awaited", condition=Q(expected__gt=0)
            ),
            models.Index(fields=("status", "-created_at", "-id"), name="payments_by_status"),
            models.Index(fields=("reference",), name="payments_reference"),
        )

    def __str__(self) -> str:
        return f"Payment {self.pk}"

    @property
    def method_label(self) -> str:
        """How it was paid, as people say it."""
        return self.label or Method(self.method).label

    @property
    def refundable(self) -> Decimal:
        """What was received and neither given back nor asked to be."""
        left: Decimal = self.captured - self.refunded - self.refund_pending
        return left

    def take_amounts(self, amounts: Amounts) -> None:
        """Set the stored amounts and the standing; saves nothing."""
        self.expected = amounts.expected
        self.approved = amounts.approved
        self.authorised = amounts.authorised
        self.pending = amounts.pending
        self.captured = amounts.captured
        self.refund_pending = amounts.refund_pending
        self.refunded = amounts.refunded
        self.status = standing(amounts)


class MoneyEvent(models.Model):
    """One reported step of one movement of money; never changed, never deleted.

    `ref` names the movement: our own key where we began it, the provider's name where it began
    there. A provider tells each step of a movement at most once (invariant P4). `amount` is in the
    payment's currency; `occurred_at` is the provider's time.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="events")
    provider = models.CharField(max_length=30)
    kind = models.CharField(max_length=24, choices=MoneyKind.choices)
    ref = models.CharField(max_length=120)
    provider_ref = models.CharField(max_length=120, blank=True)
    amount = AmountField()
    method = models.CharField(max_length=20, choices=Method.choices)
    note = models.CharField(max_length=300, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)

    class Meta:
        ordering = ("occurred_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "ref", "kind"), name="payments_event_ref_once"
            ),
            models.UniqueConstraint(
                fields=("provider", "provider_ref", "kind"),
                condition=~Q(provider_ref=""),
                name="payments_event_provider_ref_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payments_event_amount"),
            models.CheckConstraint(condition=~Q(ref=""), name="payments_event_has_ref"),
        )
        triggers = (append_only("money_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"
