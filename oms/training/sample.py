"""The sample file of the last task: orders as Shopify exports them, one cell of them broken."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from core.models import Channel, User
from inventory.models import Variant
from oms.intake.shopify import COLUMNS

BUYERS = ("Ada Lindqvist", "Bo Winter", "Cleo Adams", "Dan Okafor")
BROKEN = 2
PRICE = Decimal("12.50")


def sample_file(user: User, *, now: datetime) -> bytes:
    """Four orders of two lines each, of the goods that are here; the second order's first quantity
    is a word. The names carry the user's number and the minute, so that every file is a new one.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(_rows(user, now))
    return out.getvalue().encode()


def _rows(user: User, now: datetime) -> Iterator[dict[str, str]]:
    channel = Channel.objects.filter(is_active=True).order_by("pk").first()
    currency = channel.currency if channel else "EUR"
    goods = list(Variant.objects.order_by("pk").values_list("sku", "product__name")[:2])
    for position, buyer in enumerate(BUYERS, start=1):
        name = f"#T{user.pk}-{now:%d%H%M}-{position}"
        for n, (sku, product) in enumerate(goods):
            is_broken = position == BROKEN and n == 0
            row = {
                "Name": name,
                "Lineitem quantity": "two" if is_broken else "1",
                "Lineitem name": product,
                "Lineitem price": str(PRICE),
                "Lineitem sku": sku,
            }
            yield row if n else row | _head(buyer, currency, now)


def _head(buyer: str, currency: str, now: datetime) -> dict[str, str]:
    address = {
        "Name": buyer,
        "Street": "Torstraße 1",
        "Address1": "Torstraße 1",
        "City": "Berlin",
        "Zip": "10119",
        "Country": "DE",
    }
    return {
        "Email": f"{buyer.split(maxsplit=1)[0].lower()}@customer.example",
        "Financial Status": "pending",
        "Currency": currency,
        "Created at": f"{now:%Y-%m-%d %H:%M:%S %z}",
        **{f"Billing {part}": value for part, value in address.items()},
        **{f"Shipping {part}": value for part, value in address.items()},
    }
