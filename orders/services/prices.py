"""What a variant costs, per currency."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from core import outbox
from core.money import quantise
from inventory.models import Variant
from orders.events import PricesChanged
from orders.models import Price


@transaction.atomic
def set_prices(*, variant: Variant, amounts: Mapping[str, Decimal | None]) -> None:
    """Set the variant's price in each currency given; None takes the price away. Orders already
    placed keep theirs.
    """
    Variant.objects.select_for_update().get(pk=variant.pk)
    before = dict(Price.objects.filter(variant=variant).values_list("currency", "amount"))
    changes: dict[str, tuple[str, str]] = {}
    for currency, asked in amounts.items():
        amount = None if asked is None else quantise(asked, currency)
        old = before.get(currency)
        if amount == old:
            continue
        if amount is None:
            Price.objects.filter(variant=variant, currency=currency).delete()
        else:
            Price.objects.update_or_create(
                variant=variant, currency=currency, defaults={"amount": amount}
            )
        changes[currency] = (_words(old, currency), _words(amount, currency))
    if changes:
        fact = PricesChanged(variant_id=variant.pk, currencies=", ".join(sorted(changes)))
        outbox.publish(fact, changes=changes)


def _words(amount: Decimal | None, currency: str) -> str:
    return "none" if amount is None else str(quantise(amount, currency))
