"""The pages of companies: contacts, addresses, credit, and whether they may order."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires
from core.editing import version_of
from core.errors import DomainError, StaleEdit
from core.once import once
from customers.forms import (
    BlockForm,
    CompanyAddressForm,
    CompanyForm,
    ContactForm,
    CreditForm,
    RoleForm,
)
from customers.models import Company
from customers.rights import BLOCK_COMPANIES, EDIT_CUSTOMERS, SEE_CUSTOMERS, SET_CREDIT
from customers.services import (
    add_company_address,
    add_contact,
    allow_ordering,
    block_ordering,
    remove_company_address,
    remove_contact,
    save_company,
    set_credit,
    set_role,
)
from customers.states import CompanyRole
from customers.tables import CompanyList


@requires(SEE_CUSTOMERS)
@require_GET
def company_list(request: HttpRequest) -> HttpResponseBase:
    """Companies, as the address says."""
    return CompanyList(request).respond()


@requires(SEE_CUSTOMERS)
@require_GET
def company_detail(request: HttpRequest, company_id: int) -> HttpResponse:
    """One company: its contacts and addresses, its credit, and what it bought."""
    company = get_object_or_404(Company, pk=company_id)
    context = {
        "company": company,
        "contacts": company.people.current().order_by("name", "pk")[:200],
        "roles": CompanyRole.choices,
        "addresses": company.addresses.all(),
        "accounts": company.credit_accounts.order_by("currency"),
    }
    return render(request, "customers/company_detail.html", context)


@requires(EDIT_CUSTOMERS)
@require_http_methods(["GET", "POST"])
@once
def company_create(request: HttpRequest) -> HttpResponse:
    """Add a company."""
    return _edit(request, None)


@requires(EDIT_CUSTOMERS)
@require_http_methods(["GET", "POST"])
@once
def company_edit(request: HttpRequest, company_id: int) -> HttpResponse:
    """Change a company."""
    return _edit(request, get_object_or_404(Company, pk=company_id))


def _edit(request: HttpRequest, company: Company | None) -> HttpResponse:
    form = CompanyForm(request.POST or None, instance=company)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            seen = request.POST.get("version", "")
            try:
                saved = save_company(
                    company_id=company.pk if company else None,
                    values=form.cleaned_data,
                    version=int(seen) if seen.isdecimal() and len(seen) < 19 else 0,
                )
            except StaleEdit as stale:
                form.add_error(None, f"{stale.message} {' '.join(stale.changes)}".strip())
                status = 409
            except DomainError as refusal:
                _refuse(form, refusal)
            else:
                messages.success(request, f"{saved} is saved.")
                return redirect("customers:company_detail", saved.pk)
    context = {"form": form, "company": company, "version": version_of(company) if company else 0}
    return render(request, "customers/company_form.html", context, status=status)


def _refuse(form: forms.BaseForm, refusal: DomainError) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _entered(
    request: HttpRequest,
    company: Company,
    form: forms.BaseForm,
    verb: Callable[[dict[str, Any]], object],
    *,
    title: str,
    done: str,
    submit: str = "Save",
    is_danger: bool = False,
) -> HttpResponse:
    """A form about a company: shown, refused with a sentence, or done and back to its page."""
    if request.method == "POST" and form.is_valid():
        try:
            verb(form.cleaned_data)
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, done)
            return redirect("customers:company_detail", company.pk)
    context = {
        "form": form,
        "company": company,
        "title": title,
        "submit": submit,
        "is_danger": is_danger,
    }
    status = 422 if form.is_bound else 200
    return render(request, "customers/company_step.html", context, status=status)


@requires(EDIT_CUSTOMERS)
@require_http_methods(["GET", "POST"])
@once
def contact_add(request: HttpRequest, company_id: int) -> HttpResponse:
    """Let somebody buy for a company."""
    company = get_object_or_404(Company, pk=company_id)
    return _entered(
        request,
        company,
        ContactForm(request.POST or None),
        lambda values: add_contact(company_id=company.pk, now=timezone.now(), **values),
        title="Add contact",
        done="Contact added.",
        submit="Add contact",
    )


@requires(EDIT_CUSTOMERS)
@require_POST
def contact_role(request: HttpRequest, company_id: int, customer_id: int) -> HttpResponse:
    """Say what a contact does in the company."""
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            set_role(company_id=company_id, customer_id=customer_id, role=form.cleaned_data["role"])
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Role saved.")
    return redirect("customers:company_detail", company_id)


@requires(EDIT_CUSTOMERS)
@require_POST
def contact_remove(request: HttpRequest, company_id: int, customer_id: int) -> HttpResponse:
    """A person buys for the company no longer."""
    try:
        remove_contact(company_id=company_id, customer_id=customer_id)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Contact removed.")
    return redirect("customers:company_detail", company_id)


@requires(EDIT_CUSTOMERS)
@require_http_methods(["GET", "POST"])
@once
def company_address_add(request: HttpRequest, company_id: int) -> HttpResponse:
    """Put an address into a company's book."""
    company = get_object_or_404(Company, pk=company_id)
    return _entered(
        request,
        company,
        CompanyAddressForm(request.POST or None, initial={"company": company.name}),
        lambda values: add_company_address(company_id=company.pk, values=values),
        title="Add address",
        done="Address added.",
        submit="Add address",
    )


@requires(EDIT_CUSTOMERS)
@require_POST
def company_address_remove(request: HttpRequest, company_id: int, address_id: int) -> HttpResponse:
    """Take an address out of a company's book."""
    remove_company_address(
        company_id=get_object_or_404(Company, pk=company_id).pk, address_id=address_id
    )
    messages.success(request, "Address removed.")
    return redirect("customers:company_detail", company_id)


@requires(SET_CREDIT)
@require_http_methods(["GET", "POST"])
@once
def credit_set(request: HttpRequest, company_id: int) -> HttpResponse:
    """Open a credit account, or change its limit and days; `?currency=` says which."""
    company = get_object_or_404(Company, pk=company_id)
    currency = request.GET.get("currency", "")
    account = company.credit_accounts.filter(currency=currency).first()
    initial = {"currency": "EUR", "net_days": 30}
    if account:
        initial = {
            "currency": account.currency,
            "limit": f"{account.limit.normalize():f}",
            "net_days": account.net_days,
        }
    return _entered(
        request,
        company,
        CreditForm(request.POST or None, initial=initial),
        lambda values: set_credit(company_id=company.pk, **values),
        title=f"Credit in {currency}" if account else "Open a credit account",
        done="Credit saved.",
    )


@requires(BLOCK_COMPANIES)
@require_http_methods(["GET", "POST"])
@once
def company_block(request: HttpRequest, company_id: int) -> HttpResponse:
    """Let nothing be ordered for a company."""
    company = get_object_or_404(Company, pk=company_id)
    return _entered(
        request,
        company,
        BlockForm(request.POST or None),
        lambda values: block_ordering(company_id=company.pk, now=timezone.now(), **values),
        title="Block from ordering",
        done=f"{company} is blocked from ordering.",
        submit="Block",
        is_danger=True,
    )


@requires(BLOCK_COMPANIES)
@require_POST
def company_allow(request: HttpRequest, company_id: int) -> HttpResponse:
    """Let a company order again."""
    company = allow_ordering(company_id=get_object_or_404(Company, pk=company_id).pk)
    messages.success(request, f"{company} may order again.")
    return redirect("customers:company_detail", company.pk)
