"""The pages of customers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import requires
from core.errors import DomainError
from core.once import once
from customers.forms import AddressForm, CustomerForm
from customers.models import Customer
from customers.rights import EDIT_CUSTOMERS, SEE_CUSTOMERS
from customers.services import add_address, remove_address, save_customer
from customers.tables import CustomerList


@requires(SEE_CUSTOMERS)
def customer_list(request: HttpRequest) -> HttpResponseBase:
    """Customers, as the address says."""
    return CustomerList(request).respond()


@requires(SEE_CUSTOMERS)
def customer_detail(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """One customer: contact, addresses, what they bought; a merged one leads to its heir."""
    customer = get_object_or_404(Customer.objects.select_related("company"), pk=customer_id)
    if customer.merged_into_id:
        return redirect("customers:customer_detail", customer.merged_into_id)
    context = {
        "customer": customer,
        "addresses": customer.addresses.all(),
        "identities": customer.identities.select_related("channel"),
        "credit": customer.company.credit_accounts.all() if customer.company else (),
    }
    return render(request, "customers/customer_detail.html", context)


@requires(EDIT_CUSTOMERS)
@once
def customer_create(request: HttpRequest) -> HttpResponse:
    """Add a customer by hand."""
    return _edit(request, None)


@requires(EDIT_CUSTOMERS)
@once
def customer_edit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Change a customer."""
    return _edit(request, get_object_or_404(Customer.objects.current(), pk=customer_id))


def _edit(request: HttpRequest, customer: Customer | None) -> HttpResponse:
    form = CustomerForm(request.POST or None, instance=customer)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_customer(customer=customer, values=form.cleaned_data, now=timezone.now())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, f"{saved} is saved.")
            return redirect("customers:customer_detail", saved.pk)
    context = {"form": form, "customer": customer}
    status = 422 if form.is_bound else 200
    return render(request, "customers/customer_form.html", context, status=status)


@requires(EDIT_CUSTOMERS)
@once
def address_create(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Put an address into a customer's book."""
    customer = get_object_or_404(Customer.objects.current(), pk=customer_id)
    form = AddressForm(request.POST or None, initial={"name": customer.name})
    if request.method == "POST" and form.is_valid():
        add_address(customer=customer, values=form.cleaned_data, now=timezone.now())
        messages.success(request, "Address added.")
        return redirect("customers:customer_detail", customer.pk)
    context = {"form": form, "customer": customer, "is_address": True}
    status = 422 if form.is_bound else 200
    return render(request, "customers/customer_form.html", context, status=status)


@requires(EDIT_CUSTOMERS)
@require_POST
def address_remove(request: HttpRequest, customer_id: int, address_id: int) -> HttpResponse:
    """Take an address out of a customer's book."""
    customer = get_object_or_404(Customer.objects.current(), pk=customer_id)
    remove_address(customer=customer, address_id=address_id)
    messages.success(request, "Address removed.")
    return redirect("customers:customer_detail", customer.pk)
