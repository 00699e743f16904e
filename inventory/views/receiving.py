"""Receiving goods with a scanner in hand: find the order, count from zero, look it over, post."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from core.views.acting import attempt, lead, number_of, show
from inventory.forms.receiving import CodeForm, CountForm, ReviewForm
from inventory.models import PurchaseOrderLine, Receipt
from inventory.rights import BUY, OVER_RECEIVE, RECEIVE, SEE_PURCHASES
from inventory.selectors.purchasing import (
    days_late,
    purchase_seen_by,
    purchases_seen_by,
    receipt_seen_by,
    with_progress,
)
from inventory.selectors.receiving import coming_named, counts_of, fills_of
from inventory.services.posting import discard_receipt, post_receipt
from inventory.services.receiving import count_line, forget_row, scan_receipt, start_receipt
from inventory.states import Condition, ReceiptState

SHOWN = 50


def _lead(receipt: Receipt, row_id: int | None = None) -> HttpResponse:
    """To the counting of a receipt, the row at hand named."""
    return lead("inventory:receipt_page", receipt.pk, row=row_id)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@requires(RECEIVE)
@require_http_methods(["GET", "POST"])
def receive_start(request: HttpRequest) -> HttpResponse:
    """What is coming to my locations; scan a purchase order, a delivery note or an item to begin."""
    user = staff_of(request)
    orders = purchases_seen_by(user).coming().filter(ship_to_reference="")
    if request.method == "POST":
        code = request.POST.get("code", "").replace("\0", "").strip()[:100]
        found = coming_named(orders, code)
        if len(found) == 1:
            return redirect("inventory:receive_order", found[0].pk)
        if not found:
            messages.error(
                request, f"Nothing that is coming has the code “{code}”. Type the order’s number."
            )
        else:
            numbers = ", ".join(order.number for order in found[:5])
            messages.error(request, f"“{code}” is on {len(found)} orders: {numbers}. Scan one.")
        return redirect("inventory:receive_start")
    shown = with_progress(orders.select_related("supplier", "location"))
    rows = list(shown.order_by("due_on", "pk")[:SHOWN])
    now = timezone.now()
    for order in rows:
        order.days_late = days_late(order, now.astimezone(order.location.zone).date())
    return render(request, "inventory/receive_start.html", {"orders": rows})


@requires(RECEIVE)
@require_http_methods(["GET", "POST"])
@once
def receive_order(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin to count a delivery of one order; which one, where the supplier announced some."""
    order = purchase_seen_by(staff_of(request), pk)
    counted = order.receipts.filter(state=ReceiptState.COUNTING).first()
    if counted:
        return _lead(counted)
    if request.method == "POST":
        receipt = attempt(
            request,
            lambda: start_receipt(
                order_id=order.pk,
                notice_id=_number(request.POST.get("notice", "")),
                delivery_note=request.POST.get("delivery_note", "")[:60],
                now=timezone.now(),
            ),
        )
        return _lead(receipt) if receipt else redirect("inventory:purchase_detail", order.pk)
    context = {
        "order": order,
        "lines": [line for line in order.lines.all() if line.open],
        "notices": order.notices.filter(arrived_at=None).prefetch_related("lines"),
    }
    return render(request, "inventory/receive_order.html", context)


@requires(SEE_PURCHASES)
@require_GET
def receipt_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A receipt: while it is counted the scan screen, once posted what came and who got it."""
    receipt = receipt_seen_by(staff_of(request), pk)
    if receipt.state != ReceiptState.COUNTING:
        context = {
            "receipt": receipt,
            "order": receipt.order,
            "rows": receipt.lines.select_related("line", "lot").filter(quantity__gt=0),
            "differences": receipt.differences.select_related("line"),
            "fills": fills_of([receipt]).get(receipt.pk, []),
        }
        return render(request, "inventory/receipt_detail.html", context)
    counts = counts_of(receipt)
    rows = [row for one in counts for row in one.rows]
    at_hand = number_of(request, "row")
    current = next((row for row in rows if row.pk == at_hand), None)
    shown: dict[str, object] = {
        "receipt": receipt,
        "order": receipt.order,
        "counts": counts,
        "current": current,
        "counted": sum(one.counted for one in counts),
        "expected": sum(one.expected for one in counts),
    }
    return show(request, "inventory/receipt_page.html", "inventory/receipt_part.html", shown)


@requires(RECEIVE)
@require_POST
@once
def receipt_scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read one code."""
    receipt = receipt_seen_by(staff_of(request), pk)
    form = CodeForm(request.POST)
    row_id = None
    if form.is_valid():
        row_id = form.cleaned_data["row"]
        counted = attempt(
            request,
            lambda: scan_receipt(
                receipt_id=receipt.pk, code=form.cleaned_data["code"], row_id=row_id
            ),
        )
        if counted:
            messages.success(request, counted.said)
            row_id = counted.row.pk
    else:
        messages.error(request, "Scan or type a code.")
    return _lead(receipt, row_id)


