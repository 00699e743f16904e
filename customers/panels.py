"""What customers shows in the navigation and in the search."""

from django.db.models import Q
from django.urls import reverse

from core import menu, search, subjects
from core.menu import MenuEntry, MenuGroup
from core.models import User
from core.search import Hit, Searcher
from core.subjects import SubjectKind, page
from customers.models import Customer
from customers.rights import SEE_CUSTOMERS

menu.add(
    MenuEntry(
        "Customers", "customers:customer_list", "customers", MenuGroup.SELL, SEE_CUSTOMERS, 30
    )
)


def find_customers(_user: User, query: str, limit: int) -> list[Hit]:
    """Customers by name or e-mail. One query."""
    found = Customer.objects.current().filter(
        Q(name__icontains=query) | Q(email__istartswith=query)
    )
    return [
        Hit(
            label=str(customer),
            url=reverse("customers:customer_detail", args=[customer.pk]),
            icon="customer",
            hint=customer.email,
            is_exact=bool(customer.email) and query.lower() == customer.email.lower(),
        )
        for customer in found.order_by("name", "pk")[:limit]
    ]


search.plug(Searcher("Customers", SEE_CUSTOMERS, find_customers, position=20))
subjects.register(
    SubjectKind(Customer, "Customer", page("customers:customer_detail"), SEE_CUSTOMERS)
)
