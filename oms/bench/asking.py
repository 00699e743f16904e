"""What a benchmark of the list of orders asks for: every filter, sort and search, and far places."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils import timezone

from core.listing.columns import follow
from core.listing.dates import Span
from core.listing.filters import PeriodField, RangeField
from core.listing.paging import Cursor
from core.models import User
from customers.models import Company, Customer
from inventory.models import Variant
from orders.models import Order
from orders.tables import OrderList
from shipping.models import Parcel

MIXED = 200
EACH = 12
PAGES = 150
DEEP = (10_000, 500_000, 900_000)

Pair = tuple[str, str]


def kinds_of_request(reader: User, *, seed: int) -> dict[str, list[str]]:
    """The addresses asked for, by kind; the same in every run."""
    random = Random(seed)  # noqa: S311  (the same requests in every run)
    alone = filters_alone(reader, random)
    sizes = [2] * (MIXED // 2) + [3] * (MIXED // 2)
    return {
        "every_filter_alone": [_list(pairs) for name in alone for pairs in alone[name]],
        "pairs_and_triples": [_list(_mixed(random, alone, size)) for size in sizes],
        "every_sort": [_list([("sort", sort)]) for sort in sorts()],
        "search": [_list([("q", words)]) for words in words_searched(random)],
        "deep_pages": [_list(pairs) for pairs in deep_places(reader)],
        "order_page": [_order(pk) for pk in some(Order, random, PAGES, "pk")],
        "home": [reverse("home")],
    }


def _list(pairs: list[Pair]) -> str:
    return f"{reverse('orders:order_list')}?{urlencode([('view', 'all'), *pairs])}"


def _order(pk: int) -> str:
    return reverse("orders:order_detail", args=[pk])


def some(model: type[Any], random: Random, count: int, *fields: str) -> list[Any]:
    """Values of rows from all over a table, found by their ids."""
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found: list[Any] = []
    while len(found) < count:
        row = model.objects.filter(pk__gte=random.randint(1, last)).order_by("pk").first()
        if row is not None:
            found.append(getattr(row, fields[0]))
    return found


def filters_alone(reader: User, random: Random) -> dict[str, list[list[Pair]]]:
    """Every filter with every choice it has, or with values that are there."""
    found = OrderList(user=reader).filters
    assert found is not None  # noqa: S101  (the list of orders has filters)
    return {name: list(_values(name, field, random)) for name, field in found.form.fields.items()}


def _values(name: str, field: forms.Field, random: Random) -> Iterator[list[Pair]]:
    if isinstance(field, PeriodField):
        yield from ([(name, span)] for span in Span.values)
        day = timezone.localdate() - timedelta(days=400)
        yield [(f"{name}_from", str(day)), (f"{name}_to", str(day + timedelta(days=3)))]
    elif isinstance(field, RangeField):
        yield from ([(f"{name}_min", str(low)), (f"{name}_max", str(low + 10))] for low in (5, 90))
        yield [(f"{name}_min", "200")]
    elif isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        yield from ([(name, str(value))] for value, _ in choices if value)
    else:
        yield from ([(name, str(value))] for value in OPEN_VALUES[name](random))


def _mixed(random: Random, alone: dict[str, list[list[Pair]]], size: int) -> list[Pair]:
    names = random.sample(sorted(name for name in alone if alone[name]), size)
    return [pair for name in names for pair in random.choice(alone[name])]


def sorts() -> list[str]:
    codes = [column.code for column in OrderList.columns if column.sort]
    return [sign + code for code in codes for sign in ("", "-")]


def words_searched(random: Random) -> list[str]:
    """By number, e-mail, name, SKU and tracking number: what is there, and what is not."""
    numbers = some(Order, random, EACH, "number")
    names = some(Customer, random, EACH, "name")
    parcels = Parcel.objects.exclude(tracking_number="").order_by("-pk")[: EACH * 1000 : 1000]
    return [
        *numbers,
        *(number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-") for number in numbers),
        *some(Customer, random, EACH, "email"),
        *names,
        *(name.split()[-1] for name in names),
        *(f"sku:{sku}" for sku in some(Variant, random, EACH, "sku")),
        *(parcel.tracking_number for parcel in parcels),
        "nobody of that name",
        "sku:NO-SUCH-THING",
        "is:held placed:>=2025-01-01 -state:cancelled",
    ]


def deep_places(reader: User) -> Iterator[list[Pair]]:
    """Pages far down the list, in the orders that people sort by."""
    for sort in ("-placed", "placed", "total", "customer"):
        listing = OrderList(user=reader, query=f"sort={sort}")
        ordered = Order.objects.order_by(*(term.ordering for term in listing.terms))
        for position in DEEP:
            row = ordered[position : position + 1].first()
            if row is not None:
                values = tuple(follow(row, term.path) for term in listing.terms)
                cursor = Cursor(values, position).sign(f"{listing.name} {sort}")
                yield [("sort", sort), ("after", cursor)]


OPEN_VALUES: dict[str, Callable[[Random], list[Any]]] = {
    "country": lambda _: ["DE", "US", "XX"],
    "company": lambda random: some(Company, random, 3, "pk"),
    "customer": lambda random: some(Customer, random, EACH, "pk"),
    "po": lambda _: ["PO-4711"],
    "sku": lambda random: some(Variant, random, EACH, "sku"),
    "tag": lambda _: ["wholesale", "follow up", "no-such-tag"],
}
