"""Stock by location, a variant's page, the ledger, and setting stock right."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.access import requires, staff_of
from core.errors import DomainError, StaleEdit
from core.once import once
from inventory.forms import AdjustForm, ThresholdForm
from inventory.models import Movement, StockLevel, Variant
from inventory.rights import ADJUST_STOCK, SEE_STOCK
from inventory.selectors import (
    is_bound_to_locations,
    places_of,
    variant_with_product,
    visible_levels,
    visible_locations,
    waiting_for,
)
from inventory.services import Mode, correct_stock, set_threshold
from inventory.services.counting import last_movement
from inventory.states import Condition, MovementReason
from inventory.tables import MovementList, StockList, variant_named

LEDGER_EXTRACT = 20


@requires(SEE_STOCK)
@require_GET
def stock_list(request: HttpRequest) -> HttpResponse:
    """Every variant at every location the user sees."""
    return StockList(request).respond()


@requires(SEE_STOCK)
@require_GET
def movement_list(request: HttpRequest) -> HttpResponse:
    """The ledger of movements."""
    return MovementList(request).respond()


@requires(SEE_STOCK)
@require_GET
def variant_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One SKU: where it lies, what may be sold and why, who waits, what moved."""
    variant = variant_with_product(pk)
    places = places_of(staff_of(request), variant)
    movements = (
        Movement.objects.filter(level__in=[place.level for place in places if place.level])
        .select_related("level__location")
        .order_by("-id")[:LEDGER_EXTRACT]
    )
    is_bound = is_bound_to_locations(staff_of(request))
    context = {
        "variant": variant,
        "places": places,
        "is_bound": is_bound,
        "waiting": waiting_for(staff_of(request), variant),
        "movements": movements,
        "siblings": variant.product.variants.exclude(pk=variant.pk),
    }
    return render(request, "inventory/variant_detail.html", context)


@requires(ADJUST_STOCK)
@require_http_methods(["GET", "POST"])
@once
def stock_adjust(request: HttpRequest) -> HttpResponseBase:
    """Count, find or lose units at one location."""
    if request.method == "POST":
        return _adjust(request)
    initial = _initial(request)
    return _adjust_page(request, AdjustForm(user=staff_of(request), initial=initial))


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What the address names already: `?sku=MILK&location=3&lot=L-2040`."""
    sku, place = request.GET.get("sku", "")[:60].replace("\0", ""), request.GET.get("location", "")
    lot = request.GET.get("lot", "")[:60].replace("\0", "")
    initial: dict[str, Any] = {"sku": sku, "lot": lot}
    variant = variant_named(sku) if sku else None
    if place.isdecimal() and len(place) < 19:
        location = visible_locations(staff_of(request)).filter(pk=place).first()
        if location is None:
            raise Http404("No such location, or it is not yours to see.")
        initial["location"] = location.pk
        if variant:
            initial["seen"] = last_movement(variant.pk, location.pk)
    return initial


def _adjust_page(
    request: HttpRequest, form: AdjustForm, *, status: int = 200, changes: tuple[str, ...] = ()
) -> HttpResponse:
    variant, level = _named_by(form, request)
    context = {
        "form": form,
        "variant": variant,
        "level": level,
        "changes": changes,
        "back": reverse("inventory:variant_detail", args=[variant.pk])
        if variant
        else reverse("inventory:stock_list"),
    }
    return render(request, "inventory/stock_adjust.html", context, status=status)


def _named_by(form: AdjustForm, request: HttpRequest) -> tuple[Variant | None, StockLevel | None]:
    sku = form["sku"].value() or ""
    variant = variant_named(str(sku).replace("\0", "")[:60]) if sku else None
    place = str(form["location"].value() or "")
    if variant is None or not place.isdecimal() or len(place) > 18:
        return variant, None
    levels = visible_levels(staff_of(request)).select_related("location")
    return variant, levels.filter(variant=variant, location=int(place)).first()


def _adjust(request: HttpRequest) -> HttpResponse:
    form = AdjustForm(request.POST, user=staff_of(request))
    if not form.is_valid():
        return _adjust_page(request, form, status=422)
    values = form.cleaned_data
    variant, location = values["sku"], values["location"]
    condition = Condition(values["condition"])
    try:
        booked = correct_stock(
            variant=variant,
            location=location,
            mode=Mode(values["mode"]),
            units=values["units"],
            reason=MovementReason(values["reason"]),
            condition=condition,
            note=values["note"],
            lot_id=values["lot"].pk if values["lot"] else None,
            seen=values["seen"],
            now=timezone.now(),
        )
    except StaleEdit as stale:
        newer = request.POST.copy()
        newer["seen"] = str(last_movement(variant.pk, location.pk))
        again = AdjustForm(newer, user=staff_of(request))
        again.add_error(None, stale.message)
        return _adjust_page(request, again, status=409, changes=stale.changes)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _adjust_page(request, form, status=422)
    said = f"{booked:+d} {condition.label.lower()}" if booked else "nothing to book"
    messages.success(request, f"{variant.sku} at {location.name}: {said}.")
    return redirect("inventory:variant_detail", variant.pk)


@requires(ADJUST_STOCK)
@require_http_methods(["GET", "POST"])
def level_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Safety stock and bin of a variant at a location."""
    levels = visible_levels(staff_of(request)).select_related("variant__product", "location")
    level = levels.filter(pk=pk).first()
    if level is None:
        raise Http404("No such stock level, or it is not yours to see.")
    initial = {"safety": level.safety, "bin": level.bin}
    form = ThresholdForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            values = form.cleaned_data
            try:
                set_threshold(
                    level=level, safety=values["safety"], bin_=values["bin"], now=timezone.now()
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, f"{level.variant.sku} at {level.location.name} saved.")
                return redirect("inventory:variant_detail", level.variant_id)
        status = 422
    return render(
        request, "inventory/level_edit.html", {"form": form, "level": level}, status=status
    )
