"""What customers shows in the navigation and in the search: people and companies."""

from django.db.models import Q
from django.urls import reverse

from core import menu, search, settings_pages, subjects
from core.menu import MenuEntry, MenuGroup
from core.models import User
from core.search import Hit, Searcher
from core.settings_pages import SettingsPage
from core.subjects import SubjectKind, page
from core.timeline import dress
from customers.models import Company, Customer, CustomerGroup
from customers.rights import EDIT_CUSTOMERS, SEE_CUSTOMERS

menu.add(
    MenuEntry(
        "Customers", "customers:customer_list", "customers", MenuGroup.SELL, SEE_CUSTOMERS, 30
    )
)
menu.add(
    MenuEntry("Companies", "customers:company_list", "building", MenuGroup.SELL, SEE_CUSTOMERS, 35)
)
for fact, icon, role in (
    ("customers.CompanyAdded", "building", "info"),
    ("customers.CompanyChanged", "edit", "neutral"),
    ("customers.ContactAdded", "customer", "info"),
    ("customers.ContactRemoved", "customer", "neutral"),
    ("customers.CreditSet", "bank", "info"),
    ("customers.OrderingBlocked", "blocked", "danger"),
    ("customers.OrderingAllowed", "play", "success"),
):
    dress(fact, icon, role)


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


def find_companies(_user: User, query: str, limit: int) -> list[Hit]:
    """Companies by name or VAT id. One query."""
    found = Company.objects.filter(Q(name__icontains=query) | Q(vat_id__istartswith=query))
    return [
        Hit(
            label=company.name,
            url=reverse("customers:company_detail", args=[company.pk]),
            icon="building",
            hint=company.vat_id,
            is_exact=query.lower() in {company.name.lower(), company.vat_id.lower()},
        )
        for company in found.order_by("name", "pk")[:limit]
    ]


search.plug(Searcher("Companies", SEE_CUSTOMERS, find_companies, position=25))
search.plug(Searcher("Customers", SEE_CUSTOMERS, find_customers, position=20))
subjects.register(
    SubjectKind(Customer, "Customer", page("customers:customer_detail"), SEE_CUSTOMERS)
)
subjects.register(SubjectKind(Company, "Company", page("customers:company_detail"), SEE_CUSTOMERS))
settings_pages.add(
    SettingsPage(
        "Customer groups",
        "Customers that price lists and promotions treat alike",
        "customers:customer_group_list",
        "customers",
        "Money",
        EDIT_CUSTOMERS,
        44,
    )
)
subjects.register(
    SubjectKind(
        CustomerGroup, "Customer group", page("customers:customer_group_edit"), EDIT_CUSTOMERS
    )
)
