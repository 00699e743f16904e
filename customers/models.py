"""People and companies who buy, how to reach them and how other systems call them."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from core.address import Address
from core.markup.people import address_lines
from core.model_fields import AmountField, CountryField, CurrencyField
from core.models import Channel, HasCustomFields
from customers.states import CompanyRole


class CustomerGroup(models.Model):
    """Customers who are treated alike: by price lists and promotions."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Company(models.Model):
    """A business that buys; its people are customers. While `blocked_at` is set nothing is ordered
    for it, and `blocked_why` says the reason.
    """

    name = models.CharField(max_length=200)
    vat_id = models.CharField("VAT id", max_length=20, blank=True)
    email = models.EmailField("e-mail of the accounts", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    needs_purchase_order = models.BooleanField(
        "orders need a purchase-order number",
        default=False,
        help_text="Their orders are refused without one.",
    )
    warns_of_repeats = models.BooleanField(
        "warn when a purchase-order number comes again",
        default=True,
        help_text="Entering an order says which earlier one has the number.",
    )
    note = models.TextField(blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_why = models.CharField(max_length=300, blank=True)
    group = models.ForeignKey(
        CustomerGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="companies"
    )
    is_tax_exempt = models.BooleanField("exempt from tax", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "companies"
        constraints = (
            models.CheckConstraint(
                condition=Q(blocked_at=None, blocked_why="")
                | Q(blocked_at__isnull=False) & ~Q(blocked_why=""),
                name="customers_block_has_reason",
            ),
        )
        indexes = (
            GinIndex(fields=("name",), name="customers_company_trgm", opclasses=("gin_trgm_ops",)),
        )

    def __str__(self) -> str:
        return self.name


class CreditAccount(models.Model):
    """What a company may owe in one currency. Exposure is what open orders and invoices have taken
    of it; the CHECK refuses an order beyond the limit whoever asks.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="credit_accounts")
    currency = CurrencyField()
    limit = AmountField(default=0)
    exposure = AmountField(default=0)
    net_days = models.PositiveSmallIntegerField(default=30)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("company", "currency"), name="customers_credit_once"),
            models.CheckConstraint(
                condition=Q(exposure__gte=0) & Q(exposure__lte=F("limit")),
                name="customers_exposure_within_limit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.company_id}: {self.exposure} of {self.limit} {self.currency}"

    @property
    def left(self) -> Decimal:
        """What may still be ordered on account."""
        left: Decimal = self.limit - self.exposure
        return left


class CustomerQuerySet(models.QuerySet["Customer"]):
    def current(self) -> "CustomerQuerySet":
        """Those that were not merged into another."""
        return self.filter(merged_into=None)


class Customer(HasCustomFields):
    """A person who buys. `email` is how a shop's order finds its customer; it may be empty."""

    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, default="en")
    company = models.ForeignKey(
        Company, on_delete=models.SET_NULL, null=True, blank=True, related_name="people"
    )
    company_role = models.CharField(
        "role in the company", max_length=10, choices=CompanyRole.choices, blank=True
    )
    group = models.ForeignKey(
        CustomerGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="customers"
    )
    is_tax_exempt = models.BooleanField("exempt from tax", default=False)
    accepts_marketing = models.BooleanField(default=False)
    shelf_life_days = models.PositiveIntegerField(
        "days goods must still keep",
        default=0,
        help_text="What expires is only sent when it keeps this long.",
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    note = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField()

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email="") & Q(merged_into=None),
                name="customers_email_once",
            ),
            models.CheckConstraint(
                condition=Q(company_role="") | Q(company__isnull=False),
                name="customers_role_in_a_company",
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="customers_newest"),
            GinIndex(fields=("name",), name="customers_name_trgm", opclasses=("gin_trgm_ops",)),
        )

    def __str__(self) -> str:
        return self.name or self.email or "Customer without a name"


class CustomerIdentity(models.Model):
    """How a channel calls a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="identities")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=100)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("channel", "external_id"), name="customers_identity_once"
            ),
        )
        verbose_name_plural = "customer identities"

    def __str__(self) -> str:
        return self.external_id


class PostalAddress(models.Model):
    """The columns of an address in a book."""

    name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    line1 = models.CharField("street", max_length=200, blank=True)
    line2 = models.CharField("second line", max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    country = CountryField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return ", ".join(address_lines(self))

    def as_address(self) -> Address:
        return Address(
            name=self.name,
            company=self.company,
            line1=self.line1,
            line2=self.line2,
            postal_code=self.postal_code,
            city=self.city,
            region=self.region,
            country=self.country,
            phone=self.phone,
        )


class CustomerAddress(PostalAddress):
    """An address in a customer's book; orders keep their own copy."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    last_used_at = models.DateTimeField()

    class Meta:
        ordering = ("-last_used_at", "-id")


class CompanyAddress(PostalAddress):
    """An address of a company. The one for bills stands on its invoices and quotes; at most one is."""

    of_company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="addresses")
    is_for_bills = models.BooleanField("bills go here", default=False)

    class Meta:
        ordering = ("-is_for_bills", "id")
        verbose_name_plural = "company addresses"
        constraints = (
            models.UniqueConstraint(
                fields=("of_company",),
                condition=Q(is_for_bills=True),
                name="customers_bills_go_to_one",
            ),
        )
