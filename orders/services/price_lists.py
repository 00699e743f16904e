"""Prices of price lists, one by one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from core import outbox
from core.money import in_words, quantise
from inventory.models import Variant
from orders.errors import BadPriceList
from orders.events import ListPriceSet
from orders.locks import lock_price_list
from orders.models import PriceListItem


@dataclass(frozen=True, slots=True)
class Step:
    """From how many units on, and between which days, a price holds."""

    min_quantity: int = 1
    valid_from: date | None = None
    valid_until: date | None = None


@transaction.atomic
def set_list_price(
    *, price_list_id: int, variant: Variant, amount: Decimal | None, step: Step
) -> str:
    """Set what a variant costs by a list from a step on; None takes the price away. Says created,
    updated or unchanged. Raises BadPriceList. Orders already placed keep their prices.
    """
    price_list = lock_price_list(price_list_id)
    _check(price_list.currency, amount, step)
    known = PriceListItem.objects.filter(
        price_list=price_list,
        variant=variant,
        min_quantity=step.min_quantity,
        valid_from=step.valid_from,
    ).first()
    if amount is None:
        if known is None:
            return "unchanged"
        known.delete()
        done, words = "updated", "none any more"
    else:
        if known and (known.amount, known.valid_until) == (amount, step.valid_until):
            return "unchanged"
        PriceListItem.objects.update_or_create(
            price_list=price_list,
            variant=variant,
            min_quantity=step.min_quantity,
            valid_from=step.valid_from,
            defaults={"amount": amount, "valid_until": step.valid_until},
        )
        done = "updated" if known else "created"
        words = in_words(amount, price_list.currency)
    outbox.publish(
        ListPriceSet(
            pricelist_id=price_list.pk,
            variant_id=variant.pk,
            sku=variant.sku,
            min_quantity=step.min_quantity,
            amount="" if amount is None else str(quantise(amount, price_list.currency)),
            words=words,
        )
    )
    return done


def _check(currency: str, amount: Decimal | None, step: Step) -> None:
    if not 1 <= step.min_quantity <= 1_000_000:
        raise BadPriceList(
            "A price holds from 1 unit on, or from more; give a whole number.",
            field="from_quantity",
        )
    if amount is not None and (amount < 0 or amount >= 10**12):
        raise BadPriceList("A price is a positive amount; mend it.", field="price")
    if amount is not None and amount != quantise(amount, currency):
        raise BadPriceList(
            f"{amount} has more decimal places than {currency}; round it.", field="price"
        )
    if step.valid_from and step.valid_until and step.valid_until < step.valid_from:
        raise BadPriceList("The last day is before the first; swap them.", field="valid_until")
