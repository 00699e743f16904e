"""Purchase orders: the list, one order, drafting and changing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import documents
from core import messages as mail
from core.access import requires, staff_of
from core.editing import version_of
from core.errors import DomainError, StaleEdit
from core.once import once
from inventory.forms.purchasing import PurchaseForm, PurchaseLines, variants_named
from inventory.models import PurchaseOrder, PurchaseOrderLine, Supplier
from inventory.rights import BUY, SEE_PURCHASES
from inventory.selectors.purchasing import (
    advice_on,
    counting_receipt,
    days_late,
    landed_total,
    open_purchase_lines,
    purchase_seen_by,
    purchases_seen_by,
    with_progress,
)
from inventory.selectors.receiving import fills_of
from inventory.services.buying import worth_of
from inventory.services.purchasing import PurchaseWish, change_purchase, create_purchase
from inventory.states import PurchaseState
from inventory.tables.purchasing import DifferenceList, PurchaseList

STEPS = (
    (PurchaseState.DRAFT, "Draft"),
    (PurchaseState.APPROVED, "Approved"),
    (PurchaseState.SENT, "Sent"),
    (PurchaseState.PARTLY_RECEIVED, "Partly received"),
    (PurchaseState.RECEIVED, "Received"),
)
LINES = "lines"


@requires(SEE_PURCHASES)
@require_GET
def purchase_list(request: HttpRequest) -> HttpResponse:
    """What is bought, what is coming, and what is late."""
    return PurchaseList(request).respond()


@requires(SEE_PURCHASES)
@require_GET
def difference_list(request: HttpRequest) -> HttpResponse:
    """How deliveries differed from what was expected."""
    return DifferenceList(request).respond()


@requires(SEE_PURCHASES)
@require_GET
def purchase_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One purchase order: where it stands, what came, and what to do next."""
    order = purchase_seen_by(staff_of(request), pk)
    lines = _lines(order)
    receipts = list(order.receipts.prefetch_related("differences__line", "lines__line"))
    fills = fills_of(receipts)
    for receipt in receipts:
        receipt.fills_shown = fills.get(receipt.pk, [])  # type: ignore[attr-defined]
        receipt.units = sum(row.quantity for row in receipt.lines.all())  # type: ignore[attr-defined]
    counted = with_progress(purchases_seen_by(staff_of(request)).filter(pk=order.pk)).get()
    today = timezone.now().astimezone(order.location.zone).date()
    costs = list(order.landed_costs.prefetch_related("shares__line"))
    context = {
        "order": order,
        "lines": lines,
        "receipts": receipts,
        "counting": counting_receipt(order),
        "notices": order.notices.prefetch_related("lines__line"),
        "costs": costs,
        "landed_total": landed_total(order),
        "progress": counted,
        "days_late": days_late(counted, today),
        "advice": advice_on(order, lines) if order.state == PurchaseState.DRAFT else [],
        "steps": _steps(order),
        "documents": documents.for_subject("purchaseorder", order.pk),
        "messages_sent": mail.for_subject("purchaseorder", order.pk),
    }
    return render(request, "inventory/purchase_detail.html", context)


def _lines(order: PurchaseOrder) -> list[PurchaseOrderLine]:
    lines = list(order.lines.select_related("variant"))
    due = dict(open_purchase_lines().filter(order=order).values_list("pk", "due_on"))
    for line in lines:
        line.worth = worth_of(line, order.currency)  # type: ignore[attr-defined]
        line.due_on = due.get(line.pk)  # type: ignore[attr-defined]
    return lines


def _steps(order: PurchaseOrder) -> list[tuple[str, str]]:
    states = [state for state, _ in STEPS]
    if order.state not in states:
        return []
    at = states.index(PurchaseState(order.state))
    last = len(STEPS) - 1
    return [
        (label, "done" if i < at or at == last else "current" if i == at else "todo")
        for i, (_, label) in enumerate(STEPS)
    ]


