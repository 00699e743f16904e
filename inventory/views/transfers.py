"""Transfers: planned, sent, scanned at the target, booked in or given up."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from core.views.acting import attempt, explain, lead, show
from inventory.forms.lines import Named
from inventory.forms.transfers import (
    CodeForm,
    LossForm,
    ShipForm,
    TransferForm,
    TransferPlanForm,
    UnitsForm,
)
from inventory.models import Transfer
from inventory.rights import SEE_STOCK, TRANSFER
from inventory.selectors import visible_locations
from inventory.selectors.transfers import free_at_source, lines_of_transfer, visible_transfers
from inventory.services.transfer_receiving import (
    give_up_units,
    receive_scanned,
    receive_transfer,
    scan_transfer,
    set_scanned,
)
from inventory.services.transferring import (
    WantedUnits,
    cancel_transfer,
    change_transfer,
    create_transfer,
    ship_transfer,
)
from inventory.states import LossReason, TransferState
from inventory.tables.moving import TransferList


@requires(SEE_STOCK)
@require_GET
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Goods between the locations that the user sees."""
    return TransferList(request).respond()


def _transfer(request: HttpRequest, pk: int) -> Transfer:
    found = visible_transfers(staff_of(request)).select_related("source", "target")
    transfer = found.filter(pk=pk).first()
    if transfer is None:
        raise Http404("No such transfer, or it is not yours to see.")
    return transfer


def _at(request: HttpRequest, transfer: Transfer, place_id: int) -> None:
    """Http404 unless the user works at that end of the transfer."""
    if not visible_locations(staff_of(request)).filter(pk=place_id).exists():
        raise Http404(f"That is done at another end of {transfer.number}.")


@requires(SEE_STOCK)
@require_GET
def transfer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer: what was planned, sent, received, lost, and is on the way."""
    transfer = _transfer(request, pk)
    lines = lines_of_transfer(transfer)
    mine = set(visible_locations(staff_of(request)).values_list("pk", flat=True))
    under_way = transfer.state in TransferState.under_way()
    if transfer.state == TransferState.DRAFT:
        free = free_at_source(transfer)
        for line in lines:
            line.free = free.get(line.variant_id, 0)  # type: ignore[attr-defined]
    context = {
        "transfer": transfer,
        "lines": lines,
        "transit": sum(line.on_the_way for line in lines),
        "planned": sum(line.quantity for line in lines),
        "came": sum(line.received for line in lines),
        "is_draft": transfer.state == TransferState.DRAFT,
        "may_ship": transfer.state == TransferState.DRAFT and transfer.source_id in mine,
        "may_receive": under_way and transfer.target_id in mine,
    }
    return render(request, "inventory/transfer_detail.html", context)


def _wanted(named: list[Named]) -> list[WantedUnits]:
    return [WantedUnits(one.variant.pk, one.units, one.lot_id) for one in named]


@requires(TRANSFER)
@require_http_methods(["GET", "POST"])
@once
def transfer_create(request: HttpRequest) -> HttpResponseBase:
    """Plan a transfer; its lines may be pasted. `?source=3&sku=MUG` fills in."""
    initial = {name: request.GET.get(name, "")[:60] for name in ("source", "target")}
    initial["lines"] = request.GET.get("lines", "")[:4000]
    form = TransferForm(request.POST or None, user=staff_of(request), initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                transfer = create_transfer(
                    source=values["source"],
                    target=values["target"],
                    wanted=_wanted(values["lines"]),
                    expected_on=values["expected_on"],
                    exchange_rate=values["exchange_rate"],
                    note=values["note"],
                    now=timezone.now(),
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, f"{transfer.number} planned; nothing has left yet.")
                return redirect("inventory:transfer_detail", transfer.pk)
    return render(request, "inventory/transfer_form.html", {"form": form}, status=status)


@requires(TRANSFER)
@require_http_methods(["GET", "POST"])
@once
def transfer_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Plan a draft anew."""
    transfer = _transfer(request, pk)
    initial = {
        "expected_on": transfer.expected_on,
        "note": transfer.note,
        "lines": "\n".join(
            f"{line.variant.sku}\t{line.quantity}" + (f"\t{line.lot.code}" if line.lot else "")
            for line in lines_of_transfer(transfer)
        ),
    }
    form = TransferPlanForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                change_transfer(
                    transfer_id=transfer.pk,
                    wanted=_wanted(values["lines"]),
                    expected_on=values["expected_on"],
                    note=values["note"],
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, f"{transfer.number} saved.")
                return redirect("inventory:transfer_detail", transfer.pk)
    context = {"form": form, "transfer": transfer}
    return render(request, "inventory/transfer_form.html", context, status=status)


