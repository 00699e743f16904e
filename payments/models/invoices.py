"""Invoices and credit notes: numbered without gaps, and never changed."""

from django.db import models
from django.db.models import F, Q

from core.model_fields import AmountField, CurrencyField
from core.models import LegalEntity
from core.models.guards import append_only
from orders.models import Order
from payments.states import InvoiceKind


class Invoice(models.Model):
    """What a legal entity charged for an order, or took back of it, as it was at that moment.

    `snapshot` holds all that stands on the paper (payments.selectors.composing); a credit note's
    amounts are positive and lower the invoice's. `number` is `sequence` with its prefix; sequences
    run per legal entity and kind without a gap (invariant O6). An order has one invoice that stands:
    a later one replaces it after a credit note took it back whole.
    """

    kind = models.CharField(max_length=12, choices=InvoiceKind.choices)
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="invoices")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    sequence = models.PositiveBigIntegerField()
    number = models.CharField(max_length=30)
    customer_name = models.CharField(max_length=200, blank=True)
    currency = CurrencyField()
    net = AmountField()
    tax = AmountField()
    total = AmountField()
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    snapshot = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("legal_entity", "kind", "sequence"), name="payments_invoice_sequence_once"
            ),
            models.UniqueConstraint(
                fields=("legal_entity", "number"), name="payments_invoice_number_once"
            ),
            models.UniqueConstraint(
                fields=("order",),
                condition=Q(kind="invoice", replaces=None),
                name="payments_one_first_invoice_an_order",
            ),
            models.CheckConstraint(
                condition=Q(total=F("net") + F("tax")), name="payments_invoice_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", corrects=None)
                | Q(kind="credit_note", corrects__isnull=False),
                name="payments_credit_note_corrects_an_invoice",
            ),
        )
        indexes = (
            models.Index(fields=("-issued_at", "-id"), name="payments_invoice_newest"),
            models.Index(fields=("number",), name="payments_invoice_number"),
        )
        triggers = (append_only("invoice_is_immutable"),)

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        return self.kind == InvoiceKind.CREDIT_NOTE
