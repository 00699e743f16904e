"""How much goodwill a role may grant."""

from django.db import models

from core.model_fields import AmountField, CurrencyField
from core.rights import Role


class GoodwillLimit(models.Model):
    """What a role may grant on one order in one currency beyond what the customer is owed.

    A role without a row may grant nothing; managers and admins are not limited.
    """

    role = models.CharField(max_length=20, choices=Role.choices)
    currency = CurrencyField()
    amount = AmountField()

    class Meta:
        ordering = ("role", "currency")
        constraints = (
            models.UniqueConstraint(fields=("role", "currency"), name="payments_limit_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="payments_limit_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{Role(self.role).label}: {self.amount} {self.currency}"
