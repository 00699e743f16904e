"""The business itself: who sells, and through which channels."""

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from core.model_fields import CountryField, CurrencyField


def validate_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(
            f"“{name}” is no time zone; use one such as Europe/Berlin."
        ) from error


class LegalEntity(models.Model):
    """A company in whose name is sold and invoiced; invoice numbers run per entity.

    No two entities share a prefix and none ends in a digit, so that no two papers share a number.
    """

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    line1 = models.CharField("street", max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = CountryField()
    vat_id = models.CharField("VAT id", max_length=20, blank=True)
    email = models.EmailField(blank=True)
    bank_account = models.CharField("IBAN", max_length=40, blank=True)
    invoice_prefix = models.CharField(max_length=10, default="INV-")
    credit_note_prefix = models.CharField(max_length=10, default="CN-")

    class Meta:
        verbose_name_plural = "legal entities"
        constraints = (
            models.UniqueConstraint(fields=("invoice_prefix",), name="core_invoice_prefix_once"),
            models.UniqueConstraint(
                fields=("credit_note_prefix",), name="core_credit_note_prefix_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(invoice_prefix=models.F("credit_note_prefix"))
                & ~models.Q(invoice_prefix__regex="[0-9]$")
                & ~models.Q(credit_note_prefix__regex="[0-9]$"),
                name="core_prefixes_tell_numbers_apart",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ChannelKind(models.TextChoices):
    WEB = "web", "Web shop"
    MARKETPLACE = "marketplace", "Marketplace"
    STORE = "store", "Store"
    MOBILE = "mobile", "Mobile app"
    PHONE = "phone", "Phone"
    B2B = "b2b", "B2B"


class Channel(models.Model):
    """A way by which orders come in, with its money, its clock and its share of the stock."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=ChannelKind.choices)
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="channels")
    currency = CurrencyField()
    time_zone = models.CharField(
        max_length=50, default="Europe/Berlin", validators=[validate_time_zone]
    )
    number_prefix = models.CharField(max_length=10, blank=True)
    prices_include_tax = models.BooleanField(default=True)
    stock_buffer = models.PositiveIntegerField(
        default=0, help_text="Units of every SKU that this channel never sells."
    )
    unpaid_days = models.PositiveSmallIntegerField(
        default=14,
        validators=[MinValueValidator(1)],
        help_text="Days after which an unpaid order expires.",
    )
    is_screened = models.BooleanField(
        default=False,
        db_default=False,
        help_text="What comes in is looked at for risk before it goes on.",
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