@requires(RECEIVE)
@require_http_methods(["GET", "POST"])
@once
def receipt_count(request: HttpRequest, pk: int, line_id: int) -> HttpResponseBase:
    """Write down by hand what was counted of one line: how many, in which condition, of which lot."""
    receipt = receipt_seen_by(staff_of(request), pk)
    if receipt.state != ReceiptState.COUNTING:
        return _lead(receipt)
    line = _line_of(receipt, line_id)
    row = receipt.lines.filter(pk=number_of(request, "row") or 0, line=line).first()
    form = CountForm(
        request.POST if request.method == "POST" else None,
        line=line,
        row=row,
        initial={} if row else _start(receipt, line),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = count_line(
                    receipt_id=receipt.pk,
                    line_id=line.pk,
                    goods=form.goods(),
                    row_id=row.pk if row else None,
                )
            except DomainError as refusal:
                _say(form, refusal)
            else:
                messages.success(request, f"{line.sku}: {saved.quantity} counted.")
                return _lead(receipt, saved.pk)
    context = {"form": form, "receipt": receipt, "order": receipt.order, "line": line, "row": row}
    return render(request, "inventory/receipt_count.html", context, status=status)


def _line_of(receipt: Receipt, line_id: int) -> PurchaseOrderLine:
    lines = receipt.order.lines.select_related("variant__product")
    line = lines.filter(pk=line_id).first()
    if line is None:
        raise Http404("No such line on this order.")
    return line


def _start(receipt: Receipt, line: PurchaseOrderLine) -> dict[str, Any]:
    inspects = receipt.order.supplier.inspects_goods
    level = line.variant.levels.filter(location=receipt.order.location_id).first()
    return {
        "condition": Condition.QUALITY_CONTROL if inspects else Condition.SELLABLE,
        "bin": level.bin if level else "",
    }


def _say(form: forms.Form, refusal: DomainError) -> None:
    field = {"lot": "lot_code"}.get(refusal.field or "", refusal.field)
    shown = field in form.fields and not form.fields[field or ""].widget.is_hidden
    form.add_error(field if shown else None, refusal.message)


@requires(RECEIVE)
@require_POST
@once
def receipt_forget(request: HttpRequest, pk: int, row_id: int) -> HttpResponseBase:
    """Take back what was counted on a row."""
    receipt = receipt_seen_by(staff_of(request), pk)
    attempt(request, lambda: forget_row(receipt_id=receipt.pk, row_id=row_id))
    return _lead(receipt)


@requires(RECEIVE)
@require_http_methods(["GET", "POST"])
@once
def receipt_review(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Counted beside expected, the differences explained; then it becomes stock, once."""
    user = staff_of(request)
    receipt = receipt_seen_by(user, pk)
    if receipt.state != ReceiptState.COUNTING:
        return _lead(receipt)
    counts = counts_of(receipt)
    form = ReviewForm(request.POST if request.method == "POST" else None, counts=counts)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                post_receipt(
                    receipt_id=receipt.pk,
                    explained=form.explained(),
                    may_exceed=user.has_right(OVER_RECEIVE),
                    may_end=user.has_right(BUY),
                    now=timezone.now(),
                )
            except DomainError as refusal:
                _say(form, refusal)
            else:
                messages.success(request, f"{receipt.number} posted.")
                return _lead(receipt)
    context = {
        "form": form,
        "receipt": receipt,
        "order": receipt.order,
        "counts": counts,
        "counted": sum(one.counted for one in counts),
        "matched": sum(1 for one in counts if one.is_matched),
        "may_exceed": user.has_right(OVER_RECEIVE),
    }
    return render(request, "inventory/receipt_review.html", context, status=status)


@requires(RECEIVE)
@require_POST
@once
def receipt_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw away what was counted."""
    receipt = receipt_seen_by(staff_of(request), pk)
    if attempt(request, lambda: discard_receipt(receipt_id=receipt.pk)):
        messages.success(request, f"{receipt.number} discarded; nothing was booked.")
    return redirect("inventory:purchase_detail", receipt.order_id)
