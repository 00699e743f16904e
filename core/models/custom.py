"""Fields that the business adds itself, and the column that holds their values."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.expressions import Value


class CustomKind(models.TextChoices):
    """What a custom field holds."""

    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    DAY = "date", "Date"
    FLAG = "flag", "Yes or no"
    CHOICE = "choice", "One of a list"
    URL = "url", "Web address"


class CustomField(models.Model):
    """A field that admins gave to one kind of thing (`subject`, such as “customers.customer”). Values
    stand in that thing's own row, by `code`; taking the field away leaves them there, unseen.
    """

    subject = models.CharField("belongs to", max_length=60)
    code = models.CharField(
        max_length=30,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9_]*\Z",
                "Begin with a letter; use small letters, digits and underscores, such as care_label.",
            )
        ],
        help_text="What files and programs call it, such as care_label. It cannot be changed later.",
    )
    label = models.CharField(max_length=60)
    hint = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=CustomKind.choices, default=CustomKind.TEXT)
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    is_required = models.BooleanField("required", default=False)
    position = models.PositiveSmallIntegerField(default=50)

    class Meta:
        ordering = ("subject", "position", "label", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "code"),
                name="core_custom_code_once",
                violation_error_message="This kind of thing has a field with that code already.",
            ),
        )

    def __str__(self) -> str:
        return self.label


class HasCustomFields(models.Model):
    """Base of rows that admins may give more fields: `custom` maps the codes to JSON values."""

    custom = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )

    class Meta:
        abstract = True
