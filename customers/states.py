"""The words for what a person does in the company they buy for."""

from django.db import models


class CompanyRole(models.TextChoices):
    """What a contact of a company does there; whoever has none only belongs to it."""

    BUYER = "buyer", "Buyer"
    APPROVER = "approver", "Approver"
    ACCOUNTS = "accounts", "Accounts"
