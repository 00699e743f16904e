"""Lots, their recall, and serial numbers with their life."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from inventory.forms.tracing import RecallForm, ScrapForm, SerialsForm
from inventory.rights import ADJUST_STOCK, RECALL_LOTS, SEE_STOCK
from inventory.selectors.tracing import (
    balances_of,
    holders_of,
    lot_seen_by,
    lot_state,
    serial_seen_by,
    ways_of,
)
from inventory.services import lift_recall, recall_lot, receive_serials, scrap_serials
from inventory.states import Condition, MovementReason, SerialState
from inventory.tables.tracing import LotList, SerialList


@requires(SEE_STOCK)
@require_GET
def lot_list(request: HttpRequest) -> HttpResponse:
    """Every lot, the first to expire first."""
    return LotList(request).respond()


@requires(SEE_STOCK)
@require_GET
def lot_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One lot: where it lies, for whom, and where it went."""
    user = staff_of(request)
    lot = lot_seen_by(user, pk)
    context = {
        "lot": lot,
        "state": lot_state(lot, timezone.localdate()),
        "balances": balances_of(user, lot),
        "holders": holders_of(user, lot),
        "ways": ways_of(user, lot),
    }
    return render(request, "inventory/lot_detail.html", context)


@requires(RECALL_LOTS)
@require_http_methods(["GET", "POST"])
@once
def lot_recall(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Call a lot back; or, when it is called back, let it be sold again."""
    lot = lot_seen_by(staff_of(request), pk)
    form = RecallForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reason, now = form.cleaned_data["reason"], timezone.now()
            try:
                if lot.recalled_at:
                    lift_recall(lot_id=lot.pk, reason=reason, now=now)
                    messages.success(request, f"Lot {lot.code} may be sold again.")
                else:
                    freed = recall_lot(lot_id=lot.pk, reason=reason, now=now)
                    messages.success(
                        request,
                        f"Lot {lot.code} is recalled; {freed} units set aside of it went back to the"
                        " queue.",
                    )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                return redirect("inventory:lot_detail", lot.pk)
    context = {"form": form, "lot": lot}
    return render(request, "inventory/lot_recall.html", context, status=status)


@requires(SEE_STOCK)
@require_GET
def serial_list(request: HttpRequest) -> HttpResponse:
    """Units with numbers of their own."""
    return SerialList(request).respond()


@requires(SEE_STOCK)
@require_GET
def serial_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit and its life, from receipt to return."""
    serial = serial_seen_by(staff_of(request), pk)
    context = {
        "serial": serial,
        "events": serial.events.select_related("location").order_by("-pk"),
        "is_here": serial.state == SerialState.IN_STOCK,
        "is_lost": serial.state == SerialState.TO_FIND,
    }
    return render(request, "inventory/serial_detail.html", context)


@requires(ADJUST_STOCK)
@require_http_methods(["GET", "POST"])
def serial_new(request: HttpRequest) -> HttpResponse:
    """Say which numbers units have that lie here."""
    initial = {"variant": request.GET.get("sku", "")[:60].replace("\0", "")}
    form = SerialsForm(request.POST or None, user=staff_of(request), initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                rows = receive_serials(
                    variant=values["variant"],
                    location=values["location"],
                    codes=form.codes(),
                    condition=Condition(values["condition"]),
                    reference="registered",
                    now=timezone.now(),
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, f"{len(rows)} serial numbers kept.")
                return redirect("inventory:serial_list")
    return render(request, "inventory/serial_new.html", {"form": form}, status=status)


@requires(ADJUST_STOCK)
@require_http_methods(["GET", "POST"])
@once
def serial_scrap(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take one unit out of stock for good."""
    serial = serial_seen_by(staff_of(request), pk)
    form = ScrapForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                scrap_serials(
                    serial_ids=[serial.pk],
                    reason=MovementReason(form.cleaned_data["reason"]),
                    note=form.cleaned_data["note"],
                    now=timezone.now(),
                )
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, f"{serial.code} is out of stock.")
                return redirect("inventory:serial_detail", serial.pk)
    context = {"form": form, "serial": serial}
    return render(request, "inventory/serial_scrap.html", context, status=status)