@requires(BUY)
@require_http_methods(["GET", "POST"])
@once
def purchase_create(request: HttpRequest) -> HttpResponseBase:
    """Draft a purchase order."""
    initial = _asked(request)
    form = PurchaseForm(request.POST or None, user=staff_of(request), initial=initial)
    lines = PurchaseLines(request.POST or None, prefix=LINES)
    if request.method != "POST":
        return _page(request, form, lines)
    is_valid = form.is_valid()
    lines.supplier = form.cleaned_data.get("supplier")
    if not (lines.is_valid() and is_valid):
        return _page(request, form, lines, status=422)
    values = form.cleaned_data
    try:
        order = create_purchase(
            supplier=values["supplier"],
            location=values["location"],
            wishes=_wishes(form, lines, values["supplier"]),
            expected_on=values["expected_on"],
            exchange_rate=values["exchange_rate"],
            supplier_reference=values["supplier_reference"],
            note=values["note"],
            buyer_id=request.user.pk,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, form, lines, status=422)
    messages.success(request, f"{order.number} drafted.")
    return redirect("inventory:purchase_detail", order.pk)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address names already: `?supplier=3`."""
    wanted = request.GET.get("supplier", "")
    return {"supplier": wanted} if wanted.isdecimal() and len(wanted) < 19 else {}


@requires(BUY)
@require_http_methods(["GET", "POST"])
@once
def purchase_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a draft: its lines and what the supplier reads."""
    order = purchase_seen_by(staff_of(request), pk)
    if order.state != PurchaseState.DRAFT:
        messages.error(request, f"{order.number} is no draft any more; take it back to change it.")
        return redirect("inventory:purchase_detail", order.pk)
    if request.method != "POST":
        form = PurchaseForm(user=staff_of(request), order=order, initial=_head(order))
        return _page(request, form, PurchaseLines(prefix=LINES, initial=_rows(order)), order=order)
    form = PurchaseForm(request.POST, user=staff_of(request), order=order)
    lines = PurchaseLines(request.POST, prefix=LINES, initial=_rows(order))
    lines.supplier = order.supplier
    if not (form.is_valid() and lines.is_valid()):
        return _page(request, form, lines, order=order, status=422)
    seen = request.POST.get("version", "")
    try:
        change_purchase(
            order_id=order.pk,
            wishes=_wishes(form, lines, order.supplier),
            values={name: value for name, value in form.cleaned_data.items() if name != "pasted"},
            version=int(seen) if seen.isdecimal() and len(seen) < 19 else 0,
            now=timezone.now(),
        )
    except StaleEdit as stale:
        form.add_error(None, f"{stale.message} {' '.join(stale.changes)}".strip())
        return _page(request, form, lines, order=order, status=409)
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, form, lines, order=order, status=422)
    messages.success(request, f"{order.number} saved.")
    return redirect("inventory:purchase_detail", order.pk)


def _head(order: PurchaseOrder) -> dict[str, Any]:
    names = ("expected_on", "supplier_reference", "note")
    told = {name: getattr(order, name) for name in names}
    return {**told, "exchange_rate": f"{order.exchange_rate.normalize():f}"}


def _rows(order: PurchaseOrder) -> list[dict[str, Any]]:
    return [
        {
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_cost": f"{line.unit_cost.normalize():f}",
            "expected_on": line.expected_on,
        }
        for line in order.lines.all()
    ]


def _wishes(form: PurchaseForm, lines: Any, supplier: Supplier) -> list[PurchaseWish]:
    """The lines typed and those pasted. Raises DomainError for a paste that names what nobody knows."""
    pasted = form.cleaned_data["pasted"]
    known = variants_named((row.sku for row in pasted), supplier)
    for row in pasted:
        if row.sku.upper() not in known:
            raise DomainError(
                f"Line {row.number}: no variant has the SKU “{row.sku}”; mend it and paste again.",
                field="pasted",
            )
    wishes: list[PurchaseWish] = lines.wishes()
    return [
        *wishes,
        *(PurchaseWish(known[row.sku.upper()].pk, row.quantity, row.price) for row in pasted),
    ]


def _page(
    request: HttpRequest,
    form: PurchaseForm,
    lines: Any,
    *,
    order: PurchaseOrder | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "lines": lines,
        "order": order,
        "version": version_of(order) if order else 0,
        "goods": order.supplier.items.select_related("variant__product")[:500] if order else [],
    }
    return render(request, "inventory/purchase_edit.html", context, status=status)
