"""The order: one kind for every channel."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import CharField, F, Func, Q
from django.db.models.functions import Upper
from django_fsm import FSMField, FSMModelMixin, transition

from core.address import Address
from core.model_fields import AmountField, CountryField, CurrencyField, RateField
from core.models import Channel, HasCustomFields
from customers.models import Company, Customer
from orders.models.shipping_services import ShippingService
from orders.states import (
    FulfilmentStatus,
    OrderState,
    PaymentStatus,
    PaymentTerms,
    ReturnStatus,
    RiskLevel,
    TaxRounding,
    TaxTreatment,
)

# the digits at the end of a number: 1001 of SO-1001; what people type who leave the prefix out
NUMBER_DIGITS = Func(
    F("number"),
    template="substring(%(expressions)s, '[0-9]+$')",  # no parameter, so that the index is seen
    output_field=CharField(max_length=30),
)
# the last nine digits of a phone number: alike however its country and blanks are written
PHONE_DIGITS = Func(
    F("phone"),
    template="right(regexp_replace(%(expressions)s, '[^0-9]', '', 'g'), 9)",
    output_field=CharField(max_length=9),
)


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        return self.filter(state=OrderState.OPEN)


class Order(FSMModelMixin, HasCustomFields):
    """One order. Amounts are in `currency`, quantised at its exponent.

    `total = subtotal - discount_total + shipping_total + tax_on_top`: subtotal is the sum of the
    lines before discount, and tax_on_top is the tax that prices do not contain (0 where they do);
    `tax_total` is all tax, contained or on top. The money columns are told by payments, the unit
    counters by this app's own services; the statuses are projections of them, computed in
    orders.projections and nowhere else.
    """

    number = models.CharField(max_length=30, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="orders")
    external_id = models.CharField(max_length=100, blank=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        help_text="For whom the customer bought it; its credit carries what is on account.",
    )
    purchase_order = models.CharField(
        "purchase-order number",
        max_length=60,
        blank=True,
        help_text="What the company calls the order in its own books.",
    )
    customer_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, default="en")

    state = FSMField(
        max_length=12, choices=OrderState.choices, default=OrderState.DRAFT, protected=True
    )
    payment_status = models.CharField(
        max_length=20, choices=PaymentStatus.choices, default=PaymentStatus.PENDING
    )
    fulfilment_status = models.CharField(
        max_length=20, choices=FulfilmentStatus.choices, default=FulfilmentStatus.UNFULFILLED
    )
    return_status = models.CharField(
        max_length=20, choices=ReturnStatus.choices, default=ReturnStatus.NONE
    )
    payment_terms = models.CharField(
        max_length=10, choices=PaymentTerms.choices, default=PaymentTerms.PREPAID
    )

    currency = CurrencyField()
    prices_include_tax = models.BooleanField(default=True)
    tax_rounding = models.CharField(
        max_length=10,
        choices=TaxRounding.choices,
        default=TaxRounding.LINE,
        db_default=TaxRounding.LINE,
    )
    tax_treatment = models.CharField(
        max_length=20,
        choices=TaxTreatment.choices,
        default=TaxTreatment.TAXED,
        db_default=TaxTreatment.TAXED,
    )
    subtotal = AmountField(default=0)
    discount_total = AmountField(default=0)
    shipping_total = AmountField(default=0)
    shipping_tax = AmountField(default=0)
    shipping_tax_rate = RateField(default=0)
    tax_total = AmountField(default=0)
    tax_on_top = AmountField(default=0)
    total = AmountField(default=0)
    discount_code = models.CharField(max_length=60, blank=True)

    credit_total = AmountField(
        default=0, help_text="Value taken back: cancelled, returned, given as goodwill."
    )
    authorised = AmountField(default=0)
    captured = AmountField(default=0)
    refunded = AmountField(default=0)
    may_owe = AmountField(
        default=0,
        db_default=0,
        help_text="What may still be missing when goods paid in advance leave.",
    )

    units = models.PositiveIntegerField(default=0)
    units_cancelled = models.PositiveIntegerField(default=0)
    units_allocated = models.PositiveIntegerField(default=0)
    units_shipped = models.PositiveIntegerField(default=0)
    units_delivered = models.PositiveIntegerField(default=0)
    units_returned = models.PositiveIntegerField(default=0)
    units_return_requested = models.PositiveIntegerField(default=0)
    open_work = models.PositiveSmallIntegerField(
        default=0, help_text="Fulfilments that a location is working on."
    )
    open_holds = models.PositiveSmallIntegerField(default=0)
    ships_complete = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Nothing is handed over before all of it is set aside.",
    )
    unknown_lines = models.PositiveSmallIntegerField(default=0)

    risk_level = models.CharField(
        max_length=10, choices=RiskLevel.choices, blank=True, default="", db_default=""
    )
    risk_score = models.PositiveIntegerField(null=True, blank=True)
    authorised_until = models.DateTimeField(
        null=True, blank=True, help_text="When the first of its authorisations lapses."
    )

    shipping_service = models.ForeignKey(
        ShippingService, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shipping_method = models.CharField(max_length=100, blank=True)
    billing_address = models.JSONField(default=dict, blank=True)
    shipping_address = models.JSONField(default=dict, blank=True)
    ship_country = CountryField(blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of the staff takes care of it.",
    )
    first_sku = models.CharField(max_length=60, blank=True)

    is_historical = models.BooleanField(
        default=False, help_text="Brought in with its history: sends no mail."
    )
    placed_at = models.DateTimeField(null=True, blank=True)
    ship_by = models.DateTimeField(null=True, blank=True)
    deliver_by = models.DateField(
        null=True, blank=True, help_text="The day by which its buyer asked for it to arrive."
    )
    promised_on = models.DateField(
        null=True, blank=True, help_text="The day by which the customer was told it arrives."
    )
    expected_on = models.DateField(
        null=True, blank=True, help_text="When it arrives by all that is known now."
    )
    arrived_on = models.DateField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("external_id", "channel"),  # so that one may search by the id alone
                condition=~Q(external_id=""),
                name="orders_external_id_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    total=F("subtotal")
                    - F("discount_total")
                    + F("shipping_total")
                    + F("tax_on_top")
                ),
                name="orders_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(captured__gte=0)
                & Q(authorised__gte=0)
                & Q(refunded__gte=0)
                & Q(refunded__lte=F("captured"))
                & Q(credit_total__gte=0)
                & Q(credit_total__lte=F("total")),
                name="orders_money_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(arrived_on__isnull=True) | Q(units_delivered__gt=0),
                name="orders_arrived_with_units",
            ),
        )
        indexes = (
            models.Index(fields=("-placed_at", "-id"), name="orders_newest"),
            *(
                models.Index(fields=(column, "-placed_at", "-id"), name=f"orders_by_{name}")
                for column, name in (
                    ("state", "state"),
                    ("payment_status", "payment"),
                    ("fulfilment_status", "goods"),
                    ("ship_country", "country"),
                )
            ),
            models.Index(
                fields=("return_status", "-placed_at", "-id"),
                name="orders_by_returns",
                condition=~Q(return_status="none"),
            ),
            models.Index(
                fields=("-placed_at", "-id"), name="orders_held", condition=Q(open_holds__gt=0)
            ),
            models.Index(fields=("total", "id"), name="orders_sorted_by_total"),
            models.Index(fields=("customer_name", "id"), name="orders_sorted_by_customer"),
            models.Index(fields=("ship_by", "id"), name="orders_sorted_by_ship_by"),
            models.Index(
                fields=("ship_by", "id"), name="orders_open_by_date", condition=Q(state="open")
            ),
            models.Index(fields=("promised_on", "id"), name="orders_sorted_by_promised"),
            models.Index(
                fields=("payment_status", "-placed_at", "-id"),
                name="orders_open_by_payment",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=("fulfilment_status", "-placed_at", "-id"),
                name="orders_open_by_fulfilment",
                condition=Q(state="open"),
            ),
            models.Index(fields=("channel", "-placed_at", "-id"), name="orders_by_channel"),
            models.Index(
                fields=("company", "-placed_at", "-id"),
                name="orders_by_company",
                condition=Q(company__isnull=False),
            ),
            models.Index(
                fields=("purchase_order",),
                name="orders_by_purchase_order",
                condition=~Q(purchase_order=""),
            ),
            models.Index(
                fields=("assignee", "-placed_at", "-id"),
                name="orders_by_assignee",
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                fields=("risk_level", "-placed_at", "-id"),
                name="orders_by_risk",
                condition=~Q(risk_level=""),
            ),
            models.Index(
                PHONE_DIGITS, "placed_at", name="orders_phone_digits", condition=~Q(phone="")
            ),
            models.Index(fields=("-id",), name="orders_tagged", condition=~Q(tags=[])),
            models.Index(NUMBER_DIGITS, name="orders_number_digits"),
            models.Index(Upper("email"), name="orders_email_anyhow"),
            GinIndex(OpClass(Upper("customer_name"), "gin_trgm_ops"), name="orders_name_anyhow"),
            GinIndex(fields=("tags",), name="orders_tags"),
        )

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=OrderState.DRAFT, target=OrderState.OPEN)
    def place(self, *, now: datetime) -> None:
        self.placed_at = self.placed_at or now

    @transition(field=state, source=OrderState.OPEN, target=OrderState.COMPLETED)
    def complete(self, *, now: datetime) -> None:
        self.completed_at = now

    @transition(field=state, source=OrderState.COMPLETED, target=OrderState.OPEN)
    def reopen(self) -> None:
        self.completed_at = None

    @transition(
        field=state, source=[OrderState.DRAFT, OrderState.OPEN], target=OrderState.CANCELLED
    )
    def cancel(self, *, now: datetime, reason: str) -> None:
        self.cancelled_at = now
        self.cancel_reason = reason

    @transition(field=state, source=OrderState.OPEN, target=OrderState.EXPIRED)
    def expire(self, *, now: datetime) -> None:
        self.cancelled_at = now
        self.cancel_reason = "Not paid in time"

    @property
    def ship_to(self) -> Address:
        return Address.from_json(self.shipping_address)

    @property
    def bill_to(self) -> Address:
        return Address.from_json(self.billing_address)

    @property
    def units_open(self) -> int:
        """Units still to be sent."""
        return self.units - self.units_cancelled - self.units_shipped

    @property
    def units_backordered(self) -> int:
        return self.units_open - self.units_allocated

    @property
    def owed(self) -> Decimal:
        """What the order is worth after everything taken back."""
        owed: Decimal = self.total - self.credit_total
        return owed

    @property
    def balance(self) -> Decimal:
        """What the customer still has to pay; negative: what we have to give back."""
        balance: Decimal = self.owed - self.captured + self.refunded
        return balance

    @property
    def outstanding(self) -> Decimal:
        """What the customer still has to pay; never below zero."""
        return max(Decimal(0), self.balance)

    @property
    def takes_credit(self) -> bool:
        """Whether what is outstanding counts against a company's credit limit."""
        return self.payment_terms == PaymentTerms.NET and not self.is_historical


class TrackingLink(models.Model):
    """A customer's way to one order. Only the token's SHA-256 is kept; the token itself (128 bits)
    stands in the message it was made for.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="tracking_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Link to order {self.order_id}"