@requires(TRANSFER)
@require_http_methods(["GET", "POST"])
@once
def transfer_ship(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The goods leave: how many of each line."""
    transfer = _transfer(request, pk)
    _at(request, transfer, transfer.source_id)
    if transfer.state != TransferState.DRAFT:
        messages.error(request, f"{transfer.number} was sent or called off already.")
        return redirect("inventory:transfer_detail", transfer.pk)
    lines = lines_of_transfer(transfer)
    form = ShipForm(request.POST or None, lines=lines)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ship_transfer(
                    transfer_id=transfer.pk, quantities=form.quantities, now=timezone.now()
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, f"{transfer.number} is on the way.")
                return redirect("inventory:transfer_detail", transfer.pk)
    context = {"form": form, "transfer": transfer, "lines": lines}
    return render(request, "inventory/transfer_ship.html", context, status=status)


@requires(TRANSFER)
@require_POST
@once
def transfer_cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Call off a draft."""
    transfer = _transfer(request, pk)
    attempt(
        request,
        lambda: cancel_transfer(
            transfer_id=transfer.pk, reason=request.POST.get("reason", "")[:300]
        ),
        done=f"{transfer.number} cancelled.",
    )
    return lead("inventory:transfer_detail", transfer.pk)


@requires(TRANSFER)
@require_GET
def transfer_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Handheld: scan what came, from zero."""
    transfer = _transfer(request, pk)
    _at(request, transfer, transfer.target_id)
    lines = [line for line in lines_of_transfer(transfer) if line.shipped]
    context: dict[str, object] = {
        "transfer": transfer,
        "lines": lines,
        "scanned": sum(line.scanned for line in lines),
        "due": sum(line.on_the_way for line in lines),
        "reasons": LossReason.choices,
        "is_open": transfer.state in TransferState.under_way(),
        "line_asked": request.GET.get("line", ""),
    }
    return show(
        request, "inventory/transfer_receive.html", "inventory/transfer_receive_part.html", context
    )


def _receiving(request: HttpRequest, pk: int) -> Transfer:
    transfer = _transfer(request, pk)
    _at(request, transfer, transfer.target_id)
    return transfer


@requires(TRANSFER)
@require_POST
@once
def transfer_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one code."""
    transfer = _receiving(request, pk)
    form = CodeForm(request.POST)
    line_id = None
    if form.is_valid():
        code = form.cleaned_data["code"]
        heard = attempt(request, lambda: scan_transfer(transfer_id=transfer.pk, code=code))
        if heard:
            (messages.success if heard.is_ok else messages.error)(request, heard.text)
            line_id = heard.line_id
    else:
        explain(request, form)
    return lead("inventory:transfer_receive", transfer.pk, line=line_id)


@requires(TRANSFER)
@require_POST
@once
def transfer_units(request: HttpRequest, pk: int) -> HttpResponse:
    """Say by keyboard how many of a line are there."""
    transfer = _receiving(request, pk)
    form = UnitsForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        heard = attempt(
            request,
            lambda: set_scanned(
                transfer_id=transfer.pk, line_id=values["line"], units=values["units"]
            ),
        )
        if heard:
            messages.success(request, heard.text)
    else:
        explain(request, form)
    return lead("inventory:transfer_receive", transfer.pk)


@requires(TRANSFER)
@require_POST
@once
def transfer_damaged(request: HttpRequest, pk: int) -> HttpResponse:
    """Units of a line came broken: booked in as damaged at once."""
    transfer = _receiving(request, pk)
    form = UnitsForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        attempt(
            request,
            lambda: receive_transfer(
                transfer_id=transfer.pk,
                received={},
                damaged={values["line"]: values["units"]},
                now=timezone.now(),
            ),
            done=f"{values['units']} booked in as damaged.",
        )
    else:
        explain(request, form)
    return lead("inventory:transfer_receive", transfer.pk)


@requires(TRANSFER)
@require_POST
@once
def transfer_lose(request: HttpRequest, pk: int) -> HttpResponse:
    """Units of a line will not come."""
    transfer = _receiving(request, pk)
    form = LossForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        attempt(
            request,
            lambda: give_up_units(
                transfer_id=transfer.pk,
                line_id=values["line"],
                units=values["units"],
                why=LossReason(values["why"]),
                now=timezone.now(),
            ),
            done=f"{values['units']} given up.",
        )
    else:
        explain(request, form)
    return lead("inventory:transfer_receive", transfer.pk)


@requires(TRANSFER)
@require_POST
@once
def transfer_book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book in what was scanned."""
    transfer = _receiving(request, pk)
    booked = attempt(
        request,
        lambda: receive_scanned(transfer_id=transfer.pk, now=timezone.now()),
        done="Booked in.",
    )
    if booked and booked.state == TransferState.RECEIVED:
        return redirect(reverse("inventory:transfer_detail", args=[transfer.pk]))
    return lead("inventory:transfer_receive", transfer.pk)
