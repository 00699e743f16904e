"""The list of customers."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.listing import Column, Empty, Listing, day_token, text_token
from customers.filters import CustomerFilter
from customers.models import Customer
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
