"""What companies ask of orders placed for them: that they may order, name their number, take packs."""

from collections.abc import Iterable, Mapping, Sequence

from customers.errors import CompanyBlocked
from customers.models import Company, Customer
from inventory.models import Variant
from orders.drafts import OrderDraft
from orders.errors import BadLine, PurchaseOrderMissing


def companies_of(customer_ids: Iterable[int | None]) -> dict[int, Company]:
    """The company each customer buys for, by the customer's id. One query, none without customers."""
    wanted = {pk for pk in customer_ids if pk}
    if not wanted:
        return {}
    rows = Customer.objects.filter(pk__in=wanted, company__isnull=False).select_related("company")
    return {customer.pk: customer.company for customer in rows if customer.company}


def refuse_business(
    drafts: Sequence[OrderDraft],
    companies: Mapping[int, Company],
    variants: Mapping[str, Variant],
) -> None:
    """Refuse what a company's terms forbid. What a channel took already, and history, is never lost
    to them. Raises CompanyBlocked, PurchaseOrderMissing, BadLine.
    """
    for draft in drafts:
        company = companies.get(draft.customer_id or 0)
        if company is None or draft.external_id or draft.is_historical:
            continue
        refuse_blocked(company)
        if company.needs_purchase_order and not draft.purchase_order:
            raise PurchaseOrderMissing(
                f"{company} wants its purchase-order number on every order; ask the buyer for it.",
                field="purchase_order",
            )
        _refuse_loose_units(draft, variants)


def refuse_blocked(company: Company) -> None:
    """Raises CompanyBlocked while nothing may be ordered for the company."""
    if company.blocked_at is not None:
        raise CompanyBlocked(
            f"{company} may not order: {company.blocked_why}. Whoever may unblock it does so on its"
            " page.",
            field="customer_id",
        )


def _refuse_loose_units(draft: OrderDraft, variants: Mapping[str, Variant]) -> None:
    for position, line in enumerate(draft.lines, start=1):
        variant = variants.get(line.sku)
        if variant is not None and (words := variant.pack_problem(line.quantity)):
            raise BadLine(f"Line {position}: {words}", field=f"lines.{position}.quantity")
