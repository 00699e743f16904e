"""Labels: bought from a carrier for a parcel, at most one live at a time."""

from datetime import datetime
from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.model_fields import AmountField, CurrencyField
from core.models import ExternalOperation
from shipping.models.shipments import Parcel
from shipping.states import LabelState


class Label(FSMModelMixin, models.Model):
    """One purchase of a label. Failed and voided ones stay as a record (invariant F1)."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="labels")
    operation = models.ForeignKey(
        ExternalOperation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    carrier = models.SlugField(max_length=30)
    service_code = models.SlugField(max_length=30)
    state = FSMField(
        max_length=10, choices=LabelState.choices, default=LabelState.REQUESTED, protected=True
    )
    tracking_number = models.CharField(max_length=60, blank=True)
    provider_ref = models.CharField(max_length=120, blank=True)
    routing = models.JSONField(default=dict, blank=True, help_text="What the carrier prints on it.")
    cost = AmountField(default=0)
    currency = CurrencyField(blank=True)
    error = models.CharField(max_length=300, blank=True)
    requested_at = models.DateTimeField()
    bought_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("parcel",),
                condition=Q(state__in=("requested", "bought", "voiding")),
                name="shipping_label_live_once",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="label_moves",
                field="state",
                transitions=[
                    ("requested", "bought"),
                    ("requested", "failed"),
                    ("bought", "voiding"),
                    ("voiding", "voided"),
                    ("voiding", "bought"),
                ],
            ),
        )

    def __str__(self) -> str:
        return self.tracking_number or f"Label of parcel {self.parcel_id}"

    @transition(field=state, source=LabelState.REQUESTED, target=LabelState.BOUGHT)
    def arrive(
        self,
        *,
        tracking_number: str,
        provider_ref: str,
        cost: Decimal,
        currency: str,
        routing: dict[str, str],
        now: datetime,
    ) -> None:
        """The carrier sold it."""
        self.tracking_number = tracking_number
        self.provider_ref = provider_ref
        self.cost = cost
        self.currency = currency
        self.routing = routing
        self.bought_at = now

    @transition(field=state, source=LabelState.REQUESTED, target=LabelState.FAILED)
    def fail(self, *, error: str) -> None:
        """The carrier refused; nothing was paid."""
        self.error = error[:300]

    @transition(field=state, source=LabelState.BOUGHT, target=LabelState.VOIDING)
    def ask_void(self) -> None:
        """The carrier is asked to take it back."""
        self.error = ""

    @transition(field=state, source=LabelState.VOIDING, target=LabelState.VOIDED)
    def void(self, *, now: datetime) -> None:
        self.voided_at = now

    @transition(field=state, source=LabelState.VOIDING, target=LabelState.BOUGHT)
    def keep(self, *, error: str) -> None:
        """The carrier did not take it back."""
        self.error = error[:300]
