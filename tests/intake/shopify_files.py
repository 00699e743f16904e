"""Makes exports as Shopify writes them, with the cells that break careless readers."""

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from oms.intake.shopify import COLUMNS

START = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
NAMES = (
    "Ada Lindqvist",
    'Jörg "Jogi" Müller',
    "Zoë O’Hara; Ltd",
    "李小龙",
    "عمر الخطيب",
    "Renée, d'Artagnan",
    "🦊 Fox & Sons",
    "José\nNúñez",
)
CITIES = (
    ("Berlin", "10119", "BE", "DE"),
    ("Boston", "'02108", "MA", "US"),
    ("São Paulo", "01310-100", "SP", "BR"),
    ("東京", "100-0001", "13", "JP"),
    ("Köln", "50667", "NW", "DE"),
)
GOODS = (
    ("MUG", "Mug", "12.50"),
    ("SHIRT-M", "Shirt - M", "29.90"),
    ("LAMP", "Lamp, “bright”", "119.00"),
    ("00123", "Washers; box of 100", "4.05"),
    ("1E5", "Cable 1E5", "7.77"),
    ("", "Gift wrapping\nwith ribbon 🎁", "3.00"),
    ("=1+1", '=HYPERLINK("x")', "1.00"),
    ("@SUM", "-2 degrees thermometer", "19.99"),
)
NOTES = (
    "",
    'Leave it with the neighbour,\r\nplease; the one with the "red" door',
    "=cmd|' /C calc'!A0",
    "\u202bمرحبا\u202c שלום 🎉",
    "Line one\nLine two",
)
BREAKS = {
    40: ("Lineitem price", "12,34,56"),
    95: ("Lineitem quantity", "two"),
    150: ("Created at", "31.02.2026 25:61"),
    205: ("Currency", "EURO"),
    260: ("Financial Status", "payed"),
}


@dataclass
class Export:
    """An export as rows of cells, to be written in any encoding and delimiter."""

    rows: list[dict[str, str]] = field(default_factory=list)
    columns: tuple[str, ...] = COLUMNS

    def write(self, *, encoding: str = "utf-8", delimiter: str = ",", newline: str = "\n") -> bytes:
        """The file's bytes; characters that the encoding lacks become question marks."""
        out = io.StringIO(newline="")
        quoting = csv.QUOTE_ALL if newline == "\r" else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting)
        writer.writerow(self.columns)
        for row in self.rows:
            writer.writerow([row.get(name, "") for name in self.columns])
        return out.getvalue().encode(encoding, errors="replace")

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(row["Name"] for row in self.rows))


def make_export(orders: int = 300, *, broken: bool = True, seed: int = 7) -> Export:
    """`orders` orders in about 2.3 times as many rows; with `broken`, five rows cannot be read."""
    dice = random.Random(seed)
    export = Export()
    for index in range(orders):
        export.rows += order_rows(index, dice)
    if broken:
        for index, (column, words) in BREAKS.items():
            if index < orders:
                rows = [one for one in export.rows if one["Name"] == f"#{1001 + index}"]
                row = rows[-1] if column.startswith("Lineitem") else rows[0]
                row[column] = words
    return export


def order_rows(index: int, dice: random.Random) -> list[dict[str, str]]:
    """One order: its own cells stand in the first row only, as Shopify leaves them."""
    placed = START + timedelta(minutes=37 * index)
    goods = [dice.choice(GOODS) for _ in range(dice.choice((1, 1, 2, 2, 3, 5)))]
    money = dice.choice(("paid", "paid", "paid", "pending", "refunded", "partially_refunded"))
    sent = dice.choice(("fulfilled", "fulfilled", "unfulfilled", "partial"))
    name = f"#{1001 + index}"
    rows = []
    items = Decimal(0)
    for position, (sku, title, price) in enumerate(goods):
        quantity = dice.choice((1, 1, 2, 3))
        items += quantity * Decimal(price)
        is_sent = sent == "fulfilled" or (sent == "partial" and position == 0)
        rows.append(
            {
                "Name": name,
                "Email": email_of(index),
                "Created at": stamp(placed),
                "Lineitem quantity": str(quantity),
                "Lineitem name": title,
                "Lineitem price": price,
                "Lineitem sku": sku,
                "Lineitem requires shipping": "true",
                "Lineitem taxable": "true",
                "Lineitem fulfillment status": "fulfilled" if is_sent else "pending",
                "Lineitem discount": "0.00",
                "Vendor": "Quayside",
            }
        )
    if sent == "partial" and len(goods) == 1:
        sent = "fulfilled"
    rows[0] |= head_cells(index, dice, items=items, money=money, sent=sent, placed=placed)
    return rows


def head_cells(
    index: int, dice: random.Random, *, items: Decimal, money: str, sent: str, placed: datetime
) -> dict[str, str]:
    discount = (items / 10).quantize(Decimal("0.01")) if index % 3 == 0 else Decimal(0)
    shipping = Decimal("4.90") if index % 2 else Decimal(0)
    subtotal = items - discount
    taxes = (subtotal - subtotal / Decimal("1.19")).quantize(Decimal("0.01"))
    total = subtotal + shipping
    buyer = NAMES[index % len(NAMES)]
    refunded = {"refunded": total, "partially_refunded": Decimal("1.00")}.get(money, Decimal(0))
    is_cancelled = money == "refunded" and sent == "unfulfilled"
    return {
        "Financial Status": money,
        "Paid at": "" if money == "pending" else stamp(placed + timedelta(minutes=1)),
        "Fulfillment Status": sent,
        "Fulfilled at": stamp(placed + timedelta(days=1)) if sent != "unfulfilled" else "",
        "Accepts Marketing": "yes" if index % 4 else "no",
        "Currency": "EUR",
        "Subtotal": f"{subtotal}",
        "Shipping": f"{shipping}",
        "Taxes": f"{taxes}",
        "Total": f"{total}",
        "Discount Code": "AUTUMN10" if discount else "",
        "Discount Amount": f"{discount}",
        "Shipping Method": "Standard",
        **address_cells("Billing", buyer, index),
        **address_cells("Shipping", buyer, index),
        "Notes": dice.choice(NOTES),
        "Cancelled at": stamp(placed + timedelta(hours=3)) if is_cancelled else "",
        "Payment Method": "Shopify Payments" if money != "pending" else "Bank deposit",
        "Payment Reference": f"c{index:08d}.1",
        "Refunded Amount": f"{refunded}",
        "Outstanding Balance": f"{total}" if money == "pending" else "0.00",
        "Id": str(6866149310695 + index),
        "Tags": "VIP, Autumn" if index % 5 == 0 else "",
        "Risk Level": "Low",
        "Source": "web",
        "Tax 1 Name": "VAT 19%",
        "Tax 1 Value": f"{taxes}",
        "Phone": "'+491701234567" if index % 2 else "",
    }


def address_cells(kind: str, buyer: str, index: int) -> dict[str, str]:
    city, zip_code, province, country = CITIES[index % len(CITIES)]
    return {
        f"{kind} Name": buyer,
        f"{kind} Street": f"Straße {index}",
        f"{kind} Address1": f"Straße {index}",
        f"{kind} City": city,
        f"{kind} Zip": zip_code,
        f"{kind} Province": province,
        f"{kind} Country": country,
    }


def email_of(index: int) -> str:
    return f"buyer{index % 120}@example.com"


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} +0000"
