"""The lists of customers and of companies."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from core.listing import (
    Column,
    Empty,
    Listing,
    Preset,
    day_token,
    flag_token,
    text_token,
)
from customers.filters import CompanyFilter, CustomerFilter, is_near_limit
from customers.models import Company, CreditAccount, Customer
from customers.rights import EDIT_CUSTOMERS, SEE_CUSTOMERS


class CustomerList(Listing):
    name, title, noun = "customers.customers", "Customers", ("customer", "customers")
    url_name, right = "customers:customer_list", SEE_CUSTOMERS
    template = "customers/customer_list.html"
    custom_subject = "customers.customer"
    columns = (
        Column("name", "Name", sort="name", value="name", is_fixed=True),
        Column("email", "E-mail", sort="email", value="email"),
        Column("phone", "Phone", value="phone"),
        Column("company", "Company", value=lambda customer: customer.company or ""),
        Column("added", "Added", sort="created_at", value="created_at", kind="moment"),
        Column("tags", "Tags", value=lambda customer: ", ".join(customer.tags), is_default=False),
    )
    filterset = CustomerFilter
    promoted = ("business",)
    tokens = (
        text_token("email", "email__iexact"),
        text_token("company", "company__name__icontains"),
        text_token("tag", lambda word: Q(tags__contains=[word])),
        day_token("added", "created_at"),
    )
    search_label = "Search customers by name, e-mail or phone"
    default_sort = "-added"
    row_template = "customers/customer_rows.html"
    empty = Empty(
        "No customers yet",
        "Customers come with their first order; you can also add one.",
        "customers:customer_create",
        "Add customer",
        "customers",
        right=EDIT_CUSTOMERS,
    )

    def queryset(self) -> QuerySet[Customer]:
        return Customer.objects.current().select_related("company")

    def match(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(email__icontains=word) | Q(phone=word)

    def exact(self, text: str) -> str | None:
        customer = Customer.objects.current().filter(email__iexact=text).first()
        return reverse("customers:customer_detail", args=[customer.pk]) if customer else None

    def row_label(self, row: Customer) -> str:
        return str(row)


def _days(company: Any) -> str:
    return ", ".join(f"{one.currency} {one.net_days}" for one in company.accounts)


class CompanyList(Listing):
    name, title, noun = "customers.companies", "Companies", ("company", "companies")
    url_name, right = "customers:company_list", SEE_CUSTOMERS
    template = "customers/company_list.html"
    columns = (
        Column("name", "Company", sort="name", value="name", is_fixed=True),
        Column("vat", "VAT id", value="vat_id"),
        Column("people", "Contacts", value="contacts", kind="number"),
        Column("credit", "Credit taken", value=lambda row: "; ".join(map(str, row.accounts))),
        Column("terms", "Days to pay", value=_days, is_default=False),
        Column("email", "E-mail", value="email", is_default=False),
        Column("phone", "Phone", value="phone", is_default=False),
        Column("added", "Added", sort="created_at", value="created_at", kind="moment"),
    )
    filterset = CompanyFilter
    promoted = ("blocked", "near")
    tokens = (
        text_token("vat", "vat_id__istartswith"),
        day_token("added", "created_at"),
        flag_token(
            "is",
            lambda: {"blocked": Q(blocked_at__isnull=False), "near": Q(is_near_limit())},
            example="is:blocked",
        ),
    )
    search_label = "Search companies by name, VAT id or e-mail"
    default_sort = "name"
    row_template = "customers/company_rows.html"
    presets = (
        Preset("blocked", "Blocked", "blocked=yes", is_counted=True),
        Preset("near", "Near the limit", "near=yes", is_counted=True),
    )
    empty = Empty(
        "No companies yet",
        "A company has contacts who buy for it, and may pay later within its credit limit.",
        "customers:company_create",
        "Add company",
        "building",
        right=EDIT_CUSTOMERS,
    )

    def queryset(self) -> QuerySet[Company]:
        return Company.objects.all()

    def match(self, word: str) -> Q:
        return (
            Q(name__icontains=word)
            | Q(vat_id__istartswith=word)
            | Q(email__iexact=word)
            | Q(people__email__iexact=word)
        )

    def decorate(self, rows: Sequence[Any]) -> None:
        ids = [row.pk for row in rows]
        people = dict(
            Customer.objects.current()
            .filter(company__in=ids)
            .order_by()
            .values_list("company")
            .annotate(n=Count("id"))
        )
        accounts: dict[int, list[CreditAccount]] = {}
        for account in CreditAccount.objects.filter(company__in=ids).order_by("currency"):
            accounts.setdefault(account.company_id, []).append(account)
        for row in rows:
            row.contacts = people.get(row.pk, 0)
            row.accounts = accounts.get(row.pk, [])

    def row_class(self, row: Company) -> str:
        return "row--warning" if row.blocked_at else ""

    def row_label(self, row: Company) -> str:
        return row.name
