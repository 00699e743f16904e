"""Number series without gaps, such as those of invoices."""

from django.db import models


class NumberSeries(models.Model):
    """The last number given in a series; its row lock keeps the series free of gaps."""

    code = models.CharField(max_length=60, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return f"{self.code}: {self.last}"
