"""What hangs on products and variants: more barcodes, stand-ins, kindred products and pictures."""

from django.db import models
from django.db.models import F, Q

from inventory.models.catalogue import Product, Variant


class Barcode(models.Model):
    """One more code that names a variant. A case's code counts `units` of it when it is scanned. No
    code names two things, whether it stands here or as a variant's own (invariant S12).
    """

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="barcodes")
    code = models.CharField("barcode", max_length=40, unique=True)
    units = models.PositiveIntegerField(default=1)
    label = models.CharField("on what", max_length=60, blank=True)

    class Meta:
        ordering = ("units", "code")
        constraints = (
            models.CheckConstraint(condition=Q(units__gt=0), name="inventory_barcode_units"),
        )

    def __str__(self) -> str:
        return self.code


class Substitute(models.Model):
    """What may be offered where a variant is short, best first, and why it will do."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="substitutes")
    substitute = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="stands_in_for")
    rank = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("rank", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("variant", "substitute"), name="inventory_substitute_once"
            ),
            models.CheckConstraint(
                condition=~Q(variant=F("substitute")), name="inventory_substitute_not_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.substitute_id} for {self.variant_id}"


class RelatedProduct(models.Model):
    """A product that goes with another."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="related")
    other = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="related_to")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("product", "other"), name="inventory_related_once"),
            models.CheckConstraint(
                condition=~Q(product=F("other")), name="inventory_related_not_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.other_id} with {self.product_id}"


class Picture(models.Model):
    """A picture of a variant, or of all of a product's (`variant` empty). `sha256` names its bytes,
    so its address never shows anything else.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures")
    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="pictures"
    )
    position = models.PositiveSmallIntegerField(default=0)
    description = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("product", "variant", "sha256"),
                name="inventory_picture_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return self.description or f"Picture of {self.product_id}"


class PictureFile(models.Model):
    """The bytes of a picture, whole or as a thumbnail; kept once however often it is used."""

    sha256 = models.CharField(max_length=64)
    is_thumbnail = models.BooleanField(default=False)
    content_type = models.CharField(max_length=30)
    content = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sha256", "is_thumbnail"), name="inventory_picture_file_once"
            ),
        )

    def __str__(self) -> str:
        return self.sha256[:12]
