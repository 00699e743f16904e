"""Quotes: what a company may buy at prices that hold until a day."""

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django_fsm import FSMField, FSMModelMixin, transition

from core.address import Address
from core.model_fields import AmountField, CurrencyField, RateField
from core.models import Channel
from customers.models import Company, Customer
from inventory.models import Variant
from orders.models.orders import Order
from orders.models.shipping_services import ShippingService
from orders.states import PaymentTerms, QuotationState, TaxRounding, TaxTreatment


class Quotation(FSMModelMixin, models.Model):
    """One version of a quote; a revision has the same number, and once it is sent it takes the place
    of the one before. Amounts add up as an order's do, and are what the order will come to.
    """

    number = models.CharField(max_length=30)
    revision = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="quotations"
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="quotations"
    )
    customer_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    state = FSMField(
        max_length=12,
        choices=QuotationState.choices,
        default=QuotationState.DRAFT,
        protected=True,
    )
    valid_until = models.DateField()
    purchase_order = models.CharField("purchase-order number", max_length=60, blank=True)
    payment_terms = models.CharField(
        max_length=10, choices=PaymentTerms.choices, default=PaymentTerms.PREPAID
    )
    when_short = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    basket_key = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="Under which name goods were suggested while it was entered.",
    )

    currency = CurrencyField()
    prices_include_tax = models.BooleanField(default=True)
    tax_rounding = models.CharField(
        max_length=10, choices=TaxRounding.choices, default=TaxRounding.LINE
    )
    tax_treatment = models.CharField(
        max_length=16, choices=TaxTreatment.choices, default=TaxTreatment.TAXED
    )
    shipping_adjustments = models.JSONField(default=list, blank=True)
    order_discount = AmountField(
        default=0, help_text="As it was entered; the lines hold its shares."
    )
    coupons = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Whose discount is quoted; the order takes them for good.",
    )
    subtotal = AmountField(default=0)
    discount_total = AmountField(default=0)
    shipping_total = AmountField(default=0)
    shipping_tax = AmountField(default=0)
    shipping_tax_rate = RateField(default=0)
    tax_total = AmountField(default=0)
    tax_on_top = AmountField(default=0)
    total = AmountField(default=0)
    shipping_service = models.ForeignKey(
        ShippingService, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shipping_method = models.CharField(max_length=100, blank=True)
    billing_address = models.JSONField(default=dict, blank=True)
    shipping_address = models.JSONField(default=dict, blank=True)

    answered_by = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="quotation"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("number", "revision"), name="orders_quotation_revision_once"
            ),
            models.UniqueConstraint(
                fields=("number",),
                condition=Q(state__in=("sent", "accepted", "converted")),
                name="orders_quotation_one_stands",
            ),
            models.UniqueConstraint(
                fields=("number",),
                condition=Q(state="draft"),
                name="orders_quotation_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(state="converted", order__isnull=False)
                | ~Q(state="converted") & Q(order=None),
                name="orders_quotation_converted_has_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    total=F("subtotal")
                    - F("discount_total")
                    + F("shipping_total")
                    + F("tax_on_top")
                ),
                name="orders_quotation_adds_up",
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="orders_quotations_newest"),
            models.Index(
                fields=("valid_until",),
                name="orders_quotations_to_expire",
                condition=Q(state="sent"),
            ),
            GinIndex(OpClass(Upper("customer_name"), "gin_trgm_ops"), name="orders_quotation_name"),
        )

    def __str__(self) -> str:
        return self.number if self.revision == 1 else f"{self.number}/{self.revision}"

    @property
    def suggested_under(self) -> str:
        """The name of the basket for what is suggested with it; all revisions share it."""
        return self.basket_key or self.number

    @transition(field=state, source=QuotationState.DRAFT, target=QuotationState.SENT)
    def send(self, *, now: datetime) -> None:
        self.sent_at = now

    @transition(field=state, source=QuotationState.SENT, target=QuotationState.ACCEPTED)
    def accept(self, *, by: str, now: datetime) -> None:
        self.answered_by, self.answered_at = by, now

    @transition(field=state, source=QuotationState.SENT, target=QuotationState.DECLINED)
    def decline(self, *, by: str, answer: str, now: datetime) -> None:
        self.answered_by, self.answer, self.answered_at = by, answer, now

    @transition(field=state, source=QuotationState.SENT, target=QuotationState.EXPIRED)
    def expire(self) -> None:
        """Its day has passed."""

    @transition(
        field=state,
        source=[QuotationState.DRAFT, QuotationState.SENT, QuotationState.ACCEPTED],
        target=QuotationState.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """We no longer offer it."""

    @transition(
        field=state,
        source=[QuotationState.SENT, QuotationState.ACCEPTED],
        target=QuotationState.CONVERTED,
    )
    def convert(self, *, order: Order) -> None:
        self.order = order

    @property
    def ship_to(self) -> Address:
        return Address.from_json(self.shipping_address)

    @property
    def bill_to(self) -> Address:
        return Address.from_json(self.billing_address)

    def is_past(self, today: date) -> bool:
        return self.valid_until < today


class QuotationLine(models.Model):
    """One line as it was offered; `discount` holds its share of the whole quote's discount, and
    `adjustments` say why, as JSON of orders.pricing.Adjusted.
    """

    quotation = models.ForeignKey(Quotation, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey(
        Variant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sku = models.CharField("SKU", max_length=60)
    name = models.CharField(max_length=300)
    quantity = models.PositiveIntegerField()
    unit_price = AmountField()
    list_price = AmountField(null=True, blank=True)
    price_source = models.CharField(max_length=160, blank=True)
    price_reason = models.CharField(max_length=200, blank=True)
    amount = AmountField()
    discount = AmountField(default=0)
    adjustments = models.JSONField(default=list, blank=True)
    tax_rate = RateField(default=0)
    tax = AmountField(default=0)
    total = AmountField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("quotation", "position"), name="orders_quotation_position_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="orders_quotation_line_quantity"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"


class QuotationLink(models.Model):
    """A buyer's way to one quote. Only the token's SHA-256 is kept; the token itself (128 bits)
    stands in the message it was made for.
    """

    quotation = models.ForeignKey(Quotation, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Link to quote {self.quotation_id}"
