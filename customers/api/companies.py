"""Companies for machines: the list, one with its contacts and credit, and what staff may set."""

from typing import Annotated

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field, StringConstraints

from core.api.client import client_of
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import NO_NUL, Amount, Input, Output, Page, PathId, answer, money
from core.clock import now
from customers.models import Company
from customers.rights import BLOCK_COMPANIES, SEE_CUSTOMERS, SET_CREDIT
from customers.services import allow_ordering, block_ordering, set_credit
from customers.states import CompanyRole

room = Room("Companies")
Reason = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=NO_NUL)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class CompanyFilters(Paged):
    """Filters of the list; all that are given must hold."""

    name: Name | None = Field(None, description="A part of the name.")
    vat_id: Name | None = None
    is_blocked: bool | None = None


class CompanyRow(Output):
    id: int
    name: str
    vat_id: str
    email: str
    needs_purchase_order: bool
    is_blocked: bool
    blocked_why: str


class CreditOut(Output):
    """An account; `exposure` is what open orders have taken of `limit`."""

    currency: str
    limit: str
    exposure: str
    left: str
    net_days: int


class ContactOut(Output):
    customer_id: int
    name: str
    email: str
    role: CompanyRole | None


class CompanyOut(CompanyRow):
    """A company with its contacts and its credit."""

    contacts: list[ContactOut]
    credit: list[CreditOut]


class BlockIn(Input):
    why: Reason


class CreditIn(Input):
    currency: Currency
    limit: Amount
    net_days: int = Field(ge=0, le=365)
    why: Reason


def _within(request: HttpRequest) -> QuerySet[Company]:
    """All companies; none for a key of one channel, since a company buys through any."""
    found = Company.objects.all()
    return found if client_of(request).channel_id is None else found.none()


def _company(request: HttpRequest, company_id: int) -> Company:
    company = _within(request).filter(pk=company_id).first()
    if company is None:
        raise Http404("No such company for this key.")
    return company


def company_row(company: Company) -> CompanyRow:
    return CompanyRow(
        id=company.pk,
        name=company.name,
        vat_id=company.vat_id,
        email=company.email,
        needs_purchase_order=company.needs_purchase_order,
        is_blocked=company.blocked_at is not None,
        blocked_why=company.blocked_why,
    )


def company_out(company: Company) -> CompanyOut:
    """A company with its contacts and credit. Two queries."""
    return CompanyOut(
        **company_row(company).model_dump(),
        contacts=[
            ContactOut(
                customer_id=person.pk,
                name=person.name,
                email=person.email,
                role=CompanyRole(person.company_role) if person.company_role else None,
            )
            for person in company.people.filter(merged_into=None).order_by("name", "pk")
        ],
        credit=[
            CreditOut(
                currency=account.currency,
                limit=money(account.limit, account.currency),
                exposure=money(account.exposure, account.currency),
                left=money(account.left, account.currency),
                net_days=account.net_days,
            )
            for account in company.credit_accounts.order_by("currency")
        ],
    )


@room.reads("/companies", SEE_CUSTOMERS, Page[CompanyRow])
def list_companies(request: HttpRequest, filters: Query[CompanyFilters]) -> HttpResponse:
    """List companies, the newest first."""
    rows = _within(request)
    if filters.name is not None:
        rows = rows.filter(name__icontains=filters.name)
    if filters.vat_id is not None:
        rows = rows.filter(vat_id__iexact=filters.vat_id)
    if filters.is_blocked is not None:
        rows = rows.filter(blocked_at__isnull=not filters.is_blocked)
    return answer(read_page(rows, filters, company_row))


@room.reads("/companies/{company_id}", SEE_CUSTOMERS, CompanyOut)
def read_company(request: HttpRequest, company_id: PathId) -> HttpResponse:
    """Read a company with its contacts and credit."""
    return answer(company_out(_company(request, company_id)))


@room.changes("/companies/{company_id}/credit", SET_CREDIT, CompanyOut, method="PUT")
def set_company_credit(request: HttpRequest, company_id: PathId, body: CreditIn) -> HttpResponse:
    """Open a credit account in a currency, or change its limit and days."""
    company = _company(request, company_id)
    set_credit(company_id=company.pk, **body.model_dump())
    return answer(company_out(company))


@room.changes("/companies/{company_id}/block", BLOCK_COMPANIES, CompanyOut)
def block_company(request: HttpRequest, company_id: PathId, body: BlockIn) -> HttpResponse:
    """Let nothing be ordered for a company."""
    company = _company(request, company_id)
    return answer(company_out(block_ordering(company_id=company.pk, why=body.why, now=now())))


@room.changes("/companies/{company_id}/allow", BLOCK_COMPANIES, CompanyOut)
def allow_company(request: HttpRequest, company_id: PathId) -> HttpResponse:
    """Let a company order again."""
    company = _company(request, company_id)
    return answer(company_out(allow_ordering(company_id=company.pk)))
